//! Where what is stored differs from what follows from the journals.

use std::fmt::Display;

use serde::Serialize;

/// More than these aren't collected: the first one says where to look.
const ENOUGH: usize = 100;

/// One place that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The table.
    pub table: String,
    /// The row: its key, and the place inside where that is more than one.
    pub row: String,
    /// The column, or the figure inside it.
    pub column: String,
    /// What follows from the journals before.
    pub expected: String,
    /// What is stored.
    pub found: String,
}

impl Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            table,
            row,
            column,
            expected,
            found,
        } = self;
        write!(
            f,
            "{table}, row {row}, {column}: expected {expected}, found {found}"
        )
    }
}

/// The findings so far, in order, up to a hundred: the first one says where to look.
#[derive(Debug, Default)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Adds one, unless there are enough.
    pub fn add(
        &mut self,
        table: &str,
        row: &dyn Display,
        column: &str,
        expected: &dyn Display,
        found: &dyn Display,
    ) {
        if !self.is_full() {
            self.0.push(Finding {
                table: table.to_owned(),
                row: row.to_string(),
                column: column.to_owned(),
                expected: expected.to_string(),
                found: found.to_string(),
            });
        }
    }

    /// Adds one if the two differ.
    pub fn differs<T: Display + PartialEq>(
        &mut self,
        table: &str,
        row: &dyn Display,
        column: &str,
        expected: &T,
        found: &T,
    ) {
        if expected != found {
            self.add(table, row, column, expected, found);
        }
    }

    /// Whether there are enough to stop looking.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.0.len() >= ENOUGH
    }

    /// All of them, in order.
    #[must_use]
    pub fn into_inner(self) -> Vec<Finding> {
        self.0
    }
}
