use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use http_body_util::Full;
use serde_json::json;
use toyota_sim::{Account, Car, CarriedOut, Payload, RecordedRequest, Simulator};

use crate::support::{
    Answer, Login, Tokens, api_headers, api_headers_of, get, log_in, log_in_as, refresh_form, send,
    token, within,
};

const COMMAND: &str = "/v1/global/remote/command";

#[tokio::test]
async fn each_account_signs_in_to_its_own_garage() {
    let sim = start().await;
    let tokens = sign_all_in(&sim).await;

    for (account, tokens) in sim.accounts().iter().zip(&tokens) {
        let headers = api_headers_of(&sim, account, &tokens.access);

        let list = get(&sim, "/v2/vehicle/guid", headers.clone()).await;
        let position = get(&sim, "/v1/location", about(headers, account)).await;

        let vin = account.cars()[0].vin();
        assert_eq!(list.json()["payload"], json!([{"vin": vin}]));
        assert_eq!(position.json()["payload"], json!({"of": account.guid()}));
    }
    assert_eq!(sim.account(), sim.accounts()[0]);
}

#[tokio::test]
async fn a_password_is_good_for_its_own_account_only() {
    let sim = start().await;
    let [first, second] = two(&sim);
    let confused = Account::new(second.username(), first.password(), second.guid());

    let answer = Login::new(&sim).finish(&confused).await;

    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(sim.counters().logins_completed, 0);
}

#[tokio::test]
async fn a_refreshed_token_speaks_for_the_same_account() {
    let sim = start().await;
    let [_, second] = two(&sim);
    let tokens = log_in_as(&sim, &second).await;

    let renewed: Tokens = token(&sim, refresh_form(&tokens.refresh)).await.into();

    let headers = api_headers_of(&sim, &second, &renewed.access);
    let list = get(&sim, "/v2/vehicle/guid", headers).await;
    assert_eq!(list.json()["payload"][0]["vin"], second.cars()[0].vin());
}

#[tokio::test]
async fn a_car_of_another_is_refused() {
    let sim = start().await;
    let [first, second] = two(&sim);
    let tokens = log_in(&sim).await;
    let headers = about(api_headers(&sim, &tokens.access), &second);

    let position = get(&sim, "/v1/location", headers.clone()).await;
    let order = command(&sim, headers, "door-lock").await;

    for answer in [position, order] {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.detail().1, "invalid guid and vin mapping");
    }
    assert_ne!(first.cars()[0].vin(), second.cars()[0].vin());
    assert_eq!(sim.counters().commands_carried_out, 0);
}

#[tokio::test]
async fn a_guid_of_another_is_refused() {
    let sim = start().await;
    let [_, second] = two(&sim);
    let tokens = log_in(&sim).await;

    let headers = about(api_headers_of(&sim, &second, &tokens.access), &second);
    let answer = get(&sim, "/v1/location", headers).await;

    assert_eq!(answer.detail().1, "invalid guid and vin mapping");
}

#[tokio::test]
async fn the_token_of_an_account_that_was_replaced_is_good_no_more() {
    let sim = start().await;
    let tokens = log_in(&sim).await;
    let before = sim.account();
    sim.edit_account(|account| *account = Account::new("new@example.com", "hush", "new"));

    let headers = api_headers_of(&sim, &before, &tokens.access);
    let answer = get(&sim, "/v2/vehicle/guid", headers).await;

    assert_eq!(answer.detail().1, "invalid token could not authorize");
}

#[tokio::test]
async fn requests_tell_whose_they_are() {
    let sim = start().await;
    let [_, second] = two(&sim);
    let theirs = log_in_as(&sim, &second).await;
    drop(sim.take_requests());

    for headers in [
        api_headers_of(&sim, &second, &theirs.access),
        api_headers(&sim, "unknown"),
    ] {
        get(&sim, "/nowhere", headers).await;
    }

    let requests = sim.requests();
    let senders: Vec<_> = requests.iter().map(RecordedRequest::account).collect();
    assert_eq!(senders, [Some(1), None]);
    assert_eq!(sim.take_requests().len(), 2);
    assert_eq!(
        (sim.requests().len(), sim.counters().requests_dropped),
        (0, 0)
    );
}

#[tokio::test]
async fn commands_are_counted_by_who_gave_them_to_which_car() {
    let sim = start().await;
    let accounts = two(&sim);
    let tokens = sign_all_in(&sim).await;
    for (account, tokens) in accounts.iter().zip(&tokens) {
        let headers = about(api_headers_of(&sim, account, &tokens.access), account);
        command(&sim, headers, "door-lock").await;
    }
    let again = about(api_headers(&sim, &tokens[0].access), &accounts[0]);
    command(&sim, again.clone(), "door-lock").await;
    let mut another = again;
    another.insert(
        "x-correlationid",
        value("8d3e2f60-5b0b-4a8e-9f5a-000000000000"),
    );
    command(&sim, another, "door-lock").await;

    let counters = sim.counters();
    let commands = sim.take_commands();

    let told: Vec<_> = commands
        .iter()
        .map(|it| (it.guid(), it.vin(), it.times()))
        .collect();
    let [first, second] = accounts
        .each_ref()
        .map(|it| (it.guid(), it.cars()[0].vin()));
    let expected = [(first, 2), (second, 1), (first, 1)];
    assert_eq!(
        told,
        expected.map(|((guid, vin), times)| (guid, vin, times))
    );
    assert!(commands.iter().all(|it| it.command() == "door-lock"));
    assert_ne!(commands[0].correlation_id(), commands[2].correlation_id());
    assert_eq!(
        (counters.commands_carried_out, counters.commands_repeated),
        (4, 1)
    );
    assert_eq!(sim.take_commands(), Vec::<CarriedOut>::new());
}

#[tokio::test]
async fn two_accounts_may_use_the_same_key() {
    let sim = start().await;
    let tokens = sign_all_in(&sim).await;

    for (account, tokens) in sim.accounts().iter().zip(&tokens) {
        let mut headers = about(api_headers_of(&sim, account, &tokens.access), account);
        headers.insert("idempotency-key", value("one"));
        for _ in 0..2 {
            let answer = command(&sim, headers.clone(), "door-lock").await;
            assert_eq!(answer.status, StatusCode::OK);
        }
    }

    assert_eq!(sim.counters().commands_carried_out, 2);
}

/// Starts a simulator with two accounts of one car each.
async fn start() -> Simulator {
    let [first, second] = [1, 2].map(|number| {
        let (vin, guid) = (
            format!("JTSIM00000PET000{number}"),
            format!("guid-{number}"),
        );
        let car = Car::new(&vin)
            .with(Payload::Vehicle, json!({"vin": vin}))
            .with(Payload::Location, json!({"of": guid}));
        let name = format!("user-{number}@example.com");
        Account::new(name, format!("password-{number}"), guid).with_car(car)
    });
    let builder = Simulator::builder().account(first).another_account(second);
    within(builder.start()).await.unwrap()
}

fn two(sim: &Simulator) -> [Account; 2] {
    sim.accounts().try_into().unwrap()
}

async fn sign_all_in(sim: &Simulator) -> Vec<Tokens> {
    let mut tokens = Vec::new();
    for account in sim.accounts() {
        tokens.push(log_in_as(sim, &account).await);
    }
    tokens
}

/// Names the car of an account.
fn about(mut headers: HeaderMap, account: &Account) -> HeaderMap {
    headers.insert("vin", value(account.cars()[0].vin()));
    headers
}

async fn command(sim: &Simulator, headers: HeaderMap, command: &str) -> Answer {
    let url = format!("{}{COMMAND}", sim.api_url());
    let body = json!({"command": command}).to_string();
    let mut request = Request::post(url)
        .body(Full::new(Bytes::from(body)))
        .unwrap();
    *request.headers_mut() = headers;
    send(request).await
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap()
}
