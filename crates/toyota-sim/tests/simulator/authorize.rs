use std::time::Duration;

use http::{StatusCode, header};
use toyota_sim::AuthorizeFlow;

use crate::support::{
    REDIRECT_URI, authorize, authorize_query, code_form, get_code, location, open_session, start,
    token,
};

#[tokio::test]
async fn a_session_gets_a_code() {
    let sim = start().await;
    let session = open_session(&sim).await;

    let answer = authorize(&sim, Some(&session), authorize_query()).await;

    assert_eq!(answer.status, StatusCode::FOUND);
    let (target, fields) = location(&answer);
    assert_eq!(target, REDIRECT_URI);
    assert!(!fields["code"].is_empty());
    assert_eq!(fields["client_id"], "oneapp");
    assert_eq!(
        fields["iss"],
        format!("{}/oauth2/realms/root/realms/tme", sim.login_url())
    );
    assert!(answer.cookies().contains_key("route"));
}

#[tokio::test]
async fn no_session_is_a_401() {
    let sim = start().await;

    for session in [None, Some("unknown")] {
        let answer = authorize(&sim, session, authorize_query()).await;

        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_session_does_not_last_for_ever() {
    let sim = start().await;
    let session = open_session(&sim).await;

    sim.clock().advance(Duration::from_secs(2 * 60 * 60));
    let answer = authorize(&sim, Some(&session), authorize_query()).await;

    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn every_field_of_the_query_is_checked() {
    let sim = start().await;
    let session = open_session(&sim).await;

    for field in authorize_query().into_keys() {
        for wrong in [None, Some("wrong")] {
            // Any text is a challenge.
            if field == "code_challenge" && wrong.is_some() {
                continue;
            }
            let mut query = authorize_query();
            query.remove(field);
            query.extend(wrong.map(|wrong| (field, wrong)));

            let answer = authorize(&sim, Some(&session), query).await;

            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{field}");
        }
    }
}

#[tokio::test]
async fn a_code_ends_after_two_minutes() {
    let sim = start().await;
    let code = get_code(&sim, authorize_query()).await;

    sim.clock().advance(Duration::from_secs(2 * 60));
    let answer = token(&sim, code_form(&code)).await;

    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn a_redirect_may_lead_nowhere() {
    let sim = start().await;
    let session = open_session(&sim).await;
    sim.set_authorize(AuthorizeFlow::NoLocation);

    let answer = authorize(&sim, Some(&session), authorize_query()).await;

    assert_eq!(answer.status, StatusCode::FOUND);
    assert!(!answer.headers.contains_key(header::LOCATION));
}

#[tokio::test]
async fn a_redirect_may_carry_an_error() {
    let sim = start().await;
    let session = open_session(&sim).await;
    sim.set_authorize(AuthorizeFlow::ErrorRedirect {
        error: "access denied & more\n".to_owned(),
    });

    let answer = authorize(&sim, Some(&session), authorize_query()).await;

    let (target, fields) = location(&answer);
    assert_eq!(target, REDIRECT_URI);
    assert_eq!(fields["error"], "access denied & more\n");
    assert!(fields.contains_key("error_description"));
    assert!(!fields.contains_key("code"));
}

#[tokio::test]
async fn a_page_may_come_in_place_of_a_redirect() {
    let sim = start().await;
    let session = open_session(&sim).await;
    sim.set_authorize(AuthorizeFlow::Ok200);

    let answer = authorize(&sim, Some(&session), authorize_query()).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert!(!answer.headers.contains_key(header::LOCATION));
}

#[tokio::test]
async fn a_redirect_may_lead_elsewhere() {
    let sim = start().await;
    let session = open_session(&sim).await;
    sim.set_authorize(AuthorizeFlow::WrongRedirect);

    let answer = authorize(&sim, Some(&session), authorize_query()).await;

    let (target, fields) = location(&answer);
    assert_ne!(target, REDIRECT_URI);
    assert!(fields.contains_key("code"));
}

#[tokio::test]
async fn a_redirect_may_lack_its_code() {
    let sim = start().await;
    let session = open_session(&sim).await;
    sim.set_authorize(AuthorizeFlow::NoCode);

    let answer = authorize(&sim, Some(&session), authorize_query()).await;

    let (target, fields) = location(&answer);
    assert_eq!(target, REDIRECT_URI);
    assert!(!fields.contains_key("code"));
}
