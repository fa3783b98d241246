//! How Huami's bands hand over their memory: asked, announced, sent in counted packets, acknowledged.

use super::huami::{ACTIVITY, FETCH};
use crate::gatt::{Value, value};
use crate::wearer::MinuteTruth;
use crate::wrist::{Wrist, time_bytes, time_from};

/// Samples in a packet.
const PACKET: usize = 4;
/// Kinds of a minute.
const WALKING: u8 = 1;
const STILL: u8 = 96;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct History {
    /// What was announced and waits to be sent.
    announced: Vec<MinuteTruth>,
    /// The minute after the last one that was sent.
    sent: Option<i64>,
    /// The minute after the last one that was acknowledged.
    pub(super) acknowledged: Option<i64>,
    /// So many minutes more are announced than are there.
    pub(super) lie: i32,
}

impl History {
    /// The link broke: nothing is under way.
    pub(super) fn stop(&mut self) {
        self.announced.clear();
        self.sent = None;
    }

    pub(super) fn command(&mut self, command: &[u8], wrist: &mut Wrist) -> Vec<Value> {
        match *command {
            [1, 1, ref since @ ..] if since.len() == 8 => self.announce(since, wrist),
            [2] => self.send(wrist),
            [3, 9] => self.forget(wrist),
            [what, ..] => vec![value(FETCH, [0x10, what, 2])],
            [] => Vec::new(),
        }
    }

    /// `10 01 01`, how many minutes, and the local time of the first.
    fn announce(&mut self, since: &[u8], wrist: &mut Wrist) -> Vec<Value> {
        let Some(local) = time_from(since) else {
            return vec![value(FETCH, [0x10, 1, 2])];
        };
        let quarters = i8::from_le_bytes([since[7]]);
        self.announced = wrist.kept_since(Wrist::minute_at(local, quarters));
        self.sent = None;
        let first = self
            .announced
            .first()
            .map_or(wrist.now(), |minute| minute.minute.0);
        let count = u32::try_from(self.announced.len()).expect("a band's memory is small");
        let mut bytes = vec![0x10, 1, 1];
        bytes.extend(count.saturating_add_signed(self.lie).to_le_bytes());
        bytes.extend(time_bytes(wrist.local_start(first)));
        bytes.extend(wrist.quarters.to_le_bytes());
        vec![value(FETCH, bytes)]
    }

    /// The packets, each with its number, and `10 02 01` behind them.
    fn send(&mut self, wrist: &Wrist) -> Vec<Value> {
        let minutes = std::mem::take(&mut self.announced);
        self.sent = Some(minutes.last().map_or(wrist.now(), |last| last.minute.0 + 1));
        let mut counter = 0_u8;
        let mut values: Vec<_> = minutes
            .chunks(PACKET)
            .map(|chunk| {
                let mut bytes = vec![counter];
                bytes.extend(chunk.iter().flat_map(sample));
                counter = counter.wrapping_add(1);
                value(ACTIVITY, bytes)
            })
            .collect();
        values.push(value(FETCH, [0x10, 2, 1]));
        values
    }

    /// What was sent whole is stored now, and needn't be kept.
    fn forget(&mut self, wrist: &mut Wrist) -> Vec<Value> {
        let Some(until) = self.sent.take() else {
            return vec![value(FETCH, [0x10, 3, 2])];
        };
        self.acknowledged = Some(until);
        wrist.keeps_from = wrist.keeps_from.max(until);
        vec![value(FETCH, [0x10, 3, 1])]
    }
}

/// Kind, intensity, steps, and heart rate or 255.
fn sample(minute: &MinuteTruth) -> [u8; 4] {
    let steps = u8::try_from(minute.steps).unwrap_or(u8::MAX);
    let kind = if steps > 0 { WALKING } else { STILL };
    [kind, steps / 2, steps, minute.heart_rate.unwrap_or(u8::MAX)]
}
