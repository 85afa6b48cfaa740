//! The login tree: questions, answers, and a session at its end.

mod callbacks;
mod echo;
mod failure;
mod flow;
mod progress;
mod step;

use http::{HeaderName, StatusCode};
use serde_json::{Value, json};

pub use self::flow::LoginFlow;
pub(crate) use self::progress::LoginsInProgress;
use self::{
    failure::Failure,
    progress::Visitor,
    step::{Next, Step},
};
use crate::{
    exchange::Exchange,
    realm::Realm,
    reply::{self, Reply},
    world::World,
};

/// Answers one post to the tree.
pub(crate) fn authenticate(world: &mut World, exchange: &Exchange<'_>, realm: Realm) -> Reply {
    take_post(world, exchange, realm).unwrap_or_else(Failure::into_reply)
}

fn take_post(world: &mut World, exchange: &Exchange<'_>, realm: Realm) -> Result<Reply, Failure> {
    let posted = read(exchange)?;
    if posted == json!({}) {
        let visitor = Visitor {
            realm,
            flow: world.login_flow.clone(),
            route_cookie: world.random.hex(),
        };
        let next = step::first(&visitor.flow, &world.accounts);
        return Ok(respond(world, exchange, visitor, next));
    }

    let login = world.logins.take_answer(exchange, realm, &posted)?;
    if matches!(login.step, Step::Password { .. }) {
        world.counters.password_posts += 1;
    }
    let next = step::after(&login.step, &login.visitor.flow, &posted, &world.accounts)?;
    Ok(respond(world, exchange, login.visitor, next))
}

fn read(exchange: &Exchange<'_>) -> Result<Value, Failure> {
    let query = exchange.query();
    if !query.is("authIndexType", "service") || !query.is("authIndexValue", "oneapp") {
        return Err(Failure::BadRequest("unknown service"));
    }
    if exchange.media_type() != "application/json" {
        return Err(Failure::UnsupportedMediaType);
    }
    serde_json::from_slice(exchange.body()).map_err(|_| Failure::BadRequest("body is not JSON"))
}

fn respond(world: &mut World, exchange: &Exchange<'_>, visitor: Visitor, next: Next) -> Reply {
    match next {
        Next::Ask(step) => ask(world, exchange, visitor, step),
        Next::Grant { guid } => grant(world, exchange, &visitor, guid),
    }
}

fn ask(world: &mut World, exchange: &Exchange<'_>, visitor: Visitor, step: Step) -> Reply {
    let route_cookie = visitor.route_cookie.clone();
    let question = world
        .logins
        .ask(&mut world.random, visitor, step, exchange.now());
    answer(&question, &route_cookie)
}

fn grant(world: &mut World, exchange: &Exchange<'_>, visitor: &Visitor, guid: String) -> Reply {
    world.counters.logins_completed += 1;
    let session = world
        .sessions
        .open(&mut world.random, visitor.realm, guid, exchange.now());
    let granted = json!({
        "tokenId": session,
        "successUrl": "/console",
        "realm": visitor.realm.path(),
    });
    let mut reply = answer(&granted, &visitor.route_cookie);
    reply::set_cookie(
        &mut reply,
        &format!("iPlanetDirectoryPro={session}; Path=/; Secure; HttpOnly; SameSite=none"),
    );
    reply
}

fn answer(body: &Value, route_cookie: &str) -> Reply {
    let mut reply = reply::json(StatusCode::OK, body);
    let version = HeaderName::from_static("content-api-version");
    reply::set_header(&mut reply, version, "resource=2.1");
    reply::set_cookie(
        &mut reply,
        &format!("route={route_cookie}; max-age=172800; path=/"),
    );
    reply::set_cookie(
        &mut reply,
        "amlbcookie=01; Path=/; Secure; HttpOnly; SameSite=none",
    );
    reply
}
