//! The story of calls on stderr, for `--verbose`: one line for each thing that a layer did.

use std::time::Duration;

use toyota_client::call::{CallEvent, CallRecord, Told};

use crate::show::tell as say;

/// Tells what happened to calls that are over.
pub(crate) fn tell(what: &str, record: &CallRecord) {
    say(what);
    for line in lines(record) {
        say(&format!("  {line}"));
    }
}

/// The cache first, which decides before all others and says so at its end.
fn lines(record: &CallRecord) -> Vec<String> {
    let story = record.story();
    let cache = record.snapshot().cache;
    let cache = cache.map(|outcome| format!("cache: {}", outcome.as_str()));
    let mut told = Teller::default();
    let others = story.iter().filter_map(|happened| told.line(*happened));
    cache.into_iter().chain(others).collect()
}

/// Puts events into words.
#[derive(Default)]
struct Teller {
    /// The last attempt that was told of: it can send several requests.
    attempt: u32,
}

impl Teller {
    fn line(&mut self, Told { at, event }: Told) -> Option<String> {
        Some(match event {
            CallEvent::Answered {
                attempt,
                status,
                took,
            } => self.attempt(attempt, status.as_str(), took),
            CallEvent::Unanswered {
                attempt,
                error_type,
                took,
            } => self.attempt(attempt, error_type, took),
            CallEvent::Waited(time) => format!("waited: {}", seconds(time)),
            CallEvent::FetchingToken => "token: fetched".to_owned(),
            CallEvent::Received { bytes } => {
                format!("answer: {} after {}", size(bytes), seconds(at))
            }
            CallEvent::Stopped(reason) => {
                // What a command asks for next is another call, with attempts of its own.
                self.attempt = 0;
                format!("ended: {reason}")
            }
            CallEvent::Noted(note) => format!("note: {note}"),
            // The cache's is told first, and the others are seen by the request that follows.
            _ => return None,
        })
    }

    fn attempt(&mut self, attempt: u32, brought: &str, took: Duration) -> String {
        let again = if attempt == self.attempt {
            " again"
        } else {
            ""
        };
        self.attempt = attempt;
        format!("attempt {attempt}{again}: {brought} in {}", seconds(took))
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

/// Three digits are enough to see by.
fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * KIB;
    let (unit, name) = match bytes {
        0..KIB => return format!("{bytes} bytes"),
        KIB..MIB => (KIB, "KiB"),
        MIB.. => (MIB, "MiB"),
    };
    let (whole, rest) = (bytes / unit, bytes % unit);
    format!("{whole}.{} {name}", rest * 10 / unit)
}

#[cfg(test)]
mod tests {
    use toyota_client::call::{CacheOutcome, StopReason};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_story_is_one_line_for_each_thing() {
        let record = CallRecord::telling();
        let answered = |attempt, status: u16| CallEvent::Answered {
            attempt,
            status: status.try_into().unwrap(),
            took: Duration::from_millis(20),
        };
        let timeout = CallEvent::Unanswered {
            attempt: 3,
            error_type: "timeout",
            took: Duration::from_secs(2),
        };

        record.tell(answered(1, 503));
        record.add_backoff(Duration::from_millis(300));
        record.tell(answered(2, 401));
        record.count_token_fetch();
        record.count_replay();
        record.tell(answered(2, 200));
        record.tell(timeout);
        record.set_cache(CacheOutcome::Miss);
        record.set_stop(StopReason::Succeeded);
        tokio::time::advance(Duration::from_millis(600)).await;
        record.tell(CallEvent::Received { bytes: 2150 });

        assert_eq!(
            lines(&record),
            [
                "cache: miss",
                "attempt 1: 503 in 0.020 s",
                "waited: 0.300 s",
                "attempt 2: 401 in 0.020 s",
                "token: fetched",
                "attempt 2 again: 200 in 0.020 s",
                "attempt 3: timeout in 2.000 s",
                "ended: succeeded",
                "answer: 2.0 KiB after 0.600 s",
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_attempt_of_the_next_call_is_none_again() {
        let record = CallRecord::telling();
        let answered = CallEvent::Answered {
            attempt: 1,
            status: http::StatusCode::OK,
            took: Duration::from_millis(20),
        };

        for _ in 0..2 {
            record.tell(answered);
            record.set_stop(StopReason::Succeeded);
        }

        let call = ["attempt 1: 200 in 0.020 s", "ended: succeeded"];
        assert_eq!(lines(&record), call.repeat(2));
    }

    #[test]
    fn sizes_are_in_the_unit_that_fits() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (1023, "1023 bytes"),
            (1024, "1.0 KiB"),
            (2 * 1024 + 512, "2.5 KiB"),
            (1024 * 1024 - 1, "1023.9 KiB"),
            (8 * 1024 * 1024, "8.0 MiB"),
        ] {
            assert_eq!(size(bytes), text);
        }
        assert!(size(u64::MAX).ends_with(" MiB"));
    }
}
