//! Text of the service that may be shown.

const MAX_CHARS: usize = 64;

/// At most 64 characters of a remote text, without control characters: enough to name a step or
/// an error code, too little to smuggle a document or terminal commands into a log.
pub(crate) fn excerpt(text: &str) -> String {
    let printable = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut excerpt: String = printable.take(MAX_CHARS).collect();
    if text.chars().nth(MAX_CHARS).is_some() {
        excerpt.push('…');
    }
    excerpt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_short_and_printable() {
        assert_eq!(excerpt("One Time Password"), "One Time Password");
        assert_eq!(excerpt("a\u{1b}[2Jb\nc"), "a [2Jb c");
        assert_eq!(excerpt(&"ü".repeat(100)).chars().count(), 65);
    }
}
