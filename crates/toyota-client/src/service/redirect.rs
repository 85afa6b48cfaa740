//! Which redirects are followed: reads, within one origin, a few.

use http::{Method, Request};
use tower_http::follow_redirect::policy::{Action, Attempt, Policy, SameOrigin};

use crate::Body;

const MAX_HOPS: u8 = 5;

/// Follows a redirected `GET` or `HEAD` within its origin, at most five times.
///
/// Elsewhere every header that identifies the app or the user would have to be found and removed;
/// the service is not known to redirect at all, so the answer is handed to the caller instead. A
/// redirected command is not repeated: it may have been carried out.
#[derive(Clone, Debug, Default)]
pub(crate) struct WithinOrigin {
    hops: u8,
    same_origin: SameOrigin,
}

impl<E> Policy<Body, E> for WithinOrigin {
    fn redirect(&mut self, attempt: &Attempt<'_>) -> Result<Action, E> {
        let read = [Method::GET, Method::HEAD].contains(attempt.previous_method());
        if !read || self.hops == MAX_HOPS {
            return Ok(Action::Stop);
        }
        self.hops += 1;
        Policy::<Body, E>::redirect(&mut self.same_origin, attempt)
    }

    fn on_request(&mut self, _: &mut Request<Body>) {}

    fn clone_body(&self, body: &Body) -> Option<Body> {
        body.try_clone()
    }
}
