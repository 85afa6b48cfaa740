//! Faults by a word, as one says them on a command line.

use std::{str::FromStr, time::Duration};

use http::StatusCode;

use super::Fault;
use crate::error::UnknownFault;

/// Longer than any client waits.
const FOR_EVER: Duration = Duration::from_secs(24 * 60 * 60);

/// Reads a status from 200 to 599, or `reset`, `truncated`, `garbage`, `noise`, `html`, `endless` or
/// `silence`.
impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(word: &str) -> Result<Self, UnknownFault> {
        Ok(match word {
            "reset" => Self::reset_before_read(),
            "truncated" => Self::truncated(),
            "garbage" => Self::garbage_body(),
            "noise" => Self::garbage_wire(),
            "html" => Self::html(StatusCode::OK),
            "endless" => Self::endless(Duration::from_millis(100)),
            "silence" => Self::pass().after(FOR_EVER),
            number => {
                let number = number.parse().ok();
                let number = number.filter(|number| (200..600).contains(number));
                let status = number.and_then(|number| StatusCode::from_u16(number).ok());
                Self::status(status.ok_or(UnknownFault)?)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Kind;

    #[test]
    fn a_fault_is_a_status_or_a_word() {
        let kind = |word: &str| word.parse().map(|fault: Fault| fault.kind());

        assert_eq!(kind("reset"), Ok(Kind::ResetBeforeRead));
        assert_eq!(kind("noise"), Ok(Kind::GarbageWire));
        for status in [200, 429, 503, 599] {
            let expected = Kind::Status(StatusCode::from_u16(status).unwrap());
            assert_eq!(kind(&status.to_string()), Ok(expected));
        }
        assert!("silence".parse::<Fault>().unwrap().latency() >= Duration::from_secs(3600));
        for no_fault in ["", "199", "600", "-503", "503 ", "Reset", "unheard-of"] {
            assert_eq!(kind(no_fault), Err(UnknownFault), "{no_fault}");
        }
    }
}
