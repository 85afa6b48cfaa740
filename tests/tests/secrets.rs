//! Nothing secret is in any trace, at any level, of a run that signs in, reads, refreshes, fails.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use http::StatusCode;
use http::header::{AUTHORIZATION, COOKIE};
use serde_json::Value;
use tests::{client, config, credentials, login, simulator, soon, tls_simulator};
use toyota_client::SignIn;
use toyota_sim::{Fault, LoginFlow, Payload, RecordedRequest, Route, Simulator};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::util::SubscriberInitExt;

#[tokio::test]
async fn no_trace_error_or_debug_text_holds_a_secret() {
    let traces = Traces::default();
    let writer = traces.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone());
    subscriber.finish().init();

    let mut shown = Vec::new();
    let mut secrets = BTreeSet::new();
    for sim in [simulator().await, tls_simulator().await] {
        run(&sim, &mut shown).await;
        collect(&sim, &mut secrets);
    }

    let traces = String::from_utf8(traces.0.lock().unwrap().clone()).unwrap();
    assert!(
        traces.contains("TRACE") && traces.contains("sign-in step"),
        "nothing was traced"
    );
    assert!(
        secrets.len() > 60,
        "only {} secrets were collected",
        secrets.len()
    );
    let shown = shown.concat();
    for secret in &secrets {
        for (name, text) in [("the traces", &traces), ("an error or Debug", &shown)] {
            if let Some(at) = text.find(secret.as_str()) {
                let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
                let line = text[start..].lines().next().unwrap();
                panic!("{name} hold {secret:?}: {line}");
            }
        }
    }
}

/// What was traced, as text.
#[derive(Clone, Default)]
struct Traces(Arc<Mutex<Vec<u8>>>);

impl Write for Traces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One session with everything that can happen in it; what is shown of it goes to `shown`.
async fn run(sim: &Simulator, shown: &mut Vec<String>) {
    let client = client(sim);
    shown.push(format!(
        "{client:?} {:?} {:?}",
        config(sim),
        credentials(sim)
    ));
    for car in soon(client.vehicles()).await.unwrap().value {
        shown.push(format!("{:?} {}", car, car.vin));
        shown.push(format!(
            "{:?}",
            soon(client.location(&car.vin)).await.unwrap()
        ));
        shown.push(format!(
            "{:?}",
            soon(client.telemetry(&car.vin)).await.unwrap()
        ));
        let forbidden = StatusCode::FORBIDDEN;
        let refused = Fault::gateway(forbidden, "APIGW-403", "invalid guid and vin mapping");
        sim.script(Route::Telemetry, [refused]);
        let error = soon(client.telemetry(&car.vin)).await.unwrap_err();
        shown.push(format!("{error} {error:?} {}", error.next_step()));
    }
    sim.expire_access_tokens();
    soon(client.vehicles()).await.unwrap();
    for fault in [
        Fault::reset_after_read(),
        Fault::truncated(),
        Fault::garbage_wire(),
        Fault::html(StatusCode::BAD_GATEWAY),
    ] {
        sim.script(Route::Vehicles, [fault]);
        let error = soon(client.vehicles()).await.unwrap_err();
        shown.push(format!("{error} {error:?}"));
    }
    sim.revoke_all_tokens();
    soon(client.vehicles()).await.unwrap();

    let login = login(sim);
    sim.set_login(LoginFlow::CodeStep {
        code: "one-time-918273".to_owned(),
    });
    let signed_in = soon(login.sign_in(&credentials(sim))).await.unwrap();
    shown.push(format!("{login:?} {signed_in:?}"));
    if let SignIn::CodeRequired(pending) = signed_in {
        let signed_in = soon(login.resume(pending, "one-time-918273")).await;
        shown.push(format!("{signed_in:?}"));
    }
    let unknown = LoginFlow::UnknownCallback {
        kind: "DeviceProfileCallback".to_owned(),
    };
    for flow in [LoginFlow::CodeRefused, LoginFlow::Endless, unknown] {
        sim.set_login(flow);
        let error = soon(login.sign_in(&credentials(sim))).await.unwrap_err();
        shown.push(format!("{error} {error:?}"));
    }
}

/// Everything secret that crossed the wire, as the simulator saw it.
fn collect(sim: &Simulator, secrets: &mut BTreeSet<String>) {
    let account = sim.account();
    let own = [
        account.username(),
        account.password(),
        account.guid(),
        sim.api_key(),
        sim.client_secret(),
        "one-time-918273",
    ];
    secrets.extend(own.map(ToOwned::to_owned));
    for car in account.cars() {
        secrets.insert(car.vin().to_owned());
        let place = &car.get(Payload::Location).unwrap()["vehicleLocation"];
        secrets.insert(place["latitude"].to_string());
        secrets.insert(place["longitude"].to_string());
        for name in ["imei", "contractId", "subscriberGuid"] {
            let value = car.get(Payload::Vehicle).unwrap()[name].as_str();
            secrets.extend(
                value
                    .filter(|value| !value.is_empty())
                    .map(ToOwned::to_owned),
            );
        }
    }
    for request in sim.requests() {
        headers(&request, secrets);
        match request.route() {
            Route::Authenticate => {
                let tree: Value = serde_json::from_slice(request.body()).unwrap();
                secrets.extend(tree["authId"].as_str().map(ToOwned::to_owned));
            }
            Route::Token => form(&request, secrets),
            _ => {}
        }
    }
    // A word this short would be found anywhere.
    secrets.retain(|secret| secret.len() > 4);
}

fn headers(request: &RecordedRequest, secrets: &mut BTreeSet<String>) {
    for name in [AUTHORIZATION.as_str(), "x-client-ref"] {
        let value = request
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap());
        // Without its scheme: the token itself is the secret.
        secrets.extend(value.map(|value| value.rsplit(' ').next().unwrap().to_owned()));
    }
    for cookies in request.headers().get_all(COOKIE) {
        for pair in cookies.to_str().unwrap().split("; ") {
            secrets.insert(pair.split_once('=').unwrap().1.to_owned());
        }
    }
}

fn form(request: &RecordedRequest, secrets: &mut BTreeSet<String>) {
    let form = std::str::from_utf8(request.body()).unwrap();
    for (name, value) in form.split('&').filter_map(|pair| pair.split_once('=')) {
        if ["code", "refresh_token"].contains(&name) {
            secrets.insert(value.to_owned());
        }
    }
}
