//! How a call ended, as far as series tell it apart.

use std::error::Error;

use http::StatusCode;
use tower_client_call::{CallRecord, ResponseError};

use crate::Label;
use crate::bounded::OTHER;
use crate::failure::{self, is_error, word_for};

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum End {
    /// With an answer, which is an error if its status is.
    Answer(StatusCode),
    /// With an error of this kind.
    Error(&'static str),
}

/// How a call ended, for its labels: successes are all alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Verdict {
    Success,
    ErrorAnswer(StatusCode),
    Error(&'static str),
}

impl End {
    pub(crate) const CANCELLED: Self = Self::Error(failure::CANCELLED);

    pub(crate) fn of_status(status: StatusCode) -> Self {
        Self::Answer(status)
    }

    /// What a layer that types errors has called it says most.
    pub(crate) fn of_error(error: &(dyn Error + 'static), record: &CallRecord) -> Self {
        if let Some(kind) = record.error_kind() {
            return Self::Error(kind);
        }
        match ResponseError::find(error).map(ResponseError::status) {
            Some(status) if is_error(status) => Self::Answer(status),
            Some(_) => Self::Error(OTHER),
            None => Self::Error(word_for(error)),
        }
    }

    /// Returns the status of the answer, if there was one.
    pub(crate) fn status(self) -> Option<StatusCode> {
        match self {
            Self::Answer(status) => Some(status),
            Self::Error(_) => None,
        }
    }

    pub(crate) fn verdict(self) -> Verdict {
        match self {
            Self::Answer(status) if is_error(status) => Verdict::ErrorAnswer(status),
            Self::Answer(_) => Verdict::Success,
            Self::Error(kind) => Verdict::Error(kind),
        }
    }
}

impl Verdict {
    /// Returns all that is told of it beyond the bounds.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Success => Self::Success,
            Self::ErrorAnswer(_) | Self::Error(_) => Self::Error(OTHER),
        }
    }

    /// Returns what kind of error it was, if it was one.
    pub(crate) fn kind(&self) -> Option<&str> {
        match self {
            Self::Success => None,
            Self::ErrorAnswer(status) => Some(status.as_str()),
            Self::Error(kind) => Some(kind),
        }
    }

    pub(crate) fn labels(&self) -> Vec<Label<'_>> {
        let kind = self.kind();
        let status = if kind.is_some() { "error" } else { "success" };
        let mut labels = vec![Label::new("status", status)];
        labels.extend(kind.map(|kind| Label::new("kind", kind)));
        labels
    }
}
