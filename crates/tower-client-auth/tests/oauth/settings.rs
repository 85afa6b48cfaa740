//! Which settings of a client are refused, and how that is said.

use tower_client_auth::oauth::{InvalidSetting, OAuthClient, OAuthClientBuilder};

use crate::login::ENDPOINT;

#[test]
fn secrets_go_over_tls_or_stay_on_this_machine() {
    for good in [
        "https://login.example/token",
        "https://login.example:8443/token?tenant=7",
        "https://login.example",
        "http://127.0.0.1:8080/token",
        "http://localhost/token",
        "http://[::1]:1/token",
    ] {
        assert!(at(good).build().is_ok(), "{good}");
    }
    for bad in [
        "http://login.example/token",
        "http://localhost.evil.example/token",
        "ftp://login.example/token",
        "https://login.example/token#fragment",
        "https://login.example/token#",
        "https://login.example:99999/token",
        "https://login.example:/token",
        "https://login.example:0443/token",
        "login.example/token",
        "/token",
        "https://",
        " https://login.example/token",
        "",
    ] {
        let error = at(bad).build().unwrap_err();

        assert_eq!(error.name(), "token_endpoint", "{bad}");
    }
}

#[test]
fn an_error_names_setting_value_and_what_is_allowed() {
    for (client, name, shown) in [
        (
            at("http://h/token?key=s3cret"),
            "token_endpoint",
            r#"token_endpoint is "http://h/token"; allowed is https, or http on this machine"#,
        ),
        (
            at("https://u:s3cret@h/token"),
            "token_endpoint",
            "token_endpoint is not shown",
        ),
        (
            OAuthClient::builder(ENDPOINT, ""),
            "client_id",
            r#"client_id is "";"#,
        ),
        (
            app().parameter("scope", "s3cret"),
            "parameter",
            r#"parameter is "scope";"#,
        ),
    ] {
        let error: InvalidSetting = client.build().unwrap_err();

        assert_eq!(error.name(), name);
        assert!(error.to_string().starts_with(shown), "{error}");
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
    }
    let long = "x".repeat(1000) + "\"";
    let error = app().scope(long).build().unwrap_err().to_string();
    assert!(error.len() < 250, "{error}");
}

#[test]
fn a_scope_is_words_of_visible_ascii() {
    for good in ["openid", "a b c", "https://api.example/x.read", "!#[]~"] {
        assert!(app().scope(good).build().is_ok(), "{good}");
    }
    for bad in ["", " ", "a ", " a", "a  b", "a\tb", "a\"b", "a\\b", "é"] {
        let error = app().scope(bad).build().unwrap_err();

        assert_eq!(error.name(), "scope", "{bad}");
    }
}

#[test]
fn parameters_cannot_say_again_what_grants_and_settings_say() {
    for bad in [
        "",
        "client_id",
        "client_secret",
        "grant_type",
        "refresh_token",
        "scope",
    ] {
        let error = app().parameter(bad, "x").build().unwrap_err();

        assert_eq!(error.name(), "parameter", "{bad}");
    }
    assert!(app().parameter("audience", "x").build().is_ok());
}

fn at(endpoint: &str) -> OAuthClientBuilder {
    OAuthClient::builder(endpoint, "app")
}

fn app() -> OAuthClientBuilder {
    at(ENDPOINT)
}
