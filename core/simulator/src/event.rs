//! What a simulation yields.

use haigou_motion::Sample;
use haigou_route::Fix;

use crate::{CounterReading, Step};

/// Something that the phone hears, or that really happens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// True time since the plan began, in milliseconds; never falls from one event to the next.
    pub t_ms: i64,
    /// The phone's wall clock: milliseconds since the Unix epoch. It jumps when somebody sets it.
    pub wall_ms: i64,
    /// The phone's monotonic clock: milliseconds since it was started. It begins at zero when the phone is started anew.
    pub mono_ms: i64,
    /// What.
    pub what: What,
}

/// Kinds of events.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum What {
    /// An acceleration sample; its own time is that of the monotonic clock when it was taken, which for late and repeated
    /// rows is before the event.
    Sample(Sample),
    /// A position; its own time is the satellites', which nobody can set (made-up positions carry the wall clock).
    Fix(Fix),
    /// A reading of the built-in step counter.
    Counter(CounterReading),
    /// The phone has been started anew; so many starts so far.
    Restarted {
        /// Starts since the plan began.
        boot: u32,
    },
    /// The truth, unknown to any phone: this step has just ended.
    Step(Step),
}
