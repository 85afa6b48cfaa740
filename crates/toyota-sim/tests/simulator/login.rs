use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, header};
use http_body_util::Full;
use serde_json::{Value, json};
use toyota_sim::{Fault, LoginFlow, Route};

use crate::support::{Answer, Login, fill, fill_at, send, start};

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
async fn each_cookie_is_needed_with_its_value() {
    let sim = start().await;
    for cookie in ["route", "amlbcookie"] {
        for wrong in [None, Some("ff")] {
            let mut login = Login::new(&sim);
            let question = login.post(&json!({})).await.json();
            let right = login.cookies.remove(cookie).unwrap();
            if let Some(wrong) = wrong {
                login.cookies.insert(cookie.to_owned(), wrong.to_owned());
            }

            let refused = login.post(&question).await;
            login.cookies.insert(cookie.to_owned(), right);
            let accepted = login.post(&question).await;

            assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{cookie}");
            assert_eq!(accepted.status, StatusCode::OK, "{cookie}");
        }
    }
}

#[tokio::test]
async fn one_login_s_cookies_do_not_carry_another() {
    let sim = start().await;
    let mut mine = Login::new(&sim);
    let mut yours = Login::new(&sim);
    let question = mine.post(&json!({})).await.json();
    yours.post(&json!({})).await;

    let answer = yours.post(&question).await;

    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
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
async fn an_unknown_user_is_told_under_200() {
    let sim = start().await;
    let mut login = Login::new(&sim);

    let question = login.reach_user_name().await;
    let answer = login.post(&fill(question, "nobody@example.com")).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.json()["callbacks"],
        json!([{
            "type": "TextOutputCallback",
            "output": [
                {"name": "message", "value": "User Not Found"},
                {"name": "messageType", "value": "2"},
            ],
        }])
    );
}

#[tokio::test]
async fn a_wrong_password_ends_the_login_and_the_connection() {
    let sim = start().await;
    let mut login = Login::new(&sim);

    let question = login.reach_password(&sim.account()).await;
    let answer = login.post(&fill(question.clone(), "wrong")).await;
    let again = login.post(&fill(question, sim.account().password())).await;

    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        answer.json(),
        json!({
            "code": 401,
            "reason": "Unauthorized",
            "message": "Login failure",
            "detail": {"failureUrl": "error://passworderror"},
        })
    );
    assert_eq!(answer.headers[header::CONNECTION], "close");
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    assert_eq!(sim.counters().logins_completed, 0);
    assert_eq!(sim.counters().password_posts, 1);
}

#[tokio::test]
async fn another_choice_fails_the_login() {
    let sim = start().await;
    let mut login = Login::new(&sim);
    let question = login.reach_user_name().await;
    let google = fill_at(question, 1, json!(1));

    let answer = login.post(&fill(google, sim.account().username())).await;

    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.json()["message"], "Login failure");
}

#[tokio::test]
async fn what_is_not_the_question_back_is_refused_and_may_be_sent_right() {
    let sim = start().await;
    let mut login = Login::new(&sim);
    let question = login.reach_user_name().await;

    let mut shorter = question.clone();
    shorter["callbacks"].as_array_mut().unwrap().pop();
    let mut stranger = question.clone();
    stranger["callbacks"][0]["type"] = json!("PasswordCallback");
    for wrong in [shorter, stranger] {
        let answer = login.post(&wrong).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    }
    let answer = login.post(&fill(question, sim.account().username())).await;

    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn the_service_and_the_media_type_are_checked() {
    let sim = start().await;
    let url = format!(
        "{}/json/realms/root/realms/tme/authenticate",
        sim.login_url()
    );
    let full = format!("{url}?authIndexType=service&authIndexValue=oneapp");

    let no_service = post(&url, "application/json", "{}").await;
    let no_json = post(&full, "text/plain", "{}").await;
    let broken = post(&full, "application/json", "{").await;

    assert_eq!(no_service.status, StatusCode::BAD_REQUEST);
    assert_eq!(no_json.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
}

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

fn code_step() -> LoginFlow {
    LoginFlow::CodeStep {
        code: "123456".to_owned(),
    }
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

async fn post(url: &str, media_type: &'static str, body: &'static str) -> Answer {
    let request = Request::post(url)
        .header(header::CONTENT_TYPE, HeaderValue::from_static(media_type))
        .body(Full::new(Bytes::from_static(body.as_bytes())))
        .unwrap();
    send(request).await
}
