//! The system's Bluetooth and the bands around it. What is asked and what happens becomes messages, in order.

use std::collections::BTreeSet;

use tokio::sync::mpsc::UnboundedSender;
use uuid::Uuid;
use zbus::Message;

use crate::band::{Band, Moment};
use crate::clock::Clock;

/// Whether the adapter has power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// It has.
    On,
    /// Its user switched it off; a program may switch it on.
    Off,
    /// It is blocked: no program can switch it on.
    Blocked,
}

/// See the module.
pub(crate) struct Air {
    pub(crate) clock: Clock,
    pub(crate) power: Power,
    /// Programs may use Bluetooth at all.
    pub(crate) permitted: bool,
    /// There is an adapter.
    pub(crate) plugged: bool,
    /// Who is looking for bands.
    pub(crate) seekers: BTreeSet<String>,
    /// Only bands that announce one of these are wanted, if there are any.
    pub(crate) sought: Vec<Uuid>,
    pub(crate) bands: Vec<Band>,
    /// Where messages go out; nowhere while the service is gone.
    out: Option<UnboundedSender<Message>>,
}

impl Air {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            power: Power::On,
            permitted: true,
            plugged: true,
            seekers: BTreeSet::new(),
            sought: Vec::new(),
            bands: Vec::new(),
            out: None,
        }
    }

    /// The service is there, and knows nothing of what was before.
    pub(crate) fn serve(&mut self, out: UnboundedSender<Message>) {
        self.leave();
        self.out = Some(out);
    }

    /// The service is gone, and all links with it.
    pub(crate) fn leave(&mut self) {
        self.out = None;
        self.seekers.clear();
        for band in &mut self.bands {
            band.known = false;
            band.disconnect();
        }
    }

    pub(crate) fn send(&self, message: zbus::Result<Message>) {
        let message = message.expect("a message that can be built");
        if let Some(out) = &self.out {
            let _ended_with_the_service = out.send(message);
        }
    }

    /// Whoever looks for bands sees those within reach.
    pub(crate) fn advertise(&mut self) {
        if self.seekers.is_empty() || self.power != Power::On {
            return;
        }
        for index in 0..self.bands.len() {
            let announced = self.bands[index].announced();
            let wanted = self.sought.is_empty() || announced.iter().any(|uuid| self.sought.contains(uuid));
            if !wanted || !self.bands[index].near || self.bands[index].connected {
                continue;
            }
            if self.bands[index].known {
                self.tell_strength(index);
            } else {
                self.bands[index].known = true;
                self.tell_found(index);
            }
        }
    }

    /// A link breaks.
    pub(crate) fn break_link(&mut self, index: usize) {
        if self.bands[index].connected {
            self.bands[index].disconnect();
            self.tell_gone(index);
        }
    }

    pub(crate) fn set_power(&mut self, power: Power) {
        let was = std::mem::replace(&mut self.power, power);
        if power != Power::On {
            self.seekers.clear();
            for index in 0..self.bands.len() {
                self.break_link(index);
            }
        }
        if (was == Power::On) != (power == Power::On) {
            self.tell_power();
        }
    }

    /// So many microseconds went by.
    pub(crate) fn live(&mut self, after_us: u64) {
        for index in 0..self.bands.len() {
            let (values, breaks) = match self.bands[index].live(after_us) {
                Moment::Sends(values) => (values, false),
                Moment::Breaks(values) => (values, true),
            };
            for value in values {
                self.tell_value(index, value.of, value.bytes);
            }
            if breaks {
                self.break_link(index);
            }
        }
    }
}
