//! Credentials from an OAuth 2.0 token endpoint (RFC 6749), over any HTTP service.
//!
//! An [`OAuthClient`] says who we are there; a grant is the
//! [`TokenSource`](crate::TokenSource) that asks: [`RefreshTokenGrant`] for somebody who has signed
//! in before, [`ClientCredentialsGrant`] for ourselves. Other grants begin with a user and a
//! browser, which is the program's affair: what they end with is handed over by
//! [`Provider::set`](crate::Provider::set), or as
//! [`initial_token`](RefreshTokenGrant::initial_token).
//!
//! The service has to send requests as they are. One that follows redirects would take the secrets
//! of a request along, one that repeats may spend a refresh token twice: the layer asks again by
//! itself.
//!
//! ```
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use tower::{Layer, ServiceExt, service_fn};
//! use tower_client_auth::oauth::{OAuthClient, RefreshTokenGrant};
//! use tower_client_auth::{AuthLayer, Origins, Principal, RefreshToken};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//! // In place of a client such as hyper-util's.
//! let login = service_fn(|request: Request<Full<Bytes>>| async move {
//!     assert_eq!(request.uri(), "https://login.example/token");
//!     let answer = r#"{
//!         "access_token": "4ccess", "token_type": "Bearer", "expires_in": 3600,
//!         "refresh_token": "r0tated"
//!     }"#;
//!     Ok::<_, std::convert::Infallible>(Response::new(Full::<Bytes>::from(answer)))
//! });
//! let api = service_fn(|request: Request<Full<Bytes>>| async move {
//!     assert_eq!(request.headers()["authorization"], "Bearer 4ccess");
//!     Ok::<_, std::convert::Infallible>(Response::new(Full::<Bytes>::default()))
//! });
//!
//! let client = OAuthClient::builder("https://login.example/token", "app")
//!     .client_secret("s3cret")
//!     .scope("trips")
//!     .build()?;
//! let owner = Principal::new("owner");
//! let source = RefreshTokenGrant::new(login, client).initial_token(&owner, "r3fresh");
//! let layer = AuthLayer::builder(source, Origins::new(["https://api.example"])?)
//!     .principal(owner.clone())
//!     .build();
//!
//! let request = Request::get("https://api.example/v1/trips").body(Full::default())?;
//! let response = layer.layer(api).oneshot(request).await?;
//!
//! assert!(response.status().is_success());
//! let credential = layer.provider().authenticate(&owner).await?;
//! assert!(credential.get::<RefreshToken>().is_some());
//! # Ok(())
//! # }
//! ```

mod answer;
mod client;
mod error;
mod exchange;
mod grant;

pub use self::client::{OAuthClient, OAuthClientBuilder};
pub use self::error::{OAuthError, OAuthErrorKind};
pub use self::grant::{ClientCredentialsGrant, RefreshTokenGrant};
pub use tower_client_call::InvalidSetting;
