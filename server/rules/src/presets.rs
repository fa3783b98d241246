//! The two rulebooks that come with the product.

use crate::{Rulebook, RulebookError};

/// A rulebook that comes with the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preset {
    /// Model 1.0: packs activate, the drop halves each year.
    Classic,
    /// Function list 2.0: challenge, ladder and tasks, totals per year.
    Sport,
}

impl Preset {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Classic, Self::Sport];

    /// The preset of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::Sport => "sport",
        }
    }

    /// Its JSON.
    #[must_use]
    pub const fn json(self) -> &'static str {
        match self {
            Self::Classic => include_str!("../presets/classic.json"),
            Self::Sport => include_str!("../presets/sport.json"),
        }
    }

    /// The rulebook itself.
    ///
    /// # Errors
    /// None in practice: a test reads both. The type is that of any other rulebook's reading.
    pub fn rulebook(self) -> Result<Rulebook, RulebookError> {
        Rulebook::from_json(self.json())
    }
}
