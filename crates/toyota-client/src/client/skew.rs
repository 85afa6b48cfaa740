//! By how much the service's clock differs from the client's.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use http::HeaderMap;
use http::header::DATE;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

/// A date of HTTP has whole seconds: it may have been almost a second later.
const SECOND: SignedDuration = SignedDuration::from_secs(1);

static PARSER: DateTimeParser = DateTimeParser::new();

/// By how much the service's clock was ahead of the client's, by the date of its last answer that no
/// cache can have given. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Skew(Arc<AtomicI64>);

impl Skew {
    /// Takes an answer to what was sent at this time and received at that one, by the client's clock.
    pub(super) fn learn(&self, answer: &HeaderMap, sent: Timestamp, received: Timestamp) {
        let skew = date(answer).map_or(0, |date| between(date, sent, received).as_secs());
        self.0.store(skew, Ordering::Relaxed);
    }

    /// Returns what the service's clock shows when the client's shows this.
    pub(super) fn there(&self, here: Timestamp) -> Timestamp {
        let skew = SignedDuration::from_secs(self.0.load(Ordering::Relaxed));
        here.saturating_add(skew).unwrap_or(here)
    }
}

fn date(answer: &HeaderMap) -> Option<Timestamp> {
    PARSER.parse_timestamp(answer.get(DATE)?.as_bytes()).ok()
}

/// Returns the least by which the clocks have to differ if the service made an answer with this date
/// between the one time and the other.
fn between(date: Timestamp, sent: Timestamp, received: Timestamp) -> SignedDuration {
    let at_least = date.duration_since(received);
    let at_most = date.duration_since(sent).saturating_add(SECOND);
    // A clock that was set back meanwhile tells nothing.
    if at_least > at_most {
        return SignedDuration::ZERO;
    }
    SignedDuration::ZERO.clamp(at_least, at_most)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        let date: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        date + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn clocks_differ_by_no_more_than_the_date_demands() {
        for (sent, received, expected) in [
            // It may have been made at any time in between, and a second later than it says.
            (0, 0, 0),
            (-5, 5, 0),
            (0, 5, 0),
            (1, 3, 0),
            // The client's clock is slow, and fast.
            (-605, -600, 600),
            (601, 605, -600),
            (2, 3, -1),
            // It was set back on the way.
            (600, -600, 0),
        ] {
            let skew = between(at(0), at(sent), at(received));

            assert_eq!(skew.as_secs(), expected, "{sent} {received}");
        }
    }

    #[test]
    fn what_has_no_date_that_can_be_read_says_that_they_agree() {
        let skew = Skew::default();
        for (date, ahead) in [
            (Some("Mon, 23 Nov 2026 10:10:00 GMT"), 600),
            (Some("Mon, 23 Nov 2026 09:50:00 GMT"), -599),
            (Some("soon"), 0),
            (Some("Mon, 23 Nov 99999 10:10:00 GMT"), 0),
            (Some(""), 0),
            (None, 0),
        ] {
            let mut answer = HeaderMap::new();
            if let Some(date) = date {
                answer.insert(DATE, HeaderValue::from_static(date));
            }

            skew.learn(&answer, at(0), at(0));

            assert_eq!(skew.there(at(0)), at(ahead), "{date:?}");
        }
        assert_eq!(skew.there(Timestamp::MAX), Timestamp::MAX);
    }
}
