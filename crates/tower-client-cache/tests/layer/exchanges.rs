//! Details of HTTP: parts, conditions, variants, and bodies.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Full};
use tower::{BoxError, Layer, ServiceExt, service_fn};
use tower_client_cache::{CacheLayer, MemoryStore};
use tower_client_call::{CacheOutcome, NotRepeatable, RepeatBody};

use crate::calls::{FRESH, get, of};
use crate::given::{answer, cache, ok, pass, streamed};

// RFC 9111 section 4.2.4, RFC 5861 section 4
#[tokio::test(start_paused = true)]
async fn the_second_question_may_fail_as_the_first() {
    let given = cache();
    let stored = "cache-control: max-age=1, stale-if-error=600 | etag: \"a\"";
    given.origin.reply(ok(stored, "old"));
    given.get("").await;
    pass(5).await;
    // It makes nothing good that is stored: the cache has to ask again, without a condition.
    given.origin.reply(answer(304, "etag: \"other\"", ""));
    given.origin.reply(answer(503, "", "down"));

    let got = given.get("").await;

    assert_eq!((got.text(), got.outcome), ("old", CacheOutcome::Stale));
}

// RFC 9111 section 5.2.1.5
#[tokio::test(start_paused = true)]
async fn nothing_of_an_answer_to_head_with_no_store_is_stored() {
    let given = cache();
    given
        .origin
        .reply(ok("cache-control: max-age=1 | etag: \"a\" | x: 1", "body"));
    given.get("").await;
    pass(5).await;
    given.origin.reply(ok(
        "cache-control: max-age=60 | etag: \"a\" | x: secret",
        "",
    ));
    given.origin.always(|_| answer(304, "etag: \"a\"", ""));

    let no_store = "cache-control: no-store";
    given.send(Method::HEAD, "/", no_store).await;

    assert_eq!(given.get("").await.field("x"), "1");
}

// RFC 9110 section 15.3.7.2, RFC 9111 section 3.3
#[tokio::test(start_paused = true)]
async fn several_parts_do_not_replace_the_whole() {
    let given = cache();
    given.origin.reply(ok(FRESH, "whole"));
    given.get("").await;
    let parts = "cache-control: max-age=60 | content-type: multipart/byteranges; boundary=x";
    given.origin.reply(answer(206, parts, "--x parts"));
    given.origin.always(|_| ok(FRESH, "again"));

    let several = "range: bytes=0-1,3-4 | cache-control: no-cache";
    assert_eq!(given.get(several).await.text(), "--x parts");

    assert_eq!(given.get("").await.text(), "whole");
}

// RFC 5861 section 3 allows it, but the refresh would be of the whole, however long that is.
#[tokio::test(start_paused = true)]
async fn a_stale_part_is_not_served_while_it_is_refreshed() {
    let given = cache();
    let [old, new] = ["a", "b"].map(|tag| {
        format!(
            "cache-control: max-age=1, stale-while-revalidate=60 | etag: \"{tag}\" \
             | content-range: bytes 0-1/1000000000"
        )
    });
    given.origin.reply(answer(206, &old, "ab"));
    given.origin.reply(answer(206, &new, "cd"));
    given.get("range: bytes=0-1").await;
    pass(5).await;

    let got = given.get("range: bytes=0-1").await;

    assert_ne!(got.outcome, CacheOutcome::Stale);
    assert_eq!(got.text(), "cd");
    assert_eq!(given.origin.count(), 2);
    assert_eq!(given.origin.last().headers()["range"], "bytes=0-1");
}

// RFC 9111 section 4.1
#[tokio::test(start_paused = true)]
async fn a_variant_that_one_request_may_not_keep_stays_for_others() {
    let given = cache();
    let stored = "cache-control: max-age=60 | vary: cookie | etag: \"a\"";
    given.origin.reply(ok(stored, "a"));
    given.origin.reply(answer(304, "etag: \"a\"", ""));
    given.origin.always(|_| ok(FRESH, "again"));
    given.call(of("anna", get(""))).await.unwrap();

    let with_cookie = of("anna", get("cookie: x=1"));
    given.call(with_cookie).await.unwrap();

    let got = given.call(of("anna", get(""))).await;
    assert_eq!(got.unwrap().text(), "a");
}

// RFC 9111 section 4: of those that may be used the most recent one is; a stale one may not be.
#[tokio::test(start_paused = true)]
async fn what_is_stale_does_not_hide_what_is_fresh() {
    let given = cache();
    let varying = "cache-control: max-age=10 | date: @-5 | vary: accept-language";
    given.origin.reply(ok(varying, "a"));
    given.get("").await;
    pass(20).await;
    given
        .origin
        .always(|_| ok("cache-control: max-age=600 | date: @-10", "b"));
    given.get("").await;

    let got = given.get("").await;

    assert_eq!((got.text(), got.outcome), ("b", CacheOutcome::Hit));
}

// RFC 9111 section 3.3: an answer is complete when all that its Content-Length says is there.
#[tokio::test(start_paused = true)]
async fn an_answer_of_which_all_bytes_were_read_is_stored() {
    let given = cache();
    let (reply, body) = streamed("cache-control: max-age=60 | content-length: 3");
    given.origin.reply(reply);
    given.origin.always(|_| ok(FRESH, "again"));
    let mut response = given.open("").await;
    body.send(Ok(Bytes::from_static(b"abc"))).unwrap();

    let frame = response.body_mut().frame().await;
    drop(response);

    assert_eq!(frame.unwrap().unwrap().into_data().unwrap(), "abc");
    assert_eq!(given.get("").await.text(), "abc");
}

#[tokio::test(start_paused = true)]
async fn a_body_of_no_bytes_is_none() {
    let origin = service_fn(|_: Request<Quiet>| async {
        let response = Response::builder().header("cache-control", "max-age=60");
        Ok::<_, BoxError>(response.body(Full::<Bytes>::from("a"))?)
    });
    let service = CacheLayer::new(MemoryStore::new()).layer(origin);
    let request = Request::get("https://api.example/").body(Quiet).unwrap();

    let response = service.oneshot(request).await.unwrap();

    assert_eq!(response.extensions().get(), Some(&CacheOutcome::Miss));
}

/// Is empty, but says so by its length alone.
#[derive(Clone)]
struct Quiet;

impl Body for Quiet {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(0)
    }
}

impl RepeatBody for Quiet {
    type Kept = Self;

    fn keep(&self) -> Self {
        Self
    }

    fn again(_: &Self) -> Result<Self, NotRepeatable> {
        Ok(Self)
    }
}
