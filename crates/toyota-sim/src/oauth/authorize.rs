//! The authorize call, which turns a session into a code.

use http::{StatusCode, header::LOCATION};
use url::form_urlencoded;

use super::{code::Challenge, failure::Failure, flow::AuthorizeFlow, is_scope};
use crate::{
    exchange::Exchange,
    realm::Realm,
    reply::{self, Reply},
    world::World,
};

/// Where nobody asked to be sent.
const ELSEWHERE: &str = "com.example.other:/elsewhere";

/// What a code is given for.
struct Granted {
    guid: String,
    challenge: Challenge,
}

/// Answers the authorize call.
pub(crate) fn authorize(world: &mut World, exchange: &Exchange<'_>, realm: Realm) -> Reply {
    match check(world, exchange, realm) {
        Ok(granted) => respond(world, exchange, realm, granted),
        Err(failure) => failure.into_reply(),
    }
}

/// Checks the query and the session and returns what the code will stand for.
fn check(world: &World, exchange: &Exchange<'_>, realm: Realm) -> Result<Granted, Failure> {
    let query = exchange.query();
    let ensure = |holds, why| {
        if holds {
            Ok(())
        } else {
            Err(Failure::InvalidRequest(why))
        }
    };

    ensure(
        query.is("client_id", world.registration.client_id),
        "client_id is unknown",
    )?;
    ensure(
        query.is("redirect_uri", realm.redirect_uri()),
        "redirect_uri is not registered",
    )?;
    ensure(
        query.is("response_type", "code"),
        "response_type is not code",
    )?;
    ensure(
        query.get("scope").is_some_and(is_scope),
        "scope is not granted to this client",
    )?;
    let challenge = Challenge::new(
        query.get("code_challenge_method").unwrap_or_default(),
        query.get("code_challenge").unwrap_or_default(),
    )
    .ok_or(Failure::InvalidRequest("code_challenge is not usable"))?;

    exchange
        .cookie("iPlanetDirectoryPro")
        .and_then(|token_id| world.sessions.guid_of(token_id, realm, exchange.now()))
        .map(|guid| Granted {
            guid: guid.to_owned(),
            challenge,
        })
        .ok_or(Failure::NoSession)
}

/// Answers a call that is in order.
fn respond(world: &mut World, exchange: &Exchange<'_>, realm: Realm, granted: Granted) -> Reply {
    let Granted { guid, challenge } = granted;
    let code = world
        .codes
        .issue(&mut world.random, realm, guid, challenge, exchange.now());
    let target = realm.redirect_uri();
    let issuer = realm.issuer(&world.registration.base_url);
    let source = [
        ("iss", issuer.as_str()),
        ("client_id", world.registration.client_id),
    ];
    let location = match &world.authorize_flow {
        AuthorizeFlow::Ok200 => {
            return reply::html(StatusCode::OK, "<!DOCTYPE html><title>Log in</title>");
        }
        AuthorizeFlow::NoLocation => None,
        AuthorizeFlow::Redirect => Some(with_query(target, &[("code", &code)], &source)),
        AuthorizeFlow::WrongRedirect => Some(with_query(ELSEWHERE, &[("code", &code)], &source)),
        AuthorizeFlow::NoCode => Some(with_query(target, &[], &source)),
        AuthorizeFlow::ErrorRedirect { error } => Some(with_query(
            target,
            &[
                ("error", error),
                ("error_description", "The request was denied"),
            ],
            &source,
        )),
    };
    redirect(location, &world.random.hex())
}

fn with_query(target: &str, result: &[(&str, &str)], source: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(result)
        .extend_pairs(source)
        .finish();
    format!("{target}?{query}")
}

fn redirect(location: Option<String>, route_cookie: &str) -> Reply {
    let mut reply = reply::empty(StatusCode::FOUND);
    if let Some(location) = location {
        reply::set_header(&mut reply, LOCATION, &location);
    }
    reply::set_cookie(
        &mut reply,
        &format!("route={route_cookie}; max-age=172800; path=/"),
    );
    reply::set_cookie(
        &mut reply,
        "OAUTH_REQUEST_ATTRIBUTES=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    );
    reply
}
