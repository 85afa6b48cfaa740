//! `toyota-sim`: the simulator as a program of its own.

mod options;

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use toyota_sim::{Account, Simulator};

use self::options::{Command, HELP, Options};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(error.as_ref());
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments = std::env::args_os().skip(1);
    match options::parse(arguments.map(|argument| argument.to_string_lossy().into_owned()))? {
        Command::Help => io::stdout().write_all(HELP.as_bytes())?,
        Command::Serve(options) => tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(serve(options))?,
    }
    Ok(())
}

async fn serve(options: Options) -> Result<(), Box<dyn Error>> {
    let mut builder = Simulator::builder()
        .port(options.port)
        .families(options.families)
        .account(Account::demo_with_cars(options.cars))
        .seed(options.seed);
    if options.certificate_path.is_some() {
        builder = builder.tls();
    }
    let sim = builder.start().await?;
    if options.drive {
        sim.drive_all();
    }
    sim.fail_api_randomly(f64::from(options.fail_percent) / 100.0, &options.fail)?;
    if let (Some(path), Some(pem)) = (options.certificate_path, sim.certificate_pem()) {
        std::fs::write(path, pem)?;
    }
    print_environment(&sim, &mut io::stdout().lock())?;
    tokio::signal::ctrl_c().await?;
    Ok(())
}

/// Prints what a client in another shell needs to know.
fn print_environment(sim: &Simulator, out: &mut impl Write) -> io::Result<()> {
    for (name, value) in sim.variables() {
        writeln!(out, "{name}={value}")?;
    }
    out.flush()
}

/// Prints an error and its causes on one line.
fn report(error: &dyn Error) {
    let mut text = format!("toyota-sim: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    // There is nobody left to tell if this fails.
    let _: io::Result<()> = writeln!(io::stderr(), "{text}");
}
