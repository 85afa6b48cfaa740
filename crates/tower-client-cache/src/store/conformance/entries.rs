//! What is in an entry comes back.

use std::sync::Arc;

use bytes::Bytes;

use super::Violation;
use super::bench::Bench;
use super::given::{Given, key, noise};
use crate::{Content, Entry, Fields, Store};

pub(super) async fn decisions<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let part = Given::new().field("content-range", "bytes 0-6/100");
    let all = [
        ("a status of 200", Given::new()),
        ("a status of 404", Given::new().status(404)),
        ("a status of 301", Given::new().status(301)),
        ("a status that no one knows", Given::new().status(299)),
        ("a part", part.status(206)),
        (
            "a date before it came",
            Given::new().field("date", "Tue, 14 Nov 2023 22:00:00 GMT"),
        ),
        ("an age", Given::new().field("age", "17")),
        (
            "an age of for ever",
            Given::new().field("age", "99999999999"),
        ),
        ("a lifetime of for ever", directive("max-age=2147483648")),
        ("no-cache", directive("no-cache")),
        ("no-cache for a field", directive("no-cache=\"set-cookie\"")),
        ("must-revalidate", directive("must-revalidate")),
        ("immutable", directive("immutable")),
        (
            "stale-while-revalidate",
            directive("stale-while-revalidate=7"),
        ),
        ("stale-if-error", directive("stale-if-error=2147483648")),
        (
            "one that came before 1970",
            Given::new().received(-1_700_000_001),
        ),
        ("one that was invalidated", Given::new().invalidated()),
    ];
    each(bench, all.map(|(what, given)| (what, given.entry()))).await
}

pub(super) async fn selecting_fields<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let vary = |names: &str| Given::new().field("vary", names);
    let all = [
        ("no selecting field", Given::new()),
        ("one field", Given::new().language("de")),
        ("a field that the request did not have", vary("x-a")),
        ("a field that was empty", vary("x-a").request("x-a", "")),
        (
            "a field of two lines",
            vary("x-a").request("x-a", "1").request("x-a", "2"),
        ),
        (
            "two fields",
            vary("x-b, X-A").request("x-a", "1").request("x-b", "2"),
        ),
        (
            "a value of any bytes",
            vary("x-a").request("x-a", b"\xff\xe4\t,;=\""),
        ),
        (
            "a long value",
            vary("cookie").request("cookie", "c".repeat(8192)),
        ),
    ];
    each(bench, all.map(|(what, given)| (what, given.entry()))).await
}

pub(super) async fn fields<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let lines = Given::new()
        .field("set-cookie", "a=1; Path=/")
        .field("x-other", "1");
    let any_bytes: Vec<u8> = (0x20..=0xff).filter(|byte| *byte != 0x7f).collect();
    let mut many = Given::new();
    for number in 1..Fields::MOST {
        many = many.field("x-many", number.to_string());
    }
    let all = [
        (
            "a field of several lines",
            lines
                .field("set-cookie", "b=2")
                .field("set-cookie", "a=1; Path=/"),
        ),
        (
            "a field with commas",
            Given::new().field("x-list", "a, b,c").field("x-list", "d"),
        ),
        ("an empty field", Given::new().field("x-empty", "")),
        (
            "a field with tabs and quotes",
            Given::new().field("etag", "\"a\tb\\\""),
        ),
        (
            "a field of any bytes",
            Given::new().field("x-any", any_bytes),
        ),
        (
            "a field of 65,535 bytes",
            Given::new().field("x-long", "l".repeat(65_535)),
        ),
        ("as many fields as there may be", many),
        (
            "a name of any characters",
            Given::new().field("!#$%&'*+-.^_`|~09az", "1"),
        ),
    ];
    each(bench, all.map(|(what, given)| (what, given.entry()))).await
}

pub(super) async fn sensitive_fields<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let mixed = Given::new()
        .sensitive("set-cookie", "a=1")
        .field("set-cookie", "a=2");
    let all = [
        (
            "no sensitive field",
            Given::new().field("set-cookie", "a=1"),
        ),
        (
            "a sensitive field",
            Given::new().sensitive("set-cookie", "a=1"),
        ),
        (
            "a sensitive line among others",
            mixed.sensitive("set-cookie", "a=3").field("x-own", "1"),
        ),
    ];
    each(bench, all.map(|(what, given)| (what, given.entry()))).await
}

pub(super) async fn content<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let pieces = [&b"one"[..], b"", b" two ", b"three"].map(Bytes::from_static);
    let any_bytes: Vec<u8> = (0..=u8::MAX).collect();
    let all = [
        ("no content", Content::default()),
        ("one byte", Bytes::from_static(b"\0").into()),
        ("any bytes", Bytes::from(any_bytes).into()),
        (
            "text with line ends",
            Bytes::from_static(b"\r\n\r\n0\r\n\r\n").into(),
        ),
        ("several pieces", pieces.into_iter().collect()),
        ("3 MiB", noise(1, 3 << 20).into()),
        (
            "3 MiB in pieces",
            (0..24).map(|seed| noise(seed, 128 << 10)).collect(),
        ),
    ];
    each(
        bench,
        all.map(|(what, content)| (what, Given::new().content(content).entry())),
    )
    .await
}

pub(super) async fn time_and_tags<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let mut many = Given::new();
    for number in 0..100 {
        many = many.tag(&format!("tag-{number}"));
    }
    let long = "t".repeat(1024);
    let all = [
        ("no tags", Given::new()),
        ("one stored in 1970", Given::new().created(0)),
        ("one stored before 1970", Given::new().created(-1)),
        ("one stored in 2106", Given::new().created(1 << 32)),
        ("one tag", Given::new().tag("cars")),
        ("two tags", Given::new().tag("cars").tag("anna")),
        (
            "tags with commas, spaces and line ends",
            Given::new().tag("a, b").tag(" a\n").tag(""),
        ),
        (
            "tags that are not ASCII",
            Given::new().tag("stra\u{df}e").tag("\u{1f697}"),
        ),
        ("a long tag", Given::new().tag(&long)),
        ("a hundred tags", many),
    ];
    each(bench, all.map(|(what, given)| (what, given.entry()))).await
}

fn directive(directive: &str) -> Given {
    Given::new().field("cache-control", directive)
}

/// Puts all, each under a key of its own, before it looks for them.
async fn each<S: Store, const N: usize>(
    bench: &Bench<S>,
    all: [(&str, Arc<Entry>); N],
) -> Result<(), Violation> {
    let keys: [_; N] = std::array::from_fn(|index| key(&format!("https://api.example/{index}")));
    for (key, (_, entry)) in keys.iter().zip(&all) {
        bench.put(key, entry).await?;
    }
    for (key, (what, entry)) in keys.iter().zip(&all) {
        let found = bench.get(key).await?;
        let [found] = found.as_slice() else {
            let count = found.as_slice().len();
            return Err(bench.violation(format!("one entry: {what}"), format!("{count}")));
        };
        bench.same(what, entry, found)?;
    }
    Ok(())
}
