use std::time::Duration;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use http::{StatusCode, header};
use serde_json::Value;
use toyota_sim::{Simulator, TokenFlow};

use crate::support::{
    Answer, Login, Tokens, api_headers, authorize, authorize_query, code_form, credentials, get,
    get_code, log_in, open_session, refresh_form, send, start, token, token_request, within,
};

#[tokio::test]
async fn a_code_buys_tokens_once() {
    let sim = start().await;
    let code = get_code(&sim, authorize_query()).await;

    let first = token(&sim, code_form(&code)).await;
    let second = token(&sim, code_form(&code)).await;

    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(
        first.headers[header::CONTENT_TYPE],
        "application/json;charset=UTF-8"
    );
    let fields = first.json();
    assert_eq!(fields["expires_in"], 3599);
    assert_eq!(fields["token_type"], "Bearer");
    assert_eq!(fields["scope"], "openid profile write");
    let claims = fields["id_token"].as_str().unwrap().split('.').nth(1);
    let claims = URL_SAFE_NO_PAD.decode(claims.unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["uuid"], sim.account().guid());
    assert_invalid_grant(&second);
    assert_eq!(sim.counters().tokens_issued, 1);
}

#[tokio::test]
async fn the_verifier_must_meet_the_challenge() {
    let sim = start().await;
    let mut query = authorize_query();
    query.insert("code_challenge_method", "S256");
    query.insert(
        "code_challenge",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    );
    let first = get_code(&sim, query.clone()).await;
    let second = get_code(&sim, query).await;
    let mut met = code_form(&second);
    met.insert(
        "code_verifier",
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    );

    let refused = token(&sim, code_form(&first)).await;
    let accepted = token(&sim, met).await;

    assert_invalid_grant(&refused);
    assert_eq!(accepted.status, StatusCode::OK);
}

#[tokio::test]
async fn every_field_of_the_code_form_is_checked() {
    let sim = start().await;

    for (field, missing, wrong) in [
        ("client_id", "invalid_request", "invalid_client"),
        ("code", "invalid_request", "invalid_grant"),
        ("redirect_uri", "invalid_request", "invalid_grant"),
        ("grant_type", "invalid_request", "unsupported_grant_type"),
        ("code_verifier", "invalid_request", "invalid_grant"),
    ] {
        let code = get_code(&sim, authorize_query()).await;
        let mut form = code_form(&code);
        form.remove(field);
        let without = token(&sim, form.clone()).await;
        form.insert(field, "wrong");
        let with_wrong = token(&sim, form).await;

        assert_eq!(without.json()["error"], missing, "{field}");
        assert_eq!(with_wrong.json()["error"], wrong, "{field}");
    }
}

#[tokio::test]
async fn the_client_must_prove_itself() {
    let sim = start().await;
    let tokens = log_in(&sim).await;

    for wrong in [
        format!("basic {}", STANDARD.encode("oneapp:wrong")),
        "basic !".to_owned(),
        credentials(&sim).replace("basic", "bearer"),
        "basic".to_owned(),
    ] {
        let request = token_request(&sim, &wrong, refresh_form(&tokens.refresh));
        let answer = send(request).await;

        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{wrong}");
        assert_eq!(answer.json()["error"], "invalid_client");
    }
}

#[tokio::test]
async fn the_scheme_word_may_be_in_any_case() {
    let sim = start().await;
    let tokens = log_in(&sim).await;
    let upper = credentials(&sim).replace("basic", "BASIC");

    let answer = send(token_request(&sim, &upper, refresh_form(&tokens.refresh))).await;

    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn a_refresh_gives_a_new_pair_and_keeps_the_access_token() {
    let sim = start().await;
    let old = log_in(&sim).await;

    let new: Tokens = token(&sim, refresh_form(&old.refresh)).await.into();

    assert_ne!(new.refresh, old.refresh);
    assert_ne!(new.access, old.access);
    assert!(is_alive(&sim, &old).await);
    assert!(is_alive(&sim, &new).await);
    assert_eq!(sim.counters().refreshes, 1);
    assert_eq!(sim.counters().tokens_issued, 2);
}

#[tokio::test]
async fn a_reuse_revokes_the_family_and_no_other() {
    let sim = start().await;
    let stolen = log_in(&sim).await;
    let other = log_in(&sim).await;
    let heir: Tokens = token(&sim, refresh_form(&stolen.refresh)).await.into();

    let reuse = token(&sim, refresh_form(&stolen.refresh)).await;

    assert_invalid_grant(&reuse);
    assert!(!is_alive(&sim, &stolen).await);
    assert!(!is_alive(&sim, &heir).await);
    assert_invalid_grant(&token(&sim, refresh_form(&heir.refresh)).await);
    assert!(is_alive(&sim, &other).await);
    assert_eq!(sim.counters().refresh_reuses_detected, 1);
    assert_eq!(sim.counters().families_revoked, 1);
}

#[tokio::test]
async fn an_access_token_ends_with_its_lifetime() {
    let builder = Simulator::builder().token_lifetime(Duration::from_secs(60));
    let sim = within(builder.start()).await.unwrap();
    let tokens = log_in(&sim).await;

    sim.clock().advance(Duration::from_secs(50));
    assert!(is_alive(&sim, &tokens).await);
    sim.clock().advance(Duration::from_secs(10));

    assert!(!is_alive(&sim, &tokens).await);
}

#[tokio::test]
async fn a_refresh_token_ends_after_ninety_days() {
    let sim = start().await;
    let tokens = log_in(&sim).await;

    sim.clock().advance(Duration::from_secs(90 * 24 * 60 * 60));
    let answer = token(&sim, refresh_form(&tokens.refresh)).await;

    assert_invalid_grant(&answer);
    assert_eq!(sim.counters().refresh_reuses_detected, 0);
}

#[tokio::test]
async fn access_tokens_can_be_ended_alone() {
    let sim = start().await;
    let tokens = log_in(&sim).await;

    sim.expire_access_tokens();

    assert!(!is_alive(&sim, &tokens).await);
    let answer = token(&sim, refresh_form(&tokens.refresh)).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn all_tokens_can_be_revoked() {
    let sim = start().await;
    let tokens = log_in(&sim).await;

    sim.revoke_all_tokens();

    assert!(!is_alive(&sim, &tokens).await);
    assert_invalid_grant(&token(&sim, refresh_form(&tokens.refresh)).await);
    assert_eq!(sim.counters().families_revoked, 1);
}

#[tokio::test]
async fn every_sign_in_can_be_forgotten() {
    let sim = start().await;
    let tokens = log_in(&sim).await;
    let code = get_code(&sim, authorize_query()).await;
    let session = open_session(&sim).await;
    let mut login = Login::new(&sim);
    let question = login.reach_user_name().await;

    sim.forget_sign_ins();

    assert!(!is_alive(&sim, &tokens).await);
    assert_invalid_grant(&token(&sim, refresh_form(&tokens.refresh)).await);
    assert_invalid_grant(&token(&sim, code_form(&code)).await);
    let refused = authorize(&sim, Some(&session), authorize_query()).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let too_late = login.post(&question).await;
    assert_eq!(too_late.json()["message"], "Session has timed out");
    log_in(&sim).await;
}

#[tokio::test]
async fn any_field_can_be_left_out() {
    let sim = start().await;
    let mut refresh = log_in(&sim).await.refresh;

    for field in ["access_token", "id_token", "expires_in", "refresh_token"] {
        sim.set_token(TokenFlow::Without(field.to_owned()));

        let answer = token(&sim, refresh_form(&refresh)).await.json();

        assert_eq!(answer.get(field), None);
        assert_eq!(answer.as_object().unwrap().len(), 5);
        if let Some(next) = answer.get("refresh_token") {
            refresh = next.as_str().unwrap().to_owned();
        }
    }
}

async fn is_alive(sim: &Simulator, tokens: &Tokens) -> bool {
    let headers = api_headers(sim, &tokens.access);
    let answer = get(sim, "/v2/vehicle/guid", headers).await;
    answer.status == StatusCode::OK
}

fn assert_invalid_grant(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.json()["error"], "invalid_grant");
}
