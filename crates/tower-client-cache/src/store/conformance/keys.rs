//! Entries are found under their own keys and no others.

use super::Violation;
use super::bench::Bench;
use super::given::{Given, key, key_of, principal, value_key};
use crate::{Key, Owner, Selection, Store};

pub(super) async fn owners<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let owners = [
        Owner::Everyone,
        Owner::Layer(0),
        Owner::Layer(1),
        Owner::Layer(u64::MAX),
        principal("", 0),
        principal("0", 0),
        principal("1", 0),
        principal("anna", 0),
        principal("anna", 1),
        principal("anna", 11),
        principal("anna", u64::MAX),
        principal("anna1", 1),
        principal("Anna", 0),
        principal("anna ", 0),
        principal("anna/1", 0),
        principal("anna:1", 0),
        principal("anna|1", 0),
        principal("anna\0", 0),
        principal("anna*", 0),
        principal("everyone", 0),
        principal("\u{e4}nna", 0),
    ];
    let keys = owners.map(|owner| key_of(owner, "https://api.example/cars"));
    apart(bench, &keys).await
}

pub(super) async fn resources<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let uris = [
        "https://api.example/",
        "https://api.example/cars",
        "https://api.example/cars/",
        "https://api.example/Cars",
        "https://api.example/cars?",
        "https://api.example/cars?id=1",
        "https://api.example/cars?id=1&id=2",
        "https://api.example/cars%3Fid=1",
        "https://api.example/a/../cars",
        "https://api.example//cars",
        "https://api.example:8443/cars",
        "https://api.example.org/cars",
        "http://api.example/cars",
        "https://anna@api.example/cars",
        "https://anna:1@api.example/cars",
        "https://bert@api.example/cars",
        "/cars",
        "/",
    ];
    let values = [
        "",
        "/",
        "/cars",
        "cars",
        "https://api.example/cars",
        "Cars",
        "cars\0",
    ];
    let mut keys: Vec<_> = uris.into_iter().map(key).collect();
    keys.extend(values.into_iter().map(value_key));
    // Where the owner ends and the rest begins must be plain.
    for (owner, uri) in [("a", "/b/c"), ("a/b", "/c"), ("a/", "/b/c"), ("", "/a/b/c")] {
        keys.push(key_of(principal(owner, 0), uri));
    }
    apart(bench, &keys).await
}

pub(super) async fn odd<S: Store>(bench: &Bench<S>) -> Result<(), Violation> {
    let long = |last: &str, length: usize| "k".repeat(length - last.len()) + last;
    let mut keys = Vec::new();
    for last in ["a", "b"] {
        for length in [255, 256, 257, 1024, 4096, Key::LONGEST] {
            keys.push(value_key(&long(last, length)));
        }
        keys.push(key(&format!("/{}", long(last, Key::LONGEST - 1))));
        keys.push(key_of(principal(&long(last, 1024), 0), "/"));
    }
    let names = [
        ".",
        "..",
        "../k",
        "a\nb",
        "a\r\nb",
        "a\tb",
        "a b",
        " ",
        "\0",
        "'",
        "\"",
        "\\",
        "';--",
        "%",
        "_",
        "%00",
        "*",
        "?",
        "[a]",
        "{a}",
        "a:b",
        "con",
        "\u{e4}",
        "a\u{308}",
        "\u{1f697}",
    ];
    keys.extend(names.into_iter().map(value_key));
    let uris = [
        "https://api.example/stra\u{df}e?q=\u{e4}",
        "https://api.example/stra%C3%9Fe?q=\u{e4}",
        "https://[::1]:8080/a;b=c/{d}/[e]/f|g\"h",
        "https://anna:s3cret@api.example/",
        "https://api.example/*",
    ];
    keys.extend(uris.into_iter().map(key));
    apart(bench, &keys).await
}

/// Puts an entry under each key, and finds it there, in a list, and after others were deleted.
async fn apart<S: Store>(bench: &Bench<S>, keys: &[Key]) -> Result<(), Violation> {
    let entries: Vec<_> = (0..keys.len())
        .map(|number| Given::new().text(number.to_string()).entry())
        .collect();
    for (key, entry) in keys.iter().zip(&entries) {
        let count = bench.get(key).await?.as_slice().len();
        bench.equal("entries of a key that none was put under", &0, &count)?;
        bench.put(key, entry).await?;
    }
    for (key, entry) in keys.iter().zip(&entries) {
        bench.holds("one of each key", key, &[entry]).await?;
    }
    let listed = bench.list(&Selection::All, usize::MAX).await?;
    for key in keys {
        let count = listed.iter().filter(|listed| listed.key == *key).count();
        bench.equal("how often a key is in a list", &1, &count)?;
    }
    for (index, (key, entry)) in keys.iter().zip(&entries).enumerate() {
        if index % 2 == 0 {
            bench.equal(
                "entries deleted of a key",
                &1,
                &bench.delete(key, None).await?,
            )?;
        } else {
            let variant = Some(entry.variant());
            bench.equal(
                "entries deleted by id",
                &1,
                &bench.delete(key, variant).await?,
            )?;
        }
        bench
            .holds("a key whose entry was deleted", key, &[])
            .await?;
        for (key, entry) in keys.iter().zip(&entries).skip(index + 1).take(1) {
            bench.holds("the next key", key, &[entry]).await?;
        }
    }
    Ok(())
}
