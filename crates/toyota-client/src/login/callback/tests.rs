//! Answers of the login host, one after the other, and what is posted next.

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
