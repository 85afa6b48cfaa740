//! What is sent, byte by byte.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::Method;
use tower_client_auth::TokenSource;
use tower_client_auth::oauth::{
    ClientCredentialsGrant, OAuthClient, OAuthClientBuilder, RefreshTokenGrant,
};

use crate::login::{ENDPOINT, Login, answer, owner};

const GRANTED: &str = r#"{"access_token":"t","token_type":"Bearer"}"#;
/// The refresh token of RFC 6749's examples.
const REFRESH: &str = "tGzv3JOkF0XG5Qx2TlKWIA";

#[tokio::test]
async fn a_refresh_is_the_example_of_section_6() {
    let login = refresh_as(example().client_secret("gX1fBat3bV")).await;

    let request = &login.seen()[0];
    assert_eq!(request.method(), Method::POST);
    assert_eq!(request.uri(), ENDPOINT);
    let headers = request.headers();
    assert_eq!(
        headers["authorization"],
        "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW"
    );
    assert!(headers["authorization"].is_sensitive());
    assert_eq!(headers["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(headers["accept"], "application/json");
    assert_eq!(
        login.form(0).await,
        "grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA"
    );
}

#[tokio::test]
async fn a_secret_in_the_body_is_the_example_of_section_2_3_1() {
    let login = refresh_as(example().client_secret_in_body("7Fjfp0ZBr1KtDRbnfVdmIw")).await;

    assert!(!login.headers(0).contains_key("authorization"));
    assert_eq!(
        login.form(0).await,
        "grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA\
         &client_id=s6BhdRkqt3&client_secret=7Fjfp0ZBr1KtDRbnfVdmIw"
    );
}

#[tokio::test]
async fn client_credentials_are_the_example_of_section_4_4_2() {
    let login = Login::of([Ok(answer(200, GRANTED))]);
    let client = example().client_secret("gX1fBat3bV").build().unwrap();
    let source = ClientCredentialsGrant::new(login.clone(), client);

    source.fetch(&owner(), None).await.unwrap();

    let headers = login.headers(0);
    assert_eq!(
        headers["authorization"],
        "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW"
    );
    assert_eq!(login.form(0).await, "grant_type=client_credentials");
}

#[tokio::test]
async fn a_public_client_says_its_id_in_the_form() {
    let login = refresh_as(example()).await;

    assert!(!login.headers(0).contains_key("authorization"));
    assert_eq!(
        login.form(0).await,
        "grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA&client_id=s6BhdRkqt3"
    );
}

#[tokio::test]
async fn id_and_secret_are_form_urlencoded_before_base64() {
    for (id, secret, pair) in [
        // RFC 6749 appendix B.
        ("app", " %&+£€", "app:+%25%26%2B%C2%A3%E2%82%AC"),
        ("a:b", "c:d", "a%3Ab:c%3Ad"),
        ("ключ", "a/b=c", "%D0%BA%D0%BB%D1%8E%D1%87:a%2Fb%3Dc"),
        ("-._*", "~\r\n\0", "-._*:%7E%0D%0A%00"),
        ("app", "", "app:"),
    ] {
        let client = OAuthClient::builder(ENDPOINT, id).client_secret(secret);

        let login = refresh_as(client).await;

        let expected = format!("Basic {}", BASE64_STANDARD.encode(pair));
        assert_eq!(login.headers(0)["authorization"], expected, "{id} {secret}");
    }
}

#[tokio::test]
async fn scope_and_parameters_are_in_the_form_and_encoded() {
    let client = example()
        .client_secret_in_body("a&b=c d€")
        .scope("trips vehicles")
        .parameter("resource", "https://api.example/v1?x=y")
        .parameter("resource", "urn:other")
        .parameter("audience", "");

    let login = refresh_as(client).await;

    let form = login.form(0).await;
    let (_, own) = form.split_once("&client_id").unwrap();
    assert_eq!(
        own,
        "=s6BhdRkqt3&client_secret=a%26b%3Dc+d%E2%82%AC&scope=trips+vehicles\
         &resource=https%3A%2F%2Fapi.example%2Fv1%3Fx%3Dy&resource=urn%3Aother&audience="
    );
}

#[tokio::test]
async fn a_query_of_the_endpoint_is_kept() {
    let endpoint = "https://server.example.com/v1/token?tenant=7";

    let login = refresh_as(OAuthClient::builder(endpoint, "app")).await;

    assert_eq!(login.seen()[0].uri(), endpoint);
}

fn example() -> OAuthClientBuilder {
    OAuthClient::builder(ENDPOINT, "s6BhdRkqt3")
}

async fn refresh_as(client: OAuthClientBuilder) -> Login {
    let login = Login::of([Ok(answer(200, GRANTED))]);
    let source = RefreshTokenGrant::new(login.clone(), client.build().unwrap());
    let source = source.initial_token(&owner(), REFRESH);
    source.fetch(&owner(), None).await.unwrap();
    login
}
