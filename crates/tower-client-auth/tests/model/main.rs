//! Thousands of cases that nobody thought of: an issuer that rotates its refresh tokens and detects
//! that one is used again, an API that refuses what it likes, callers of every kind, a store that
//! processes share, and rules that hold whatever happens.
//!
//! A case is made by its number alone and runs in a runtime of its own, in paused time. One alone:
//! `MODEL_SEED=7 cargo test -p tower-client-auth --test model no_case`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod api;
mod body;
mod caller;
mod case;
mod chance;
mod facts;
mod log;
mod naive;
mod rules;
mod seen;
mod source;
mod store;
mod story;

use std::collections::BTreeMap;
use std::sync::Arc;

use tower::Layer;
use tower::util::BoxCloneService;
use tower_client_auth::{AuthLayer, Issuer as IssuerName, Origins};

use crate::api::{Api, ToldInBody};
use crate::caller::{Build, Process, run};
use crate::case::{Case, Flaws};
use crate::log::Model;
use crate::naive::Flaw;
use crate::rules::Rule;
use crate::seen::Seen;
use crate::source::{Issuer, IssuerFlaw};
use crate::store::{Shelves, Store, StoreFlaw};

const CASES: u64 = 3000;
const FLAWED: u64 = 200;
/// Who of several is woken first is tokio's chance, which no seed reaches: one case alone is run so
/// often.
const AGAIN: usize = 100;

#[test]
fn no_case_breaks_a_rule() {
    let one = std::env::var("MODEL_SEED").map(|seed| seed.parse().unwrap());
    let seeds: Vec<u64> = match one {
        Ok(seed) => vec![seed; AGAIN],
        Err(_) => (0..CASES).collect(),
    };
    let mut seen = Seen::default();
    let mut broken_by = BTreeMap::<String, Vec<u64>>::new();
    let mut first = None;
    for seed in seeds.iter().copied() {
        let story = run(Case::of(seed), &layers);

        let broken = rules::broken(&story);

        for it in &broken {
            let seeds = broken_by.entry(format!("{:?}", it.rule)).or_default();
            seeds.push(seed);
        }
        seen.look_at(&story);
        if !broken.is_empty() {
            first.get_or_insert_with(|| format!("case {seed}: {broken:#?}\n{story}"));
        }
    }
    assert!(first.is_none(), "{}\nseeds: {broken_by:?}", first.unwrap());
    if seeds.len() > AGAIN {
        seen.check();
    }
}

#[test]
fn clients_that_are_wrong_are_caught() {
    for (flaw, rule) in [
        (Flaw::FetchesInline, Rule::CutOff),
        (Flaw::FetchesInline, Rule::Reused),
        (Flaw::FetchesEach, Rule::OneFetch),
        (Flaw::Shares, Rule::Owner),
        (Flaw::IgnoresTime, Rule::Expired),
        (Flaw::Insists, Rule::Refused),
        (Flaw::Repeats, Rule::Replays),
        (Flaw::Leaks, Rule::Elsewhere),
        (Flaw::Forgets, Rule::Previous),
    ] {
        let caught = cases_that_break(rule, Case::of_calls_only, &naive::clients(flaw));

        assert!(caught > 5, "{flaw:?}, {rule:?}: {caught} cases");
    }
}

#[test]
fn sources_and_stores_that_are_wrong_are_caught() {
    let flawed = |seed, flaw| {
        let mut case = Case::of(seed);
        case.mood.fails = 0;
        case.flaw = flaw;
        case
    };
    let one_for_all = |seed| {
        let issuer = Some(IssuerFlaw::OneForAll);
        flawed(
            seed,
            Flaws {
                issuer,
                ..Flaws::default()
            },
        )
    };
    let no_lock = |seed| {
        let store = Some(StoreFlaw::NoLock);
        flawed(
            seed,
            Flaws {
                store,
                ..Flaws::default()
            },
        )
    };
    let forgetful = |seed| {
        let store = Some(StoreFlaw::Forgetful);
        flawed(
            seed,
            Flaws {
                store,
                ..Flaws::default()
            },
        )
    };

    let owners = cases_that_break(Rule::Owner, one_for_all, &layers);
    let together = cases_that_break(Rule::OneFetch, no_lock, &layers);
    let reused = cases_that_break(Rule::Reused, no_lock, &layers);
    let lost = cases_that_break(Rule::Saved, forgetful, &layers);

    let caught = [owners, together, reused, lost];
    assert!(caught.iter().all(|cases| *cases > 5), "{caught:?}");
}

fn cases_that_break(rule: Rule, case: impl Fn(u64) -> Case, build: &Build) -> usize {
    let breaks = |seed: &u64| {
        let broken = rules::broken(&run(case(*seed), build));
        broken.iter().any(|broken| broken.rule == rule)
    };
    (0..FLAWED).filter(breaks).count()
}

/// The layers under test: each is a process.
fn layers(case: &Case, model: &Arc<Model>, shelves: &Arc<Shelves>) -> Vec<Process> {
    let layers = (0..case.layers).map(|layer| {
        let source = Issuer::new(model, case, layer);
        let origins = Origins::new([format!("https://{}", api::HERE)]).unwrap();
        let mut builder = AuthLayer::builder(source, origins).seed(case.seed);
        if let Some(mut mood) = case.store {
            mood.flaw = case.flaw.store;
            let store = Store {
                model: Arc::clone(model),
                shelves: Arc::clone(shelves),
                layer,
                mood,
            };
            builder = builder.persist(store, IssuerName::new("https://issuer.example"));
        }
        if case.tells_in_bodies {
            builder = builder.challenge(ToldInBody);
        }
        if case.refuse_elsewhere {
            builder = builder.refuse_elsewhere();
        }
        let layer = builder.build();
        let api = Api::new(model, case.tells_in_bodies);
        Process {
            provider: Some(layer.provider()),
            client: BoxCloneService::new(layer.layer(api)),
        }
    });
    layers.collect()
}
