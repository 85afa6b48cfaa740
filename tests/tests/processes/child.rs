//! A process of its own: this program once more, where one test serves as `main`.

use std::env;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use tests::soon;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{ChildStdin, ChildStdout, Command};
use tower_client_retry::RetryLayer;
use toyota_client::auth::FileStore;
use toyota_client::{Config, Credentials, Error, LoginErrorKind, ToyotaClient, Transport};
use toyota_sim::Simulator;

/// Where the child keeps its tokens. Who is not told does nothing.
const TOKENS: &str = "TOYOTA_TEST_TOKENS";
const CALL: &str = "call";
/// Parts the child's answers from what the test harness says.
const ANSWER: &str = "answer: ";

/// What a child is asked to call, and answers how that went.
#[tokio::test]
async fn a_child_calls_when_it_is_told_to() {
    let Ok(tokens) = env::var(TOKENS) else {
        return;
    };
    let client = client(Path::new(&tokens));
    let mut asked = BufReader::new(tokio::io::stdin()).lines();
    while let Some(CALL) = asked.next_line().await.unwrap().as_deref() {
        let answer = Answer::of(client.vehicles().await.map(drop));
        let mut out = std::io::stdout().lock();
        // The harness has begun a line.
        write!(out, "\n{ANSWER}{answer}\n").unwrap();
        out.flush().unwrap();
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

/// How a call went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer(String);

impl Answer {
    pub(crate) fn ok() -> Self {
        Self("ok".to_owned())
    }

    pub(crate) fn login_error(kind: LoginErrorKind) -> Self {
        Self(format!("login error {kind:?}"))
    }

    fn of(outcome: Result<(), Error>) -> Self {
        match outcome {
            Ok(()) => Self::ok(),
            Err(error) => error.login_error().map_or_else(
                || Self(format!("{error:?}")),
                |login| Self::login_error(login.kind()),
            ),
        }
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A child as its parent holds it; dropped, it is killed.
#[derive(Debug)]
pub(crate) struct Child {
    process: tokio::process::Child,
    asks: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Child {
    /// Starts a child that can sign in by password.
    pub(crate) fn start(sim: &Simulator, tokens: &Path) -> Self {
        Self::of(command(sim, tokens))
    }

    /// Starts a child that has to do with the tokens that it finds.
    pub(crate) fn start_without_password(sim: &Simulator, tokens: &Path) -> Self {
        let mut command = command(sim, tokens);
        command.env_remove("TOYOTA_PASSWORD");
        Self::of(command)
    }

    fn of(mut command: Command) -> Self {
        let mut process = command.spawn().unwrap();
        let asks = process.stdin.take().unwrap();
        let answers = process.stdout.take().unwrap();
        Self {
            process,
            asks,
            answers: BufReader::new(answers).lines(),
        }
    }

    /// Tells it to call.
    pub(crate) async fn ask(&mut self) {
        let line = format!("{CALL}\n");
        self.asks.write_all(line.as_bytes()).await.unwrap();
    }

    /// Returns how the call went.
    pub(crate) async fn answer(&mut self) -> Answer {
        loop {
            let line = soon(self.answers.next_line()).await.unwrap();
            let line = line.expect("the child has ended");
            if let Some(answer) = line.strip_prefix(ANSWER) {
                return Answer(answer.to_owned());
            }
        }
    }

    pub(crate) async fn call(&mut self) -> Answer {
        self.ask().await;
        self.answer().await
    }

    /// Ends it where it stands (SIGKILL).
    pub(crate) async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }

    /// Lets it end by itself.
    pub(crate) async fn end(self) {
        let Self {
            mut process, asks, ..
        } = self;
        drop(asks);
        assert!(soon(process.wait()).await.unwrap().success());
    }
}

/// The secrets are in the environment, which no other user can read.
fn command(sim: &Simulator, tokens: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", "child::a_child_calls_when_it_is_told_to"])
        .args(["--nocapture", "--test-threads=1"])
        .envs(sim.variables())
        .env(TOKENS, tokens)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    command
}
