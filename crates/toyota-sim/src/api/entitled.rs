//! What the app of a make may not do, which others may.

use super::{gate::bearer, refusal::Refusal};
use crate::{exchange::Exchange, realm::Realm, route::Route, world::World};

/// What the registration of Subaru's app does not cover.
const NOT_FOR_SUBARU: [Route; 5] = [
    Route::ElectricWake,
    Route::ChargeCommand,
    Route::ClimateWake,
    Route::OldClimateWake,
    Route::Nickname,
];

/// Checks that the app that a call's token was issued to may use this route.
pub(super) fn check(world: &World, exchange: &Exchange<'_>, route: Route) -> Result<(), Refusal> {
    let token = bearer(exchange.headers());
    let realm = token.and_then(|token| world.tokens.realm_of(token, exchange.now()));
    if realm == Some(Realm::AllianceSubaru) && NOT_FOR_SUBARU.contains(&route) {
        return Err(Refusal::Unauthorized);
    }
    Ok(())
}
