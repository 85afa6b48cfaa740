//! The web service: its routes, and what they share.

mod failure;
mod patience;
mod session;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRef, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName};
use tower_client::call::Operation;
use tower_client::metrics::{Format, Registry};

use self::failure::Failure;
use self::patience::Patience;
pub(crate) use self::session::Sessions;
use self::session::User;
use crate::upstream::{FORECAST, REPORT, TRIPS, Upstream};

/// What all handlers share: each gets a clone, which is a few counted pointers.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) upstream: Upstream,
    pub(crate) sessions: Sessions,
    pub(crate) registry: Registry,
}

impl FromRef<App> for Upstream {
    fn from_ref(app: &App) -> Self {
        app.upstream.clone()
    }
}

impl FromRef<App> for Sessions {
    fn from_ref(app: &App) -> Self {
        app.sessions.clone()
    }
}

impl FromRef<App> for Registry {
    fn from_ref(app: &App) -> Self {
        app.registry.clone()
    }
}

/// Returns the routes.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/trips", get(trips))
        .route("/forecast", get(forecast))
        .route("/report", get(report))
        .route("/metrics", get(metrics))
        .with_state(app)
}

async fn trips(
    State(upstream): State<Upstream>,
    user: User,
    patience: Patience,
) -> Result<Response, Failure> {
    pass_on(upstream, TRIPS, user, patience).await
}

async fn forecast(
    State(upstream): State<Upstream>,
    user: User,
    patience: Patience,
) -> Result<Response, Failure> {
    pass_on(upstream, FORECAST, user, patience).await
}

async fn report(
    State(upstream): State<Upstream>,
    user: User,
    patience: Patience,
) -> Result<Response, Failure> {
    pass_on(upstream, REPORT, user, patience).await
}

/// Asks on the user's behalf, for as long as the user waits, and passes on what was answered: its
/// body as it comes, and of its header fields those that are meant for the user.
async fn pass_on(
    upstream: Upstream,
    operation: Operation,
    User(principal): User,
    Patience(deadline): Patience,
) -> Result<Response, Failure> {
    const FIELDS: [HeaderName; 2] = [CONTENT_TYPE, HeaderName::from_static("cache-status")];
    let answer = upstream.get(operation, principal, deadline).await?;
    let (head, body) = answer.into_parts();
    let mut response = Response::new(Body::new(body));
    for name in FIELDS {
        if let Some(value) = head.headers.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    Ok(response)
}

/// Shows what was measured, in the format that the scraper wants.
async fn metrics(State(registry): State<Registry>, headers: HeaderMap) -> impl IntoResponse {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    let format = Format::negotiate(accept);
    let fields = [(CONTENT_TYPE, format.content_type())];
    (fields, registry.render(format))
}
