//! The questions as JSON.

use serde_json::{Value, json};

use super::step::Step;

/// Returns the callbacks that ask for a step.
pub(super) fn of(step: &Step) -> Value {
    match step {
        Step::Locale => json!([
            text("NameCallback", "Market Locale", 1, 0),
            text("NameCallback", "Internationalization", 2, 1),
            text("NameCallback", "UI Locales", 3, 2),
        ]),
        Step::UserName => json!([
            text("NameCallback", "User Name", 1, 3),
            choice(&["Local", "Google", "Facebook", "Apple"], 4),
        ]),
        Step::UserNotFound => json!([{
            "type": "TextOutputCallback",
            "output": [
                {"name": "message", "value": "User Not Found"},
                {"name": "messageType", "value": "2"},
            ],
        }]),
        Step::Password { .. } => json!([
            text("PasswordCallback", "Password", 1, 5),
            choice(&["continue", "resetpass"], 6),
        ]),
        Step::Code { .. } => json!([
            text("PasswordCallback", "One Time Password", 1, 7),
            confirmation(&["Verify OTP", "Resend OTP"], 8),
        ]),
        Step::Unknown { kind } => json!([text(kind, "", 1, 7)]),
    }
}

fn text(kind: &str, prompt: &str, input: u8, id: u8) -> Value {
    json!({
        "type": kind,
        "output": [{"name": "prompt", "value": prompt}],
        "input": [{"name": format!("IDToken{input}"), "value": ""}],
        "_id": id,
    })
}

fn choice(choices: &[&str], id: u8) -> Value {
    json!({
        "type": "ChoiceCallback",
        "output": [
            {"name": "prompt", "value": "Prompt"},
            {"name": "choices", "value": choices},
            {"name": "defaultChoice", "value": 0},
        ],
        "input": [{"name": "IDToken2", "value": 0}],
        "_id": id,
    })
}

fn confirmation(options: &[&str], id: u8) -> Value {
    json!({
        "type": "ConfirmationCallback",
        "output": [
            {"name": "prompt", "value": ""},
            {"name": "messageType", "value": 0},
            {"name": "options", "value": options},
            {"name": "optionType", "value": -1},
            {"name": "defaultOption", "value": 0},
        ],
        "input": [{"name": "IDToken2", "value": 0}],
        "_id": id,
    })
}
