//! `simulated-band`, as a program of another language uses it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use haigou_test_band::Bus;
use serde_json::{Value, json};

#[test]
fn takes_orders_until_nobody_gives_any() {
    if !Bus::can_be() {
        assert!(std::env::var_os("CI").is_none(), "dbus-daemon isn't installed");
        println!("left out: dbus-daemon isn't installed");
        return;
    }
    let mut program = Command::new(env!("CARGO_BIN_EXE_simulated-band"))
        .args(["--at", "1779249600000", "--speed", "0"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut orders = program.stdin.take().expect("it was asked for");
    let mut lines = BufReader::new(program.stdout.take().expect("it was asked for")).lines();
    let mut next = || -> Value {
        let line = lines.next().expect("a line").expect("text");
        serde_json::from_str(&line).expect("JSON")
    };
    let mut order = |order: Value| writeln!(orders, "{order}").expect("it reads");

    let bus = next()["DBUS_SYSTEM_BUS_ADDRESS"]
        .as_str()
        .expect("an address")
        .to_owned();
    let socket = Path::new(bus.strip_prefix("unix:path=").expect("a socket"));
    assert!(socket.exists());
    order(json!({ "do": "add", "family": "huami", "days": 3, "seed": 5 }));
    assert_eq!(next()["address"], "C0:FF:EE:00:00:00");
    order(json!({ "do": "look" }));
    let before = next();
    order(json!({ "do": "walk", "steps": 30 }));
    assert_eq!(next(), json!({ "done": true }));
    order(json!({ "do": "look" }));
    assert_eq!(
        next()["counter"].as_u64(),
        before["counter"].as_u64().map(|steps| steps + 30)
    );
    order(json!({ "do": "reset" }));
    next();
    order(json!({ "do": "look" }));
    assert_eq!(next()["counter"], 0);
    order(json!({ "do": "fly" }));
    assert!(next()["error"].as_str().expect("a word").contains("fly"));
    order(json!({ "do": "walk", "band": 9, "steps": 1 }));
    assert_eq!(next(), json!({ "error": "there is no band 9" }));

    drop(orders);
    assert!(program.wait().expect("it ends").success());
    assert!(!socket.exists(), "nothing is left");
}
