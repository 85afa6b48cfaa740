//! A sign-in that waits for a one-time code.

use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use super::Conversation;
use super::error::Failure;
use crate::secret::SecretJson;

/// How long the login host keeps an unfinished sign-in.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// A sign-in that waits for a one-time code, to be continued with
/// [`Login::resume`](super::Login::resume) within 30 minutes.
pub struct PendingLogin {
    conversation: Conversation,
    tree: SecretJson,
    prompt: String,
    since: Instant,
}

impl PendingLogin {
    pub(super) fn new(conversation: Conversation, tree: SecretJson, prompt: String) -> Self {
        Self {
            conversation,
            tree,
            prompt,
            since: Instant::now(),
        }
    }

    /// Returns what the login host asks for, such as `One Time Password`.
    #[must_use]
    pub fn prompt(&self) -> &str {
        &self.prompt
    }

    pub(super) fn reopen(self) -> Result<(Conversation, SecretJson), Failure> {
        if self.since.elapsed() < LIFETIME {
            Ok((self.conversation, self.tree))
        } else {
            Err(Failure::Expired)
        }
    }
}

impl fmt::Debug for PendingLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingLogin")
            .field("prompt", &self.prompt)
            .finish_non_exhaustive()
    }
}
