//! The authorize and token calls of the login host (RFC 6749).

mod authorize;
mod code;
mod failure;
mod flow;
mod token;
mod tokens;

pub use self::flow::{AuthorizeFlow, TokenFlow};
pub(crate) use self::{authorize::authorize, code::Codes, token::token, tokens::Tokens};

/// The scopes that the app asks for and is given.
const SCOPE: &str = "openid profile write";

/// Returns whether `asked` names the app's scopes, in any order.
fn is_scope(asked: &str) -> bool {
    let sorted = |scopes: &str| {
        let mut words: Vec<String> = scopes.split_whitespace().map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    sorted(asked) == sorted(SCOPE)
}
