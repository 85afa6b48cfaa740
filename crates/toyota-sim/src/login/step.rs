//! Which question follows which answer.

use serde_json::Value;

use super::{echo::input, failure::Failure, flow::LoginFlow};
use crate::accounts::Accounts;

/// A question that the tree asks; once the user is named, the guid says of whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Locale,
    UserName,
    UserNotFound,
    Password { guid: String },
    Code { guid: String },
    Unknown { kind: String },
}

/// What the tree does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Ask(Step),
    Grant { guid: String },
}

/// Returns what follows the empty first post.
pub(super) fn first(flow: &LoginFlow, accounts: &Accounts) -> Next {
    match flow {
        LoginFlow::Short => Next::Grant {
            guid: accounts.first.guid().to_owned(),
        },
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
    accounts: &Accounts,
) -> Result<Next, Failure> {
    match answered {
        Step::Locale if *flow == LoginFlow::Endless => Ok(Next::Ask(Step::Locale)),
        Step::Locale => Ok(Next::Ask(Step::UserName)),
        Step::UserName => after_user_name(posted, accounts),
        Step::Password { guid } => after_password(flow, posted, accounts, guid),
        Step::Code { guid } => after_code(flow, posted, guid),
        Step::UserNotFound | Step::Unknown { .. } => Err(Failure::Refused),
    }
}

fn after_user_name(posted: &Value, accounts: &Accounts) -> Result<Next, Failure> {
    check_choice(posted)?;
    let named = input(posted, 0).as_str();
    let account = named.and_then(|username| accounts.of_username(username));
    Ok(Next::Ask(match account {
        Some(account) => Step::Password {
            guid: account.guid().to_owned(),
        },
        None => Step::UserNotFound,
    }))
}

fn after_password(
    flow: &LoginFlow,
    posted: &Value,
    accounts: &Accounts,
    guid: &str,
) -> Result<Next, Failure> {
    check_choice(posted)?;
    accounts
        .of_guid(guid)
        .filter(|(_, account)| input(posted, 0) == account.password())
        .ok_or(Failure::WrongPassword)?;
    let guid = guid.to_owned();
    match flow {
        LoginFlow::Recorded | LoginFlow::Short | LoginFlow::Endless => Ok(Next::Grant { guid }),
        LoginFlow::CodeRefused => Err(Failure::WrongCode),
        LoginFlow::CodeStep { .. } => Ok(Next::Ask(Step::Code { guid })),
        LoginFlow::UnknownCallback { kind } => Ok(Next::Ask(Step::Unknown { kind: kind.clone() })),
    }
}

fn after_code(flow: &LoginFlow, posted: &Value, guid: &str) -> Result<Next, Failure> {
    let resend = input(posted, 1) == 1;
    let guid = guid.to_owned();
    match flow {
        LoginFlow::CodeStep { .. } if resend => Ok(Next::Ask(Step::Code { guid })),
        LoginFlow::CodeStep { code } if input(posted, 0) == code.as_str() => {
            Ok(Next::Grant { guid })
        }
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
    use crate::account::Account;

    #[test]
    fn the_recorded_tree_has_three_questions() {
        let accounts = accounts();
        let flow = LoginFlow::Recorded;

        assert_eq!(first(&flow, &accounts), Next::Ask(Step::Locale));
        assert_eq!(
            after(&Step::Locale, &flow, &json!({}), &accounts),
            Ok(Next::Ask(Step::UserName))
        );
        assert_eq!(
            after(&Step::UserName, &flow, &answers("somebody", 0), &accounts),
            Ok(Next::Ask(password_of("guid")))
        );
        assert_eq!(
            after(&password_of("guid"), &flow, &answers("hush", 0), &accounts),
            Ok(granted("guid"))
        );
    }

    #[test]
    fn each_user_has_a_password_of_their_own() {
        let accounts = accounts();
        let flow = LoginFlow::Recorded;

        for (guid, password, next) in [
            ("other", "psst", Ok(granted("other"))),
            ("other", "hush", Err(Failure::WrongPassword)),
            ("guid", "psst", Err(Failure::WrongPassword)),
            ("gone", "hush", Err(Failure::WrongPassword)),
        ] {
            let answer = answers(password, 0);

            assert_eq!(after(&password_of(guid), &flow, &answer, &accounts), next);
        }
    }

    #[test]
    fn who_asks_for_no_user_gets_the_first() {
        assert_eq!(first(&LoginFlow::Short, &accounts()), granted("guid"));
    }

    #[test]
    fn an_unknown_user_is_told_so_and_gets_no_further() {
        let accounts = accounts();
        let flow = LoginFlow::Recorded;

        assert_eq!(
            after(&Step::UserName, &flow, &answers("nobody", 0), &accounts),
            Ok(Next::Ask(Step::UserNotFound))
        );
        assert_eq!(
            after(&Step::UserNotFound, &flow, &json!({}), &accounts),
            Err(Failure::Refused)
        );
    }

    #[test]
    fn other_choices_are_refused() {
        let accounts = accounts();
        let flow = LoginFlow::Recorded;

        for (step, text) in [(Step::UserName, "somebody"), (password_of("guid"), "hush")] {
            assert_eq!(
                after(&step, &flow, &answers(text, 1), &accounts),
                Err(Failure::Refused)
            );
        }
    }

    #[test]
    fn a_code_may_be_sent_again() {
        let accounts = accounts();
        let flow = LoginFlow::CodeStep {
            code: "123456".to_owned(),
        };
        let step = Step::Code {
            guid: "guid".to_owned(),
        };

        let code = |text, choice| after(&step, &flow, &answers(text, choice), &accounts);

        assert_eq!(code("", 1), Ok(Next::Ask(step.clone())));
        assert_eq!(code("123456", 0), Ok(granted("guid")));
        assert_eq!(code("654321", 0), Err(Failure::WrongCode));
    }

    fn accounts() -> Accounts {
        let mut accounts = Accounts::new(Account::new("somebody", "hush", "guid"));
        accounts.add(Account::new("somebody else", "psst", "other"));
        accounts
    }

    fn password_of(guid: &str) -> Step {
        let guid = guid.to_owned();
        Step::Password { guid }
    }

    fn granted(guid: &str) -> Next {
        let guid = guid.to_owned();
        Next::Grant { guid }
    }

    fn answers(text: &str, choice: u8) -> Value {
        json!({"callbacks": [
            {"input": [{"value": text}]},
            {"input": [{"value": choice}]},
        ]})
    }
}
