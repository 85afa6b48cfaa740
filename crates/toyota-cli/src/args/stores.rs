//! Stores on the command line, where others can read them.

use std::fmt;

use toyota_client::cache::StoreUrl;

/// A store as it was written, which may have a password: it is shown nowhere.
#[derive(Clone)]
pub(crate) struct StoreArg(String);

impl StoreArg {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether it has what only its owner should see.
    pub(crate) fn has_credentials(&self) -> bool {
        let url = self.0.parse::<StoreUrl>();
        url.is_ok_and(|url| url.has_credentials())
    }
}

impl From<String> for StoreArg {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for StoreArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreArg").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_seen_and_not_shown() {
        let arg = StoreArg::from("redis://anna:s3cret@localhost".to_owned());

        assert!(arg.has_credentials());
        assert_eq!(format!("{arg:?}"), "StoreArg { .. }");
        assert!(!StoreArg::from("redis://localhost".to_owned()).has_credentials());
    }
}
