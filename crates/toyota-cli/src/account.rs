//! Who signs in, and what has to be asked of them.

use std::io::{self, BufRead, IsTerminal, Write};

use secrecy::SecretString;
use toyota_client::{Credentials, Error, Login, PendingLogin, SignIn, Tokens};

use crate::failure::Failure;
use crate::spinner::Spinner;
use crate::target::Target;

/// A code is tried this often before the program gives up.
const MAX_CODES: usize = 3;

/// The account's owner.
#[derive(Debug)]
pub(crate) struct Owner {
    username: String,
    password: SecretString,
}

impl Owner {
    pub(crate) fn known(username: &str, password: &str) -> Self {
        Self {
            username: username.to_owned(),
            password: password.into(),
        }
    }

    /// From the environment, or asked for.
    pub(crate) fn from_env() -> Result<Self, Failure> {
        let username = match var("TOYOTA_USERNAME") {
            Some(username) => username,
            None => ask("User name (mail address)", "TOYOTA_USERNAME")?,
        };
        let password = match var("TOYOTA_PASSWORD") {
            Some(password) => password.into(),
            None => ask_secret("Password", "TOYOTA_PASSWORD")?,
        };
        Ok(Self { username, password })
    }

    pub(crate) fn credentials(&self) -> Result<Credentials, Failure> {
        Credentials::new(&self.username, self.password.clone()).map_err(Failure::usage)
    }
}

/// Signs in, and asks for a one-time code if the login host does.
pub(crate) async fn sign_in(target: &Target) -> Result<Tokens, Failure> {
    let login = Login::new(target.transport.clone(), &target.config).map_err(Failure::usage)?;
    let failed = |error| target.failed(&Error::from(error));
    let credentials = target.owner.credentials()?;
    let signing_in = Spinner::start("signing in");
    let mut step = login.sign_in(&credentials).await.map_err(failed)?;
    drop(signing_in);
    for _ in 0..MAX_CODES {
        let pending = match step {
            SignIn::Complete(tokens) => return Ok(tokens),
            SignIn::CodeRequired(pending) => pending,
        };
        let code = ask_code(&pending)?;
        let _signing_in = Spinner::start("signing in");
        step = login.resume(pending, code).await.map_err(failed)?;
    }
    match step {
        SignIn::Complete(tokens) => Ok(tokens),
        SignIn::CodeRequired(_) => Err(Failure::usage("the login host asks for code after code")),
    }
}

fn ask_code(pending: &PendingLogin) -> Result<SecretString, Failure> {
    ask_secret(pending.prompt(), "an interactive terminal")
}

fn var(name: &str) -> Option<String> {
    std::env::var(name)
        .ok()
        .filter(|value| !value.trim().is_empty())
}

/// Asks for a text; `instead` says what to set where nobody can be asked.
fn ask(what: &str, instead: &str) -> Result<String, Failure> {
    ensure_terminal(what, instead)?;
    let mut text = String::new();
    let answer =
        write!(io::stderr(), "{what}: ").and_then(|()| io::stdin().lock().read_line(&mut text));
    answer.map_err(Failure::internal)?;
    Ok(text.trim().to_owned())
}

/// Asks for a secret without showing it.
pub(crate) fn ask_secret(what: &str, instead: &str) -> Result<SecretString, Failure> {
    ensure_terminal(what, instead)?;
    let answer = rpassword::prompt_password(format!("{what}: "));
    Ok(answer.map_err(Failure::internal)?.trim().into())
}

fn ensure_terminal(what: &str, instead: &str) -> Result<(), Failure> {
    if io::stdin().is_terminal() {
        return Ok(());
    }
    let message = format!("{what} is needed and there is no terminal to ask at: set {instead}");
    Err(Failure::usage(message))
}
