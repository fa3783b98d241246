//! What the way a phone is carried does to a step.

/// Where the phone is while somebody moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// Held before the body.
    Hand,
    /// In a trouser pocket: it swings with the thigh.
    Pocket,
    /// In a bag or backpack, which damps the strikes.
    Bag,
    /// On the upper arm.
    Arm,
    /// A band on the wrist: it swings with the arm.
    Wrist,
}

/// Gains on the parts of a gait, and what is added, in g.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coupling {
    /// On the body's rise and fall.
    pub(crate) bounce: f64,
    /// On the heel's strike.
    pub(crate) strike: f64,
    /// On the sway to the sides, once per stride.
    pub(crate) sway: f64,
    /// Swing of the limb, once per stride, at 1.4 m/s; it grows with speed.
    pub(crate) swing_g: f64,
    /// Unrest of the hand or limb while it does nothing.
    pub(crate) unrest_g: f64,
}

impl Carried {
    pub(crate) const fn coupling(self) -> Coupling {
        let (bounce, strike, sway, swing_g, unrest_g) = match self {
            Self::Hand => (0.8, 0.5, 0.7, 0.02, 0.008),
            Self::Pocket => (1.0, 0.9, 1.0, 0.12, 0.002),
            Self::Bag => (0.85, 0.35, 0.6, 0.0, 0.001),
            Self::Arm => (1.0, 0.6, 0.8, 0.06, 0.003),
            Self::Wrist => (0.9, 0.5, 0.8, 0.14, 0.006),
        };
        Coupling {
            bounce,
            strike,
            sway,
            swing_g,
            unrest_g,
        }
    }
}
