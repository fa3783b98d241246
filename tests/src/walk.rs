//! One walk, the same in every process that hears it.

use std::iter::Peekable;
use std::path::Path;
use std::sync::Arc;

use haigou_motion::Sample;
use haigou_phone::{Clock as _, FileKeys, ManualClock, PhoneOptions};
use haigou_simulator::{Carried, Event, Leg, Person, Place, Plan, Simulation, Way, What, minutes};

use crate::MIDNIGHT;

/// Ten minutes in a park, with the phone in a pocket.
pub struct Walk {
    /// The clocks of the phone that hears it; its wall clock shows [`MIDNIGHT`] at the beginning.
    pub clock: Arc<ManualClock>,
    events: Peekable<Simulation>,
    now_ms: i64,
}

impl Default for Walk {
    fn default() -> Self {
        Self::new()
    }
}

impl Walk {
    /// The walk from its beginning.
    #[must_use]
    pub fn new() -> Self {
        let way = Way::loop_from(Place::new(31.2165, 121.5503), 800.0, 1);
        let plan = Plan::new(way, [Leg::walk(1.3, minutes(10.0)).carried(Carried::Pocket)]);
        let events = Simulation::new(plan, Person::anybody(1), 1).peekable();
        Self {
            clock: Arc::new(ManualClock::new(MIDNIGHT)),
            events,
            now_ms: 0,
        }
    }

    /// How much of it is over, in milliseconds.
    #[must_use]
    pub const fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// Goes on until so much of it is over, with nobody listening.
    pub fn skip_to(&mut self, ms: i64) {
        let _nobody_listens = self.hear(ms - self.now_ms);
    }

    /// The samples of the next milliseconds; none when it is over.
    pub fn hear(&mut self, ms: i64) -> Option<Vec<Sample>> {
        self.events.peek()?;
        self.now_ms += ms;
        self.clock.advance(ms);
        let mut samples = Vec::new();
        while let Some(event) = self.events.next_if(|event: &Event| event.t_ms < self.now_ms) {
            if let What::Sample(sample) = event.what {
                samples.push(sample);
            }
        }
        Some(samples)
    }
}

/// A phone without a network that hears a walk.
#[must_use]
pub fn walking_phone(folder: &Path, walk: &Walk) -> PhoneOptions {
    let keys = Arc::new(FileKeys::new(folder.join("keys")));
    let clock = Arc::clone(&walk.clock);
    debug_assert_eq!(clock.boot_id(), "boot-1");
    PhoneOptions::new(folder, "http://127.0.0.1:1", clock, keys)
}
