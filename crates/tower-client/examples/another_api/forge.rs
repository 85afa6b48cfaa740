//! A typed client of the API, of which nobody outside sees a header.

mod errors;
mod limits;
mod links;
mod pages;
mod repo;
mod stack;

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Uri};
use http_body_util::{BodyExt, Full, Limited};
use serde::de::DeserializeOwned;
use serde_json::json;
use tower::{BoxError, ServiceExt};
use tower_client::call::{CacheOutcome, Deadline, Operation};
use tower_client::metrics::Registry;

pub(crate) use self::errors::Error;
pub(crate) use self::pages::Pages;
pub(crate) use self::repo::Repo;
pub(crate) use self::stack::App;
use self::stack::Service;

const REPOS: Operation = Operation::new("repos", "/users/{owner}/repos");
const REPO: Operation = Operation::new("repo", "/repos/{owner}/{name}");
const CREATE: Operation = Operation::new("create_repo", "/user/repos");

const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/vnd.forge+json");
/// For a whole call, with all that is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
const LONGEST_ANSWER: usize = 1024 * 1024;

/// A client of the API. Its clones share connections, the token, the cache, and what is known of
/// rate limits.
#[derive(Clone, Debug)]
pub(crate) struct Forge {
    origin: Uri,
    service: Service,
}

/// What was answered.
struct Answer<T> {
    value: T,
    cache: CacheOutcome,
    next: Option<Uri>,
}

impl Forge {
    /// Creates the client of the API at an origin, as an app that is known there.
    pub(crate) fn new(origin: &str, app: App<'_>, registry: &Registry) -> Result<Self, BoxError> {
        Ok(Self {
            origin: origin.parse()?,
            service: stack::build(origin, app, registry)?,
        })
    }

    /// Returns the repositories of an owner, page by page.
    pub(crate) fn repos(&self, owner: &str) -> Result<Pages, Error> {
        let first = self.uri(format_args!("/users/{}/repos", name(owner)?))?;
        Ok(Pages::new(self.clone(), first))
    }

    /// Returns a repository.
    pub(crate) async fn repo(&self, owner: &str, repo: &str) -> Result<Repo, Error> {
        let uri = self.uri(format_args!("/repos/{}/{}", name(owner)?, name(repo)?))?;
        Ok(self.get(REPO, uri, false).await?.value)
    }

    /// Creates a repository of our own.
    pub(crate) async fn create(&self, repo: &str) -> Result<Repo, Error> {
        let mut request = Request::new(Full::from(json!({ "name": repo }).to_string()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri(format_args!("/user/repos"))?;
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        Ok(self.send(CREATE, request).await?.value)
    }

    /// Asks for what is at a URI; the cache's answer is validated first where it has to be.
    async fn get<T: DeserializeOwned>(
        &self,
        operation: Operation,
        uri: Uri,
        validated: bool,
    ) -> Result<Answer<T>, Error> {
        let mut request = Request::new(Full::default());
        *request.uri_mut() = uri;
        if validated {
            let no_cache = HeaderValue::from_static("no-cache");
            request.headers_mut().insert(CACHE_CONTROL, no_cache);
        }
        self.send(operation, request).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        operation: Operation,
        mut request: Request<Full<Bytes>>,
    ) -> Result<Answer<T>, Error> {
        request.headers_mut().insert(ACCEPT, MEDIA_TYPE);
        let facts = request.extensions_mut();
        facts.insert(operation);
        facts.insert(Deadline::within(PATIENCE));

        let response = self.service.clone().oneshot(request).await?;

        let (head, body) = response.into_parts();
        let body = Limited::new(body, LONGEST_ANSWER).collect().await;
        let body = body.map_err(Error::Broken)?.to_bytes();
        let cache = head.extensions.get().copied();
        Ok(Answer {
            value: serde_json::from_slice(&body).map_err(Error::Unreadable)?,
            cache: cache.unwrap_or(CacheOutcome::Bypass),
            next: links::next(&head.headers),
        })
    }

    fn uri(&self, path: std::fmt::Arguments<'_>) -> Result<Uri, Error> {
        let mut parts = self.origin.clone().into_parts();
        let path = path.to_string().parse();
        parts.path_and_query = Some(path.map_err(|_| Error::Name)?);
        Uri::from_parts(parts).map_err(|_| Error::Name)
    }

    /// Tells whether a URI that the API gave us is its own.
    fn is_ours(&self, uri: &Uri) -> bool {
        uri.scheme() == self.origin.scheme() && uri.authority() == self.origin.authority()
    }
}

/// Returns a name that can be put into a path: there is nothing in it that means something there.
fn name(text: &str) -> Result<&str, Error> {
    let is_good = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let has_good = (1..=100).contains(&text.len()) && text.bytes().all(is_good);
    let is_step = matches!(text, "." | "..");
    if has_good && !is_step {
        Ok(text)
    } else {
        Err(Error::Name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_nothing_else_in_a_path() {
        for (text, is_good) in [
            ("octo", true),
            ("hello-World_2.0", true),
            ("...", true),
            ("", false),
            ("..", false),
            ("a/b", false),
            ("a%2Fb", false),
            ("a?b", false),
            ("a b", false),
            ("é", false),
        ] {
            assert_eq!(name(text).is_ok(), is_good, "{text:?}");
        }
        assert!(name(&"a".repeat(101)).is_err());
    }
}
