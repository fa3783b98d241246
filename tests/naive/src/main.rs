//! `haigou-naive FILE...` prints the state of scenarios as the naive model has it, in the shape of
//! `haigou replay --state`; `haigou-naive --seed N [EVENTS]` prints a random scenario.

use std::process::ExitCode;

use haigou_naive::{Scenario, generate, state_of};

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(lines) => {
            lines.iter().for_each(|line| println!("{line}"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("haigou-naive: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    match arguments {
        [seed_of, seed, events @ ..] if seed_of == "--seed" => {
            let events = events.first().map_or(Ok(60), |events| events.parse())?;
            let scenario = generate::scenario(seed.parse()?, events);
            Ok(vec![serde_json::to_string_pretty(&scenario.written())?])
        }
        files => files
            .iter()
            .map(|file| {
                let scenario: Scenario = serde_json::from_slice(&std::fs::read(file)?)?;
                Ok(state_of(&scenario).to_string())
            })
            .collect(),
    }
}
