//! What the origin said, and whether what is served agrees with it.

use std::collections::HashMap;

use http::HeaderMap;
use tokio::time::Instant;
use tower_client_cache::policy::{ContentRange, RequestDirectives, ResponseDirectives};
use tower_client_call::CacheOutcome;

use super::world::Resource;

/// What the origin said in one answer.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) resource: Resource,
    pub(super) version: u64,
    pub(super) born: Instant,
    /// How old it was then.
    pub(super) age: u32,
    pub(super) lifetime: u32,
    pub(super) directives: ResponseDirectives,
}

/// What a client got.
pub(super) struct Served<'a> {
    pub(super) resource: &'a Resource,
    pub(super) request: &'a HeaderMap,
    pub(super) status: u16,
    pub(super) headers: &'a HeaderMap,
    pub(super) outcome: CacheOutcome,
    /// The moment it asked.
    pub(super) asked_at: usize,
}

/// Remembers all answers of the origin, and judges what is served by them.
#[derive(Debug, Default)]
pub(super) struct Witness {
    /// By number.
    sent: Vec<Sent>,
    /// The greatest age that was served for each number.
    ages: HashMap<usize, u32>,
    /// The moments when changes of resources were done, and how many answers there had been.
    changed: Vec<(usize, usize, Resource)>,
    moment: usize,
    /// How often each outcome was seen.
    pub(super) outcomes: [u32; 6],
}

impl Witness {
    /// Remembers an answer, and returns its number.
    pub(super) fn note(&mut self, sent: Sent) -> usize {
        self.sent.push(sent);
        self.sent.len() - 1
    }

    /// Returns a moment that is later than all before.
    pub(super) fn moment(&mut self) -> usize {
        self.moment += 1;
        self.moment
    }

    /// Remembers that a resource was changed, in all variants.
    pub(super) fn changed(&mut self, resource: Resource) {
        let change = (self.moment(), self.sent.len(), resource);
        self.changed.push(change);
    }

    /// Judges the head of an answer when it comes.
    pub(super) fn judge(&mut self, served: &Served<'_>) {
        self.outcomes[usize::from(served.outcome as u8) - 1] += 1;
        let Some(number) = number(served.headers) else {
            return;
        };
        let sent = self.sent[number].clone();
        // Nobody's but the caller's.
        assert_eq!(sent.resource, *served.resource, "{}", served.status);
        if served.outcome == CacheOutcome::Miss || served.outcome == CacheOutcome::Bypass {
            return;
        }
        self.judge_age(number, &sent, served);
        judge_use(&sent, served, age(served.headers));
        let last = self.last_change(served);
        assert!(number >= last, "from before a change: {number} < {last}");
    }

    fn judge_age(&mut self, number: usize, sent: &Sent, served: &Served<'_>) {
        let age = age(served.headers);
        let since = u32::try_from(sent.born.elapsed().as_secs()).unwrap();
        // Two clocks' seconds may begin at different times.
        assert!(
            age + 1 >= sent.age + since,
            "{:?} {number} at {age} after {since}: {sent:?}",
            served.outcome
        );
        let known = self.ages.entry(number).or_default();
        assert!(age >= *known, "younger than before: {age} < {known}");
        *known = age;
    }

    fn last_change(&self, served: &Served<'_>) -> usize {
        let own = |resource: &Resource| {
            resource.owner == served.resource.owner && resource.path == served.resource.path
        };
        let changes = self.changed.iter();
        let before =
            changes.filter(|(moment, _, resource)| *moment < served.asked_at && own(resource));
        before.map(|(_, sent, _)| *sent).max().unwrap_or_default()
    }

    /// Judges the whole body of an answer.
    pub(super) fn judge_body(&self, headers: &HeaderMap, status: u16, body: &str) {
        let Some(sent) = number(headers).map(|number| &self.sent[number]) else {
            return;
        };
        let whole = sent.resource.body(sent.version);
        let expected = match (status, ContentRange::of(headers)) {
            (200, _) => whole.as_str(),
            (206, Some(ContentRange::Part { range, complete })) => {
                assert_eq!(complete, u64::try_from(whole.len()).ok());
                let first = usize::try_from(range.first()).unwrap();
                &whole[first..=usize::try_from(range.last()).unwrap()]
            }
            (416, _) => "",
            other => panic!("an answer nobody sent: {other:?}"),
        };
        assert_eq!(body, expected);
    }
}

/// Whether it may be served like this: RFC 9111 section 4, RFC 5861.
fn judge_use(sent: &Sent, served: &Served<'_>, age: u32) {
    let wants = RequestDirectives::of(served.request);
    let says = &sent.directives;
    let stale_by = age.saturating_sub(sent.lifetime);
    let is_fresh = age < sent.lifetime;
    match served.outcome {
        CacheOutcome::Revalidated => return,
        CacheOutcome::Hit => assert!(is_fresh, "{age} >= {}", sent.lifetime),
        _ => {}
    }
    assert!(!says.no_store && !says.no_cache, "{says:?}");
    if !is_fresh {
        assert!(!says.must_revalidate, "past must-revalidate");
        let windows = [
            says.stale_while_revalidate,
            says.stale_if_error,
            wants.max_stale,
            wants.stale_if_error,
        ];
        let widest = windows.into_iter().flatten().max();
        assert!(
            widest.is_some_and(|widest| stale_by <= widest),
            "{stale_by}"
        );
    }
    if served.outcome == CacheOutcome::Hit {
        assert!(!wants.no_cache, "the client insisted");
        // What is immutable does not change for those who want it young (RFC 8246).
        let is_young = wants.max_age.is_none_or(|max| age <= max);
        assert!(is_young || says.immutable, "{age} > {:?}", wants.max_age);
        let min_fresh = wants.min_fresh.unwrap_or_default();
        assert!(age + min_fresh <= sent.lifetime, "fresh for too short");
    }
}

fn number(headers: &HeaderMap) -> Option<usize> {
    let value = headers.get("x-number")?;
    Some(value.to_str().unwrap().parse().unwrap())
}

fn age(headers: &HeaderMap) -> u32 {
    headers["age"].to_str().unwrap().parse().unwrap()
}
