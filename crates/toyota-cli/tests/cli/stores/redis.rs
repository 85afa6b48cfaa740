//! Answers in Redis, on a server of the test's own.

mod server;

use self::server::Server;
use super::*;

#[tokio::test]
async fn runs_find_each_others_answers_on_a_server() {
    let Some(server) = Server::start(&[]).await else {
        return;
    };
    let owner = Owner::new().await;
    let url = server.url("");
    let car = suffix(&owner.sim);

    for _ in 0..2 {
        let run = owner.run(&["--cache", &url, "telemetry", &car]).await;
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    }

    let counters = owner.sim.counters();
    let asked = [Route::Vehicles, Route::Telemetry].map(|route| counters.requests(route));
    assert_eq!(asked, [1, 1]);
    let list = owner.run(&["--cache", &url, "cache", "list"]).await;
    assert_eq!((list.code, list.stdout.lines().count()), (0, 3), "{list:?}");
    let cleared = owner.run(&["--cache", &url, "cache", "clear"]).await;
    assert_eq!(cleared.stdout, "2 answers are forgotten.\n", "{cleared:?}");
}

#[tokio::test]
async fn a_logout_forgets_on_the_server_what_the_account_was_answered() {
    let Some(server) = Server::start(&[]).await else {
        return;
    };
    let owner = Owner::new().await;
    let tiers = ["--cache", "memory", "--cache", &server.url("")];
    owner.run(&[&tiers[..], &["vehicles"]].concat()).await;

    let logout = owner.run(&[&tiers[..], &["logout"]].concat()).await;
    owner.run(&[&tiers[..], &["vehicles"]].concat()).await;

    let expected = "Signed out; the stored token is removed, and 1 answer.\n";
    assert_eq!(
        (logout.code, logout.stdout.as_str()),
        (0, expected),
        "{logout:?}"
    );
    assert_eq!(owner.sim.counters().requests(Route::Vehicles), 2);
}

#[tokio::test]
async fn the_password_of_the_variable_opens_the_server_and_is_shown_nowhere() {
    let Some(server) = Server::start(&["--requirepass", "s3cret"]).await else {
        return;
    };
    let with = |user| [("TOYOTA_CACHE_STORE", server.url(user))];

    let right = toyota(&["cache", "stats"], &with(":s3cret@")).await;
    let wrong = toyota(&["cache", "stats"], &with(":s3crets3cret@")).await;

    assert_eq!((right.code, wrong.code), (0, 1), "{right:?} {wrong:?}");
    for run in [right, wrong] {
        assert!(!format!("{run:?}").contains("s3cret"), "{run:?}");
    }
}
