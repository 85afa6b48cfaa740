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
mod tests;
