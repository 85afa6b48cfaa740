//! The callback tree: from an answer to the next post, as plain functions.
//!
//! The login host (ForgeRock AM) asks in callbacks: `{"authId": …, "callbacks": [{"type", "output":
//! [{"name", "value"}], "input": [{"name", "value"}]}]}`. The client writes into `input[0].value`
//! and posts the whole object back, until an answer has a `tokenId`.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::MAX_WAIT;
use super::error::Failure;
use crate::secret::SecretJson;
use crate::text::excerpt;

/// The known steps have two or three.
const MAX_CALLBACKS: usize = 32;

/// What the client can fill in. Used up by the password: it is entered once.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) username: &'a str,
    pub(super) password: &'a SecretString,
}

/// What to do after an answer.
#[derive(Debug)]
pub(super) enum Step {
    /// Wait, then post the filled tree.
    Post { tree: SecretJson, wait: Duration },
    /// Ask the owner for a code, enter it, then post the tree.
    CodeRequired { tree: SecretJson, prompt: String },
    /// The tree has ended with an SSO session.
    SignedIn { session: SecretString },
}

/// Decides the next step of a sign-in. The password goes into one callback only: a request for a
/// one-time code is a `PasswordCallback` too, and must never receive it.
pub(super) fn next(mut tree: SecretJson, known: &mut Option<&Known<'_>>) -> Result<Step, Failure> {
    if let Some(session) = tree.expose()["tokenId"].as_str() {
        let session = session.into();
        return Ok(Step::SignedIn { session });
    }
    if !tree.expose()["authId"].is_string() {
        return Err(unexpected("the answer has neither tokenId nor authId"));
    }
    let callbacks = tree.expose_mut().get_mut("callbacks");
    let Some(callbacks) = callbacks.and_then(Value::as_array_mut) else {
        return Err(unexpected("the answer has no callbacks"));
    };
    if callbacks.is_empty() || callbacks.len() > MAX_CALLBACKS {
        return Err(unexpected("the answer has no callbacks, or too many"));
    }
    let mut wait = Duration::ZERO;
    let mut code_prompt = None;
    for callback in callbacks {
        match fill(callback, known)? {
            Filled::Done => {}
            Filled::Wait(asked) => wait = wait.max(asked),
            Filled::NeedsCode(prompt) => code_prompt = Some(prompt),
        }
    }
    Ok(match code_prompt {
        Some(prompt) => Step::CodeRequired { tree, prompt },
        None => Step::Post { tree, wait },
    })
}

/// Writes a one-time code where it was asked for.
pub(super) fn enter_code(tree: &mut SecretJson, code: &SecretString) -> Result<(), Failure> {
    let callbacks = tree.expose_mut().get_mut("callbacks");
    let asked = callbacks
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .find(|callback| callback["type"] == "PasswordCallback");
    match asked {
        Some(callback) => enter(callback, code.expose_secret().into()),
        None => Err(unexpected("the step has no place for a code")),
    }
}

enum Filled {
    Done,
    Wait(Duration),
    NeedsCode(String),
}

fn fill(callback: &mut Value, known: &mut Option<&Known<'_>>) -> Result<Filled, Failure> {
    match callback["type"].as_str().unwrap_or_default() {
        "NameCallback" if prompt(callback).eq_ignore_ascii_case("User Name") => {
            match known {
                Some(known) => enter(callback, known.username.into())?,
                // Asked again after the password: the host has started over.
                None => return Err(unexpected("the user name is asked for again")),
            }
        }
        "PasswordCallback" => return fill_password(callback, known),
        // Locale questions accept an empty answer; choices come with a default ("Local",
        // "continue", "Verify OTP"); a hidden value goes back as it is.
        "NameCallback" | "ChoiceCallback" | "ConfirmationCallback" | "HiddenValueCallback" => {}
        "TextOutputCallback" => read_message(callback)?,
        "PollingWaitCallback" => return Ok(Filled::Wait(wait_time(callback))),
        // A redirect means another identity provider, a suspension means a mailed link.
        _ => return Err(unsupported(callback)),
    }
    Ok(Filled::Done)
}

fn fill_password(callback: &mut Value, known: &mut Option<&Known<'_>>) -> Result<Filled, Failure> {
    let prompt = prompt(callback).to_owned();
    let named = prompt.eq_ignore_ascii_case("Password");
    match known.take_if(|_| named || !asks_for_code(&prompt)) {
        Some(known) => {
            enter(callback, known.password.expose_secret().into())?;
            Ok(Filled::Done)
        }
        // Entered already, and asked for again: it was wrong.
        None if named => Err(Failure::InvalidPassword),
        None => Ok(Filled::NeedsCode(excerpt(&prompt))),
    }
}

fn asks_for_code(prompt: &str) -> bool {
    let prompt = prompt.to_ascii_lowercase();
    ["one time", "one-time", "otp", "code", "passcode"]
        .iter()
        .any(|word| prompt.contains(word))
}

/// A message is the way in which the host says, with status 200, that the user is unknown.
fn read_message(callback: &Value) -> Result<(), Failure> {
    const ERROR: &str = "2";
    let output = |name: &str| {
        let entries = callback["output"].as_array().into_iter().flatten();
        entries
            .into_iter()
            .find(|entry| entry["name"] == name)
            .map(|entry| &entry["value"])
    };
    let message = output("message").and_then(Value::as_str);
    let is_error = output("messageType").is_some_and(|kind| kind == ERROR || *kind == 2);
    match message {
        Some(message) if message.eq_ignore_ascii_case("User Not Found") => {
            Err(Failure::UnknownUser)
        }
        _ if is_error => Err(unsupported(callback)),
        _ => Ok(()),
    }
}

fn wait_time(callback: &Value) -> Duration {
    let entries = callback["output"].as_array().into_iter().flatten();
    let millis = entries
        .into_iter()
        .find(|entry| entry["name"] == "waitTime")
        .and_then(|entry| match &entry["value"] {
            Value::String(text) => text.parse().ok(),
            value => value.as_u64(),
        });
    Duration::from_millis(millis.unwrap_or_default()).min(MAX_WAIT)
}

/// The text beside the input field: the output named `prompt` or `message`, else the first.
fn prompt(callback: &Value) -> &str {
    let outputs = callback["output"].as_array().map_or(&[][..], Vec::as_slice);
    outputs
        .iter()
        .find(|entry| entry["name"] == "prompt" || entry["name"] == "message")
        .or(outputs.first())
        .and_then(|entry| entry["value"].as_str())
        .unwrap_or_default()
}

fn enter(callback: &mut Value, value: Value) -> Result<(), Failure> {
    let input = callback
        .get_mut("input")
        .and_then(|inputs| inputs.get_mut(0));
    match input.and_then(Value::as_object_mut) {
        Some(input) => {
            input.insert("value".to_owned(), value);
            Ok(())
        }
        None => Err(unexpected("a callback has no input to fill")),
    }
}

fn unsupported(callback: &Value) -> Failure {
    Failure::UnsupportedStep {
        callback: excerpt(callback["type"].as_str().unwrap_or("(no type)")),
        prompt: excerpt(prompt(callback)),
    }
}

fn unexpected(what: &'static str) -> Failure {
    Failure::protocol("authenticate", what)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn callback(kind: &str, prompt: &str, value: impl Into<Value>) -> Value {
        json!({
            "type": kind,
            "output": [{"name": "prompt", "value": prompt}],
            "input": [{"name": "IDToken1", "value": value.into()}],
            "_id": 7,
        })
    }

    fn tree(callbacks: &[Value]) -> Value {
        json!({"authId": "opaque", "callbacks": callbacks})
    }

    /// Runs answers through one sign-in of `owner@example.com` with the password `pa55`.
    fn answers(trees: &[Value]) -> Result<Step, Failure> {
        let password = "pa55".into();
        let known = Known {
            username: "owner@example.com",
            password: &password,
        };
        let mut known = Some(&known);
        let mut last = Err(unexpected("no answers"));
        for tree in trees {
            last = next(SecretJson::new(tree.clone()), &mut known);
        }
        last
    }

    fn posted(step: Result<Step, Failure>) -> Value {
        match step.unwrap() {
            Step::Post { tree, .. } => tree.expose().clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn fills_by_type_and_prompt_and_leaves_the_rest_as_it_came() {
        let asked = tree(&[
            callback("NameCallback", "Market Locale", ""),
            callback("ChoiceCallback", "Prompt", 0),
            callback("NameCallback", "User Name", ""),
            callback("PasswordCallback", "Password", ""),
            callback("HiddenValueCallback", "device", "d1"),
        ]);

        let mut expected = asked.clone();
        expected["callbacks"][2]["input"][0]["value"] = "owner@example.com".into();
        expected["callbacks"][3]["input"][0]["value"] = "pa55".into();
        assert_eq!(posted(answers(&[asked])), expected);
    }

    #[test]
    fn a_token_id_ends_the_tree_at_any_point() {
        let step = answers(&[json!({"tokenId": "sso", "successUrl": "/console"})]).unwrap();

        assert!(matches!(step, Step::SignedIn { session } if session.expose_secret() == "sso"));
    }

    #[test]
    fn the_first_password_callback_gets_the_password_whatever_its_prompt() {
        let asked = tree(&[callback("PasswordCallback", "Passwort", "")]);

        let tree = posted(answers(&[asked]));

        assert_eq!(tree["callbacks"][0]["input"][0]["value"], "pa55");
    }

    #[test]
    fn a_one_time_code_is_never_answered_with_the_password() {
        let password = tree(&[callback("PasswordCallback", "Password", "")]);
        let code = tree(&[
            callback("PasswordCallback", "One Time Password", ""),
            callback("ConfirmationCallback", "", 0),
        ]);
        let unnamed = tree(&[callback("PasswordCallback", "PIN", "")]);

        for flow in [
            &[password.clone(), code.clone()][..],
            &[code],
            &[password, unnamed],
        ] {
            let Ok(Step::CodeRequired { mut tree, prompt }) = answers(flow) else {
                panic!("{flow:?}");
            };
            assert!(!tree.expose().to_string().contains("pa55"));
            assert!(["One Time Password", "PIN"].contains(&prompt.as_str()));

            enter_code(&mut tree, &"123456".into()).unwrap();
            assert_eq!(tree.expose()["callbacks"][0]["input"][0]["value"], "123456");
        }
    }

    #[test]
    fn a_password_asked_for_twice_was_wrong() {
        let asked = tree(&[callback("PasswordCallback", "Password", "")]);

        assert!(matches!(
            answers(&[asked.clone(), asked]),
            Err(Failure::InvalidPassword)
        ));
    }

    #[test]
    fn an_unknown_user_is_told_from_the_answer_itself() {
        let message = json!({
            "type": "TextOutputCallback",
            "output": [
                {"name": "message", "value": "User Not Found"},
                {"name": "messageType", "value": "2"},
            ],
        });

        assert!(matches!(
            answers(&[tree(&[message])]),
            Err(Failure::UnknownUser)
        ));
    }

    #[test]
    fn an_unknown_step_is_named_without_its_input() {
        let asked = tree(&[callback("DeviceProfileCallback", "Profile", "s3cret")]);

        let error = answers(&[asked]).unwrap_err().to_string();

        let expected = r#"unsupported login step: DeviceProfileCallback with the prompt "Profile""#;
        assert_eq!(error, expected);
    }

    #[test]
    fn a_polling_step_waits_as_asked_within_bounds() {
        for (asked, waited) in [
            (json!("1500"), 1500),
            (json!(250), 250),
            (json!(u64::MAX), 10_000),
        ] {
            let polling = json!({
                "type": "PollingWaitCallback",
                "output": [{"name": "waitTime", "value": asked}],
            });

            let step = answers(&[tree(&[polling])]).unwrap();

            let expected = Duration::from_millis(waited);
            assert!(
                matches!(step, Step::Post { wait, .. } if wait == expected),
                "{step:?}"
            );
        }
    }

    #[test]
    fn shapes_that_are_no_tree_are_errors_and_not_panics() {
        for answer in [
            json!(null),
            json!([]),
            json!("text"),
            json!({}),
            json!({"authId": 1, "callbacks": []}),
            json!({"authId": "a"}),
            json!({"authId": "a", "callbacks": {}}),
            json!({"authId": "a", "callbacks": []}),
            json!({"authId": "a", "callbacks": [null]}),
            json!({"authId": "a", "callbacks": ["x", 1]}),
            json!({"authId": "a", "callbacks": [{"type": "PasswordCallback"}]}),
            json!({"authId": "a", "callbacks": [{"type": "PasswordCallback", "input": 3}]}),
            json!({"authId": "a", "callbacks": vec![callback("NameCallback", "x", ""); 33]}),
        ] {
            assert!(answers(std::slice::from_ref(&answer)).is_err(), "{answer}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_document_is_a_step_or_an_error(
            document in crate::hostile::json(),
            callbacks in crate::hostile::json(),
        ) {
            let tree = json!({"authId": "a", "callbacks": callbacks});
            for answer in [document, tree] {
                if let Ok(Step::CodeRequired { mut tree, .. }) = answers(&[answer]) {
                    drop(enter_code(&mut tree, &"123456".into()));
                }
            }
        }
    }
}
