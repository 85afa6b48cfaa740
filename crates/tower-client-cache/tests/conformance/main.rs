//! The tests for stores pass what is right, and catch what is wrong.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod reference;
mod wrong;

use std::sync::Arc;

use tower_client_cache::store::conformance::{self, Rule};

use crate::reference::Reference;
use crate::wrong::{Defect, Wrong};

#[tokio::test(flavor = "multi_thread")]
async fn a_right_store_keeps_all_rules() {
    conformance::check(async || Reference::default())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_several_have_is_the_same_store() {
    conformance::check(async || Arc::new(Reference::default()))
        .await
        .unwrap();
}

#[cfg(feature = "memory")]
#[tokio::test(flavor = "multi_thread")]
async fn memory() {
    use tower_client_cache::MemoryStore;

    conformance::check(async || MemoryStore::new())
        .await
        .unwrap();
}

#[cfg(feature = "disk")]
#[tokio::test(flavor = "multi_thread")]
async fn disk() {
    use tower_client_cache::DiskStore;

    let all = tempfile::tempdir().unwrap();
    let new_store = || {
        let dir = tempfile::tempdir_in(&all).unwrap().keep();
        DiskStore::builder(dir).build().unwrap()
    };

    conformance::check(async || new_store()).await.unwrap();
}

#[tokio::test]
async fn each_defect_is_told_by_the_rule_that_names_it() {
    for (defect, rule) in [
        (Defect::FailsToPut, Rule::Content),
        (Defect::ForgetsInvalidation, Rule::Decisions),
        (Defect::ForgetsSelection, Rule::SelectingFields),
        (Defect::KeepsLastLine, Rule::Fields),
        (Defect::KeepsTextOnly, Rule::Fields),
        (Defect::ForgetsSensitivity, Rule::SensitiveFields),
        (Defect::CutsContent, Rule::Content),
        (Defect::ForgetsTags, Rule::TimeAndTags),
        (Defect::ForgetsCreation, Rule::TimeAndTags),
        (Defect::KeepsOneVariant, Rule::Variants),
        (Defect::KeepsOldContent, Rule::Replacing),
        (Defect::KeepsAllVariants, Rule::TooManyVariants),
        (Defect::IgnoresEpochs, Rule::Owners),
        (Defect::IgnoresKinds, Rule::Resources),
        (Defect::IgnoresUser, Rule::Resources),
        (Defect::CutsKeys, Rule::OddKeys),
        (Defect::UpdatesContent, Rule::Update),
        (Defect::UpdatesOthers, Rule::UpdateOne),
        (Defect::UpdatesWhatIsGone, Rule::UpdateNothing),
        (Defect::UpdatesWhatIsDeleted, Rule::DeleteWins),
        (Defect::DeletesAll, Rule::DeleteOne),
        (Defect::DeletesOne, Rule::DeleteKey),
        (Defect::UpdatesWhatIsReplaced, Rule::UpdateNothing),
        (Defect::ForgetsContentId, Rule::Content),
        (Defect::CountsOne, Rule::DeleteNothing),
        (Defect::DeletesHalf, Rule::SelectAll),
        (Defect::DeletesUncounted, Rule::SelectAll),
        (Defect::SelectsOneEpoch, Rule::SelectPrincipal),
        (Defect::SelectsTagsByPrefix, Rule::SelectTag),
        (Defect::SelectsWholeKeys, Rule::SelectTag),
        (Defect::MatchesPrefixes, Rule::SelectMatching),
        (Defect::MatchesAnyCase, Rule::SelectMatching),
        (Defect::ListsAll, Rule::ListLimit),
        (Defect::ListsNoTimes, Rule::List),
        (Defect::CountsKeys, Rule::Size),
        (Defect::CountsNoBytes, Rule::Size),
        (Defect::CountsFewBytes, Rule::Size),
        (Defect::CountsSameBytes, Rule::Size),
        (Defect::CountsReplaced, Rule::Size),
        (Defect::CountsItself, Rule::Empty),
        (Defect::PeeksOld, Rule::Peek),
        (Defect::TearsEntries, Rule::WholeEntries),
        (Defect::LosesEntries, Rule::NothingLost),
    ] {
        let told = rule.check(Wrong::new(defect)).await;

        let told = told.expect_err(&format!("{defect:?} {rule}"));
        assert_eq!(told.rule(), rule);
    }
}

#[tokio::test]
async fn a_violation_says_what_was_expected_and_what_was_found() {
    for (defect, rule, expected) in [
        (
            Defect::DeletesAll,
            Rule::DeleteOne,
            "delete_one: expected 1 (how many entries there are: after one was deleted), found 0 \
             (deleting one variant leaves the others, and counts one)",
        ),
        (
            Defect::ForgetsSensitivity,
            Rule::SensitiveFields,
            "sensitive_fields: expected a field set-cookie that is sensitive: a sensitive field, \
             found one that is not sensitive \
             (fields that were marked sensitive are so again, and no others)",
        ),
        (
            Defect::FailsToPut,
            Rule::DeleteWins,
            "delete_wins: expected an answer to put, \
             found an error: the cache's store failed: the disk is full \
             (what is deleted while it is updated is gone)",
        ),
    ] {
        let told = rule.check(Wrong::new(defect)).await.unwrap_err();

        assert_eq!(told.to_string(), expected);
    }
}

#[tokio::test]
async fn all_rules_that_are_broken_are_told_in_their_order() {
    let told = conformance::check(async || Wrong::new(Defect::DeletesAll)).await;

    let told = told.unwrap_err();
    let rules: Vec<_> = told.as_slice().iter().map(|told| told.rule()).collect();
    let expected = [Rule::UpdateNothing, Rule::DeleteOne, Rule::NothingLost];
    assert_eq!(rules, expected);
    let shown = format!("{told:?}");
    assert_eq!(shown.lines().count(), 4, "{shown}");
    assert!(shown.starts_with("rules that the store breaks: 3\nupdate_nothing: "));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_does_not_answer_is_given_up() {
    let told = Rule::Peek.check(Wrong::new(Defect::HangsInGet)).await;

    let told = told.unwrap_err();
    assert_eq!(
        (told.expected(), told.found()),
        ("an answer", "none for 60s")
    );
}
