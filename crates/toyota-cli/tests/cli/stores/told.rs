//! What `toyota cache` tells of a store, and forgets.

use serde_json::json;

use super::*;

#[tokio::test]
async fn how_much_is_stored_is_told() {
    let owner = Owner::new().await;
    let car = suffix(&owner.sim);
    owner.stored(&["telemetry", &car]).await;

    let stats = owner.stored(&["cache", "stats"]).await;
    let document = owner.json(&["cache", "stats"]).await;

    assert_eq!((stats.code, stats.stderr.as_str()), (0, ""), "{stats:?}");
    let bytes = document["bytes"].as_u64().unwrap();
    insta::assert_snapshot!(stats.stdout.replace(&bytes.to_string(), "[bytes]"), @r"
    store         disk:~/answers
    reachable     yes
    answers       2
    bytes         [bytes]
    evictions     0
    ");
    assert!(bytes > 1000, "{document}");
    assert_eq!(
        (&document["reachable"], &document["entries"]),
        (&json!(true), &json!(2))
    );
}

#[tokio::test]
async fn answers_are_listed_without_whole_vins_and_without_names() {
    let owner = Owner::new().await;
    let vin = owner.sim.account().cars()[0].vin().to_owned();
    owner.stored(&["telemetry", &vin]).await;

    let list = owner.stored(&["cache", "list"]).await;
    let document = owner.json(&["cache", "list"]).await;

    assert_eq!((list.code, list.stderr.as_str()), (0, ""), "{list:?}");
    let of = format!("[host]/v3/telemetry?vin=…{}", &vin[13..]);
    assert!(
        list.stdout.starts_with("AGE") && list.stdout.contains(&of),
        "{list:?}"
    );
    let answer = &document["answers"][0];
    assert!(
        answer["of"].as_str().unwrap().ends_with(&vin[13..]),
        "{document}"
    );
    let time = ["ageSeconds", "leftSeconds"].map(|of| answer[of].as_u64().unwrap());
    assert_eq!(time[0] + time[1], 300, "{document}");
    let user = owner.sim.account().username().to_owned();
    for shown in [list.stdout, document.to_string()] {
        assert!(!shown.contains(&vin) && !shown.contains(&user), "{shown}");
    }
}

#[tokio::test]
async fn at_most_so_many_answers_are_listed_as_are_wanted() {
    let owner = Owner::new().await;
    owner.stored(&["telemetry", &suffix(&owner.sim)]).await;

    let one = owner.json(&["cache", "list", "--limit", "1"]).await;
    let wrong = owner.stored(&["cache", "list", "--limit", "1001"]).await;

    assert_eq!(one["answers"].as_array().unwrap().len(), 1);
    assert_eq!(wrong.code, 2, "{wrong:?}");
}

#[tokio::test]
async fn what_matches_a_pattern_is_forgotten_and_the_rest_stays() {
    let owner = Owner::new().await;
    let car = suffix(&owner.sim);
    owner.stored(&["telemetry", &car]).await;

    let pattern = format!("*vin=*{car}");
    let one = owner.stored(&["cache", "invalidate", &pattern]).await;
    let none = owner.json(&["cache", "invalidate", &pattern]).await;

    assert_eq!(
        (one.code, one.stdout.as_str()),
        (0, "1 answer is forgotten.\n"),
        "{one:?}"
    );
    assert_eq!(none, json!({ "forgotten": 0 }));
    assert_eq!(owner.json(&["cache", "stats"]).await["entries"], 1);
}

#[tokio::test]
async fn all_of_it_is_forgotten_by_somebody_who_is_not_signed_in() {
    let owner = Owner::new().await;
    owner.stored(&["telemetry", &suffix(&owner.sim)]).await;
    let store = owner.store();

    let cleared = toyota(&["--cache", &store, "cache", "clear"], &[]).await;
    let listed = toyota(&["--cache", &store, "cache", "list"], &[]).await;

    assert_eq!(
        (cleared.code, cleared.stdout.as_str()),
        (0, "2 answers are forgotten.\n")
    );
    assert_eq!(
        (listed.code, listed.stdout.as_str()),
        (0, "No answers are stored.\n")
    );
}

#[tokio::test]
async fn a_store_in_memory_is_of_one_process_alone_and_says_so() {
    for command in ["stats", "list", "clear"] {
        let run = toyota(&["cache", command], &[]).await;

        assert_eq!(run.code, 0, "{run:?}");
        assert!(
            run.stdout.starts_with("Answers are kept in memory, "),
            "{run:?}"
        );
    }
    let run = toyota(&["--json", "cache", "clear"], &[]).await;
    assert_eq!(run.stdout, "{\n  \"forgotten\": 0\n}\n");
}
