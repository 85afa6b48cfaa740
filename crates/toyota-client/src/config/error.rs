//! All that is wrong with settings.

use std::fmt;

use super::problem::shorten;
use super::{Place, Problem};

/// Whoever has made more mistakes than this has given the wrong file.
const MAX_PROBLEMS: usize = 100;

/// Settings that cannot be used: all that is wrong with them, a line each. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    problems: Vec<Problem>,
    more: usize,
}

impl ConfigError {
    pub(super) fn of(problem: Problem) -> Self {
        Self {
            problems: vec![problem],
            more: 0,
        }
    }

    pub(crate) fn brand_header(name: &str, value: &str) -> Self {
        let place = Place::Method("with_brand");
        let key = format!("header {}", shorten(name));
        let allowed = "a header name and a value of visible ASCII characters";
        Self::of(Problem::of_key(place, &key, Some(shorten(value)), allowed))
    }

    pub(crate) fn nameless_store() -> Self {
        Self::missing("auth.username", "tokens are stored under a user name")
    }

    pub(crate) fn unusable_client_secret() -> Self {
        let place = Place::Embedded;
        Self::of(Problem::shape(place, "auth.client_secret", "a text"))
    }

    pub(super) fn missing(path: &str, needed: &str) -> Self {
        Self::of(Problem::missing(path, needed))
    }

    /// Returns what is wrong, file by file and variable by variable: the first hundred things.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, problem) in self.problems.iter().enumerate() {
            let newline = if number == 0 { "" } else { "\n" };
            write!(f, "{newline}{problem}")?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl std::error::Error for ConfigError {}

/// What is found wrong while settings are read.
#[derive(Debug, Default)]
pub(super) struct Problems {
    found: Vec<Problem>,
    more: usize,
}

impl Problems {
    /// Takes note of a problem, which is only made if there is room for it.
    pub(super) fn add(&mut self, problem: impl FnOnce() -> Problem) {
        if self.found.len() < MAX_PROBLEMS {
            self.found.push(problem());
        } else {
            self.more += 1;
        }
    }

    /// Tells whether one of them is about this key.
    pub(super) fn are_about(&self, key: &str) -> bool {
        self.found.iter().any(|problem| problem.key() == Some(key))
    }

    pub(super) fn into_result<T>(self, good: T) -> Result<T, ConfigError> {
        if self.found.is_empty() {
            return Ok(good);
        }
        Err(ConfigError {
            problems: self.found,
            more: self.more,
        })
    }
}
