//! What the API has, as values.

use serde::Deserialize;

/// A repository. What the API says beside that is left out.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Repo {
    pub(crate) full_name: String,
    pub(crate) description: Option<String>,
    #[serde(default)]
    pub(crate) stargazers_count: u64,
}
