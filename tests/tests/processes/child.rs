//! What a child of this program calls, and how it says how that went.

use std::env;
use std::path::Path;

use tests::child::{Child, answer, asked, command};
use tokio::process::Command;
use tower_client_retry::RetryLayer;
use toyota_client::auth::FileStore;
use toyota_client::{Config, Credentials, Error, LoginErrorKind, ToyotaClient, Transport};
use toyota_sim::Simulator;

/// Where the child keeps its tokens. Who is not told does nothing.
const TOKENS: &str = "TOYOTA_TEST_TOKENS";
/// What a child is asked.
pub(crate) const CALL: &str = "call";
/// The answer to that, if all went well.
pub(crate) const OK: &str = "ok";

/// What a child is asked to call, and answers how that went.
#[tokio::test]
async fn a_child_calls_when_it_is_told_to() {
    let Ok(tokens) = env::var(TOKENS) else {
        return;
    };
    let client = client(Path::new(&tokens));
    let mut asked = asked();
    while let Some(CALL) = asked.next_line().await.unwrap().as_deref() {
        let called = client.vehicles().await;
        answer(&called.map_or_else(|error| said(&error), |_| OK.to_owned()));
    }
}

fn client(tokens: &Path) -> ToyotaClient {
    let user = env::var("TOYOTA_USERNAME").unwrap();
    let credentials = match env::var("TOYOTA_PASSWORD") {
        Ok(password) => Credentials::new(user, password),
        Err(_) => Credentials::of_user(user),
    };
    let client = ToyotaClient::builder()
        .config(Config::from_env().unwrap())
        .credentials(credentials.unwrap())
        .token_store(FileStore::new(tokens))
        .retry(RetryLayer::builder().max_attempts(1))
        .without_cache();
    client
        .service(Transport::builder().build().unwrap())
        .build()
        .unwrap()
}

fn said(error: &Error) -> String {
    let login = error.login_error();
    login.map_or_else(|| format!("{error:?}"), |login| login_error(login.kind()))
}

/// The answer to a call that failed because nobody could be signed in.
pub(crate) fn login_error(kind: LoginErrorKind) -> String {
    format!("login error {kind:?}")
}

/// Starts a child that can sign in by password.
pub(crate) fn start(sim: &Simulator, tokens: &Path) -> Child {
    Child::start(caller(sim, tokens))
}

/// Starts a child that has to do with the tokens that it finds.
pub(crate) fn start_without_password(sim: &Simulator, tokens: &Path) -> Child {
    let mut caller = caller(sim, tokens);
    caller.env_remove("TOYOTA_PASSWORD");
    Child::start(caller)
}

/// The secrets are in the environment, which no other user can read.
fn caller(sim: &Simulator, tokens: &Path) -> Command {
    let mut command = command("child::a_child_calls_when_it_is_told_to");
    command.envs(sim.variables()).env(TOKENS, tokens);
    command
}
