//! What follows a fault, by what was asked: how often the request arrives, what it does and what the
//! caller gets.

use http::{Method, StatusCode};
use serde_json::json;
use tests::{quick, simulator, soon, tls_simulator};
use tower_client_call::Delivery;
use toyota_client::Kind;
use toyota_sim::{Fault, Route, Simulator};

use super::{Ask, COMMAND, HASTE, first_car, json, send, signed_in};

/// A fault that one call meets.
struct Row {
    name: &'static str,
    faults: Vec<Fault>,
    /// The attempt is given up after [`HASTE`].
    hasty: bool,
    /// What the caller gets of it: a status, or an error that says what can have happened.
    brings: Result<u16, Delivery>,
    /// How often a command is carried out all the same.
    effects: u64,
    /// Whether it is repeated where it may be; and otherwise, how many requests there are.
    repeated: bool,
    requests: u64,
}

impl Row {
    fn new(name: &'static str, fault: Fault, brings: Result<u16, Delivery>) -> Self {
        Self {
            name,
            faults: vec![fault],
            hasty: false,
            brings,
            effects: 0,
            repeated: true,
            requests: 1,
        }
    }

    fn status(name: &'static str, fault: Fault, status: u16) -> Self {
        Self::new(name, fault, Ok(status))
    }

    /// Marks what is never repeated.
    fn never_repeated(self) -> Self {
        let repeated = false;
        Self { repeated, ..self }
    }

    /// Marks what leaves a command carried out.
    fn leaves_its_effect(self) -> Self {
        Self { effects: 1, ..self }
    }

    fn hasty(self) -> Self {
        let hasty = true;
        Self { hasty, ..self }
    }
}

fn rows() -> Vec<Row> {
    use Delivery::{Answered, MaybeSent};
    let status = |status| Fault::status(StatusCode::from_u16(status).unwrap());
    let refused_twice = Row {
        faults: vec![status(401), status(401)],
        // The session repeats a refused token's request, whatever it does: it was not served.
        requests: 2,
        ..Row::status("401 twice", status(401), 401).never_repeated()
    };
    vec![
        Row::status("500", status(500), 500),
        Row::status("502", status(502), 502),
        Row::status("503", status(503), 503),
        Row::status("503, 0 s", status(503).retry_after_seconds(0), 503),
        Row::status("503, 1 s", status(503).retry_after_seconds(1), 503),
        Row::status("504", status(504), 504),
        Row::status("408", status(408), 408),
        Row::status("429", status(429), 429),
        Row::status("429, 1 s", status(429).retry_after_seconds(1), 429),
        Row::status("400", status(400), 400).never_repeated(),
        refused_twice,
        Row::status("403", status(403), 403).never_repeated(),
        Row::status("404", status(404), 404).never_repeated(),
        Row::status("501", status(501), 501).never_repeated(),
        Row::status("html 200", Fault::html(StatusCode::OK), 200).never_repeated(),
        Row::status("html 403", Fault::html(StatusCode::FORBIDDEN), 403).never_repeated(),
        Row::status("html 502", Fault::html(StatusCode::BAD_GATEWAY), 502),
        Row::new("reset before", Fault::reset_before_read(), Err(MaybeSent)),
        Row::new("reset after", Fault::reset_after_read(), Err(MaybeSent)).leaves_its_effect(),
        Row::new("truncated", Fault::truncated(), Err(Answered)).leaves_its_effect(),
        Row::new("endless", Fault::endless(HASTE / 10), Err(Answered))
            .leaves_its_effect()
            .hasty(),
        Row::new("silence", Fault::pass().after(20 * HASTE), Err(MaybeSent))
            .leaves_its_effect()
            .hasty(),
        Row::new("garbage wire", Fault::garbage_wire(), Err(MaybeSent)).leaves_its_effect(),
        Row::status("garbage body", Fault::garbage_body(), 200)
            .leaves_its_effect()
            .never_repeated(),
    ]
}

/// Lets one call after the other meet its fault, and compares what came of it.
async fn check(sim: &Simulator, ask: Ask, rows: Vec<Row>) {
    let patient = signed_in(sim, quick()).await.into_inner();
    let hasty = signed_in(sim, quick().attempt_timeout(HASTE))
        .await
        .into_inner();
    for row in rows {
        let shown = format!("{ask:?}, {}", row.name);
        let repeated = row.repeated && ask.may_be_received_twice();
        let is_command = ask.route() == Route::Command;
        let before = sim.counters();
        sim.script(ask.route(), row.faults);

        let stack = if row.hasty { &hasty } else { &patient };
        let answer = send(stack, ask.request(sim, row.name)).await;

        let brought = match &answer {
            Ok((status, _)) => Ok(*status),
            Err(error) => Err(Delivery::of(error)),
        };
        let expected = if repeated { Ok(200) } else { row.brings };
        assert_eq!(brought, expected, "{shown}: {answer:?}");
        if repeated {
            let (_, body) = answer.unwrap();
            assert!(!json(&body).unwrap()["payload"].is_null(), "{shown}");
        }
        let after = sim.counters();
        let requests = after.requests(ask.route()) - before.requests(ask.route());
        assert_eq!(requests, if repeated { 2 } else { row.requests }, "{shown}");
        let effects = after.commands_carried_out - before.commands_carried_out;
        let expected = match ask {
            Ask::Read | Ask::ReadOnce => 0,
            Ask::Keyed if repeated => 1,
            // Whoever says so is believed, also if it is not so.
            Ask::SaidRepeatable if repeated => row.effects + 1,
            _ => row.effects,
        };
        assert_eq!(effects, expected, "{shown}");
        let at_most_once = is_command && ask != Ask::SaidRepeatable;
        assert!(!at_most_once || effects <= 1, "{shown}");
    }
}

#[tokio::test]
async fn a_read_is_repeated_after_every_fault_that_may_pass() {
    check(&simulator().await, Ask::Read, rows()).await;
}

#[tokio::test]
async fn a_command_without_a_key_is_carried_out_at_most_once() {
    check(&simulator().await, Ask::Command, rows()).await;
}

#[tokio::test]
async fn a_command_with_a_key_is_repeated_and_carried_out_once() {
    check(&simulator().await, Ask::Keyed, rows()).await;
}

#[tokio::test]
async fn what_is_to_be_sent_once_is_so_whatever_method_and_key_say() {
    check(&simulator().await, Ask::ReadOnce, rows()).await;
    check(&simulator().await, Ask::KeyedOnce, rows()).await;
}

#[tokio::test]
async fn a_caller_who_says_that_a_command_is_repeatable_is_believed() {
    let mut lost_answers = rows();
    lost_answers.retain(|row| row.effects > 0);

    check(&simulator().await, Ask::SaidRepeatable, lost_answers).await;
}

#[tokio::test]
async fn the_same_holds_over_http_2() {
    let checks = [Ask::Read, Ask::Command, Ask::Keyed]
        .map(|ask| tokio::spawn(async move { check(&tls_simulator().await, ask, rows()).await }));

    for check in checks {
        soon(check).await.unwrap();
    }
}

#[tokio::test]
async fn a_typed_command_is_not_repeated_once_it_may_have_arrived() {
    let sim = simulator().await;
    let client = signed_in(&sim, quick()).await;
    sim.script(Route::Command, [Fault::reset_after_read()]);

    let body = json!({"command": "door-lock"});
    let error = soon(client.request(Method::POST, COMMAND, Some(&first_car(&sim)), Some(&body)))
        .await
        .unwrap_err();

    assert_eq!(error.kind(), Kind::Network);
    assert_eq!(
        (error.delivery(), error.attempts()),
        (Delivery::MaybeSent, 1)
    );
    assert_eq!(sim.counters().commands_carried_out, 1);
}
