//! The login tree, from its first question to a session.

mod flows;
mod refusals;

use std::time::Duration;

use http::{StatusCode, header};
use serde_json::{Value, json};
use toyota_sim::{Fault, Route};

use crate::support::{Login, fill, start};

#[tokio::test]
async fn four_posts_lead_to_a_session() {
    let sim = start().await;
    let account = sim.account();
    let mut login = Login::new(&sim);

    let locale = login.post(&json!({})).await.json();
    let user_name = login.post(&locale).await.json();
    let password = login
        .post(&fill(user_name.clone(), account.username()))
        .await
        .json();
    let end = login
        .post(&fill(password.clone(), account.password()))
        .await;

    assert_eq!(
        prompts(&locale),
        [
            ("NameCallback", "Market Locale", "IDToken1", 0),
            ("NameCallback", "Internationalization", "IDToken2", 1),
            ("NameCallback", "UI Locales", "IDToken3", 2),
        ]
    );
    assert_eq!(
        prompts(&user_name),
        [
            ("NameCallback", "User Name", "IDToken1", 3),
            ("ChoiceCallback", "Prompt", "IDToken2", 4),
        ]
    );
    assert_eq!(
        user_name["callbacks"][1]["output"][1]["value"],
        json!(["Local", "Google", "Facebook", "Apple"])
    );
    assert_eq!(
        prompts(&password),
        [
            ("PasswordCallback", "Password", "IDToken1", 5),
            ("ChoiceCallback", "Prompt", "IDToken2", 6),
        ]
    );
    assert_eq!(
        password["callbacks"][1]["output"][1]["value"],
        json!(["continue", "resetpass"])
    );
    assert_eq!(end.headers["content-api-version"], "resource=2.1");
    let granted = end.json();
    assert_eq!(granted["successUrl"], "/console");
    assert_eq!(granted["realm"], "/tme");
    assert_eq!(granted["tokenId"], login.cookies["iPlanetDirectoryPro"]);
    assert_eq!(sim.counters().logins_completed, 1);
    assert_eq!(sim.counters().password_posts, 1);
}

#[tokio::test]
async fn the_other_realm_has_sessions_of_its_own() {
    let sim = start().await;

    let mut login = Login::in_realm(&sim, "alliance-subaru");
    let end = login.finish(&sim.account()).await.json();

    assert_eq!(end["realm"], "/alliance-subaru");
}

#[tokio::test]
async fn every_answer_has_an_auth_id_of_its_own() {
    let sim = start().await;
    let mut login = Login::new(&sim);

    let first = login.post(&json!({})).await.json();
    let second = login.post(&first).await.json();
    let again = login.post(&first).await;

    assert_ne!(first["authId"], second["authId"]);
    assert_eq!(first["authId"].as_str().unwrap().split('.').count(), 3);
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_auth_id_ends_after_half_an_hour() {
    let sim = start().await;
    let mut login = Login::new(&sim);
    let question = login.post(&json!({})).await.json();

    sim.clock().advance(Duration::from_secs(29 * 60));
    let question = login.post(&question).await.json();
    sim.clock().advance(Duration::from_secs(30 * 60));
    let late = login.post(&question).await;

    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    assert_eq!(late.json()["message"], "Session has timed out");
}

#[tokio::test]
async fn a_fault_in_the_middle_leaves_the_login_where_it_was() {
    let sim = start().await;
    sim.script(
        Route::Authenticate,
        [
            Fault::pass(),
            Fault::status(StatusCode::BAD_GATEWAY),
            Fault::html(StatusCode::OK),
        ],
    );
    let mut login = Login::new(&sim);
    let question = login.post(&json!({})).await.json();

    let bad_gateway = login.post(&question).await;
    let page = login.post(&question).await;
    let next = login.post(&question).await;

    assert_eq!(bad_gateway.status, StatusCode::BAD_GATEWAY);
    assert_eq!(page.headers[header::CONTENT_TYPE], "text/html");
    assert_eq!(prompts(&next.json())[0].1, "User Name");
}

#[tokio::test]
async fn the_oldest_of_too_many_logins_is_forgotten() {
    let sim = start().await;
    let mut oldest = Login::new(&sim);
    let question = oldest.post(&json!({})).await.json();

    for _ in 0..64 {
        Login::new(&sim).post(&json!({})).await;
    }
    let answer = oldest.post(&question).await;

    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

/// The type, prompt, input name and id of each callback.
fn prompts(question: &Value) -> Vec<(&str, &str, &str, u64)> {
    question["callbacks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|callback| {
            (
                callback["type"].as_str().unwrap(),
                callback["output"][0]["value"].as_str().unwrap(),
                callback["input"][0]["name"].as_str().unwrap(),
                callback["_id"].as_u64().unwrap(),
            )
        })
        .collect()
}
