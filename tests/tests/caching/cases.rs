//! The cases, by what they are about.

mod age;
mod conditional;
mod directives;
mod freshness;
mod head;
mod heuristic;
mod invalidation;
mod range;
mod request;
mod shared;
mod stale;
mod status;
mod storing;
mod updating;
mod validation;
mod vary;

use crate::case::{Case, answer, case, get, ok};

/// Returns all cases.
pub(crate) fn all() -> Vec<Case> {
    [
        age::cases(),
        conditional::cases(),
        directives::cases(),
        freshness::cases(),
        head::cases(),
        heuristic::cases(),
        invalidation::cases(),
        range::cases(),
        request::cases(),
        shared::cases(),
        stale::cases(),
        status::cases(),
        storing::cases(),
        updating::cases(),
        validation::cases(),
        vary::cases(),
    ]
    .concat()
}

/// Makes a case of each row, named by the rule and the row.
fn each(
    section: &'static str,
    name: &str,
    rows: &[&str],
    go_on: impl Fn(Case, &str) -> Case,
) -> Vec<Case> {
    let rows = rows.iter().copied();
    rows.map(|row| go_on(case(section, format!("{name} ({row})")), row))
        .collect()
}

/// Answers with each of these fields, which are served again.
fn reused(section: &'static str, name: &str, rows: &[&str]) -> Vec<Case> {
    each(section, name, rows, |case, fields| {
        case.step(get("").passes(ok(fields, "one")))
            .step(get("").hits("one"))
    })
}

/// Answers with each of these fields, which are not served again without asking.
fn asked_again(section: &'static str, name: &str, rows: &[&str]) -> Vec<Case> {
    each(section, name, rows, |case, fields| {
        case.step(get("").passes(ok(fields, "one")))
            .step(get("").passes(ok(fields, "two")))
    })
}

/// Answers with each of these fields, which are not stored at all.
fn not_stored(section: &'static str, name: &str, rows: &[&str]) -> Vec<Case> {
    each(section, name, rows, |case, fields| {
        case.step(get("").passes(ok(fields, "one")))
            .step(get(WHAT_IS_THERE).hits_with(504, ""))
    })
}

/// Answers with these statuses and fields, which are served again.
fn statuses_reused(section: &'static str, name: &str, statuses: &[u16], fields: &str) -> Vec<Case> {
    let one = |status: u16| {
        let body = if [204, 205].contains(&status) {
            ""
        } else {
            "one"
        };
        case(section, format!("{name} ({status})"))
            .step(get("").passes(answer(status, fields, body)))
            .step(get("").hits_with(status, body))
    };
    statuses.iter().copied().map(one).collect()
}

/// Answers with these statuses and fields, which are not stored.
fn statuses_not_reused(
    section: &'static str,
    name: &str,
    statuses: &[u16],
    fields: &str,
) -> Vec<Case> {
    let one = |status: u16| {
        case(section, format!("{name} ({status})"))
            .step(get("").passes(answer(status, fields, "one")))
            .step(get("").passes(answer(status, fields, "two")))
    };
    statuses.iter().copied().map(one).collect()
}

/// Asks for whatever is stored, fresh or not, and for nothing else.
const WHAT_IS_THERE: &str = "cache-control: only-if-cached, max-stale";
