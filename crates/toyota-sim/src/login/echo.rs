//! Whether a post is the question back, with nothing but its inputs filled in.

use serde_json::{Value, json};

/// Returns whether `posted` differs from `issued` in input values at most, and has each of them in
/// the kind that was issued.
pub(super) fn is_echo(posted: &Value, issued: &Value) -> bool {
    blanked(posted) == blanked(issued)
}

/// Returns the value of the first input of the callback at `index`.
pub(super) fn input(posted: &Value, index: usize) -> &Value {
    &posted["callbacks"][index]["input"][0]["value"]
}

fn blanked(question: &Value) -> Value {
    let mut blanked = question.clone();
    let callbacks = blanked.get_mut("callbacks").and_then(Value::as_array_mut);
    callbacks
        .into_iter()
        .flatten()
        .filter_map(|callback| callback.get_mut("input"))
        .filter_map(Value::as_array_mut)
        .flatten()
        .filter_map(|input| input.get_mut("value"))
        .for_each(blank);
    blanked
}

fn blank(value: &mut Value) {
    if value.is_string() {
        *value = json!("");
    } else if value.is_i64() || value.is_u64() {
        *value = json!(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filled_inputs_are_an_echo() {
        let mut posted = question();
        posted["callbacks"][0]["input"][0]["value"] = json!("somebody");
        posted["callbacks"][1]["input"][0]["value"] = json!(3);

        assert!(is_echo(&posted, &question()));
        assert_eq!(input(&posted, 0), "somebody");
        assert_eq!(input(&posted, 1), 3);
    }

    #[test]
    fn a_missing_callback_is_no_echo() {
        let mut posted = question();
        posted["callbacks"].as_array_mut().unwrap().pop();

        assert!(!is_echo(&posted, &question()));
    }

    #[test]
    fn a_stranger_s_callback_is_no_echo() {
        let mut posted = question();
        let more = posted["callbacks"][0].clone();
        posted["callbacks"].as_array_mut().unwrap().push(more);

        assert!(!is_echo(&posted, &question()));
    }

    #[test]
    fn a_changed_output_is_no_echo() {
        let mut posted = question();
        posted["callbacks"][0]["output"][0]["value"] = json!("Password");

        assert!(!is_echo(&posted, &question()));
    }

    #[test]
    fn an_input_of_another_kind_is_no_echo() {
        for value in [json!("0"), json!(0.5), json!(null), json!([0])] {
            let mut posted = question();
            posted["callbacks"][1]["input"][0]["value"] = value;

            assert!(!is_echo(&posted, &question()));
        }
    }

    #[test]
    fn a_missing_input_value_is_no_echo() {
        let mut posted = question();
        posted["callbacks"][0]["input"] = json!([{"name": "IDToken1"}]);

        assert!(!is_echo(&posted, &question()));
    }

    fn question() -> Value {
        json!({
            "authId": "a.b.c",
            "callbacks": [
                {
                    "type": "NameCallback",
                    "output": [{"name": "prompt", "value": "User Name"}],
                    "input": [{"name": "IDToken1", "value": ""}],
                    "_id": 3,
                },
                {
                    "type": "ChoiceCallback",
                    "output": [{"name": "prompt", "value": "Prompt"}],
                    "input": [{"name": "IDToken2", "value": 0}],
                    "_id": 4,
                },
            ],
        })
    }
}
