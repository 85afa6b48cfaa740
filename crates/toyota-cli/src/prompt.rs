//! Asking whoever sits at the terminal: on stderr, so that a result can be piped on.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use secrecy::SecretString;

use crate::failure::Failure;
use crate::logging::Secrets;
use crate::show::printable;

/// A line longer than this is not an answer.
const LONGEST_ANSWER: u64 = 1024;

/// Tells whether somebody is there who can be asked.
pub(crate) fn is_possible() -> bool {
    io::stdin().is_terminal()
}

/// Asks for a text; `instead` says what to set where nobody can be asked.
pub(crate) fn ask(what: &str, instead: &str) -> Result<String, Failure> {
    ensure_possible(what, instead)?;
    line(what, &mut io::stdin().lock(), &mut io::stderr()).map_err(Failure::internal)
}

/// Asks for a secret without showing it, here and in the log.
pub(crate) fn ask_secret(
    what: &str,
    instead: &str,
    secrets: &Secrets,
) -> Result<SecretString, Failure> {
    ensure_possible(what, instead)?;
    let answer = rpassword::prompt_password(asked(what));
    let secret = answer.map_err(Failure::internal)?.trim().into();
    secrets.add(&secret);
    Ok(secret)
}

/// Asks whether to go on, unless that was said already.
pub(crate) fn confirm(question: &str, yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !is_possible() {
        let unasked = format!("{question} There is no terminal to ask at");
        return Err(Failure::usage(unasked).but("say --yes if that is meant"));
    }
    let asked = format!("{question} [y/N]");
    let answer = line(&asked, &mut io::stdin().lock(), &mut io::stderr());
    if is_yes(&answer.map_err(Failure::internal)?) {
        return Ok(());
    }
    let refused = Failure::usage("nothing was done: it was not confirmed");
    Err(refused.but("say y, or --yes, if that is meant"))
}

/// Asks a question and reads the line that answers it.
pub(crate) fn line(
    what: &str,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> io::Result<String> {
    output.write_all(asked(what).as_bytes())?;
    output.flush()?;
    let mut text = String::new();
    let mut input = input.by_ref().take(LONGEST_ANSWER);
    if input.read_line(&mut text)? == 0 {
        // Who ends the input begins no new line.
        writeln!(output)?;
    }
    Ok(text.trim().to_owned())
}

/// A question as it stands before its answer; it can be a login host's.
fn asked(what: &str) -> String {
    format!("{}: ", printable(what))
}

fn is_yes(answer: &str) -> bool {
    ["y", "yes"].contains(&answer.to_ascii_lowercase().as_str())
}

fn ensure_possible(what: &str, instead: &str) -> Result<(), Failure> {
    if is_possible() {
        return Ok(());
    }
    let message = format!("{what} is needed and there is no terminal to ask at: set {instead}");
    Err(Failure::usage(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_one() {
        for (answer, yes) in [
            ("y", true),
            ("YES", true),
            ("", false),
            ("n", false),
            ("yes please", false),
        ] {
            assert_eq!(is_yes(answer), yes, "{answer:?}");
        }
    }

    #[test]
    fn an_answer_is_one_line_without_its_surroundings() {
        let mut output = Vec::new();

        let answer = line("Which", &mut " 2 \nrest".as_bytes(), &mut output);

        assert_eq!(answer.unwrap(), "2");
        assert_eq!(output, b"Which: ");
    }

    #[test]
    fn the_end_of_the_input_is_no_answer() {
        let answer = line("Which", &mut io::empty(), &mut Vec::new());

        assert_eq!(answer.unwrap(), "");
    }

    #[test]
    fn what_is_said_after_no_answer_stands_on_its_own_line() {
        let mut output = Vec::new();

        line("Which", &mut io::empty(), &mut output).unwrap();

        assert_eq!(output, b"Which: \n");
    }

    #[test]
    fn a_login_host_asks_for_no_more_than_a_code() {
        assert_eq!(asked("Code\u{202e}\u{1b}[2J"), "Code\u{fffd}\u{fffd}[2J: ");
    }

    #[test]
    fn an_endless_line_is_cut() {
        let endless = io::repeat(b'y');

        let answer = line("Which", &mut io::BufReader::new(endless), &mut Vec::new());

        assert_eq!(answer.unwrap().len(), 1024);
    }
}
