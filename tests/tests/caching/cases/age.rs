//! How old an answer is (RFC 9111 sections 4.2.3 and 5.1).

use super::{asked_again, reused};
use crate::case::{Case, case, get, ok};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = reused(
        "RFC 9111 section 5.1",
        "an_age_that_cannot_be_read_is_ignored",
        &[
            "cache-control: max-age=60 | age: old",
            "cache-control: max-age=60 | age: -100",
            "cache-control: max-age=60 | age: +100",
            "cache-control: max-age=60 | age: 100.5",
            "cache-control: max-age=60 | age: 100s",
            "cache-control: max-age=60 | age: \"100\"",
            "cache-control: max-age=60 | age:",
            "cache-control: max-age=60 | age: 1 00",
        ],
    );
    cases.extend(reused(
        "RFC 9111 section 5.1",
        "the_first_age_counts",
        &[
            "cache-control: max-age=60 | age: 0, 100",
            "cache-control: max-age=60 | age: 0 | age: 100",
            "cache-control: max-age=60 | age: 0, x",
        ],
    ));
    cases.extend(asked_again(
        "RFC 9111 section 5.1",
        "the_first_age_counts_against_it",
        &[
            "cache-control: max-age=60 | age: 100, 0",
            "cache-control: max-age=60 | age: 100 | age: 0",
            "cache-control: max-age=60 | age: 100, x",
            "cache-control: max-age=60 | age: 00100",
        ],
    ));
    cases.extend(asked_again(
        "RFC 9111 section 1.2.2",
        "an_absurd_age_is_very_old",
        &[
            "cache-control: max-age=60 | age: 2147483648",
            "cache-control: max-age=60 | age: 4294967296",
            "cache-control: max-age=60 | age: 18446744073709551616",
            "cache-control: max-age=2147483647 | age: 99999999999999999999",
        ],
    ));
    cases.extend(served());
    cases
}

fn served() -> Vec<Case> {
    const TABLE: [(&str, u64); 8] = [
        ("", 0),
        ("age: 50", 50),
        ("date: @-50", 50),
        ("date: @-50 | age: 100", 100),
        ("date: @-100 | age: 50", 100),
        ("date: @1000 | age: 50", 50),
        ("age: 50, 70", 50),
        ("date: @asctime:-50", 50),
    ];
    let served = TABLE.into_iter().map(|(fields, age)| {
        let name = format!("what_is_served_has_its_age ({fields})");
        let fields = format!("cache-control: max-age=200 | {fields}");
        case("RFC 9111 section 5.1", name)
            .step(get("").passes(ok(fields, "one")))
            .step(get("").hits("one").aged(age))
    });
    let mut cases: Vec<_> = served.collect();
    cases.push(
        case("RFC 9111 section 5.1", "the_greatest_age_is_served_as_such")
            .step(get("").passes(ok(
                "cache-control: max-age=60 | age: 99999999999999999999",
                "one",
            )))
            .step(
                get("cache-control: max-stale")
                    .hits("one")
                    .with("age", "2147483648"),
            ),
    );
    cases.push(
        case("RFC 9110 section 6.6.1", "the_date_stays_the_origins")
            .step(get("").passes(ok("cache-control: max-age=200 | date: @-50", "one")))
            .step(get("").hits("one").with("date", "@-50")),
    );
    cases.push(
        case(
            "RFC 9110 section 6.6.1",
            "what_came_without_a_date_gets_one",
        )
        .step(get("").passes(ok("cache-control: max-age=200", "one")))
        .step(get("").hits("one").with_some("date")),
    );
    cases
}
