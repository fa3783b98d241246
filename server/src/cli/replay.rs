//! `haigou replay`.

use std::path::{Path, PathBuf};

use haigou_server::replay::{Difference, Scenario, State};
use serde::Serialize;

use super::{Failed, Verdict, output};

/// What came of a scenario, as a line of JSON.
#[derive(Serialize)]
struct Report<'r> {
    file: String,
    name: &'r str,
    ok: bool,
    differences: &'r [Difference],
}

/// Replays scenarios, each by itself. All are read before any is replayed.
pub(super) fn run(files: &[PathBuf], state: bool, json: bool) -> Result<Verdict, Failed> {
    let mut verdict = Verdict::Yes;
    for (file, scenario) in files.iter().zip(read(files)?) {
        let came = scenario
            .replay()
            .map_err(|error| format!("{}: {error}", file.display()))?;
        if state {
            output::print(&serde_json::to_string(&came)?);
        } else if !is_as_expected(file, &scenario, &came, json)? {
            verdict = Verdict::No;
        }
    }
    Ok(verdict)
}

/// Reads all scenarios; says of each that can't be one what is wrong with it.
fn read(files: &[PathBuf]) -> Result<Vec<Scenario>, Failed> {
    let mut scenarios = Vec::with_capacity(files.len());
    let mut flaws = Vec::new();
    for file in files {
        let scenario = std::fs::read_to_string(file)
            .map_err(|error| error.to_string())
            .and_then(|text| Scenario::parse(&text).map_err(|error| error.to_string()));
        match scenario {
            Ok(scenario) => scenarios.push(scenario),
            Err(flaw) => flaws.push(format!("{}: {flaw}", file.display())),
        }
    }
    if flaws.is_empty() {
        Ok(scenarios)
    } else {
        Err(flaws.join("\nhaigou: ").into())
    }
}

/// Compares with what was expected, and prints a line.
fn is_as_expected(file: &Path, scenario: &Scenario, came: &State, json: bool) -> Result<bool, Failed> {
    let differences = scenario.differences(came)?;
    let ok = differences.is_empty();
    if json {
        output::print(&serde_json::to_string(&Report {
            file: file.display().to_string(),
            name: &scenario.name,
            ok,
            differences: &differences,
        })?);
    } else {
        let told: Vec<_> = differences.iter().map(ToString::to_string).collect();
        let (word, colon) = if ok { ("ok", "") } else { ("FAILED", ": ") };
        output::print(&format!("{word} {}{colon}{}", file.display(), told.join("; ")));
    }
    Ok(ok)
}
