//! Posts that lead no further, and what is said of them.

use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, header};
use http_body_util::Full;
use serde_json::json;

use crate::support::{Answer, Login, fill, fill_at, send, start};

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

async fn post(url: &str, media_type: &'static str, body: &'static str) -> Answer {
    let request = Request::post(url)
        .header(header::CONTENT_TYPE, HeaderValue::from_static(media_type))
        .body(Full::new(Bytes::from_static(body.as_bytes())))
        .unwrap();
    send(request).await
}
