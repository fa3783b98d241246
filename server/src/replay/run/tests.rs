//! Days end between events; lines of any depth are replayed.

use haigou_store::Store;

use crate::replay::{Audit, Scenario};

fn read(text: &str) -> Scenario {
    Scenario::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn events_between_which_days_end_close_them_in_one_chapter_too() {
    let mut events = vec![
        r#"{"at": "2026-01-01T08:00:00+08:00", "do": "register", "member": "amy"}"#.to_owned(),
        r#"{"at": "2026-01-01T08:00:00+08:00", "do": "give", "member": "amy", "account": "hi_value.active", "amount": "1"}"#.to_owned(),
    ];
    for day in 2..=31 {
        events.push(format!(
            r#"{{"at": "2026-01-{day:02}T00:00:00+08:00", "do": "pass"}}"#
        ));
    }
    let scenario = read(&format!(
        r#"{{"rulebook": "classic", "events": [{}]}}"#,
        events.join(",")
    ));
    let state = scenario.replay().unwrap();
    let amy = &state.balances["amy"];
    assert_eq!(amy["hi_shell.available"], "14940.00000000");
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_scratch(&folder.path().join("parts.db")).unwrap();
    assert_eq!(scenario.replay_in_parts(&store, 1).unwrap(), state);
}

#[test]
fn a_deep_line_is_replayed() {
    let deep = 1_500;
    let at = r#""at": "2026-01-01T08:00:00+08:00""#;
    let mut events = vec![format!(r#"{{{at}, "do": "register", "member": "m1"}}"#)];
    for member in 2..=deep {
        let sponsor = member - 1;
        events.push(format!(
            r#"{{{at}, "do": "register", "member": "m{member}", "sponsor": "m{sponsor}"}}"#
        ));
    }
    events.push(format!(
        r#"{{{at}, "do": "tier", "member": "m1", "tier": "senior"}}"#
    ));
    events.push(format!(
        r#"{{{at}, "do": "buy", "member": "m{deep}", "product": "rice-50", "receive": true}}"#
    ));
    let scenario = read(&format!(
        r#"{{"rulebook": "sport", "events": [{}]}}"#,
        events.join(",")
    ));
    let state = scenario.replay().unwrap();
    assert_eq!(state.audit, Audit::Fine("ok"));
    assert_eq!(state.rejected, []);
    // Registered 100.00, referred 50.00, and a senior's 20 % of 50.00 from the bottom of the line.
    assert_eq!(state.balances["m1"]["hi_value.active"], "160.00");
    assert_eq!(state.tiers.len(), 1);
}

#[test]
fn nothing_happens_in_a_scenario_without_events() {
    let state = read(r#"{"rulebook": "sport", "events": []}"#).replay().unwrap();
    assert_eq!(state.price, "1.0000");
    assert_eq!(state.supply["hi_shell"]["issued"], "80000.00000000");
    assert_eq!((state.balances.len(), state.vip.len()), (0, 0));
}
