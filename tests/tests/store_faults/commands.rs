//! How many commands a client has sent.

/// Takes the commands that are whole off a buffer, and returns how many these were.
pub(crate) fn take(buffer: &mut Vec<u8>) -> usize {
    let mut count = 0;
    while let Some(length) = length(buffer) {
        buffer.drain(..length);
        count += 1;
    }
    count
}

/// Returns how long the first command is, an array of strings.
fn length(bytes: &[u8]) -> Option<usize> {
    let (parts, mut at) = number(bytes, 0)?;
    for _ in 0..parts {
        let (length, next) = number(bytes, at)?;
        at = next + length + 2;
    }
    (at <= bytes.len()).then_some(at)
}

/// Reads the number behind a sign, and returns where its line ends.
fn number(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let line = bytes.get(at + 1..)?;
    let end = line.windows(2).position(|pair| pair == b"\r\n")?;
    let number = std::str::from_utf8(&line[..end]).ok()?.parse().ok()?;
    Some((number, at + 1 + end + 2))
}

#[test]
fn commands_are_taken_as_they_become_whole() {
    let mut buffer = b"*1\r\n$4\r\nPING\r\n*2\r\n$3\r\nGET\r\n$2\r\n\r".to_vec();

    assert_eq!(take(&mut buffer), 1);
    buffer.extend_from_slice(b"\n\r\n");

    assert_eq!(take(&mut buffer), 1);
    assert!(buffer.is_empty());
}
