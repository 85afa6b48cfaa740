//! Signing in: the callback tree of the login host, authorization, and tokens.
//!
//! A sign-in is a conversation of up to ten posts, an authorization and a token exchange. What to
//! say next is decided by plain functions on answers (`callback`, `authorize`, `token`); this
//! module only carries their words. Nothing here follows redirects, caches, or tries again: a
//! failed sign-in can send mail to the account's owner, and several can lock the account.
//!
//! ```no_run
//! use toyota_client::{Config, Credentials, Login, SignIn, Transport};
//!
//! # async fn sign_in() -> Result<(), Box<dyn std::error::Error>> {
//! let login = Login::new(Transport::builder().build()?, &Config::from_env()?)?;
//! let credentials = Credentials::new("owner@example.com", "password")?;
//!
//! let credential = match login.sign_in(&credentials).await? {
//!     SignIn::Complete(credential) => credential,
//!     SignIn::CodeRequired(pending) => {
//!         // The login host has sent a code to the owner; `prompt()` says what it asks for.
//!         let code = std::io::read_to_string(std::io::stdin())?;
//!         match login.resume(pending, code.trim()).await? {
//!             SignIn::Complete(credential) => credential,
//!             SignIn::CodeRequired(_) => return Err("a second code is asked for".into()),
//!         }
//!     }
//! };
//! # Ok(())
//! # }
//! ```

mod authorize;
mod callback;
mod cookies;
mod error;
mod pending;
mod refused;
mod token;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION};
use http::{HeaderValue, Request, Response, StatusCode};
use secrecy::SecretString;
use serde_json::Value;
use tokio::time::Instant;
use tower_client::auth::Credential;
use tower_client::call::Operation;

use self::authorize::Authorization;
use self::callback::{Known, Step};
use self::cookies::Cookies;
use self::error::Failure;
pub use self::error::{LoginError, LoginErrorKind};
pub use self::pending::PendingLogin;
use self::token::{Grant, TokenEndpoint};
use crate::exchange::{Limits, exchange};
use crate::secret::SecretJson;
use crate::{Body, Config, ConfigError, Credentials, HttpService};

/// For those who measure the transport.
const AUTHENTICATE: Operation = Operation::new(
    "authenticate",
    "/json/realms/root/realms/{realm}/authenticate",
);
const AUTHORIZE: Operation =
    Operation::new("authorize", "/oauth2/realms/root/realms/{realm}/authorize");
const TOKEN: Operation = Operation::new("token", "/oauth2/realms/root/realms/{realm}/access_token");

/// Posts after which a tree that does not end is given up. The known one has four.
const MAX_POSTS: u8 = 10;
/// Far above the few kilobytes of any known answer.
const MAX_ANSWER_BYTES: usize = 256 * 1024;

/// The login host's client, over any transport.
///
/// Clones are cheap and share nothing but settings: every sign-in has a cookie jar of its own.
#[derive(Clone)]
pub struct Login<S> {
    transport: S,
    settings: Arc<Settings>,
}

struct Settings {
    authenticate: String,
    authorization: Authorization,
    tokens: TokenEndpoint,
    limits: Limits,
}

/// How far a sign-in came.
#[derive(Debug)]
#[must_use]
pub enum SignIn {
    /// Signed in.
    Complete(Credential),
    /// A one-time code is asked for: continue with [`Login::resume`].
    CodeRequired(PendingLogin),
}

impl<S> Login<S> {
    /// Creates the client.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when the brand has no OAuth client identifier and none is configured.
    pub fn new(transport: S, config: &Config) -> Result<Self, ConfigError> {
        let realm = format!("realms/root/realms/{}", config.realm());
        let at = |path: &str| config.auth.login_url.join(path);
        let authorization = Authorization::new(
            at(&format!("oauth2/{realm}/authorize")),
            config.client_id()?,
            config.redirect_uri(),
        );
        let settings = Settings {
            authenticate: at(&format!(
                "json/{realm}/authenticate?authIndexType=service&authIndexValue=oneapp"
            )),
            authorization,
            tokens: TokenEndpoint::new(at(&format!("oauth2/{realm}/access_token")), config)?,
            limits: Limits {
                time: config.api.timeout,
                body_bytes: MAX_ANSWER_BYTES,
            },
        };
        Ok(Self {
            transport,
            settings: Arc::new(settings),
        })
    }
}

impl<S: fmt::Debug> fmt::Debug for Login<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("transport", &self.transport)
            .field("authenticate", &self.settings.authenticate)
            .finish_non_exhaustive()
    }
}

impl<S: HttpService> Login<S> {
    /// Signs in with user name and password.
    ///
    /// Takes at most twelve requests, each within the configured timeout.
    ///
    /// # Errors
    ///
    /// [`LoginError`]; [`is_permanent`](LoginError::is_permanent) tells whether the same
    /// credentials can succeed later.
    ///
    /// # Cancellation
    ///
    /// Dropping the future abandons the sign-in; the login host forgets it after 30 minutes.
    pub async fn sign_in(&self, credentials: &Credentials) -> Result<SignIn, LoginError> {
        let Some(password) = credentials.password() else {
            return Err(Failure::NoPassword.into());
        };
        let mut conversation = Conversation::default();
        let known = Known {
            username: credentials.username(),
            password,
        };
        let empty = SecretJson::new(Value::Object(serde_json::Map::new()));
        self.converse(&mut conversation, empty, Some(&known)).await
    }

    /// Goes on with a sign-in that asked for a one-time code.
    ///
    /// # Errors
    ///
    /// [`LoginError`]; a wrong code is [`LoginErrorKind::CodeRequired`], an unfinished sign-in
    /// older than 30 minutes [`LoginErrorKind::Expired`].
    pub async fn resume(
        &self,
        pending: PendingLogin,
        code: impl Into<SecretString>,
    ) -> Result<SignIn, LoginError> {
        let (mut conversation, mut tree) = pending.reopen()?;
        callback::enter_code(&mut tree, &code.into())?;
        self.converse(&mut conversation, tree, None).await
    }

    /// Exchanges a credential's refresh token for a new credential. Never falls back to a password.
    ///
    /// # Errors
    ///
    /// [`LoginError`]; [`LoginErrorKind::InvalidGrant`] when the refresh token is of no more use.
    ///
    /// # Cancellation
    ///
    /// The host may have rotated the refresh token when the future is dropped, and then the old
    /// one is useless: let it run to its end.
    pub async fn refresh(&self, credential: &Credential) -> Result<Credential, LoginError> {
        self.obtain(&Grant::refresh(credential)?).await
    }

    /// Posts and answers until the tree ends. Without `known`, the password has been used.
    async fn converse(
        &self,
        conversation: &mut Conversation,
        mut post: SecretJson,
        mut known: Option<&Known<'_>>,
    ) -> Result<SignIn, LoginError> {
        loop {
            if conversation.posts == MAX_POSTS {
                return Err(Failure::TooManySteps.into());
            }
            conversation.posts += 1;
            let answer = self.post(&post, &mut conversation.cookies).await?;
            tracing::debug!(post = conversation.posts, "sign-in step answered");
            match callback::next(answer, &mut known)? {
                Step::Post { tree, wait } => {
                    post = tree;
                    tokio::time::sleep(wait).await;
                }
                Step::CodeRequired { tree, prompt } => {
                    let conversation = std::mem::take(conversation);
                    let pending = PendingLogin::new(conversation, tree, prompt);
                    return Ok(SignIn::CodeRequired(pending));
                }
                Step::SignedIn { session } => {
                    let code = self.authorize(&session).await?;
                    let credential = self.obtain(&Grant::Code(&code)).await?;
                    return Ok(SignIn::Complete(credential));
                }
            }
        }
    }

    async fn post(
        &self,
        tree: &SecretJson,
        cookies: &mut Cookies,
    ) -> Result<SecretJson, LoginError> {
        let mut request = Request::post(&self.settings.authenticate)
            .header(CONTENT_TYPE, "application/json")
            .body(Body::secret(tree.expose().to_string()))
            .map_err(Failure::request)?;
        if let Some(cookie) = cookies.header() {
            request.headers_mut().insert(COOKIE, cookie);
        }
        let answer = self.send(AUTHENTICATE, request).await?;
        cookies.keep(answer.headers())?;
        if answer.status() == StatusCode::OK {
            let tree = serde_json::from_slice(answer.body());
            Ok(SecretJson::new(tree.map_err(|_| {
                Failure::protocol("authenticate", "the answer is not JSON")
            })?))
        } else {
            Err(refused::authenticate(&answer).into())
        }
    }

    async fn authorize(&self, session: &SecretString) -> Result<SecretString, LoginError> {
        let authorization = &self.settings.authorization;
        let request = Request::get(authorization.url())
            .header(COOKIE, cookies::session_header(session)?)
            .body(Body::empty())
            .map_err(Failure::request)?;
        let answer = self.send(AUTHORIZE, request).await?;
        let location = answer.headers().get(LOCATION).map(HeaderValue::as_bytes);
        match answer.status() {
            StatusCode::FOUND => Ok(authorization.code(location)?),
            _ => Err(refused::other("authorize", &answer).into()),
        }
    }

    async fn obtain(&self, grant: &Grant<'_>) -> Result<Credential, LoginError> {
        let asked = Instant::now();
        let answer = self
            .send(TOKEN, self.settings.tokens.request(grant)?)
            .await?;
        match answer.status() {
            StatusCode::OK => Ok(token::credential(answer.body(), grant, asked.elapsed())?),
            _ => Err(refused::token(&answer).into()),
        }
    }

    async fn send(
        &self,
        operation: Operation,
        mut request: Request<Body>,
    ) -> Result<Response<Bytes>, LoginError> {
        request.extensions_mut().insert(operation);
        let answer = exchange(self.transport.clone(), request, self.settings.limits).await;
        Ok(answer.map_err(Failure::from)?)
    }
}

/// What one sign-in carries from post to post.
#[derive(Debug, Default)]
pub(crate) struct Conversation {
    cookies: Cookies,
    posts: u8,
}

/// How long a polling step may ask to wait.
const MAX_WAIT: Duration = Duration::from_secs(10);
