//! What was measured, beside what it shall be.

use std::io::{self, Write as _};

use clap::ValueEnum;
use comfy_table::{Attribute, Cell, CellAlignment, Color, LineStyle, Table, TableStyle};
use serde::Serialize;

/// What a figure shall be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Goal {
    /// Less than this.
    Below(f64),
    /// This or less.
    AtMost(f64),
    /// This or more.
    AtLeast(f64),
}

impl Goal {
    fn is_met_by(self, figure: f64) -> bool {
        match self {
            Self::Below(bound) => figure < bound,
            Self::AtMost(bound) => figure <= bound,
            Self::AtLeast(bound) => figure >= bound,
        }
    }
}

impl std::fmt::Display for Goal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Below(bound) => write!(f, "< {bound}"),
            Self::AtMost(bound) => write!(f, "<= {bound}"),
            Self::AtLeast(bound) => write!(f, ">= {bound}"),
        }
    }
}

/// One line of what a benchmark prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Line {
    bench: &'static str,
    case: String,
    figure: f64,
    unit: &'static str,
    /// In words, for example `< 20`; null where nothing is promised.
    goal: Option<String>,
    /// Null where nothing is promised.
    holds: Option<bool>,
    cores: usize,
}

/// How figures are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// A table.
    Table,
    /// A JSON object per line.
    Json,
}

/// Takes figures as they are measured.
pub(crate) struct Report {
    form: Form,
    cores: usize,
    lines: Vec<Line>,
}

impl Report {
    pub(crate) fn new(form: Form) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            form,
            cores,
            lines: Vec::new(),
        }
    }

    /// Notes a figure; as JSON it is printed at once.
    pub(crate) fn add(
        &mut self,
        bench: &'static str,
        case: impl Into<String>,
        figure: f64,
        unit: &'static str,
        goal: Option<Goal>,
    ) -> io::Result<()> {
        let line = Line {
            bench,
            case: case.into(),
            figure: rounded(figure),
            unit,
            goal: goal.map(|goal| goal.to_string()),
            holds: goal.map(|goal| goal.is_met_by(figure)),
            cores: self.cores,
        };
        if self.form == Form::Json {
            writeln!(io::stdout(), "{}", serde_json::to_string(&line)?)?;
        }
        self.lines.push(line);
        Ok(())
    }

    /// Says what is being done, on standard error.
    #[expect(clippy::unused_self, reason = "who reports also says what it is at")]
    pub(crate) fn say(&self, text: &str) -> io::Result<()> {
        writeln!(io::stderr(), "{text}")
    }

    /// Prints the table, unless everything is printed already; says whether all goals hold.
    pub(crate) fn finish(self) -> io::Result<bool> {
        if self.form == Form::Table {
            writeln!(io::stdout(), "{}\n{} cores", self.table(), self.cores)?;
        }
        Ok(self.lines.iter().all(|line| line.holds != Some(false)))
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─')));
        table.set_header(
            ["bench", "case", "figure", "unit", "goal", "holds"]
                .map(|title| Cell::new(title).add_attribute(Attribute::Bold)),
        );
        for line in &self.lines {
            let holds = match line.holds {
                Some(true) => Cell::new("yes").fg(Color::Green),
                Some(false) => Cell::new("NO").fg(Color::Red),
                None => Cell::new(""),
            };
            table.add_row(vec![
                Cell::new(line.bench),
                Cell::new(&line.case),
                Cell::new(line.figure).set_alignment(CellAlignment::Right),
                Cell::new(line.unit),
                Cell::new(line.goal.as_deref().unwrap_or("")).set_alignment(CellAlignment::Right),
                holds,
            ]);
        }
        table
    }
}

/// To four digits that say something, or to a whole number if that takes more.
fn rounded(figure: f64) -> f64 {
    if figure.abs() >= 1_000.0 {
        return figure.round();
    }
    let mut scale = 1.0;
    while figure != 0.0 && (figure * scale).abs() < 1_000.0 && scale < 1e6 {
        scale *= 10.0;
    }
    (figure * scale).round() / scale
}

/// The middle one of some figures; of an even number the higher of the two. 0 of none.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_met_or_not() {
        assert!(Goal::Below(1.0).is_met_by(0.99) && !Goal::Below(1.0).is_met_by(1.0));
        assert!(Goal::AtMost(0.0).is_met_by(0.0) && !Goal::AtMost(0.0).is_met_by(0.1));
        assert!(Goal::AtLeast(3_000.0).is_met_by(3_000.0) && !Goal::AtLeast(3_000.0).is_met_by(2_999.9));
        assert!(
            !Goal::Below(1.0).is_met_by(f64::NAN),
            "what is no number meets nothing"
        );
    }

    #[test]
    fn what_is_rounded_for_print_is_judged_as_measured() {
        let mut report = Report::new(Form::Table);
        report
            .add("a", "b", 2_999.9, "1/s", Some(Goal::AtLeast(3_000.0)))
            .unwrap();
        let line = report.lines.first().unwrap();
        assert_eq!(
            (line.figure.to_string().as_str(), line.holds),
            ("3000", Some(false))
        );
        report.add("a", "b", 1.0, "s", None).unwrap();
        assert!(!report.finish().unwrap());
    }

    #[test]
    fn figures_are_shown_to_four_digits() {
        let shown = [0.0, 0.012_345_6, 1.234_56, 51.0, 123_456.7].map(|figure| rounded(figure).to_string());
        assert_eq!(shown, ["0", "0.01235", "1.235", "51", "123457"]);
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]).to_string(), "2");
        assert_eq!(median(Vec::new()).to_string(), "0");
    }
}
