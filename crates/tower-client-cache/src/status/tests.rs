//! What is told is what RFC 9211 says, in the syntax of RFC 8941.

mod structured;

use http::HeaderName;

use self::structured::{Bare, Member, list};
use super::*;
use crate::Owner;

const FORWARDED: [(Fwd, &str); 7] = [
    (Fwd::Bypass, "bypass"),
    (Fwd::Method, "method"),
    (Fwd::UriMiss, "uri-miss"),
    (Fwd::VaryMiss, "vary-miss"),
    (Fwd::Request, "request"),
    (Fwd::Stale, "stale"),
    (Fwd::Partial, "partial"),
];

// RFC 9211 section 3.
#[test]
fn the_examples_of_the_rfc_are_written_as_there() {
    let cache = CacheStatus::new("ExampleCache").unwrap();
    let uri_miss = forwarded(Fwd::UriMiss);
    let collapsed = |joined, stored| Told {
        collapsed: Some(joined),
        stored,
        ..uri_miss
    };
    let validated = Told {
        fwd_status: Some(StatusCode::NOT_MODIFIED),
        ..forwarded(Fwd::Stale)
    };
    let detailed = Told {
        detail: Some("MEMORY"),
        ..Told::default()
    };
    let table = [
        (Told::default(), "hit"),
        (hit(376), "hit; ttl=376"),
        (hit(-412), "hit; ttl=-412"),
        (uri_miss, "fwd=uri-miss"),
        (validated, "fwd=stale; fwd-status=304"),
        (collapsed(true, false), "fwd=uri-miss; collapsed"),
        (collapsed(false, false), "fwd=uri-miss; collapsed=?0"),
        (collapsed(true, true), "fwd=uri-miss; collapsed; stored"),
        (detailed, "hit; detail=MEMORY"),
    ];
    for (told, expected) in table {
        assert_eq!(cache.value(&told), format!("ExampleCache; {expected}"));
    }
}

#[test]
fn everything_at_once_is_one_member_of_a_list() {
    let key = key("https://api.example/cars?id=7");
    let cache = CacheStatus::new("Anna's \"own\" \\ cache")
        .unwrap()
        .with_key();
    for (fwd, word) in FORWARDED {
        let told = Told {
            fwd: Some(fwd),
            fwd_status: Some(StatusCode::OK),
            ttl: Some(60),
            stored: true,
            collapsed: Some(false),
            detail: Some("two words"),
            key: Some(&key),
        };

        let members = members(&cache.value(&told));

        let [member] = &members[..] else {
            panic!("{members:?}");
        };
        assert_eq!(member.name, string("Anna's \"own\" \\ cache"));
        let expected = [
            ("fwd", Bare::Token(word.into())),
            ("fwd-status", Bare::Integer(200)),
            ("collapsed", Bare::Boolean(false)),
            ("stored", Bare::Boolean(true)),
            ("ttl", Bare::Integer(60)),
            ("key", string("https://api.example/cars?id=7")),
            ("detail", string("two words")),
        ];
        assert_eq!(
            member.parameters,
            expected.map(|(name, value)| (name.into(), value))
        );
    }
}

// RFC 9211 sections 2.1, 2.3, 2.5 and 2.6.
#[test]
fn a_hit_does_not_tell_what_means_nothing_without_fwd() {
    let told = Told {
        fwd_status: Some(StatusCode::OK),
        stored: true,
        collapsed: Some(true),
        ..Told::default()
    };

    assert_eq!(
        CacheStatus::default().value(&told),
        "tower-client-cache; hit"
    );
}

#[test]
fn names_are_tokens_where_they_can_be() {
    for (name, written) in [
        ("a", "a"),
        ("*", "*"),
        ("cache-3.example.com:80/a", "cache-3.example.com:80/a"),
        ("!#$%&'*+-.^_`|~", "\"!#$%&'*+-.^_`|~\""),
        ("a!#$%&'*+-.^_`|~:/", "a!#$%&'*+-.^_`|~:/"),
        ("3rd", "\"3rd\""),
        ("CDN Company Here", "\"CDN Company Here\""),
        ("a;hit", "\"a;hit\""),
        ("a,b", "\"a,b\""),
        ("\"\\", "\"\\\"\\\\\""),
        (" ", "\" \""),
    ] {
        let value = CacheStatus::new(name).unwrap().value(&hit(1));

        assert_eq!(value, format!("{written}; hit; ttl=1"));
        let read = match &members(&value)[0].name {
            Bare::Token(text) | Bare::String(text) => text.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(read, name);
    }
}

#[test]
fn a_name_that_no_field_can_have_is_refused() {
    let longest = "a".repeat(CacheStatus::LONGEST);
    assert!(CacheStatus::new(&longest).is_ok());
    for name in ["", "a\tb", "a\n", "\u{e4}", "\u{7f}", &(longest + "a")] {
        let refused = CacheStatus::new(name).unwrap_err();

        let expected = format!(
            "a name of {} bytes for a cache; allowed are 1 to 512, all of them printable ASCII",
            name.len()
        );
        assert_eq!(refused.to_string(), expected);
    }
}

// RFC 8941 section 3.3.1.
#[test]
fn times_are_integers_of_at_most_fifteen_digits() {
    let most = 999_999_999_999_999;
    for (ttl, written) in [
        (0, 0),
        (9, 9),
        (-9, -9),
        (10, 10),
        (-2_147_483_648, -2_147_483_648),
        (most, most),
        (-most, -most),
        (i64::MAX, most),
        (i64::MIN, -most),
    ] {
        let value = CacheStatus::default().value(&hit(ttl));

        assert_eq!(value, format!("tower-client-cache; hit; ttl={written}"));
        let ttl = (String::from("ttl"), Bare::Integer(written));
        assert_eq!(members(&value)[0].parameters[1], ttl);
    }
}

#[test]
fn a_key_is_told_only_if_the_settings_say_so() {
    let key = key("https://api.example/cars");
    let told = Told {
        key: Some(&key),
        ..Told::default()
    };

    let silent = CacheStatus::default().value(&told);
    let talking = CacheStatus::default().with_key();

    assert_eq!(silent, "tower-client-cache; hit");
    assert_eq!(
        talking.value(&told),
        "tower-client-cache; hit; key=\"https://api.example/cars\""
    );
    assert_eq!(talking.value(&Told::default()), "tower-client-cache; hit");
}

#[test]
fn any_key_is_a_string() {
    let value = |name| Key::value(Owner::Everyone, name).unwrap();
    let table = [
        (key("/cars"), "/cars"),
        (key("https://api.example/a\"b"), "https://api.example/a\"b"),
        (
            key("https://api.example/stra\u{df}e"),
            "https://api.example/stra%C3%9Fe",
        ),
        (
            key("https://anna:s3@cret@api.example/a@b//c"),
            "https://api.example/a@b//c",
        ),
        (
            key("https://anna@api.example/anna@b"),
            "https://api.example/anna@b",
        ),
        (key("https://api.example/@b"), "https://api.example/@b"),
        (value("x://anna@b"), "x://anna@b"),
        (value("a\\b\r\n\u{7f}\0"), "a\\b%0D%0A%7F%00"),
        (value(""), ""),
    ];
    for (key, expected) in &table {
        let told = Told {
            key: Some(key),
            ..Told::default()
        };

        let value = CacheStatus::default().with_key().value(&told);

        let read = members(&value)[0].parameters[1].clone();
        assert_eq!(read, ("key".into(), string(expected)));
    }
}

// RFC 9211 sections 2 and 3: the last member is the cache closest to the user.
#[test]
fn a_cache_tells_its_own_after_those_before_it() {
    let mut headers = HeaderMap::new();
    let before = "OriginCache; hit; ttl=1100, \"CDN Company Here\"; hit; ttl=545";
    headers.append(CACHE_STATUS, HeaderValue::from_static(before));
    headers.append("age", HeaderValue::from_static("7"));

    CacheStatus::default().append(&mut headers, &hit(3));

    let lines: Vec<_> = headers.get_all(CACHE_STATUS).iter().collect();
    assert_eq!(lines, [before, "tower-client-cache; hit; ttl=3"]);
    let joined = lines.iter().map(|line| line.to_str().unwrap());
    let joined = joined.collect::<Vec<_>>().join(", ");
    let names: Vec<_> = list(&joined)
        .into_iter()
        .map(|member| member.name)
        .collect();
    let own = Bare::Token("tower-client-cache".into());
    let expected = [
        Bare::Token("OriginCache".into()),
        string("CDN Company Here"),
        own,
    ];
    assert_eq!(names, expected);
}

#[test]
fn an_answer_without_room_for_one_more_field_goes_without() {
    let mut headers = HeaderMap::new();
    for number in 0.. {
        let name = HeaderName::try_from(format!("x-{number}")).unwrap();
        if headers
            .try_append(name, HeaderValue::from_static(""))
            .is_err()
        {
            break;
        }
    }
    let full = headers.len();

    CacheStatus::default().append(&mut headers, &hit(3));

    assert_eq!(headers.len(), full);
}

fn hit(ttl: i64) -> Told<'static> {
    Told {
        ttl: Some(ttl),
        ..Told::default()
    }
}

fn forwarded(fwd: Fwd) -> Told<'static> {
    Told {
        fwd: Some(fwd),
        ..Told::default()
    }
}

fn key(uri: &str) -> Key {
    Key::new(Owner::Everyone, &uri.parse().unwrap()).unwrap()
}

fn string(text: &str) -> Bare {
    Bare::String(text.into())
}

fn members(value: &HeaderValue) -> Vec<Member> {
    list(value.to_str().unwrap())
}
