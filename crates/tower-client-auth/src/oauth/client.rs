//! Who we are at the token endpoint.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use form_urlencoded::{Serializer, byte_serialize};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Uri};
use http_body_util::Full;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::InvalidSetting;
use super::error::{hidden, invalid, unless};
use crate::Origins;

/// What the grants and the client's own settings say.
const RESERVED: [&str; 5] = [
    "client_id",
    "client_secret",
    "grant_type",
    "refresh_token",
    "scope",
];

/// Who we are at a token endpoint: its address, our id there, and how we prove it.
///
/// Cheap to clone.
///
/// ```
/// use tower_client_auth::oauth::OAuthClient;
///
/// let app = OAuthClient::builder("https://login.example/token", "app").build()?;
/// let service = OAuthClient::builder("https://login.example/token", "service")
///     .client_secret("s3cret")
///     .scope("trips vehicles")
///     .parameter("audience", "https://api.example")
///     .build()?;
///
/// assert!(OAuthClient::builder("http://login.example/token", "app").build().is_err());
/// # let _ = (app, service);
/// # Ok::<(), tower_client_auth::oauth::InvalidSetting>(())
/// ```
#[derive(Clone)]
pub struct OAuthClient(Arc<Inner>);

struct Inner {
    token_endpoint: Uri,
    client_id: String,
    proof: Proof,
    scope: Option<String>,
    parameters: Vec<(String, SecretString)>,
}

/// How the client proves who it is (RFC 6749 section 2.3).
enum Proof {
    /// It cannot: whoever has the program has its secrets.
    None,
    Basic(HeaderValue),
    InBody(SecretString),
}

impl OAuthClient {
    /// Returns a builder: of a public client, until it is given a secret.
    ///
    /// The endpoint has to be `https`, or `http` on this machine, without user information and
    /// fragment; a query is part of its address and is kept.
    pub fn builder(
        token_endpoint: impl Into<String>,
        client_id: impl Into<String>,
    ) -> OAuthClientBuilder {
        OAuthClientBuilder {
            token_endpoint: token_endpoint.into(),
            client_id: client_id.into(),
            secret: Secret::None,
            scope: None,
            parameters: Vec::new(),
        }
    }

    /// Creates a grant's request.
    pub(super) fn request(&self, grant: &[(&str, &str)]) -> Request<Full<Bytes>> {
        let body = Bytes::from_owner(self.form(grant));
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.0.token_endpoint.clone();
        let headers = request.headers_mut();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, form);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Proof::Basic(value) = &self.0.proof {
            headers.insert(AUTHORIZATION, value.clone());
        }
        request
    }

    fn form(&self, grant: &[(&str, &str)]) -> Zeroizing<String> {
        let client = &*self.0;
        let mut pairs = grant.to_vec();
        match &client.proof {
            Proof::None => pairs.push(("client_id", &client.client_id)),
            Proof::Basic(_) => {}
            Proof::InBody(secret) => {
                pairs.push(("client_id", &client.client_id));
                pairs.push(("client_secret", secret.expose_secret()));
            }
        }
        pairs.extend(client.scope.as_deref().map(|scope| ("scope", scope)));
        let parameters = client.parameters.iter();
        pairs.extend(parameters.map(|(name, value)| (&**name, value.expose_secret())));
        encode(&pairs)
    }
}

impl fmt::Debug for OAuthClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint = &self.0.token_endpoint;
        // Its query may be a key.
        let shown = format_args!(
            "{}://{}{}",
            endpoint.scheme_str().unwrap_or_default(),
            endpoint.host().unwrap_or_default(),
            endpoint.path()
        );
        f.debug_struct("OAuthClient")
            .field("token_endpoint", &shown)
            .field("client_id", &self.0.client_id)
            .field("scope", &self.0.scope)
            .finish_non_exhaustive()
    }
}

/// Builds an [`OAuthClient`]; made by [`OAuthClient::builder`].
#[must_use]
pub struct OAuthClientBuilder {
    token_endpoint: String,
    client_id: String,
    secret: Secret,
    scope: Option<String>,
    parameters: Vec<(String, SecretString)>,
}

enum Secret {
    None,
    InHeader(SecretString),
    InBody(SecretString),
}

impl OAuthClientBuilder {
    /// Proves who we are by this secret, by HTTP Basic authentication: what every server has to
    /// support (RFC 6749 section 2.3.1).
    ///
    /// Id and secret are form-urlencoded first, as that section says. Where a server does not
    /// decode them, send the secret in the body.
    pub fn client_secret(mut self, secret: impl Into<SecretString>) -> Self {
        self.secret = Secret::InHeader(secret.into());
        self
    }

    /// Proves who we are by this secret, in the request's body: for servers that cannot take it in
    /// a header.
    pub fn client_secret_in_body(mut self, secret: impl Into<SecretString>) -> Self {
        self.secret = Secret::InBody(secret.into());
        self
    }

    /// Asks for these scopes, parted by one space each. Default: what the server grants.
    ///
    /// Sent with refreshes too, where it must not be more than was granted at first.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// Adds a parameter of the server's own, such as `audience` or `resource`; a name may come
    /// several times. The value is taken for a secret.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] names the first setting that cannot be used.
    pub fn build(self) -> Result<OAuthClient, InvalidSetting> {
        let endpoint = &self.token_endpoint;
        let Some(token_endpoint) = endpoint_of(endpoint) else {
            let allowed = "https, or http on this machine, without user information and fragment";
            return Err(invalid("token_endpoint", endpoint, allowed));
        };
        let id = &self.client_id;
        let allowed = "any text that is not empty";
        unless(!id.is_empty(), "client_id", id, allowed)?;
        if let Some(scope) = &self.scope {
            let allowed = "one or more visible ASCII words without \" and \\, one space between";
            unless(is_scope(scope), "scope", scope, allowed)?;
        }
        for (name, _) in &self.parameters {
            let good = !name.is_empty() && !RESERVED.contains(&&**name);
            let allowed = "any name but those that grants and other settings send";
            unless(good, "parameter", name, allowed)?;
        }
        let proof = match self.secret {
            Secret::None => Proof::None,
            Secret::InHeader(secret) => Proof::Basic(basic(&self.client_id, &secret)?),
            Secret::InBody(secret) => Proof::InBody(secret),
        };
        Ok(OAuthClient(Arc::new(Inner {
            token_endpoint,
            client_id: self.client_id,
            proof,
            scope: self.scope,
            parameters: self.parameters,
        })))
    }
}

impl fmt::Debug for OAuthClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthClientBuilder")
            .field("client_id", &self.client_id)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// Where secrets may be sent: to an origin that credentials may go to.
fn endpoint_of(text: &str) -> Option<Uri> {
    // `Uri` forgets fragments.
    let uri: Uri = text.parse().ok().filter(|_| !text.contains('#'))?;
    let origin = format!("{}://{}", uri.scheme()?, uri.authority()?);
    let origins = Origins::new([origin]).ok()?;
    origins.contain(&uri).then_some(uri)
}

/// RFC 6749 section 3.3.
fn is_scope(scope: &str) -> bool {
    let is_token = |token: &str| {
        let mut bytes = token.bytes();
        !token.is_empty() && bytes.all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\\'))
    };
    scope.split(' ').all(is_token)
}

/// RFC 6749 section 2.3.1.
fn basic(id: &str, secret: &SecretString) -> Result<HeaderValue, InvalidSetting> {
    let secret = secret.expose_secret().as_bytes();
    let mut pair = wiped(3 * (id.len() + secret.len()) + 1);
    pair.extend(byte_serialize(id.as_bytes()));
    pair.push(':');
    pair.extend(byte_serialize(secret));
    let mut value = wiped("Basic ".len() + pair.len().div_ceil(3) * 4);
    value.push_str("Basic ");
    BASE64_STANDARD.encode_string(&*pair, &mut value);
    let Ok(mut value) = HeaderValue::from_maybe_shared(Bytes::from_owner(value)) else {
        let allowed = "what a header can carry";
        return Err(hidden("client_secret", allowed));
    };
    value.set_sensitive(true);
    Ok(value)
}

fn encode(pairs: &[(&str, &str)]) -> Zeroizing<String> {
    let lengths = pairs.iter().map(|(name, value)| name.len() + value.len());
    let longest = lengths.map(|length| 3 * length + 2).sum();
    let mut form = Serializer::new(String::with_capacity(longest));
    form.extend_pairs(pairs);
    Zeroizing::new(form.finish())
}

/// Room for a secret text: one that had to grow would leave a copy behind.
fn wiped(capacity: usize) -> Zeroizing<String> {
    Zeroizing::new(String::with_capacity(capacity))
}
