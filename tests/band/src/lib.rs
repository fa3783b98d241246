//! Simulated wristbands over the real protocol: a [`Bluetooth`] plays `org.bluez` on a private [`Bus`], so that programs
//! find bands, connect to them and are let down by them as they would on a real system, without a radio.
//!
//! A [`BandPlan`] says what a band is: its family, its key, its wearer's days by a seed. It lives by a [`Clock`] that stands
//! still or runs fast. A [`SimulatedBand`] is told what goes wrong: lost links, silence, garbage, replays, resets, floods.
//! The same seed and the same orders make the same bytes.
//!
//! Which bus is the system's is read once from the environment of a process. A test calls [`on_a_private_bus`]; a program that
//! wants bands for itself starts a [`Bus`], and itself again with the bus' address in `DBUS_SYSTEM_BUS_ADDRESS`;
//! one of another language starts `simulated-band`, which takes [orders](obey).

mod again;
mod air;
mod band;
mod bluetooth;
mod bluez;
mod bus;
mod clock;
mod gatt;
mod orders;
mod plan;
mod software;
mod trouble;
mod wearer;
mod wrist;

pub use again::on_a_private_bus;
pub use air::Power;
pub use bluetooth::{Bluetooth, SimulatedBand};
pub use bus::Bus;
pub use clock::Clock;
pub use orders::obey;
pub use plan::{BandPlan, Family};
pub use trouble::{Breaks, Faults};
pub use wearer::MinuteTruth;
