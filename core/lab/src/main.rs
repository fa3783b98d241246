//! `haigou-lab`: the phone core's algorithms on files.

use clap::{Parser, Subcommand, ValueEnum};
use haigou_lab::score::{Scored, Summary, Total};
use haigou_lab::steps::StepSummary;
use haigou_lab::track::{self, TrackReport};
use haigou_lab::{LabError, score, steps};
use haigou_motion::GaitHint;
use serde::Serialize;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The phone core's algorithms on files.
#[derive(Parser)]
#[command(name = "haigou-lab", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Count the steps of accelerometer recordings
    #[command(
        after_help = "A recording is CSV (.gz too) with a header: t_ms, t_s or t_ns, and x,y,z in m/s² or
magnitude in raw units. Without --rest, the quietest second of a magnitude
recording stands for 1 g.

Example:
  haigou-lab steps --json walk.csv.gz
  haigou-lab steps --rest 22000 --kind walk wrist.csv"
    )]
    Steps {
        /// The recordings
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The magnitude that stands for 1 g
        #[arg(long, value_name = "VALUE", value_parser = positive)]
        rest: Option<f64>,
        /// What the person was doing
        #[arg(long, value_enum, default_value_t = Kind::Auto)]
        kind: Kind,
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// Measure distance, time, climb and calories of position recordings
    #[command(
        after_help = "A recording is GPX 1.0 or 1.1, or CSV: t_ms,lat,lon[,alt,accuracy_m,speed_mps,hr].

Example:
  haigou-lab track --weight 68 run.gpx"
    )]
    Track {
        /// The recordings
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The person's weight, for the calories
        #[arg(long, value_name = "KG", value_parser = positive)]
        weight: Option<f64>,
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// Compare counts and distances with the truth
    #[command(
        after_help = "A manifest is CSV with a header: file, and steps or distance_m; perhaps rest (the magnitude
that stands for 1 g) and group. Files whose truth is 0 count as false steps.

Example:
  haigou-lab score --group-by position data/steps/manifest.csv"
    )]
    Score {
        /// The manifest; its files lie beside it
        #[arg(value_name = "MANIFEST.csv")]
        manifest: PathBuf,
        /// The column that results are summed up by
        #[arg(long, value_name = "COLUMN", default_value = "group")]
        group_by: String,
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// The movement decides
    Auto,
    /// A walk
    Walk,
    /// A run
    Run,
}

impl From<Kind> for GaitHint {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Auto => Self::Auto,
            Kind::Walk => Self::Walk,
            Kind::Run => Self::Run,
        }
    }
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number > 0.0 => Ok(number),
        _ => Err("a number above 0 is expected".to_owned()),
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut desk = Desk {
        out: io::stdout().lock(),
        failed: false,
    };
    let done = match cli.command {
        Command::Steps {
            files,
            rest,
            kind,
            json,
        } => {
            let count = |file: &Path| steps::count(file, rest, kind.into());
            desk.each(&files, count, json, print_steps)
        }
        Command::Track { files, weight, json } => {
            let measure = |file: &Path| track::measure(file, weight);
            desk.each(&files, measure, json, print_track)
        }
        Command::Score {
            manifest,
            group_by,
            json,
        } => desk.score(&manifest, &group_by, json),
    };
    match done {
        Ok(()) if !desk.failed => ExitCode::SUCCESS,
        // Whoever read our output has had enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        _ => ExitCode::from(2),
    }
}

/// Where results go, and whether a file failed.
struct Desk<W> {
    out: W,
    failed: bool,
}

impl<W: Write> Desk<W> {
    /// Works on one file after the other; one that fails is told and does not stop the others.
    fn each<T: Serialize>(
        &mut self,
        files: &[PathBuf],
        mut work: impl FnMut(&Path) -> Result<T, LabError>,
        json: bool,
        print: impl Fn(&mut W, &T) -> io::Result<()>,
    ) -> io::Result<()> {
        for file in files {
            if let Some(result) = self.told(work(file)) {
                if json {
                    self.line(&result)?
                } else {
                    print(&mut self.out, &result)?
                }
            }
        }
        Ok(())
    }

    fn score(&mut self, manifest: &Path, group_by: &str, json: bool) -> io::Result<()> {
        let Some(tasks) = self.told(score::tasks(manifest, group_by)) else {
            return Ok(());
        };
        let mut results = vec![];
        for task in tasks {
            if let Some(result) = self.told(task.score()) {
                if json {
                    self.line(&result)?
                } else {
                    print_scored(&mut self.out, &result)?
                }
                results.push(result);
            }
        }
        let summary = Summary::of(&results);
        if json {
            self.line(&summary)
        } else {
            print_summary(&mut self.out, &summary)
        }
    }

    fn line(&mut self, result: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, result)?;
        writeln!(self.out)
    }

    #[expect(clippy::print_stderr, reason = "messages go to standard error")]
    fn told<T>(&mut self, result: Result<T, LabError>) -> Option<T> {
        result
            .inspect_err(|error| {
                self.failed = true;
                eprintln!("error [{}]: {error}", error.code());
            })
            .ok()
    }
}

fn print_steps(out: &mut impl Write, of: &StepSummary) -> io::Result<()> {
    let StepSummary {
        file,
        steps,
        running,
        duration_s,
        cadence_spm,
        samples,
        dropped,
        ns_per_sample,
    } = of;
    write!(
        out,
        "{file}: {steps} steps in {duration_s:.0} s, {cadence_spm:.0} a minute"
    )?;
    if *running > 0 {
        write!(out, ", {running} of them running")?;
    }
    writeln!(
        out,
        " ({samples} samples, {dropped} dropped, {ns_per_sample:.0} ns each)"
    )
}

fn print_track(out: &mut impl Write, of: &TrackReport) -> io::Result<()> {
    let TrackReport {
        file,
        points,
        distance_m,
        elapsed_s,
        moving_s,
        ascent_m,
        kcal,
        rejected_points,
        ..
    } = of;
    write!(
        out,
        "{file}: {distance_m:.1} m in {elapsed_s:.0} s ({moving_s:.0} s moving), {ascent_m:.0} m up, "
    )?;
    writeln!(
        out,
        "{kcal:.0} kcal ({points} points, {rejected_points} rejected)"
    )
}

fn print_scored(out: &mut impl Write, of: &Scored) -> io::Result<()> {
    let error = of
        .error_pct
        .map_or_else(|| "-".to_owned(), |error| format!("{error:+.1} %"));
    let group = of.group.as_deref().unwrap_or_default();
    writeln!(
        out,
        "{:<28} {:>10.0} of {:>8.0} {error:>9}  {group}",
        of.file, of.counted, of.truth
    )
}

fn print_summary(out: &mut impl Write, of: &Summary) -> io::Result<()> {
    writeln!(out)?;
    for (name, total) in &of.groups {
        print_total(out, name, total)?;
    }
    print_total(out, "all", &of.all)
}

fn print_total(out: &mut impl Write, name: &str, of: &Total) -> io::Result<()> {
    let pct = |x: Option<f64>| x.map_or_else(|| "-".to_owned(), |x| format!("{x:.2} %"));
    let (mean, worst) = (pct(of.mean_abs_error_pct), pct(of.worst_pct));
    writeln!(
        out,
        "{name:<14} {:>3} files   mean error {mean:>8}   worst {worst:>8}   false {:.0}",
        of.files, of.false_steps
    )
}
