//! What came of a request, as far as series tell it apart.

use std::error::Error;

use http::{Response, StatusCode, Version};
use tower_client_call::ResponseError;

use crate::bounded::OTHER;
use crate::failure::{is_error, word_for};
use crate::{Label, Value};

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reply {
    /// An answer.
    Answer(StatusCode, Version),
    /// An answer that a layer below has made an error of.
    Refusal(StatusCode),
    /// None, for the reason of this word.
    Failure(&'static str),
    /// What is one too many to be told apart.
    Other { is_error: bool },
}

impl Reply {
    pub(crate) fn of<B>(response: &Response<B>) -> Self {
        Self::Answer(response.status(), response.version())
    }

    pub(crate) fn of_error(error: &(dyn Error + 'static)) -> Self {
        match ResponseError::find(error) {
            Some(answer) => Self::Refusal(answer.status()),
            None => Self::Failure(word_for(error)),
        }
    }

    /// Returns the status, if there was one.
    pub(crate) fn status(self) -> Option<StatusCode> {
        match self {
            Self::Answer(status, _) | Self::Refusal(status) => Some(status),
            Self::Failure(_) | Self::Other { .. } => None,
        }
    }

    /// Returns all that is told of it beyond the bounds.
    pub(crate) fn other(self) -> Self {
        let is_error = self.error_type().is_some();
        Self::Other { is_error }
    }

    /// Returns what kind of error it is, if it is one; for an answer its status.
    pub(crate) fn error_type(&self) -> Option<&str> {
        match self {
            Self::Answer(status, _) | Self::Refusal(status) if is_error(*status) => {
                Some(status.as_str())
            }
            Self::Answer(..) | Self::Other { is_error: false } => None,
            Self::Failure(word) => Some(word),
            Self::Refusal(_) | Self::Other { is_error: true } => Some(OTHER),
        }
    }

    /// Returns the labels for it.
    pub(crate) fn labels(&self) -> Vec<Label<'_>> {
        let (status, version) = match self {
            Self::Answer(status, version) => (Some(status.as_u16().into()), number(*version)),
            Self::Refusal(status) => (Some(status.as_u16().into()), None),
            Self::Failure(_) => (None, None),
            Self::Other { .. } => (Some(Value::Text(OTHER)), None),
        };
        let status = status.map(|status| Label::new("http.response.status_code", status));
        let version = version.map(|it| Label::new("network.protocol.version", it));
        let mut labels: Vec<_> = status.into_iter().chain(version).collect();
        labels.extend(self.error_type().map(|it| Label::new("error.type", it)));
        labels
    }
}

fn number(version: Version) -> Option<&'static str> {
    match version {
        Version::HTTP_09 => Some("0.9"),
        Version::HTTP_10 => Some("1.0"),
        Version::HTTP_11 => Some("1.1"),
        Version::HTTP_2 => Some("2"),
        Version::HTTP_3 => Some("3"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use http::HeaderMap;

    use super::*;

    fn labels(reply: Reply) -> Vec<(String, String)> {
        let text = |value| match value {
            Value::Text(text) => text.to_owned(),
            Value::Number(number) => number.to_string(),
        };
        let labels = reply.labels();
        let pairs = labels.iter().map(|it| (it.name.to_owned(), text(it.value)));
        pairs.collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        let pairs = expected
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        pairs.collect()
    }

    #[test]
    fn an_answer_that_is_an_error_has_its_status_as_its_type() {
        let answer = |code, version| {
            let mut response = Response::new(());
            *response.status_mut() = StatusCode::from_u16(code).unwrap();
            *response.version_mut() = version;
            labels(Reply::of(&response))
        };
        let status = "http.response.status_code";
        let version = "network.protocol.version";

        assert_eq!(
            answer(200, Version::HTTP_11),
            pairs(&[(status, "200"), (version, "1.1")])
        );
        assert_eq!(
            answer(304, Version::HTTP_2),
            pairs(&[(status, "304"), (version, "2")])
        );
        for code in ["400", "404", "503", "999"] {
            let expected = pairs(&[(status, code), (version, "2"), ("error.type", code)]);
            assert_eq!(answer(code.parse().unwrap(), Version::HTTP_2), expected);
        }
    }

    #[test]
    fn a_failure_is_named_by_what_its_source_chain_says() {
        for (kind, word) in [
            (io::ErrorKind::TimedOut, "timeout"),
            (io::ErrorKind::ConnectionRefused, "connect"),
            (io::ErrorKind::ConnectionReset, "transport"),
            (io::ErrorKind::Other, OTHER),
        ] {
            let reply = Reply::of_error(&io::Error::from(kind));

            assert_eq!(labels(reply), pairs(&[("error.type", word)]), "{kind:?}");
            assert_eq!(reply.status(), None);
        }
    }

    #[test]
    fn an_answer_that_became_an_error_is_still_one() {
        let answer = ResponseError::new(StatusCode::BAD_GATEWAY, HeaderMap::new());

        let reply = Reply::of_error(&io::Error::other(answer));

        let expected = [("http.response.status_code", "502"), ("error.type", "502")];
        assert_eq!(labels(reply), pairs(&expected));
    }

    #[test]
    fn an_answer_that_is_no_error_can_become_one_all_the_same() {
        let answer = ResponseError::new(StatusCode::OK, HeaderMap::new());

        let reply = Reply::of_error(&answer);

        let expected = [("http.response.status_code", "200"), ("error.type", OTHER)];
        assert_eq!(labels(reply), pairs(&expected));
    }
}
