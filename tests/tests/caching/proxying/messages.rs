//! What becomes of a message on its way through.

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tests::soon;
use tokio::net::TcpStream;

use super::{OK, before, before_bytes};
use crate::sockets::client::{Client, Raw};
use crate::sockets::origin::Act;
use crate::sockets::stage::Stage;

#[tokio::test]
async fn a_request_is_for_the_origin_and_says_which_way_it_came() {
    let stage = before_bytes(OK).await;
    let mut client = Raw::connect(stage.address).await;

    let request = "GET /a?b HTTP/1.1\r\nhost: proxy.example\r\nvia: 1.0 first\r\n\
        connection: x-hop, keep-alive\r\nx-hop: 1\r\nkeep-alive: timeout=9\r\nte: gzip\r\n\
        proxy-authorization: Basic eDp5\r\nupgrade: h2c\r\nx-end: \u{ff}\r\n\r\n";
    client.write(request).await;
    client.head().await;

    let asked = stage.origin.asked().remove(0);
    assert_eq!((asked.method, &*asked.target), (Method::GET, "/a?b"));
    let mut names: Vec<_> = asked.headers.keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["host", "via", "x-end"]);
    assert_eq!(asked.headers["host"], stage.origin.address().to_string());
    let via: Vec<_> = asked.headers.get_all("via").into_iter().collect();
    assert_eq!(via, ["1.0 first", "1.1 caching-proxy"]);
    assert_eq!(asked.headers["x-end"].as_bytes(), "\u{ff}".as_bytes());
}

#[tokio::test]
async fn a_response_has_what_is_for_the_client_and_nothing_of_the_connection() {
    let stage = before_bytes(
        "HTTP/1.1 299 Odd\r\ncontent-length: 0\r\ndate: now\r\nconnection: x-hop\r\nx-hop: 1\r\n\
        keep-alive: timeout=9\r\nproxy-authenticate: Basic\r\nset-cookie: a\r\nset-cookie: b\r\n\r\n",
    )
    .await;

    let head = exchange(&stage, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;

    assert_eq!(
        lines(&head),
        [
            "HTTP/1.1 299 Odd",
            "cache-status: tower-client-cache; fwd=uri-miss",
            "content-length: 0",
            "date: now",
            "set-cookie: a",
            "set-cookie: b",
            "via: 1.1 caching-proxy",
        ]
    );
}

#[tokio::test]
async fn a_target_with_a_host_is_the_same_as_one_without() {
    let stage =
        before_bytes("HTTP/1.1 200 OK\r\ncache-control: max-age=60\r\ncontent-length: 0\r\n\r\n")
            .await;
    exchange(
        &stage,
        "GET http://other.example/a HTTP/1.1\r\nhost: a\r\n\r\n",
    )
    .await;

    let head = exchange(&stage, "GET /a HTTP/1.1\r\nhost: b\r\n\r\n").await;

    assert!(head.contains("; hit"), "{head}");
    assert_eq!(stage.origin.asked()[0].target, "/a");
}

#[tokio::test]
async fn what_is_no_request_for_the_origin_is_refused() {
    let stage = before_bytes(OK).await;
    for (request, status) in [
        ("CONNECT a.example:443 HTTP/1.1\r\nhost: a\r\n\r\n", "501"),
        ("GET a.example:80 HTTP/1.1\r\nhost: a\r\n\r\n", "400"),
        (
            "OPTIONS / HTTP/1.1\r\nhost: a\r\nmax-forwards: 0\r\n\r\n",
            "200",
        ),
        (
            "TRACE / HTTP/1.1\r\nhost: a\r\nmax-forwards: 0\r\n\r\n",
            "501",
        ),
    ] {
        let head = exchange(&stage, request).await;

        assert!(
            head.starts_with(&format!("HTTP/1.1 {status} ")),
            "{request}: {head}"
        );
    }
    assert_eq!(stage.origin.asked().len(), 0);
}

#[tokio::test]
async fn options_of_the_whole_server_reach_it() {
    let stage = before_bytes(OK).await;

    exchange(
        &stage,
        "OPTIONS * HTTP/1.1\r\nhost: a\r\nmax-forwards: 2\r\n\r\n",
    )
    .await;

    let asked = stage.origin.asked().remove(0);
    assert_eq!(asked.target, "*");
    assert_eq!(asked.headers["max-forwards"], "1");
}

#[tokio::test]
async fn interim_responses_are_no_answer() {
    let stage = before_bytes(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n\
        HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
    )
    .await;

    let (head, body) = Client::connect(stage.address).await.get("/").await;

    assert_eq!((head.status.as_u16(), &*body), (200, &b"ok"[..]));
    assert!(!head.headers.contains_key("link"));
}

#[tokio::test]
async fn a_switch_of_protocols_that_nobody_asked_for_is_an_error() {
    let stage =
        before_bytes("HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n").await;

    let (head, body) = Client::connect(stage.address).await.get("/").await;

    assert_eq!(head.status, 502);
    assert!(
        body.ends_with(b"switched to another protocol, unasked\n"),
        "{body:?}"
    );
}

#[tokio::test]
async fn answers_without_content_stay_as_they_are() {
    for (request, answer, expected) in [
        (
            "HEAD",
            "200 OK\r\ncontent-length: 7",
            Some("content-length: 7"),
        ),
        ("HEAD", "200 OK\r\ntransfer-encoding: chunked", None),
        ("GET", "204 No Content", None),
        ("GET", "304 Not Modified\r\netag: \"a\"", None),
        (
            "GET",
            "504 Late\r\ncontent-length: 0",
            Some("content-length: 0"),
        ),
    ] {
        let bytes = format!("HTTP/1.1 {answer}\r\ndate: now\r\n\r\n");
        let stage = before(move |asked| match &*asked.target {
            "/next" => vec![Act::write(OK)],
            _ => vec![Act::write(&bytes)],
        })
        .await;
        let mut client = Raw::connect(stage.address).await;

        client
            .write(format!(
                "{request} / HTTP/1.1\r\nhost: a\r\nif-none-match: \"a\"\r\n\r\n"
            ))
            .await;
        let head = client.head().await;

        assert!(
            head.starts_with(&format!("HTTP/1.1 {} ", &answer[..3])),
            "{head}"
        );
        let length = lines(&head)
            .into_iter()
            .find(|line| line.starts_with("content-length"));
        assert_eq!(length.as_deref(), expected, "{request} {answer}");
        // It has ended: the next answer begins just there.
        client
            .write("GET /next HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
            .await;
        let next = client.rest().await;
        assert!(next.starts_with("HTTP/1.1 "), "{next}");
    }
}

#[tokio::test]
async fn trailers_pass_both_ways() {
    let stage = before_bytes(
        "HTTP/1.1 200 OK\r\ntrailer: x-sum\r\ntransfer-encoding: chunked\r\n\r\n\
        2\r\nok\r\n0\r\nx-sum: 42\r\n\r\n",
    )
    .await;
    let mut client = Raw::connect(stage.address).await;

    client
        .write("GET / HTTP/1.1\r\nhost: a\r\nte: trailers\r\nconnection: te\r\n\r\n")
        .await;
    client.head().await;
    let body = client.until("\r\n\r\n").await;

    assert_eq!(body, "2\nok\n0\nx-sum: 42\n\n");
    assert_eq!(stage.origin.asked()[0].headers["te"], "trailers");
}

#[tokio::test]
async fn a_length_beside_chunks_is_not_passed_on() {
    let stage = before_bytes(
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n\
        2\r\nok\r\n0\r\n\r\n",
    )
    .await;

    let (head, body) = Client::connect(stage.address).await.get("/").await;

    assert!(!head.headers.contains_key("content-length"));
    assert_eq!(body, "ok");
}

#[tokio::test]
async fn old_versions_are_spoken_on_the_side_that_speaks_them() {
    let to_the_end = "HTTP/1.0 200 OK\r\n\r\nto the end";
    let stage = before(move |_| vec![Act::write(to_the_end), Act::Close]).await;
    let stage_of_old_client =
        before_bytes("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")
            .await;
    let mut old = Raw::connect(stage_of_old_client.address).await;
    let mut new = Raw::connect(stage.address).await;

    old.write("GET / HTTP/1.0\r\n\r\n").await;
    new.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;

    let answer = old.rest().await;
    assert!(
        answer.starts_with("HTTP/1.0 200 ") && answer.ends_with("\n\nok"),
        "{answer}"
    );
    let via = &stage_of_old_client.origin.asked()[0].headers["via"];
    assert_eq!(via, "1.0 caching-proxy");
    let head = new.head().await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    assert!(head.contains("via: 1.0 caching-proxy\n"), "{head}");
}

#[tokio::test]
async fn http2_is_understood_without_tls() {
    let stage = before_bytes("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
    let stream = TcpStream::connect(stage.address).await.unwrap();
    let (mut client, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
        .await
        .unwrap();
    tokio::spawn(connection);
    let request = Request::post("http://proxy.example/a")
        .header("cookie", "a=1")
        .header("cookie", "b=2");

    let request = request.body(Full::new(Bytes::from("sent"))).unwrap();
    let response = soon(client.send_request(request)).await.unwrap();

    assert_eq!(response.status(), 200);
    assert_eq!(
        response.into_body().collect().await.unwrap().to_bytes(),
        "ok"
    );
    let asked = stage.origin.asked().remove(0);
    assert_eq!(asked.headers["cookie"], "a=1; b=2");
    assert_eq!(asked.headers["via"], "2 caching-proxy");
    assert_eq!(asked.headers["host"], stage.origin.address().to_string());
}

/// Sends a request on a connection of its own, and returns the head of the answer.
async fn exchange(stage: &Stage, request: &str) -> String {
    let mut client = Raw::connect(stage.address).await;
    client.write(request).await;
    client.head().await
}

/// The lines of a head: the first, and the others sorted.
fn lines(head: &str) -> Vec<String> {
    let mut lines: Vec<_> = head.trim_end().lines().map(str::to_owned).collect();
    lines[1..].sort_unstable();
    lines
}

// RFC 9112 section 6.1: hyper undoes `chunked` and nothing else.
#[tokio::test]
async fn content_of_an_unknown_transfer_coding_is_not_passed_on() {
    let coded = "HTTP/1.1 200 OK\r\ncache-control: max-age=60\r\n\
        transfer-encoding: gzip, chunked\r\n\r\n3\r\n\x1f\x08z\r\n0\r\n\r\n";
    let stage = before_bytes(coded).await;

    for asked in 1..=2 {
        let mut client = Raw::connect(stage.address).await;
        client
            .write("GET /a HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
            .await;
        let answer = client.rest().await;

        assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
        assert_eq!(stage.origin.asked().len(), asked);
    }
}

// RFC 9112 section 3.2.
#[tokio::test]
async fn a_request_has_one_host() {
    for hosts in ["", "host: a\r\nhost: b\r\n"] {
        let stage = before_bytes(OK).await;
        let mut client = Raw::connect(stage.address).await;

        client
            .write(&format!(
                "GET / HTTP/1.1\r\n{hosts}connection: close\r\n\r\n"
            ))
            .await;

        let answer = client.rest().await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(stage.origin.asked().is_empty());
    }
}
