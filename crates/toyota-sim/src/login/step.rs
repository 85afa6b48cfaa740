//! Which question follows which answer.

use serde_json::Value;

use super::{echo::input, failure::Failure, flow::LoginFlow};
use crate::account::Account;

/// A question that the tree asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Locale,
    UserName,
    UserNotFound,
    Password,
    Code,
    Unknown { kind: String },
}

/// What the tree does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Ask(Step),
    Grant,
}

/// Returns what follows the empty first post.
pub(super) fn first(flow: &LoginFlow) -> Next {
    match flow {
        LoginFlow::Short => Next::Grant,
        LoginFlow::Recorded
        | LoginFlow::Endless
        | LoginFlow::CodeRefused
        | LoginFlow::CodeStep { .. }
        | LoginFlow::UnknownCallback { .. } => Next::Ask(Step::Locale),
    }
}

/// Returns what follows an answer that is an echo of its question.
pub(super) fn after(
    answered: &Step,
    flow: &LoginFlow,
    posted: &Value,
    account: &Account,
) -> Result<Next, Failure> {
    match answered {
        Step::Locale if *flow == LoginFlow::Endless => Ok(Next::Ask(Step::Locale)),
        Step::Locale => Ok(Next::Ask(Step::UserName)),
        Step::UserName => after_user_name(posted, account),
        Step::Password => after_password(flow, posted, account),
        Step::Code => after_code(flow, posted),
        Step::UserNotFound | Step::Unknown { .. } => Err(Failure::Refused),
    }
}

fn after_user_name(posted: &Value, account: &Account) -> Result<Next, Failure> {
    check_choice(posted)?;
    Ok(Next::Ask(if input(posted, 0) == account.username() {
        Step::Password
    } else {
        Step::UserNotFound
    }))
}

fn after_password(flow: &LoginFlow, posted: &Value, account: &Account) -> Result<Next, Failure> {
    check_choice(posted)?;
    if input(posted, 0) != account.password() {
        return Err(Failure::WrongPassword);
    }
    match flow {
        LoginFlow::Recorded | LoginFlow::Short | LoginFlow::Endless => Ok(Next::Grant),
        LoginFlow::CodeRefused => Err(Failure::WrongCode),
        LoginFlow::CodeStep { .. } => Ok(Next::Ask(Step::Code)),
        LoginFlow::UnknownCallback { kind } => Ok(Next::Ask(Step::Unknown { kind: kind.clone() })),
    }
}

fn after_code(flow: &LoginFlow, posted: &Value) -> Result<Next, Failure> {
    let resend = input(posted, 1) == 1;
    match flow {
        LoginFlow::CodeStep { .. } if resend => Ok(Next::Ask(Step::Code)),
        LoginFlow::CodeStep { code } if input(posted, 0) == code.as_str() => Ok(Next::Grant),
        _ => Err(Failure::WrongCode),
    }
}

/// The tree's other choices lead to other sites or to a new password: not simulated.
fn check_choice(posted: &Value) -> Result<(), Failure> {
    if input(posted, 1) == 0 {
        Ok(())
    } else {
        Err(Failure::Refused)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_recorded_tree_has_three_questions() {
        let account = account();
        let flow = LoginFlow::Recorded;

        assert_eq!(first(&flow), Next::Ask(Step::Locale));
        assert_eq!(
            after(&Step::Locale, &flow, &json!({}), &account),
            Ok(Next::Ask(Step::UserName))
        );
        assert_eq!(
            after(&Step::UserName, &flow, &answers("somebody", 0), &account),
            Ok(Next::Ask(Step::Password))
        );
        assert_eq!(
            after(&Step::Password, &flow, &answers("hush", 0), &account),
            Ok(Next::Grant)
        );
    }

    #[test]
    fn an_unknown_user_is_told_so_and_gets_no_further() {
        let account = account();
        let flow = LoginFlow::Recorded;

        assert_eq!(
            after(&Step::UserName, &flow, &answers("nobody", 0), &account),
            Ok(Next::Ask(Step::UserNotFound))
        );
        assert_eq!(
            after(&Step::UserNotFound, &flow, &json!({}), &account),
            Err(Failure::Refused)
        );
    }

    #[test]
    fn other_choices_are_refused() {
        let account = account();
        let flow = LoginFlow::Recorded;

        for (step, text) in [(Step::UserName, "somebody"), (Step::Password, "hush")] {
            assert_eq!(
                after(&step, &flow, &answers(text, 1), &account),
                Err(Failure::Refused)
            );
        }
    }

    #[test]
    fn a_code_may_be_sent_again() {
        let account = account();
        let flow = LoginFlow::CodeStep {
            code: "123456".to_owned(),
        };

        let code = |text, choice| after(&Step::Code, &flow, &answers(text, choice), &account);

        assert_eq!(code("", 1), Ok(Next::Ask(Step::Code)));
        assert_eq!(code("123456", 0), Ok(Next::Grant));
        assert_eq!(code("654321", 0), Err(Failure::WrongCode));
    }

    fn account() -> Account {
        Account::new("somebody", "hush", "guid")
    }

    fn answers(text: &str, choice: u8) -> Value {
        json!({"callbacks": [
            {"input": [{"value": text}]},
            {"input": [{"value": choice}]},
        ]})
    }
}
