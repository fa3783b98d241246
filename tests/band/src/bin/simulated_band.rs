//! `simulated-band`: a Bluetooth of one's own for programs of any language.

use std::io::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser;
use haigou_test_band::{Bluetooth, Bus, Clock, obey};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

/// Plays the system's Bluetooth on a private bus until standard input ends. The first line of standard output names the
/// bus; then each line of standard input is an order, and is answered by a line.
#[derive(Parser)]
#[command(
    name = "simulated-band",
    after_help = "Example: echo '{\"do\":\"add\",\"family\":\"huami\",\"days\":30}' | simulated-band"
)]
struct Arguments {
    /// How many times as fast as the world's its time runs; 0 stands still
    #[arg(long, default_value_t = 1)]
    speed: u32,
    /// When it starts, in milliseconds since 1970; now, where nothing is said
    #[arg(long)]
    at: Option<i64>,
}

fn main() {
    let arguments = Arguments::parse();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let at = arguments
        .at
        .unwrap_or(i64::try_from(now.as_millis()).unwrap_or(i64::MAX));
    // The bus ends with the thread that starts it: this one.
    let bus = Bus::start();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let bluetooth = Bluetooth::start(&bus.address(), &Clock::at(at, arguments.speed)).await;
        say(&json!({ "DBUS_SYSTEM_BUS_ADDRESS": bus.address() }));
        let mut orders = BufReader::new(tokio::io::stdin()).lines();
        while let Ok(Some(order)) = orders.next_line().await {
            say(&obey(&bluetooth, &order).await);
        }
    });
}

fn say(what: &Value) {
    let mut out = std::io::stdout().lock();
    let _nobody_listens = writeln!(out, "{what}").and_then(|()| out.flush());
}
