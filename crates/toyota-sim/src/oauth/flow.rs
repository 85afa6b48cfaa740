//! The shapes that the authorize and token answers can take.

/// How a valid authorize call is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthorizeFlow {
    /// Redirects to the app with a code.
    #[default]
    Redirect,
    /// Redirects without saying where to.
    NoLocation,
    /// Redirects to the app with an error in place of a code (RFC 6749, section 4.1.2.1).
    ErrorRedirect {
        /// The error, such as `access_denied`.
        error: String,
    },
    /// Answers 200 with a page, as if a person should log in there.
    Ok200,
    /// Redirects to a scheme and path that were not asked for.
    WrongRedirect,
    /// Redirects to the app with neither a code nor an error.
    NoCode,
}

/// How a valid token call is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenFlow {
    /// Answers with every field.
    #[default]
    Complete,
    /// Leaves out the field of this name, such as `id_token`.
    Without(String),
}
