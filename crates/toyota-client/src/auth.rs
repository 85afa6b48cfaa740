//! The signed-in user on every request: Toyota's parts for the auth layer.
//!
//! - [`SignInSource`] obtains credentials: it refreshes where it can and signs in where it must.
//! - [`UserHeaders`] puts them on requests, as four headers.
//! - [`TokenRefusal`] knows the gateway's two ways to refuse a token.
//!
//! [`layer`] puts them together. The layer belongs below [`ToyotaService`](crate::ToyotaService),
//! where URIs are whole and each redirect is a request of its own:
//!
//! ```no_run
//! use toyota_client::{Config, Credentials, Login, ToyotaService, Transport, auth};
//! use tower::Layer;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let config = Config::from_env()?;
//! let transport = Transport::builder().build()?;
//! let login = Login::new(transport.clone(), &config)?;
//! let credentials = Credentials::new("owner@example.com", "password")?;
//!
//! let auth = auth::layer(login, credentials, &config)
//!     .persist(auth::FileStore::new("tokens"), auth::issuer(&config))
//!     .build();
//! let service = ToyotaService::new(auth.layer(transport), &config)?;
//! # Ok(())
//! # }
//! ```

mod headers;
mod refusal;
mod source;

pub use tower_client::auth::{
    Auth, AuthError, AuthErrorKind, AuthLayer, AuthLayerBuilder, Credential, CredentialKey,
    FileStore, Issuer, Persist, Principal, Provider,
};

pub use self::headers::{UserHeaders, UserId};
pub use self::refusal::TokenRefusal;
pub use self::source::SignInSource;
use crate::{Config, Credentials, HttpService, Login};

/// Returns the settings of a layer that signs in with these credentials when the first request
/// needs it: to the API's origin only, as its headers, for the user of that name.
pub fn layer<S: HttpService>(
    login: Login<S>,
    credentials: Credentials,
    config: &Config,
) -> AuthLayerBuilder {
    let principal = principal(&credentials);
    of_source(SignInSource::new(login, credentials), principal, config)
}

pub(crate) fn of_source<S: HttpService>(
    source: SignInSource<S>,
    principal: Principal,
    config: &Config,
) -> AuthLayerBuilder {
    AuthLayer::builder(source, config.api.base_url.origins().clone())
        .apply(UserHeaders::new(config))
        .challenge(TokenRefusal)
        .principal(principal)
}

/// Returns the name under which a store keeps this configuration's credentials: the login host and
/// the brand's realm there. A Toyota and a Lexus account of one mail address are two.
#[must_use]
pub fn issuer(config: &Config) -> Issuer {
    Issuer::new(config.auth.login_url.to_string()).realm(config.realm())
}

/// Returns whose requests these credentials make.
#[must_use]
pub fn principal(credentials: &Credentials) -> Principal {
    Principal::new(credentials.username())
}
