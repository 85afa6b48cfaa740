//! Whatever an endpoint answers is a credential or an error.

use proptest::prelude::*;
use serde_json::{Value, json};
use tower_client_auth::{Credential, TokenError};

use crate::login::{answer, oauth, refresh, secret_of};

proptest! {
    #[test]
    fn any_bytes_are_a_credential_or_an_error(
        status in 100_u16..1000,
        body in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        check(status, &asked(status, body))?;
    }

    #[test]
    fn any_json_is_a_credential_or_an_error(
        status in prop_oneof![Just(200_u16), 200_u16..600],
        body in object(),
    ) {
        check(status, &asked(status, body.to_string().into_bytes()))?;
    }

    #[test]
    fn any_cut_of_a_good_answer_is_an_error(at in 0_usize..64) {
        let body = json!({"access_token": "t", "token_type": "Bearer", "refresh_token": "r"});
        let body = body.to_string().into_bytes();
        prop_assume!(at < body.len());

        prop_assert!(asked(200, body[..at].to_vec()).is_err());
    }
}

/// What holds of whatever came.
fn check(status: u16, answered: &Result<Credential, TokenError>) -> Result<(), TestCaseError> {
    match answered {
        Ok(credential) => {
            let token = secret_of(credential);
            prop_assert!((200..300).contains(&status));
            prop_assert!(!token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic()));
            prop_assert!(credential.remaining().is_none_or(|left| !left.is_zero()));
        }
        Err(error) => {
            let code = oauth(error).error_code().unwrap_or("none");
            prop_assert!((1..=64).contains(&code.len()), "{code}");
            let shown = format!("{error:?} {}", oauth(error));
            prop_assert!(
                !shown.contains("t0ken") && !shown.contains("r3fresh"),
                "{shown}"
            );
        }
    }
    Ok(())
}

/// An object of the members that are looked at, with values of any type.
fn object() -> impl Strategy<Value = Value> {
    let member = |usual: &'static [&'static str]| {
        prop_oneof![
            3 => prop::sample::select(usual).prop_map(Value::from),
            1 => value(),
        ]
    };
    let kinds = member(&["Bearer", "bearer", "mac"]);
    let codes = member(&["invalid_grant", "server_error", ""]);
    let tokens = member(&["t0ken", "r3fresh", "", "a b"]);
    let more = (tokens.clone(), value(), value());
    (tokens, kinds, codes, more).prop_map(|(token, kind, code, (refresh, expires, scope))| {
        json!({
            "access_token": token, "token_type": kind, "error": code,
            "refresh_token": refresh, "expires_in": expires, "scope": scope,
        })
    })
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        "[0-9.e+-]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::hash_map("[a-z]{1,5}", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn asked(status: u16, body: Vec<u8>) -> Result<Credential, TokenError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async { refresh(answer(status, body)).await })
}
