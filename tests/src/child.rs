//! A process of a test's own: this program once more, where one test serves as `main`.

use std::env;
use std::io::Write;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines, Stdin};
use tokio::process::{ChildStdin, ChildStdout, Command};

use crate::soon;

/// Parts the child's answers from what the test harness says.
const ANSWER: &str = "answer: ";

/// A child as its parent holds it: it is asked by lines, and answers by lines. Dropped, it is killed.
#[derive(Debug)]
pub struct Child {
    process: tokio::process::Child,
    asks: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Child {
    /// Starts a child.
    #[must_use]
    pub fn start(mut command: Command) -> Self {
        let mut process = command.spawn().expect("this program once more");
        let asks = process.stdin.take().expect("a pipe");
        let answers = process.stdout.take().expect("a pipe");
        Self {
            process,
            asks,
            answers: BufReader::new(answers).lines(),
        }
    }

    /// Tells it to do something.
    pub async fn ask(&mut self, what: &str) {
        let line = format!("{what}\n");
        let asked = self.asks.write_all(line.as_bytes()).await;
        asked.expect("a child that listens");
    }

    /// Returns what came of that.
    pub async fn answer(&mut self) -> String {
        loop {
            let line = soon(self.answers.next_line()).await.expect("text");
            let line = line.expect("the child has not ended");
            if let Some(answer) = line.strip_prefix(ANSWER) {
                return answer.to_owned();
            }
        }
    }

    /// Has it done, and returns what came of that.
    pub async fn does(&mut self, what: &str) -> String {
        self.ask(what).await;
        self.answer().await
    }

    /// Ends it where it stands (SIGKILL).
    pub async fn kill(mut self) {
        self.process.kill().await.expect("a child that runs");
    }

    /// Lets it end by itself.
    pub async fn end(self) {
        let Self {
            mut process, asks, ..
        } = self;
        drop(asks);
        let ended = soon(process.wait()).await.expect("a child");
        assert!(ended.success());
    }
}

/// Returns how this program is run for one of its tests alone, to be asked.
#[must_use]
pub fn command(test: &str) -> Command {
    let program = env::current_exe().expect("a program that runs");
    let mut command = Command::new(program);
    command
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// What the child's parent asks, line by line.
pub fn asked() -> Lines<BufReader<Stdin>> {
    BufReader::new(tokio::io::stdin()).lines()
}

/// Tells the child's parent.
pub fn answer(answer: &str) {
    let mut out = std::io::stdout().lock();
    // The harness has begun a line.
    let told = write!(out, "\n{ANSWER}{answer}\n").and_then(|()| out.flush());
    told.expect("a parent that listens");
}
