//! Orders in JSON, for who stands outside of this process.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::air::Power;
use crate::bluetooth::{Bluetooth, SimulatedBand};
use crate::plan::BandPlan;
use crate::trouble::{Breaks, Faults};

/// One order, named by `do`; `band` is the number of the band that it concerns, in the order in which they were added.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Order {
    Add(BandPlan),
    Walk {
        #[serde(default)]
        band: usize,
        steps: u32,
    },
    Reset {
        #[serde(default)]
        band: usize,
    },
    Battery {
        #[serde(default)]
        band: usize,
        percent: u8,
        #[serde(default)]
        charging: bool,
    },
    LoseLink {
        #[serde(default)]
        band: usize,
    },
    LoseLinks {
        #[serde(default)]
        band: usize,
        times: u32,
        within: u32,
    },
    Faults {
        #[serde(default)]
        band: usize,
        faults: Faults,
    },
    Silent {
        #[serde(default)]
        band: usize,
        on: bool,
    },
    Flood {
        #[serde(default)]
        band: usize,
        a_second: u32,
        values: u32,
    },
    Lie {
        #[serde(default)]
        band: usize,
        minutes: i32,
    },
    ChangeServices {
        #[serde(default)]
        band: usize,
    },
    WithholdServices {
        #[serde(default)]
        band: usize,
        on: bool,
    },
    Near {
        #[serde(default)]
        band: usize,
        on: bool,
    },
    Look {
        #[serde(default)]
        band: usize,
    },
    Power {
        on: bool,
    },
    Permit {
        on: bool,
    },
    Plug {
        on: bool,
    },
    Advance {
        seconds: u32,
    },
    Run {
        speed: u32,
    },
    Leave,
    ComeBack,
}

/// Carries out an order that stands in a line of JSON, and says what came of it: `{"done":..}`, or `{"error":..}`.
pub async fn obey(bluetooth: &Bluetooth, line: &str) -> Value {
    let order = serde_json::from_str::<Order>(line).map_err(|error| error.to_string());
    let done = match order {
        Ok(order) => carry_out(bluetooth, order).await,
        Err(error) => Err(error),
    };
    done.unwrap_or_else(|error| json!({ "error": error }))
}

async fn carry_out(bluetooth: &Bluetooth, order: Order) -> Result<Value, String> {
    let band = |index| {
        bluetooth
            .band(index)
            .ok_or_else(|| format!("there is no band {index}"))
    };
    match order {
        Order::Add(plan) => {
            let address = bluetooth.try_add(&plan)?.address();
            return Ok(json!({ "done": "add", "address": address }));
        }
        Order::Look { band: index } => return Ok(look(&band(index)?)),
        Order::Walk { band: index, steps } => band(index)?.walk(steps),
        Order::Reset { band: index } => band(index)?.reset(),
        Order::Battery {
            band: index,
            percent,
            charging,
        } => band(index)?.battery(percent, charging),
        Order::LoseLink { band: index } => band(index)?.lose_link(),
        Order::LoseLinks {
            band: index,
            times,
            within,
        } => band(index)?.lose_links(Breaks { times, within }),
        Order::Faults { band: index, faults } => band(index)?.faults(faults),
        Order::Silent { band: index, on } => band(index)?.silent(on),
        Order::Flood {
            band: index,
            a_second,
            values,
        } => band(index)?.flood(a_second, values),
        Order::Lie { band: index, minutes } => band(index)?.lie(minutes),
        Order::ChangeServices { band: index } => band(index)?.change_services(),
        Order::WithholdServices { band: index, on } => band(index)?.withhold_services(on),
        Order::Near { band: index, on } => band(index)?.near(on),
        Order::Power { on } => bluetooth.power(if on { Power::On } else { Power::Blocked }),
        Order::Permit { on } => bluetooth.permit(on),
        Order::Plug { on } => bluetooth.plug(on),
        Order::Advance { seconds } => bluetooth.clock().advance(i64::from(seconds) * 1000),
        Order::Run { speed } => bluetooth.clock().run(speed),
        Order::Leave => bluetooth.leave(),
        Order::ComeBack => bluetooth.come_back().await,
    }
    Ok(json!({ "done": true }))
}

/// How a band is.
fn look(band: &SimulatedBand) -> Value {
    json!({
        "done": "look",
        "address": band.address(),
        "connected": band.is_connected(),
        "links": band.links(),
        "counter": band.counter(),
        "acknowledged_minute": band.acknowledged().map(|minute| minute.0),
        "breaks_left": band.breaks_left(),
    })
}
