//! How an error reads: what it was about, what happened, and what the service said of it.

use std::fmt;

use super::{Detail, Error, Kind, Reason};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.operation().is_empty() {
            write!(f, "{}: ", self.operation())?;
        }
        if let Some(vin) = self.vin() {
            write!(f, "car {vin}: ")?;
        }
        let Some(detail) = self.0.detail() else {
            return fmt::Display::fmt(&self.0.kind(), f);
        };
        fmt::Display::fmt(detail, f)?;
        if let Some(header) = self.missing_header() {
            write!(f, " ({header})")?;
        }
        if let Some(status) = self.status() {
            write!(f, ", status {}", status.as_u16())?;
        }
        match self.response_code() {
            Some(code) => write!(f, " ({code})"),
            None => Ok(()),
        }
    }
}

/// What happened.
impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason {
            Reason::Refused(refusal) => f.write_str(refusal.as_str()),
            Reason::HiddenError => f.write_str("the service reported an error"),
            Reason::NotJson => f.write_str("the answer is not JSON"),
            Reason::TooLarge(limit) => write!(f, "the answer is larger than {limit} bytes"),
            Reason::Timeout(after) => {
                write!(f, "no whole answer within {} s", after.as_secs_f64())
            }
            Reason::Failed if self.kind == Kind::Timeout => f.write_str("no answer in time"),
            Reason::Failed => f.write_str("the service could not be talked to"),
            Reason::SignIn(_) => f.write_str("signing in failed"),
            Reason::Credential(_) => f.write_str("there is no token for the request"),
            Reason::InvalidTarget => f.write_str("the request cannot be sent"),
            Reason::NotOffered => f.write_str("the service does not offer this for the car"),
            Reason::NotAccepted => f.write_str("the command was not accepted"),
            Reason::InvalidCommand => f.write_str("the command cannot be sent"),
            Reason::UnknownUser => f.write_str("the request needs to know whose it is"),
            Reason::Crowded => f.write_str("too many calls wait for their turn already"),
            Reason::Config => f.write_str("a setting cannot be used"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("message", &self.to_string())
            .field("source", &std::error::Error::source(&self.0))
            .finish()
    }
}
