//! The name of what a call does.

use http::{Extensions, Request};

/// What a call does, in few words that never vary with its arguments.
///
/// Metrics label by it and rules are looked up by it, so both texts are static: a path with an
/// identifier in it cannot become a label by accident. Absent, a call has no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operation {
    name: &'static str,
    template: &'static str,
}

impl Operation {
    /// Creates an operation from its name (`trip`) and its route template (`/v1/trips/{id}`).
    #[must_use]
    pub const fn new(name: &'static str, template: &'static str) -> Self {
        Self { name, template }
    }

    /// Returns the name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Returns the route template, OpenTelemetry's `url.template`.
    #[must_use]
    pub const fn template(self) -> &'static str {
        self.template
    }

    /// Returns the operation of a request.
    #[must_use]
    pub fn of<B>(request: &Request<B>) -> Option<Self> {
        Self::find(request.extensions())
    }

    /// Returns the operation among a request's extensions.
    #[must_use]
    #[inline] // 21 instructions of a call's 300, with `CallRecord::find`
    pub fn find(extensions: &Extensions) -> Option<Self> {
        extensions.get().copied()
    }
}
