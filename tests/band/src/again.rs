//! Tests on a bus of their own. Which bus is the system's is read once from the environment of a process; so such a test
//! runs itself again in a process that was told.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::bus::Bus;

/// Names the folder of the bus of this process.
const FOLDER: &str = "HAIGOU_TEST_BAND";
/// No test takes longer.
const LIMIT: Duration = Duration::from_secs(100);

/// Runs the body of a test, a closure in the test's function, on a bus of its own, which is the system's for the process
/// that it runs in. Without `dbus-daemon` nothing is tested, which is a failure where the variable `CI` is set.
///
/// # Panics
/// If the body does, or if it takes longer than 100 s.
pub fn on_a_private_bus<F: Future<Output = ()>, B: FnOnce(Bus) -> F>(body: B) {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let bus = Bus::start_in(Path::new(&folder));
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let ended = runtime.block_on(async { tokio::time::timeout(LIMIT, body(bus)).await });
        assert!(ended.is_ok(), "it takes longer than {LIMIT:?}");
        return;
    }
    if !Bus::can_be() {
        let why = "dbus-daemon isn't installed (Debian's package `dbus-daemon`)";
        assert!(std::env::var_os("CI").is_none(), "{why}");
        println!("left out: {why}");
        return;
    }
    let test = around::<B>();
    let folder = TempDir::new().expect("a temporary folder");
    let run = Command::new(std::env::current_exe().expect("this program has a file"))
        .args([test, "--exact", "--nocapture"])
        .env(FOLDER, folder.path())
        .env("DBUS_SYSTEM_BUS_ADDRESS", Bus::address_in(folder.path()))
        .output()
        .expect("this program runs");
    let said = String::from_utf8_lossy(&run.stdout);
    println!("{said}\n{}", String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "on a private bus, {test} fails");
    assert!(said.contains("1 passed"), "there is no test named {test}");
}

/// The name of the function around a closure, without its crate.
fn around<B>() -> &'static str {
    let name = std::any::type_name::<B>();
    let within = name.split_once("::").map_or(name, |(_, within)| within);
    within.split("::{{").next().unwrap_or(within)
}
