//! The pieces that a plan is made of.

use crate::{
    Carried, Sky, Vehicle,
    units::{LONGEST_S, within},
};

/// Longest leg in metres.
const LONGEST_M: f64 = 1e6;

/// How long a leg goes on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Span {
    /// So many seconds.
    Seconds(f64),
    /// So many metres of way: a leg that goes nowhere is over at once.
    Metres(f64),
}

/// So many minutes.
#[must_use]
pub fn minutes(count: f64) -> Span {
    Span::Seconds(count * 60.0)
}

/// So many kilometres.
#[must_use]
pub fn km(count: f64) -> Span {
    Span::Metres(count * 1000.0)
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Doing {
    /// Standing still, with the phone where it is carried.
    Stand,
    /// Work at a desk: long rest, now and then the phone or the arm moves.
    Desk,
    /// Walking at m/s, with so many steps a minute or what is natural at that speed.
    Walk {
        /// Metres per second.
        speed_mps: f64,
        /// Steps per minute.
        cadence_spm: Option<f64>,
    },
    /// Running, likewise.
    Run {
        /// Metres per second.
        speed_mps: f64,
        /// Steps per minute.
        cadence_spm: Option<f64>,
    },
    /// Up or down a staircase.
    Stairs {
        /// Up.
        up: bool,
    },
    /// In or on a vehicle.
    Ride {
        /// Which.
        vehicle: Vehicle,
        /// Metres per second.
        speed_mps: f64,
    },
    /// Not carried at all: a cradle shakes the phone as evenly as a motor does.
    Cradle {
        /// Shakes a minute.
        per_minute: f64,
        /// How hard, in g.
        force_g: f64,
    },
}

/// What happens to the phone as a leg begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Beforehand {
    /// Nothing.
    #[default]
    Nothing,
    /// Somebody sets its wall clock forward (or back, if negative) by so many milliseconds.
    ClockSet(i64),
    /// It is started anew: for 40 seconds it hears nothing, then its monotonic clock and its step counter begin at zero.
    Restart,
}

/// One piece of a plan. Steps are whole: a leg of steps ends with the step that comes closest to its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leg {
    /// What is done.
    pub doing: Doing,
    /// For how long.
    pub span: Span,
    /// Where the phone is.
    pub carried: Carried,
    /// How well it hears the satellites.
    pub sky: Sky,
    /// Rise of the way as a fraction (0.05 = 5 m on 100 m), negative downhill.
    pub slope: f64,
    /// What happens to the phone first.
    pub beforehand: Beforehand,
}

impl Leg {
    /// Something done for a while: phone in the pocket, open sky, level ground.
    #[must_use]
    pub fn new(doing: Doing, span: Span) -> Self {
        let (carried, sky, beforehand) = (Carried::Pocket, Sky::Open, Beforehand::Nothing);
        Self {
            doing,
            span,
            carried,
            sky,
            slope: 0.0,
            beforehand,
        }
    }

    /// A walk at m/s with the person's own cadence.
    #[must_use]
    pub fn walk(speed_mps: f64, span: Span) -> Self {
        Self::new(
            Doing::Walk {
                speed_mps,
                cadence_spm: None,
            },
            span,
        )
    }

    /// A run at m/s with the person's own cadence.
    #[must_use]
    pub fn run(speed_mps: f64, span: Span) -> Self {
        Self::new(
            Doing::Run {
                speed_mps,
                cadence_spm: None,
            },
            span,
        )
    }

    /// A pause, standing.
    #[must_use]
    pub fn pause(span: Span) -> Self {
        Self::new(Doing::Stand, span)
    }

    /// Work at a desk, indoors.
    #[must_use]
    pub fn desk(span: Span) -> Self {
        Self::new(Doing::Desk, span).under(Sky::Hidden)
    }

    /// A staircase, indoors.
    #[must_use]
    pub fn stairs(up: bool, span: Span) -> Self {
        Self::new(Doing::Stairs { up }, span).under(Sky::Hidden)
    }

    /// A ride at m/s.
    #[must_use]
    pub fn ride(vehicle: Vehicle, speed_mps: f64, span: Span) -> Self {
        Self::new(Doing::Ride { vehicle, speed_mps }, span)
    }

    /// A cradle at home that shakes the phone so often a minute.
    #[must_use]
    pub fn cradle(per_minute: f64, span: Span) -> Self {
        Self::new(
            Doing::Cradle {
                per_minute,
                force_g: 0.4,
            },
            span,
        )
        .under(Sky::Hidden)
    }

    /// With the phone carried there.
    #[must_use]
    pub fn carried(self, carried: Carried) -> Self {
        Self { carried, ..self }
    }

    /// Under that sky.
    #[must_use]
    pub fn under(self, sky: Sky) -> Self {
        Self { sky, ..self }
    }

    /// Uphill or downhill.
    #[must_use]
    pub fn sloping(self, slope: f64) -> Self {
        Self { slope, ..self }
    }

    /// After this happened to the phone.
    #[must_use]
    pub fn after(self, beforehand: Beforehand) -> Self {
        Self { beforehand, ..self }
    }

    /// Seconds or metres of it, as its span says; none if it has no length or goes nowhere and should count metres.
    pub(crate) fn amount(&self) -> Option<f64> {
        let amount = match (self.span, self.doing) {
            (Span::Seconds(seconds), _) => within(seconds, 0.0, LONGEST_S),
            (Span::Metres(_), Doing::Stand | Doing::Desk | Doing::Cradle { .. }) => return None,
            (Span::Metres(metres), _) => within(metres, 0.0, LONGEST_M),
        };
        (amount > 0.0).then_some(amount)
    }
}
