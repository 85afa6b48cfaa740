//! Runs one case of `tests::cost` so many times: `cargo bench -p tests --bench cost -- error 1000`.
//!
//! Prints the allocations per call. `instructions.sh` beside it counts the instructions.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program, whose figures are for people"
)]

use std::alloc::System;
use std::num::NonZeroU32;
use std::process::ExitCode;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tests::cost::{CASES, Case};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Calls that pay for what is made once.
const WARM_UP: u32 = 100;

fn main() -> ExitCode {
    // cargo says `--bench` to every benchmark.
    let arguments = std::env::args().skip(1).filter(|word| word != "--bench");
    match read(&arguments.collect::<Vec<_>>()) {
        Ok((case, calls)) => {
            run(case, calls);
            ExitCode::SUCCESS
        }
        Err(problem) => {
            let cases: Vec<_> = CASES.iter().map(|case| case.name).collect();
            eprintln!(
                "{problem}\nusage: cost CASE N, where CASE is one of: {}",
                cases.join(", ")
            );
            ExitCode::from(2)
        }
    }
}

fn read(arguments: &[String]) -> Result<(&'static Case, NonZeroU32), String> {
    let [name, calls] = arguments else {
        return Err("a case and a number of calls are needed".to_owned());
    };
    let case = Case::find(name).ok_or_else(|| format!("there is no case {name:?}"))?;
    let calls = calls.parse();
    let calls = calls.map_err(|error| format!("not a number of calls: {error}"))?;
    Ok((case, calls))
}

fn run(case: &Case, calls: NonZeroU32) {
    let mut make = case.start();
    make(WARM_UP);

    let region = Region::new(ALLOCATOR);
    make(calls.get());
    let change = region.change();

    let hundredths = (change.allocations + change.reallocations) * 100;
    let hundredths = u64::try_from(hundredths).unwrap_or(u64::MAX) / u64::from(calls.get());
    let (whole, part) = (hundredths / 100, hundredths % 100);
    println!(
        "{}: {calls} calls, {whole}.{part:02} allocations per call",
        case.name
    );
}
