//! What changes something at a car.

use serde_json::Value;
use toyota_sim::{Route, Simulator, WakeBehaviour};

use crate::{against, simulator};

/// The plug-in hybrid, which can do most.
const CAR: &str = "rav4 phev";

#[tokio::test]
async fn nothing_is_sent_without_a_yes_where_nobody_can_be_asked() {
    let sim = simulator().await;
    for args in [
        &["unlock", CAR][..],
        &["horn", CAR],
        &["windows", "close", CAR],
        &["charge", "now", CAR],
        &["climate", "start", CAR],
        &["nickname", "Bob", CAR],
        &["raw", "POST", "/v1/remote/status", "--vin", CAR],
    ] {
        let run = against(&sim, args).await;

        run.assert_not_done("say --yes");
    }
    assert_eq!(sim.counters().commands_carried_out, 0);
    let posts = sim.requests().into_iter().filter(|it| it.method() != "GET");
    assert_eq!(posts.filter(|it| is_of_api(it.route())).count(), 0);
}

#[tokio::test]
async fn a_question_names_the_car_by_its_name_and_the_end_of_its_vin() {
    let sim = simulator().await;

    let run = against(&sim, &["unlock", CAR]).await;

    insta::assert_snapshot!(run.stderr, @r"
    error: Unlock RAV4 PHEV (…0202)? There is no terminal to ask at
     next: say --yes if that is meant
    ");
}

#[tokio::test]
async fn a_command_is_waited_for_until_the_car_has_done_it() {
    let sim = quick().await;
    let vin = sim.account().cars()[1].vin().to_owned();

    let run = against(&sim, &["--json", "unlock", &vin, "--yes"]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["outcome"], "done", "{document}");
    assert_eq!(document["returnCode"], "000000");
    assert_eq!(document["vin"], vin);
    assert!(document["afterSeconds"].is_u64(), "{document}");
}

#[tokio::test]
async fn why_a_car_did_not_do_it_is_told() {
    let sim = quick().await;
    let vin = sim.account().cars()[1].vin().to_owned();
    let opened = against(&sim, &["unlock", &vin, "--yes"]).await;

    let start = ["--json", "climate", "start", &vin, "--yes", "--wait", "10"];
    let run = against(&sim, &start).await;

    assert_eq!(opened.code, 0, "{opened:?}");
    assert_eq!(run.code, 6, "{run:?}");
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["outcome"], "refused", "{document}");
    let message = document["message"].as_str().unwrap();
    assert!(run.stderr.contains(message), "{run:?}");
    assert!(
        run.stderr.contains("error: the car did not do it: "),
        "{run:?}"
    );
}

#[tokio::test]
async fn a_climate_control_is_started_as_it_is_to_be() {
    let sim = quick().await;
    let vin = sim.account().cars()[2].vin().to_owned();
    let comfort = ["--temperature", "23", "--minutes", "15", "--heat", "wheel"];
    let seats = ["--seat", "driver=high", "--yes", "--wait", "10"];
    let start: Vec<_> = ["climate", "start", &vin]
        .into_iter()
        .chain(comfort)
        .chain(seats)
        .collect();

    let started = against(&sim, &start).await;
    let told = against(&sim, &["climate", &vin]).await;

    assert_eq!(
        (started.code, started.stderr.as_str()),
        (0, ""),
        "{started:?}"
    );
    assert!(
        started.stdout.starts_with("Done; seen after "),
        "{started:?}"
    );
    for line in [
        "wheel         on",
        "target        23 °C",
        "runs for      15 min",
    ] {
        assert!(told.stdout.lines().any(|it| it == line), "{line}: {told:?}");
    }
    assert!(
        told.stdout.contains("seats         driver high"),
        "{told:?}"
    );
}

#[tokio::test]
async fn what_has_no_command_of_its_own_is_sent_by_its_name() {
    let sim = simulator().await;
    let now = [CAR, "--yes", "--wait", "0"];
    let beeping = [&["command", "Sound-Horn", "--beeps", "3"], &now[..]].concat();

    let known = against(&sim, &beeping).await;
    let refused = against(&sim, &[&["command", "headlight-off"], &now[..]].concat()).await;
    let wrong = against(&sim, &[&["command", "head light"], &now[..]].concat()).await;
    let asked = against(&sim, &["command", "headlight-on", CAR]).await;

    assert_eq!((known.code, known.stderr.as_str()), (0, ""), "{known:?}");
    assert_eq!((refused.code, wrong.code), (6, 2), "{refused:?} {wrong:?}");
    let question = "error: Send headlight-on to RAV4 PHEV (…0202)? ";
    assert!(asked.stderr.starts_with(question), "{asked:?}");
    let requests = sim.requests().into_iter();
    let sent = requests.filter(|it| it.route() == Route::Command);
    let sent: Vec<_> = sent.map(|it| it.body().clone()).collect();
    assert_eq!(sent.len(), 2);
    let horn: Value = serde_json::from_slice(&sent[0]).unwrap();
    let expected = serde_json::json!({"command": "sound-horn", "beepCount": 3});
    assert_eq!(horn, expected);
}

#[tokio::test]
async fn a_car_gets_another_name() {
    let sim = simulator().await;

    let run = against(&sim, &["nickname", "Lightning", CAR, "--yes"]).await;
    let found = against(&sim, &["telemetry", "light"]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    assert_eq!(found.code, 0, "{found:?}");
}

#[tokio::test]
async fn a_command_that_nobody_waits_for_is_accepted() {
    let sim = simulator().await;
    for args in [
        &["lock", CAR][..],
        &["horn", "--buzzer", CAR],
        &["hazard", "on", CAR],
        &["windows", "close", "quiet"],
        &["climate", "stop", CAR],
        &[
            "charge", "reserve", "--day", "monday", "--from", "22:30", CAR,
        ],
    ] {
        let args: Vec<_> = args
            .iter()
            .chain(&["--yes", "--wait", "0"])
            .copied()
            .collect();

        let run = against(&sim, &args).await;

        assert_eq!(
            (run.code, run.stderr.as_str()),
            (0, ""),
            "{args:?}: {run:?}"
        );
        assert!(
            run.stdout.starts_with("The command is accepted;"),
            "{args:?}"
        );
    }
}

#[tokio::test]
async fn a_car_that_is_silent_is_not_seen_to_do_it() {
    let sim = simulator().await;
    let vin = sim.account().cars()[1].vin().to_owned();
    sim.set_wakes(&vin, WakeBehaviour::silent());

    let run = against(&sim, &["unlock", &vin, "--yes", "--wait", "1"]).await;

    assert_eq!((run.code, run.stdout.as_str()), (7, ""), "{run:?}");
    assert!(run.stderr.contains("was not seen to do it"), "{run:?}");
}

#[tokio::test]
async fn a_command_that_the_service_does_not_take_is_not_sent_again() {
    let sim = simulator().await;

    let run = against(&sim, &["hazard", "off", CAR, "--yes"]).await;

    assert_eq!((run.code, run.stdout.as_str()), (6, ""), "{run:?}");
    assert!(run.stderr.contains("CTP-REMOTE-40006"), "{run:?}");
    assert_eq!(sim.counters().requests(Route::Command), 1);
}

#[tokio::test]
async fn what_no_car_could_do_is_not_sent() {
    let sim = simulator().await;
    for (args, word) in [
        (
            &["climate", "start", CAR, "--temperature", "40"][..],
            "18 to 29",
        ),
        (
            &["climate", "start", CAR, "--temperature", "warm"],
            "21, 21C or 70F",
        ),
        (
            &["climate", "start", CAR, "--minutes", "21"],
            "20 whole minutes",
        ),
        (
            &["climate", "start", CAR, "--seat", "sofa=low"],
            "rear-passenger",
        ),
        (&["charge", "schedule", CAR], "--day"),
        (
            &["charge", "schedule", CAR, "--day", "monday"],
            "--from or --until",
        ),
        (&["charge", "reserve", CAR, "--from", "22:30"], "--day"),
        (&["nickname", "", CAR], "1 to 64 characters"),
        (&["hazard", "maybe", CAR], "on, off"),
        (&["lock", CAR, "--wait", "601"], "600"),
    ] {
        let args: Vec<_> = args.iter().chain(&["--yes"]).copied().collect();

        let run = against(&sim, &args).await;

        run.assert_not_done(word);
    }
    assert_eq!(sim.counters().requests(Route::ClimateControl), 0);
}

/// A service whose cars answer at once.
async fn quick() -> Simulator {
    let sim = simulator().await;
    for car in sim.account().cars() {
        sim.set_wakes(car.vin(), WakeBehaviour::prompt());
    }
    sim
}

fn is_of_api(route: Route) -> bool {
    ![Route::Authenticate, Route::Authorize, Route::Token].contains(&route)
}
