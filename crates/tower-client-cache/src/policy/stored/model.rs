//! RFC 9111 section 4.2 word for word, slowly.

use super::given::{Given, at};
use crate::policy::{FOREVER, Rules};

const CASES: usize = 100_000;

#[test]
fn freshness_is_what_the_text_says() {
    let mut random = fastrand::Rng::with_seed(9111);
    for _ in 0..CASES {
        let facts = Facts::random(&mut random);
        let Ok(stored) = facts.given().stored() else {
            panic!("{facts:?}");
        };

        let now = at(i64::from(facts.now));
        assert_eq!(
            i128::from(stored.lifetime()),
            facts.freshness_lifetime(),
            "{facts:?}"
        );
        assert_eq!(
            i128::from(stored.age(now)),
            facts.current_age(),
            "{facts:?}"
        );
        assert_eq!(stored.is_fresh(now), facts.response_is_fresh(), "{facts:?}");
    }
}

/// The values that section 4.2 calculates with; times are relative to the receipt.
#[derive(Debug)]
struct Facts {
    shared: bool,
    public: bool,
    status: u16,
    s_maxage: Option<u32>,
    max_age: Option<u32>,
    /// The outer `None`: no such field. The inner: one that cannot be read.
    expires: Option<Option<i32>>,
    date: Option<Option<i32>>,
    last_modified: Option<Option<i32>>,
    age: Option<u32>,
    request_took: i32,
    now: i32,
}

impl Facts {
    fn random(random: &mut fastrand::Rng) -> Self {
        Self {
            shared: random.bool(),
            public: random.bool(),
            // All of them may be stored without a lifetime.
            status: *random.choice(&[200, 204, 301, 404, 501]).unwrap(),
            s_maxage: some(random, seconds),
            max_age: some(random, seconds),
            expires: some(random, |random| some(random, moment)),
            date: some(random, |random| some(random, moment)),
            last_modified: some(random, |random| some(random, moment)),
            age: some(random, seconds),
            request_took: moment(random) / 2,
            now: moment(random),
        }
    }

    fn given(&self) -> Given {
        let mut lines = Vec::new();
        let mut line = |name: &str, value: Option<String>| {
            lines.extend(value.map(|value| format!("{name}: {value}")));
        };
        line("cache-control", self.public.then(|| "public".to_owned()));
        line(
            "cache-control",
            self.s_maxage.map(|age| format!("s-maxage={age}")),
        );
        line(
            "cache-control",
            self.max_age.map(|age| format!("max-age={age}")),
        );
        line("expires", self.expires.map(date));
        line("date", self.date.map(date));
        line("last-modified", self.last_modified.map(date));
        line("age", self.age.map(|age| age.to_string()));
        let rules = if self.shared {
            Rules::new().shared()
        } else {
            Rules::new()
        };
        Given::response(&lines.join(" | "))
            .status(self.status)
            .took(i64::from(self.request_took))
            .rules(rules)
    }

    /// The time of the receipt is 0.
    fn date_value(&self) -> i128 {
        self.date.flatten().map_or(0, i128::from)
    }

    /// Section 4.2.1.
    fn freshness_lifetime(&self) -> i128 {
        if let (true, Some(s_maxage)) = (self.shared, self.s_maxage) {
            return s_maxage.into();
        }
        if let Some(max_age) = self.max_age {
            return max_age.into();
        }
        match self.expires {
            Some(Some(expires)) => (i128::from(expires) - self.date_value()).max(0),
            Some(None) => 0,
            None => self.heuristic(),
        }
    }

    /// Section 4.2.2: every status above allows it; 10 %, at most a day.
    fn heuristic(&self) -> i128 {
        match self.last_modified {
            Some(Some(modified)) => {
                let unchanged = (self.date_value() - i128::from(modified)).max(0);
                (unchanged / 10).min(86_400)
            }
            Some(None) | None => 0,
        }
    }

    /// Section 4.2.3.
    fn current_age(&self) -> i128 {
        let (response_time, now) = (0, i128::from(self.now));
        let request_time = response_time - i128::from(self.request_took);
        let age_value = i128::from(self.age.unwrap_or(0));
        let apparent_age = (response_time - self.date_value()).max(0);
        // Not in the text: clocks that were set back.
        let response_delay = (response_time - request_time).max(0);
        if now < response_time - 5 {
            return FOREVER.into();
        }
        let resident_time = (now - response_time).max(0);
        let corrected_age_value = age_value + response_delay;
        let corrected_initial_age = apparent_age.max(corrected_age_value);
        (corrected_initial_age + resident_time).min(FOREVER.into())
    }

    fn response_is_fresh(&self) -> bool {
        self.freshness_lifetime() > self.current_age()
    }
}

fn date(moment: Option<i32>) -> String {
    moment.map_or("soon".to_owned(), |moment| format!("@{moment}"))
}

fn some<T>(random: &mut fastrand::Rng, value: fn(&mut fastrand::Rng) -> T) -> Option<T> {
    (random.u8(..4) > 0).then(|| value(random))
}

/// Near each other, so that they are compared, and now and then decades apart.
fn moment(random: &mut fastrand::Rng) -> i32 {
    match random.u8(..4) {
        0 => random.i32(-5..5),
        1 => random.i32(-500..500),
        2 => random.i32(-1_000_000..1_000_000),
        _ => random.i32(-900_000_000..900_000_000),
    }
}

fn seconds(random: &mut fastrand::Rng) -> u32 {
    match random.u8(..4) {
        0 => random.u32(..5),
        1 => random.u32(..1000),
        2 => random.u32(..2_000_000),
        _ => random.u32(..=FOREVER),
    }
}
