//! An old recording, played once more.

use crate::{Event, What};

/// The same events so many milliseconds later, as a cheat would feed them to an app again: sample for sample, on later
/// clocks, with nobody walking (there is no truth in it).
pub fn replay(recording: impl IntoIterator<Item = Event>, later_ms: i64) -> impl Iterator<Item = Event> {
    recording.into_iter().filter_map(move |event| {
        let what = match event.what {
            What::Step(_) => return None,
            What::Sample(mut sample) => {
                sample.t_us = sample.t_us.saturating_add(later_ms.saturating_mul(1000));
                What::Sample(sample)
            }
            What::Fix(mut fix) => {
                fix.t_ms = fix.t_ms.saturating_add(later_ms);
                What::Fix(fix)
            }
            other @ (What::Counter(_) | What::Restarted { .. }) => other,
        };
        Some(Event {
            t_ms: event.t_ms.saturating_add(later_ms),
            wall_ms: event.wall_ms.saturating_add(later_ms),
            mono_ms: event.mono_ms.saturating_add(later_ms),
            what,
        })
    })
}
