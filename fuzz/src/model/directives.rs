//! What the directives of a message say together (RFC 9111 sections 5.2.1, 5.2.2 and 5.4).

use std::collections::BTreeSet;

use http::{HeaderMap, HeaderName};
use tower_client_cache::policy::{FOREVER, RequestDirectives, ResponseDirectives};

use super::lines;
use super::list::{Argument, Directive, directives};

/// Reads those of a request.
#[must_use]
pub fn request(headers: &HeaderMap) -> RequestDirectives {
    if !headers.contains_key("cache-control") {
        let pragma = directives(&lines(headers, "pragma"));
        return RequestDirectives {
            no_cache: has(&pragma, "no-cache") || is_cut_off(&pragma),
            ..RequestDirectives::default()
        };
    }
    let all = directives(&lines(headers, "cache-control"));
    let cut_off = is_cut_off(&all);
    let any_or_seconds = |directive: &Directive| match directive.argument {
        Argument::Absent => Some(FOREVER),
        _ => directive.seconds(),
    };
    RequestDirectives {
        no_store: has(&all, "no-store") || cut_off,
        no_cache: has(&all, "no-cache") || cut_off,
        only_if_cached: has(&all, "only-if-cached"),
        max_age: least(&all, "max-age"),
        min_fresh: named(&all, "min-fresh")
            .map(|directive| directive.seconds().unwrap_or(FOREVER))
            .max(),
        max_stale: named(&all, "max-stale").filter_map(any_or_seconds).min(),
        stale_if_error: least(&all, "stale-if-error"),
    }
}

/// Reads those of a response.
#[must_use]
pub fn response(headers: &HeaderMap) -> ResponseDirectives {
    let all = directives(&lines(headers, "cache-control"));
    let cut_off = is_cut_off(&all);
    let allowed = |name| named(&all, name).any(Directive::is_well_formed);
    let (no_cache, no_cache_fields) = qualified(&all, "no-cache", cut_off);
    // The crate's choice: without the directives nobody knows which fields are private.
    let (_, listed) = qualified(&all, "private", false);
    let private = listed.iter().any(|name| name == "cache-control");
    let (private, private_fields) = qualified(&all, "private", private);
    ResponseDirectives {
        no_store: has(&all, "no-store") || cut_off,
        no_cache,
        no_cache_fields,
        private,
        private_fields,
        public: allowed("public"),
        must_revalidate: has(&all, "must-revalidate"),
        proxy_revalidate: has(&all, "proxy-revalidate"),
        must_understand: allowed("must-understand") && !cut_off,
        immutable: allowed("immutable"),
        max_age: least(&all, "max-age"),
        s_maxage: least(&all, "s-maxage"),
        stale_while_revalidate: least(&all, "stale-while-revalidate"),
        stale_if_error: least(&all, "stale-if-error"),
    }
}

/// RFC 9111 sections 5.2.2.4 and 5.2.2.7: the whole response, or the fields that are named.
fn qualified(all: &[Directive], name: &str, or: bool) -> (bool, Vec<HeaderName>) {
    let mut whole = or;
    let mut fields = BTreeSet::new();
    for directive in named(all, name) {
        match fields_of(&directive.argument) {
            Some(some) if !some.is_empty() => fields.extend(some),
            Some(_) | None => whole = true,
        }
    }
    if whole {
        fields.clear();
    }
    let name = |name: String| HeaderName::try_from(name).expect("was one");
    (whole, fields.into_iter().map(name).collect())
}

/// `None` if any of them is not the name of a field.
fn fields_of(argument: &Argument) -> Option<Vec<String>> {
    let Argument::Value(value) = argument else {
        return None;
    };
    let text = str::from_utf8(value).ok()?;
    let members = text.split(',').map(|name| name.trim_matches([' ', '\t']));
    members
        .filter(|member| !member.is_empty())
        .map(|member| {
            let name = HeaderName::try_from(member).ok()?;
            Some(name.as_str().to_owned())
        })
        .collect()
}

fn named<'a>(all: &'a [Directive], name: &'a str) -> impl Iterator<Item = &'a Directive> {
    all.iter().filter(move |directive| directive.name == name)
}

fn has(all: &[Directive], name: &str) -> bool {
    named(all, name).next().is_some()
}

fn least(all: &[Directive], name: &str) -> Option<u32> {
    let seconds = |directive: &Directive| directive.seconds().unwrap_or(0);
    named(all, name).map(seconds).min()
}

fn is_cut_off(all: &[Directive]) -> bool {
    let mut arguments = all.iter().map(|directive| &directive.argument);
    arguments.any(|argument| *argument == Argument::Unterminated)
}
