//! The shapes that a login can take.

/// What the login tree does with logins that begin from now on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoginFlow {
    /// Asks for the locale, the user name and the password, in the four posts that the service was
    /// recorded with.
    #[default]
    Recorded,
    /// Hands out a session on the first post, which names nobody: it is the first account's.
    Short,
    /// Asks the first question again and again.
    Endless,
    /// Refuses the right password for want of a one-time code (401 with `otperror`).
    CodeRefused,
    /// Asks for a one-time code after the right password.
    CodeStep {
        /// The code that is accepted; any other is refused (401 with `otperror`).
        code: String,
    },
    /// Asks for something unheard of after the right password, and refuses any answer.
    UnknownCallback {
        /// The callback's type, such as `DeviceProfileCallback`.
        kind: String,
    },
}
