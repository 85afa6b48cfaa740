//! Puts a valid credential on every request.
//!
//! [`AuthLayer`] asks a [`TokenSource`] for a credential, once for all who wait; puts it on each
//! request by a rule ([`Apply`]); renews it in time, in the background; and when a response refuses
//! it ([`Challenge`]) replaces just that one and sends the request once more. Where other clients
//! go wrong:
//!
//! - **One fetch for everybody**, in a task of its own. A caller who leaves in the middle of a
//!   refresh does not take a rotated refresh token along.
//! - **Kept before it is used**: with a store ([`Persist`], such as [`FileStore`]) the next process
//!   goes on where this one ended, and processes that share it fetch once between them.
//! - **A refusal is checked by generation.** A hundred requests refused with one token make one
//!   refresh, and a newer token that is there already is not thrown away.
//! - **No hammering.** A failed refresh backs off while the old credential serves to its end; after
//!   a permanent refusal every call fails at once, until the credentials change.
//! - **Credentials go nowhere else**: only to the [`Origins`] that are listed, over TLS or on this
//!   machine, checked at each request.
//! - **Several principals**, by the [`Principal`] fact, each with a credential of its own.
//!
//! Place it inside of retries and redirects, so that each attempt and each hop has its origin
//! checked and a credential that is fresh, and inside of caches, which need to know whose answer
//! they keep and not by what token it came. A request's URI has to be absolute when it gets here.
//! Not for servers, and not for signatures that cover each single request.
//!
//! ```
//! use std::time::Duration;
//!
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use tower::{Layer, ServiceExt, service_fn};
//! use tower_client_auth::{AuthLayer, Credential, Origins, source_fn};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//! let source = source_fn(|_, _| async {
//!     Ok(Credential::new("s3cret").expires_in(Duration::from_secs(3600)))
//! });
//! let api = service_fn(|request: Request<Full<Bytes>>| async move {
//!     assert_eq!(request.headers()["authorization"], "Bearer s3cret");
//!     Ok::<_, std::convert::Infallible>(Response::new(Full::<Bytes>::default()))
//! });
//! let client = AuthLayer::new(source, Origins::new(["https://api.example"])?).layer(api);
//!
//! let request = Request::get("https://api.example/v1").body(Full::default())?;
//! assert!(client.oneshot(request).await?.status().is_success());
//! # Ok(())
//! # }
//! ```

mod acquire;
mod apply;
mod call;
mod challenge;
mod credential;
mod error;
mod flight;
mod future;
mod held;
mod layer;
mod moment;
#[cfg(feature = "oauth")]
pub mod oauth;
mod origins;
mod persist;
mod principals;
mod provider;
#[cfg(feature = "follow-redirect")]
mod redirect;
mod settings;
mod shared;
mod slot;
mod source;
mod state;
#[cfg(feature = "file")]
mod store;
mod windows;

pub use secrecy::{ExposeSecret, SecretString};
pub use tower_client_call::{Captured, Principal};

pub use self::apply::{Apply, Bearer, InHeader};
pub use self::challenge::{Challenge, Unauthorized, Verdict};
pub use self::credential::{Credential, Extra, RefreshToken};
pub use self::error::{AuthError, AuthErrorKind};
pub use self::future::ResponseFuture;
pub use self::layer::{Auth, AuthLayer};
pub use self::origins::{InvalidOrigin, Origins};
pub use self::persist::{CredentialKey, Issuer, Persist, PersistError};
pub use self::provider::Provider;
#[cfg(feature = "follow-redirect")]
pub use self::redirect::RedirectPolicy;
pub use self::settings::AuthLayerBuilder;
pub use self::source::{SourceFn, StaticToken, TokenError, TokenSource, source_fn};
#[cfg(feature = "file")]
pub use self::store::{FileLock, FileStore};
