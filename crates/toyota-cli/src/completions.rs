//! What completes the command line in a shell.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::args::Args;
use crate::failure::Failure;

/// Prints the script of a shell.
pub(crate) fn print(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    generate(shell, &mut Args::command(), "toyota", &mut script);
    let written = io::stdout().write_all(&script);
    written.map_err(|error| Failure::output(&error))
}
