//! How well satellites are heard, or who pretends.

/// What a receiver has to do with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sky {
    /// A park, a field: a few metres of error.
    Open,
    /// Between high buildings: worse, with jumps now and then.
    Street,
    /// Tunnel, metro, indoors, or positions not asked for: nothing. What comes first afterwards is bad.
    Hidden,
    /// An app makes the positions up: perfectly straight along the plan's way at a constant speed, whatever the person does.
    Mock {
        /// Metres per second.
        speed_mps: f64,
        /// The system notices and says so.
        flagged: bool,
    },
}

/// Figures of a sky with real satellites.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reception {
    /// Radius of 68 % in metres: open 3-5 m, street canyons about 8 m (van Diggelen and Enge 2015).
    pub(crate) accuracy_m: f64,
    /// For how long an error stays about the same, in seconds.
    pub(crate) memory_s: f64,
    /// Share of positions that are far off without saying so.
    pub(crate) jumps: f64,
    /// Deviation of the speed in m/s.
    pub(crate) speed_mps: f64,
}

impl Sky {
    pub(crate) const fn reception(self) -> Option<Reception> {
        match self {
            Self::Open => Some(Reception {
                accuracy_m: 3.5,
                memory_s: 120.0,
                jumps: 0.0002,
                speed_mps: 0.1,
            }),
            Self::Street => Some(Reception {
                accuracy_m: 8.0,
                memory_s: 100.0,
                jumps: 0.003,
                speed_mps: 0.3,
            }),
            Self::Hidden | Self::Mock { .. } => None,
        }
    }
}
