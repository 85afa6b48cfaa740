//! The token call: a code or a refresh token for a new pair of tokens.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{StatusCode, header::AUTHORIZATION};
use serde_json::{Value, json};

use super::{
    SCOPE,
    failure::Failure,
    flow::TokenFlow,
    tokens::{Family, NoRefresh},
};
use crate::{
    clock::{epoch_seconds, later},
    exchange::{Exchange, Fields, header},
    jwt,
    realm::Realm,
    registration::Registration,
    reply::{self, Reply},
    world::World,
};

/// Answers the token call.
pub(crate) fn token(world: &mut World, exchange: &Exchange<'_>, realm: Realm) -> Reply {
    match grant(world, exchange, realm) {
        Ok(family) => tokens(world, exchange, &family),
        Err(failure) => failure.into_reply(),
    }
}

/// Checks the call and uses up what it presents.
fn grant(world: &mut World, exchange: &Exchange<'_>, realm: Realm) -> Result<Family, Failure> {
    check_client(&world.registration, exchange)?;
    if exchange.media_type() != "application/x-www-form-urlencoded" {
        return Err(Failure::InvalidRequest("the body is not a form"));
    }
    let form = exchange.form();
    if required(&form, "client_id")? != world.registration.client_id {
        return Err(Failure::InvalidClient);
    }
    match required(&form, "grant_type")? {
        "authorization_code" => redeem_code(world, exchange, realm, &form),
        "refresh_token" => redeem_refresh_token(world, exchange, realm, &form),
        _ => Err(Failure::UnsupportedGrantType),
    }
}

/// Checks the Basic credentials (RFC 7617), whose scheme word may be in any case.
fn check_client(registration: &Registration, exchange: &Exchange<'_>) -> Result<(), Failure> {
    let expected = format!("{}:{}", registration.client_id, registration.client_secret);
    header(exchange.headers(), AUTHORIZATION.as_str())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, credentials)| STANDARD.decode(credentials.trim()).ok())
        .filter(|presented| presented == expected.as_bytes())
        .map(|_| ())
        .ok_or(Failure::InvalidClient)
}

fn redeem_code(
    world: &mut World,
    exchange: &Exchange<'_>,
    realm: Realm,
    form: &Fields,
) -> Result<Family, Failure> {
    let redirect_uri = required(form, "redirect_uri")?;
    let verifier = required(form, "code_verifier")?;
    let code = world
        .codes
        .redeem(required(form, "code")?, exchange.now())
        .filter(|code| code.realm == realm && redirect_uri == realm.redirect_uri())
        .ok_or(Failure::InvalidGrant(
            "The provided access grant is invalid, expired, or revoked.",
        ))?;
    if !code.challenge.is_met_by(verifier) {
        return Err(Failure::InvalidGrant("code_verifier does not match"));
    }
    Ok(world.tokens.new_family(realm, code.guid))
}

fn redeem_refresh_token(
    world: &mut World,
    exchange: &Exchange<'_>,
    realm: Realm,
    form: &Fields,
) -> Result<Family, Failure> {
    let presented = required(form, "refresh_token")?;
    match world.tokens.redeem(presented, exchange.now()) {
        Ok(family) if family.realm == realm => {
            world.counters.refreshes += 1;
            return Ok(family);
        }
        Ok(_) | Err(NoRefresh::Invalid) => {}
        Err(NoRefresh::Reused) => {
            world.counters.refresh_reuses_detected += 1;
            world.counters.families_revoked += 1;
        }
    }
    Err(Failure::InvalidGrant("grant is invalid"))
}

fn required<'a>(form: &'a Fields, name: &'static str) -> Result<&'a str, Failure> {
    form.get(name)
        .filter(|value| !value.is_empty())
        .ok_or(Failure::MissingParameter(name))
}

fn tokens(world: &mut World, exchange: &Exchange<'_>, family: &Family) -> Reply {
    let lifetime = world.registration.token_lifetime;
    world.counters.tokens_issued += 1;
    let id_token = id_token(world, exchange, family);
    let pair = world
        .tokens
        .issue(&mut world.random, family, exchange.now(), lifetime);
    let mut body = json!({
        "access_token": pair.access,
        "refresh_token": pair.refresh,
        "id_token": id_token,
        "scope": SCOPE,
        "token_type": "Bearer",
        "expires_in": lifetime.as_secs(),
    });
    if let (TokenFlow::Without(field), Value::Object(fields)) = (&world.token_flow, &mut body) {
        fields.remove(field);
    }
    reply::with_type(
        StatusCode::OK,
        "application/json;charset=UTF-8",
        body.to_string(),
    )
}

fn id_token(world: &mut World, exchange: &Exchange<'_>, family: &Family) -> String {
    let now = exchange.now();
    let claims = json!({
        "uuid": family.guid,
        "sub": family.guid,
        "aud": "oneappsdkclient",
        "iss": family.realm.issuer(&world.registration.base_url),
        "realm": family.realm.path(),
        "iat": epoch_seconds(now),
        "exp": epoch_seconds(later(now, world.registration.token_lifetime)),
    });
    jwt::shaped(&mut world.random, "RS256", &claims)
}
