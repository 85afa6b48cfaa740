//! Trees of other shapes: shorter, without end, with a code, with what nobody knows.

use http::StatusCode;
use serde_json::json;
use toyota_sim::LoginFlow;

use super::prompts;
use crate::support::{Login, fill, fill_at, start};

#[tokio::test]
async fn the_short_flow_needs_one_post() {
    let sim = start().await;
    sim.set_login(LoginFlow::Short);

    let answer = Login::new(&sim).post(&json!({})).await;

    assert!(answer.json()["tokenId"].is_string());
    assert_eq!(sim.counters().logins_completed, 1);
}

#[tokio::test]
async fn the_endless_flow_never_ends() {
    let sim = start().await;
    sim.set_login(LoginFlow::Endless);
    let mut login = Login::new(&sim);

    let mut question = login.post(&json!({})).await.json();
    for _ in 0..20 {
        question = login.post(&question).await.json();
        assert_eq!(question["callbacks"].as_array().unwrap().len(), 3);
    }

    assert_eq!(sim.counters().logins_completed, 0);
}

#[tokio::test]
async fn a_flow_applies_to_logins_that_begin_after_it() {
    let sim = start().await;
    let mut login = Login::new(&sim);
    let question = login.reach_password(&sim.account()).await;

    sim.set_login(LoginFlow::CodeRefused);
    let begun_before = login.post(&fill(question, sim.account().password())).await;
    let begun_after = Login::new(&sim).finish(&sim.account()).await;

    assert_eq!(begun_before.status, StatusCode::OK);
    assert_eq!(begun_after.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        begun_after.json()["detail"]["failureUrl"],
        "error://otperror"
    );
}

#[tokio::test]
async fn the_right_code_completes_the_login() {
    let sim = start().await;
    sim.set_login(code_step());
    let mut login = Login::new(&sim);

    let question = login.finish(&sim.account()).await.json();
    let end = login.post(&fill(question.clone(), "123456")).await;

    assert_eq!(
        prompts(&question)[0],
        ("PasswordCallback", "One Time Password", "IDToken1", 7)
    );
    assert_eq!(question["callbacks"][1]["type"], "ConfirmationCallback");
    assert_eq!(
        question["callbacks"][1]["output"][2]["value"],
        json!(["Verify OTP", "Resend OTP"])
    );
    assert!(end.json()["tokenId"].is_string());
}

#[tokio::test]
async fn a_wrong_code_fails_the_login() {
    let sim = start().await;
    sim.set_login(code_step());
    let mut login = Login::new(&sim);

    let question = login.finish(&sim.account()).await.json();
    let end = login.post(&fill(question, sim.account().password())).await;

    assert_eq!(end.status, StatusCode::UNAUTHORIZED);
    assert_eq!(end.json()["detail"]["failureUrl"], "error://otperror");
}

#[tokio::test]
async fn a_code_can_be_sent_again() {
    let sim = start().await;
    sim.set_login(code_step());
    let mut login = Login::new(&sim);

    let question = login.finish(&sim.account()).await.json();
    let again = login.post(&fill_at(question, 1, json!(1))).await.json();
    let end = login.post(&fill(again, "123456")).await;

    assert!(end.json()["tokenId"].is_string());
}

#[tokio::test]
async fn an_unknown_callback_accepts_no_answer() {
    let sim = start().await;
    sim.set_login(LoginFlow::UnknownCallback {
        kind: "DeviceProfileCallback".to_owned(),
    });
    let mut login = Login::new(&sim);

    let question = login.finish(&sim.account()).await.json();
    let end = login.post(&question).await;

    assert_eq!(question["callbacks"][0]["type"], "DeviceProfileCallback");
    assert_eq!(end.status, StatusCode::UNAUTHORIZED);
}

fn code_step() -> LoginFlow {
    LoginFlow::CodeStep {
        code: "123456".to_owned(),
    }
}
