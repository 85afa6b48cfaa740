//! Which handler a method and a path lead to.

use http::Method;

use crate::{
    api, exchange::Exchange, login, oauth, realm::Realm, reply::Reply, route::Route, world::World,
};

/// One route of the login host, whose path names a realm in its middle.
#[derive(Debug)]
struct LoginEndpoint {
    route: Route,
    method: Method,
    before_realm: &'static str,
    after_realm: &'static str,
    handler: LoginHandler,
}

type LoginHandler = fn(&mut World, &Exchange<'_>, Realm) -> Reply;

static LOGIN_ENDPOINTS: [LoginEndpoint; 3] = [
    LoginEndpoint {
        route: Route::Authenticate,
        method: Method::POST,
        before_realm: "/json/realms/root/realms/",
        after_realm: "/authenticate",
        handler: login::authenticate,
    },
    LoginEndpoint {
        route: Route::Authorize,
        method: Method::GET,
        before_realm: "/oauth2/realms/root/realms/",
        after_realm: "/authorize",
        handler: oauth::authorize,
    },
    LoginEndpoint {
        route: Route::Token,
        method: Method::POST,
        before_realm: "/oauth2/realms/root/realms/",
        after_realm: "/access_token",
        handler: oauth::token,
    },
];

/// Where a request goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    Login {
        route: Route,
        realm: Realm,
        handler: LoginHandler,
    },
    Api(&'static api::Endpoint),
    Unknown,
}

impl Target {
    pub(crate) fn find(method: &Method, path: &str) -> Self {
        find_login(method, path)
            .or_else(|| find_api(method, path))
            .unwrap_or(Self::Unknown)
    }

    pub(crate) fn route(self) -> Route {
        match self {
            Self::Login { route, .. } => route,
            Self::Api(endpoint) => endpoint.route,
            Self::Unknown => Route::Unknown,
        }
    }

    pub(crate) fn answer(self, world: &mut World, exchange: &Exchange<'_>) -> Reply {
        match self {
            Self::Login { realm, handler, .. } => handler(world, exchange, realm),
            Self::Api(endpoint) => api::answer(world, exchange, endpoint),
            Self::Unknown => api::answer_unknown(world),
        }
    }
}

fn find_login(method: &Method, path: &str) -> Option<Target> {
    LOGIN_ENDPOINTS
        .iter()
        .filter(|endpoint| endpoint.method == method)
        .find_map(|endpoint| {
            let name = path
                .strip_prefix(endpoint.before_realm)?
                .strip_suffix(endpoint.after_realm)?;
            Some(Target::Login {
                route: endpoint.route,
                realm: Realm::from_name(name)?,
                handler: endpoint.handler,
            })
        })
}

fn find_api(method: &Method, path: &str) -> Option<Target> {
    api::ENDPOINTS
        .iter()
        .find(|endpoint| endpoint.method == method && endpoint.leads_from(path))
        .map(Target::Api)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_found() {
        for (method, path, route) in [
            (
                Method::POST,
                "/json/realms/root/realms/tme/authenticate",
                Route::Authenticate,
            ),
            (
                Method::POST,
                "/json/realms/root/realms/alliance-subaru/authenticate",
                Route::Authenticate,
            ),
            (
                Method::GET,
                "/oauth2/realms/root/realms/tme/authorize",
                Route::Authorize,
            ),
            (
                Method::POST,
                "/oauth2/realms/root/realms/tme/access_token",
                Route::Token,
            ),
            (Method::GET, "/v2/vehicle/guid", Route::Vehicles),
            (Method::GET, "/v1/location", Route::Location),
            (Method::GET, "/v3/telemetry", Route::Telemetry),
            (Method::POST, "/v1/global/remote/command", Route::Command),
        ] {
            assert_eq!(Target::find(&method, path).route(), route, "{path}");
        }
    }

    #[test]
    fn other_methods_paths_and_realms_are_unknown() {
        for (method, path) in [
            (Method::POST, "/v2/vehicle/guid"),
            (Method::GET, "/v2/vehicle/guid/"),
            (Method::GET, "/v1/global/remote/command"),
            (Method::GET, "/json/realms/root/realms/tme/authenticate"),
            (Method::POST, "/json/realms/root/realms/tmca/authenticate"),
            (Method::POST, "/json/realms/root/realms/authenticate"),
            (Method::GET, "/"),
        ] {
            assert_eq!(Target::find(&method, path).route(), Route::Unknown);
        }
    }
}
