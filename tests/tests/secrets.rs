//! Nothing secret is in any trace, at any level, of a run that signs in, reads, refreshes, keeps its
//! tokens, fails, logs out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::StatusCode;
use http::header::{AUTHORIZATION, COOKIE};
use serde_json::Value;
use tests::{client, config, credentials, login, simulator, soon, tls_simulator, transport};
use tower_client_auth::{ExposeSecret, RefreshToken};
use toyota_client::auth::{self, AuthErrorKind, CredentialKey, FileStore, Persist, UserId};
use toyota_client::{SignIn, ToyotaClient};
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
        // At 4.3415 seconds past a minute the time of day would be a position.
        .without_time()
        .with_writer(move || writer.clone());
    subscriber.finish().init();

    let mut shown = Vec::new();
    let mut secrets = BTreeSet::new();
    for sim in [simulator().await, tls_simulator().await] {
        run(&sim, &mut shown).await;
        run_with_store(&sim, &mut shown, &mut secrets).await;
        collect(&sim, &mut secrets);
    }

    let traces = String::from_utf8(traces.0.lock().unwrap().clone()).unwrap();
    for happened in [
        "TRACE",
        "sign-in step",
        "sending the request again",
        "a stored credential is good",
        "is damaged",
    ] {
        assert!(
            traces.contains(happened),
            "nothing was traced of {happened:?}"
        );
    }
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

/// A session that outlives its client: tokens are kept, refreshed, refused, taken up, broken and
/// given up.
async fn run_with_store(sim: &Simulator, shown: &mut Vec<String>, secrets: &mut BTreeSet<String>) {
    sim.set_login(LoginFlow::Recorded);
    let dir = tempfile::tempdir().unwrap();
    let (config, store) = (config(sim), FileStore::new(dir.path()));
    let layer = auth::layer(login(sim), credentials(sim), &config);
    shown.push(format!("{layer:?}"));
    let layer = layer.persist(store.clone(), auth::issuer(&config)).build();
    let builder = ToyotaClient::builder()
        .config(config.clone())
        .credentials(credentials(sim))
        .token_store(store.clone())
        // What is stored is shown, and asked for again all the same.
        .cache_ttl(Duration::ZERO);
    shown.push(format!("{layer:?} {builder:?} {store:?}"));
    let start = || builder.clone().service(transport(sim)).build().unwrap();
    let client = start();
    let (provider, owner) = (client.provider(), client.provider().default_principal());

    soon(client.vehicles()).await.unwrap();
    let refreshed = soon(provider.refresh(&owner)).await.unwrap();
    sim.expire_access_tokens();
    soon(client.vehicles()).await.unwrap();
    soon(start().vehicles()).await.unwrap();
    shown.push(format!("{client:?} {provider:?} {owner:?} {refreshed:?}"));

    let key = CredentialKey::new(&auth::issuer(&config), &owner);
    let kept = soon(store.load(&key)).await.unwrap().unwrap();
    let (user, refresh) = (kept.get::<UserId>(), kept.get::<RefreshToken>().unwrap());
    shown.push(format!("{key:?} {kept:?} {user:?} {refresh:?}"));
    for secret in [kept.secret(), refresh.secret()] {
        secrets.insert(secret.expose_secret().to_owned());
    }

    break_off(&token_file(dir.path()));
    shown.push(all_of(&soon(store.load(&key)).await.unwrap_err()));
    with_broken_file(&start(), shown).await;
    let next = soon(provider.logout(&owner)).await.unwrap();
    let late = soon(provider.authenticate(&owner)).await.unwrap_err();
    shown.push(format!("{next:?} {}", all_of(&late)));
}

async fn with_broken_file(client: &ToyotaClient, shown: &mut Vec<String>) {
    let provider = client.provider();
    let error = soon(provider.authenticate(&provider.default_principal())).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Store);
    shown.push(all_of(&error));
    let error = soon(client.vehicles()).await.unwrap_err();
    shown.push(all_of(&error) + error.next_step());
}

/// Returns the only file of tokens.
fn token_file(dir: &Path) -> PathBuf {
    let files = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files = files.filter(|path| path.extension().is_some_and(|it| it == "json"));
    files.next().unwrap()
}

/// Breaks a file off before its end: the tokens are in what is left.
fn break_off(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    let length = text.rfind('}').unwrap();
    fs::write(path, &text[..length]).unwrap();
}

/// All that an error shows, down to its first cause.
fn all_of(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.map(|error| format!("{error} {error:?} ")).collect()
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
