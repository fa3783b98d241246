//! `haigou rules forecast`.

use std::path::PathBuf;

use clap::Args;
use haigou_rules::forecast::{Effort, Forecast as Told, Growth, Metric, Quantiles, forecast, picture};
use haigou_server::rulebook_of;

use super::{Form, growth, observed};
use crate::cli::{Failed, Verdict, output};

pub(super) const EXAMPLES: &str = "\
Example: haigou rules forecast sport --runs 1000 --seed 7 --svg forecast.svg --lang en

The assumptions are a TOML or JSON file; what it leaves out has the default. `--assumptions` prints them all:
  haigou rules forecast --assumptions > growth.toml
  haigou rules forecast my-rules.json --observed sqlite:haigou.db
  haigou rules forecast my-rules.json --growth growth.toml --csv > days.csv";

#[derive(Args)]
pub(in crate::cli) struct Forecast {
    /// A preset's name or a rulebook file
    #[arg(default_value = "classic")]
    rulebook: String,
    /// The assumptions about growth (.toml or .json)
    #[arg(long, value_name = "FILE")]
    growth: Option<PathBuf>,
    /// Take the assumptions from what happened in this database
    #[arg(long, value_name = "DATABASE", conflicts_with = "growth")]
    observed: Option<String>,
    /// Years to look ahead, 1 to 5
    #[arg(long, default_value_t = 1)]
    years: u32,
    /// Courses to run through
    #[arg(long, default_value_t = 1_000)]
    runs: u32,
    /// The same seed gives the same forecast
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Every day of every figure as CSV on standard output
    #[arg(long, conflicts_with_all = ["json", "assumptions"])]
    csv: bool,
    /// Draw it into this file
    #[arg(long, value_name = "PATH")]
    svg: Option<PathBuf>,
    /// Print the assumptions as TOML, and forecast nothing
    #[arg(long)]
    assumptions: bool,
    #[command(flatten)]
    form: Form,
}

pub(super) fn run(wish: &Forecast) -> Result<Verdict, Failed> {
    let growth = match (&wish.growth, &wish.observed) {
        (Some(path), _) => growth::read(path)?,
        (None, Some(database)) => observed::growth(database)?,
        (None, None) => Growth::default(),
    };
    if wish.assumptions {
        growth.check()?;
        output::print(toml::to_string_pretty(&growth)?.trim_end());
        return Ok(Verdict::Yes);
    }
    let rulebook = rulebook_of(&wish.rulebook)?;
    let effort = Effort {
        years: wish.years,
        runs: wish.runs,
        seed: wish.seed,
    };
    let told = forecast(&rulebook, &growth, effort, |done| {
        if done % 1_000 == 0 && done < effort.runs {
            output::say(&format!("{done} of {} runs", effort.runs));
        }
    })?;
    if let Some(path) = &wish.svg {
        std::fs::write(path, picture(&told, wish.form.language))
            .map_err(|error| format!("{} can't be written: {error}", path.display()))?;
        output::say(&format!("drawn: {}", path.display()));
    }
    if wish.csv {
        print_days(&told);
    } else if wish.form.json {
        print_objects(&told)?;
    } else {
        print_table(&told, wish)?;
    }
    Ok(Verdict::Yes)
}

/// A line per day and figure.
fn print_days(told: &Told) {
    let heads = Quantiles::PER_CENT
        .map(|per_cent| format!("p{per_cent}"))
        .join(",");
    output::print(&format!("day,metric,{heads}"));
    for (day, _) in told.days.iter().enumerate() {
        for (metric, quantiles) in Metric::ALL
            .into_iter()
            .zip(told.days.get(day).into_iter().flatten())
        {
            let figures = quantiles.at.map(|figure| metric.decimal(figure)).join(",");
            output::print(&format!("{},{},{figures}", day + 1, metric.name()));
        }
    }
}

/// What was assumed, then an object per figure at the end.
fn print_objects(told: &Told) -> Result<(), Failed> {
    output::print(&serde_json::to_string(&serde_json::json!({
        "rulebook": told.rulebook,
        "effort": told.effort,
        "growth": told.growth,
    }))?);
    for metric in Metric::ALL {
        let quantiles: serde_json::Map<String, serde_json::Value> = Quantiles::PER_CENT
            .into_iter()
            .zip(told.end(metric).at)
            .map(|(per_cent, figure)| (format!("p{per_cent}"), metric.decimal(figure).into()))
            .collect();
        output::print(&serde_json::to_string(&serde_json::json!({
            "metric": metric.name(),
            "meaning": metric.meaning(),
            "unit": metric.unit().words(),
            "day": told.days.len(),
            "end": quantiles,
        }))?);
    }
    Ok(())
}

fn print_table(told: &Told, wish: &Forecast) -> Result<(), Failed> {
    let language = wish.form.language;
    output::print(language.pick(
        "# 假设（可用 --growth 文件更改）",
        "# Assumptions (--growth FILE changes them)",
    ));
    output::print(&toml::to_string_pretty(&told.growth)?);
    let effort = told.effort;
    output::print(&match language {
        haigou_contract::Language::Chinese => format!(
            "规则“{}”，{} 年后，{} 次模拟（种子 {}）: 中位数，括号内为九成情形",
            told.rulebook, effort.years, effort.runs, effort.seed
        ),
        haigou_contract::Language::English => format!(
            "Rulebook \"{}\" after {} year(s), {} runs (seed {}): the median, and what 9 in 10 runs lie between",
            told.rulebook, effort.years, effort.runs, effort.seed
        ),
    });
    for metric in Metric::ALL {
        let [low, _, median, _, high] = told.end(metric).at.map(|figure| metric.shown(figure));
        let unit = metric.unit().words();
        let unit = if median.ends_with('%') {
            ""
        } else {
            unit.of(language)
        };
        output::print(&format!(
            "  {}: {median} {unit} ({low} – {high})",
            metric.meaning().of(language)
        ));
    }
    Ok(())
}
