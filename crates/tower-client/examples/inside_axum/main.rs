//! A web service whose handlers call another one through the layers.
//!
//! ```sh
//! cargo run -p tower-client --example inside_axum
//! ```
//!
//! Read on in `app.rs`, the web service, and `upstream.rs`, what its handlers share: one stack for
//! all users, who are told apart by the `Principal` of their sessions (`app/session.rs`), and until
//! when each of them waits (`app/patience.rs`). `host.rs` answers in place of the other service,
//! `browser.rs` asks in place of users; so the example ends by itself, in order.

mod app;
mod browser;
mod host;
#[path = "../common/server.rs"]
mod server;
#[path = "../common/transport.rs"]
mod transport;
mod upstream;

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tower::BoxError;
use tower_client::metrics::Registry;

use self::app::{App, Sessions};
use self::browser::{Answer, Browser};
use self::host::Host;
use self::server::Server;
use self::upstream::Upstream;

/// How long answers may take that are under way when the service has to end.
const FAREWELL: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut io::stdout()).await
}

async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let host = Arc::new(Host::default());
    let answering = Arc::clone(&host);
    let server = Server::start(move |request| {
        let host = Arc::clone(&answering);
        async move { host.answer(request).await }
    })
    .await?;
    let registry = Registry::new();
    let app = App {
        upstream: Upstream::new(server.origin(), host::KEY, &registry)?,
        sessions: Sessions::default(),
        registry,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let browser = Browser::new(format!("http://{}", listener.local_addr()?));
    let (stop, stopped) = oneshot::channel();
    let serving = tokio::spawn(serve(listener, app.clone(), stopped));

    visit(&browser, &app.sessions, &host, out).await?;
    leave(&browser, &app.sessions, &host, stop, serving, out).await
}

/// Serves until it is told to end; then lets answers end that are under way, for a while.
async fn serve(
    listener: TcpListener,
    app: App,
    stopped: oneshot::Receiver<()>,
) -> Result<(), BoxError> {
    let (upstream, sessions) = (app.upstream.clone(), app.sessions.clone());
    let (begin, ending) = oneshot::channel();
    let told = async move {
        tokio::select! {
            // Also when nobody is left who could say so.
            _ = stopped => {}
            Ok(()) = tokio::signal::ctrl_c() => {}
        }
        // It is heard: below, for as long as this is asked.
        let _ = begin.send(());
    };
    let late = async {
        let _ = ending.await;
        sleep(FAREWELL).await;
    };
    tokio::select! {
        served = axum::serve(listener, app::router(app)).with_graceful_shutdown(told) => served?,
        // Whoever takes longer is cut off.
        () = late => {}
    }
    timeout(FAREWELL, upstream.settle(sessions.principals())).await?;
    Ok(())
}

async fn visit(
    browser: &Browser,
    sessions: &Sessions,
    host: &Host,
    out: &mut impl Write,
) -> Result<(), BoxError> {
    // In its place: what a login page does when somebody has signed in.
    let (anna, ben) = (sessions.open("anna"), sessions.open("ben"));

    writeln!(out, "Without a session there is no answer:")?;
    tell(out, "somebody", &browser.get("/trips", None).await?)?;

    writeln!(out, "\nEach user has a token and a cache of their own:")?;
    tell(out, "anna", &browser.get("/trips", Some(&anna)).await?)?;
    tell(out, "anna", &browser.get("/trips", Some(&anna)).await?)?;
    tell(out, "ben", &browser.get("/trips", Some(&ben)).await?)?;
    count(out, host)?;

    writeln!(
        out,
        "\nFive tabs at once are one request to the service behind:"
    )?;
    let cleo = sessions.open("cleo");
    let tab = || browser.get("/trips", Some(&cleo));
    let tabs = tokio::try_join!(tab(), tab(), tab(), tab(), tab())?;
    for answer in <[Answer; 5]>::from(tabs) {
        writeln!(out, "  cleo: {}, {}", answer.status, answer.text)?;
    }
    count(out, host)?;

    writeln!(
        out,
        "\nWho waits for 200 ms is told in time that it takes longer:"
    )?;
    let hurried = browser.get_within("/forecast", &anna, 200);
    tell(out, "anna", &hurried.await?)?;

    writeln!(out, "\nWhat was measured, in part:")?;
    let page = browser.get("/metrics", None).await?.text;
    let calls = page
        .lines()
        .filter(|line| line.starts_with("http_call_total"));
    for line in calls {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

/// Ends the service while an answer is under way, which comes all the same.
async fn leave(
    browser: &Browser,
    sessions: &Sessions,
    host: &Host,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), BoxError>>,
    out: &mut impl Write,
) -> Result<(), BoxError> {
    let ben = sessions.open("ben");
    let meanwhile = async {
        host.report_is_asked_for.notified().await;
        // Nobody hears it if the service has ended, which is told below.
        let _ = stop.send(());
        host.report_is_ready.notify_one();
        Ok(())
    };
    let asking = async { tokio::try_join!(browser.get("/report", Some(&ben)), meanwhile) };
    let (answer, ()) = timeout(FAREWELL, asking).await??;
    writeln!(
        out,
        "\nWhat is under way when the service ends comes to its end:"
    )?;
    tell(out, "ben", &answer)?;
    serving.await??;
    writeln!(out, "The service has ended.")?;
    Ok(())
}

fn tell(out: &mut impl Write, who: &str, answer: &Answer) -> io::Result<()> {
    let Answer {
        status,
        text,
        cache,
    } = answer;
    writeln!(out, "  {who}: {status}, {text:?}, cache: {cache}")
}

fn count(out: &mut impl Write, host: &Host) -> io::Result<()> {
    let (tokens, requests) = host.counts();
    writeln!(out, "  tokens so far {tokens}, other requests {requests}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPECTED: &str = "\
Without a session there is no answer:
  somebody: 401 Unauthorized, \"\", cache: not asked

Each user has a token and a cache of their own:
  anna: 200 OK, \"the trips of anna\", cache: fwd=uri-miss
  anna: 200 OK, \"the trips of anna\", cache: hit
  ben: 200 OK, \"the trips of ben\", cache: fwd=uri-miss
  tokens so far 2, other requests 2

Five tabs at once are one request to the service behind:
  cleo: 200 OK, the trips of cleo
  cleo: 200 OK, the trips of cleo
  cleo: 200 OK, the trips of cleo
  cleo: 200 OK, the trips of cleo
  cleo: 200 OK, the trips of cleo
  tokens so far 3, other requests 3

Who waits for 200 ms is told in time that it takes longer:
  anna: 504 Gateway Timeout, \"the call took too long\", cache: not asked

What was measured, in part:
  http_call_total{kind=\"timeout\",operation=\"forecast\",status=\"error\"} 1
  http_call_total{operation=\"trips\",status=\"success\"} 8

What is under way when the service ends comes to its end:
  ben: 200 OK, \"a report for ben\", cache: fwd=uri-miss
The service has ended.
";

    #[tokio::test]
    async fn users_are_kept_apart_and_share_the_rest() {
        let mut shown = Vec::new();

        let run = timeout(Duration::from_secs(60), run(&mut shown)).await;

        run.unwrap().unwrap();
        assert_eq!(String::from_utf8(shown).unwrap(), EXPECTED);
    }
}
