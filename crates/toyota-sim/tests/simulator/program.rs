use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use http::{Request, StatusCode};
use http_body_util::Full;

use crate::support::{send, within};

/// How many variables a client needs.
const VARIABLES: usize = 6;

#[tokio::test]
async fn the_program_tells_where_it_is_and_does_what_it_is_told() {
    let args = ["--drive", "--fail", "418", "--fail-percent", "100"];

    let (_program, told) = started(&args).await;

    let url = told[0].strip_prefix("TOYOTA_API_URL=").unwrap();
    let answer = |path: &str| {
        let request = Request::get(format!("{url}{path}"));
        send(request.body(Full::default()).unwrap())
    };
    assert_eq!(answer("/v2/vehicle/guid").await.status, 418);
    assert_eq!(answer("/nowhere").await.status, StatusCode::FORBIDDEN);
}

#[test]
fn a_mistake_is_told_on_one_line() {
    let run = program(&["--fail", "503,flood"]).output().unwrap();

    assert_eq!(run.status.code(), Some(1));
    assert!(run.stdout.is_empty());
    assert_eq!(
        String::from_utf8(run.stderr).unwrap(),
        "toyota-sim: flood is no fault: a fault is a status from 200 to 599, reset, truncated, \
         garbage, noise, html, endless or silence\n"
    );
}

/// A program that ends with its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _: std::io::Result<()> = self.0.kill();
        let _: std::io::Result<_> = self.0.wait();
    }
}

/// Starts the program, and reads what it prints.
async fn started(args: &[&str]) -> (Running, Vec<String>) {
    let mut child = program(args).spawn().unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let running = Running(child);
    let lines = move || stdout.lines().take(VARIABLES).collect::<Result<_, _>>();
    let told = within(tokio::task::spawn_blocking(lines)).await;
    (running, told.unwrap().unwrap())
}

fn program(args: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_toyota-sim"));
    program
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    program
}
