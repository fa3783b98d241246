//! What is said out loud: start, kilometres, pause and end, each once, also when the app is killed in between.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop where they must not go on"
)]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small figures"
)]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use common::{MORNING, Pocket};
use haigou_contract::{ActivityKind, Language};
use haigou_phone::Phone;
use haigou_phone::screens::Settings;
use haigou_route::Fix;

/// Metres a second.
const SPEED: f64 = 3.0;

/// A runner who hears everything that the phone says, by number.
struct Runner {
    pocket: Pocket,
    phone: Option<Arc<Phone>>,
    second: i32,
    heard: BTreeMap<i64, String>,
}

impl Runner {
    fn new(settings: Settings) -> Self {
        let pocket = Pocket::offline();
        let phone = pocket.open();
        phone.set_settings(settings).unwrap();
        Self {
            pocket,
            phone: Some(phone),
            second: 0,
            heard: BTreeMap::new(),
        }
    }

    fn phone(&self) -> &Phone {
        self.phone.as_ref().unwrap()
    }

    /// Says what has a higher number than all that was said, as a shell does.
    fn listen(&mut self) {
        let last = self.heard.keys().last().copied().unwrap_or(i64::MIN);
        let spoken = self.phone().live().borrow().speech.clone();
        for spoken in spoken.into_iter().filter(|spoken| spoken.number > last) {
            self.heard.insert(spoken.number, spoken.text);
        }
    }

    fn run(&mut self, seconds: i32) {
        for _ in 0..seconds {
            self.second += 1;
            self.pocket.clock.advance(1_000);
            let fix = Fix {
                t_ms: MORNING + i64::from(self.second) * 1_000,
                lat: 31.2 + f64::from(self.second) * SPEED / 111_320.0,
                lon: 121.5,
                accuracy_m: Some(4.0),
                ..Fix::default()
            };
            self.phone().feed_fix(fix).unwrap();
            self.listen();
        }
    }

    fn kill_and_open(&mut self) {
        drop(self.phone.take());
        self.phone = Some(self.pocket.open());
        self.listen();
    }

    fn heard(&self) -> Vec<&str> {
        self.heard.values().map(String::as_str).collect()
    }
}

fn speaking(language: Language) -> Settings {
    Settings {
        language: Some(language),
        speech: true,
        ..Settings::default()
    }
}

#[test]
fn a_run_is_accompanied_from_start_to_end() {
    let mut runner = Runner::new(speaking(Language::English));
    runner.phone().start_activity(ActivityKind::Run).unwrap();
    runner.listen();
    runner.run(700);
    runner.phone().pause().unwrap();
    runner.listen();
    runner.phone().resume().unwrap();
    runner.listen();
    runner.run(60);
    runner.phone().finish().unwrap();
    runner.listen();
    let heard = runner.heard();
    assert_eq!(heard[0], "Run started");
    assert!(heard[1].starts_with("Kilometre 1 in 5 minutes"), "{heard:?}");
    assert!(heard[2].starts_with("Kilometre 2 in 5 minutes"), "{heard:?}");
    assert_eq!(heard[3..5], ["Paused", "Going on"]);
    assert!(
        heard[5].starts_with("Finished. 2.2") && heard[5].contains(" kilometres in 12 minutes"),
        "{heard:?}"
    );
    assert_eq!(heard.len(), 6);
    assert!(runner.phone().live().borrow().activity.is_none());
}

#[test]
fn a_kilometre_is_said_once_wherever_the_app_is_killed() {
    // Around the first kilometre's end, some 335 seconds in.
    for dies_at in (325..348).step_by(2) {
        let mut runner = Runner::new(speaking(Language::Chinese));
        runner.phone().start_activity(ActivityKind::Walk).unwrap();
        runner.run(dies_at);
        runner.kill_and_open();
        runner.run(700 - dies_at);
        runner.kill_and_open();
        runner.run(20);
        let kilometres: Vec<_> = runner
            .heard()
            .into_iter()
            .filter(|said| said.contains("公里"))
            .map(|said| said.split('，').next().unwrap().to_owned())
            .collect();
        assert_eq!(kilometres, ["1 公里", "2 公里"], "killed after {dies_at} s");
    }
}

#[test]
fn nothing_is_said_unless_it_is_wanted_and_what_is_past_is_not_made_up_for() {
    let mut runner = Runner::new(Settings::default());
    runner.phone().start_activity(ActivityKind::Run).unwrap();
    runner.run(400);
    assert!(runner.heard().is_empty());
    runner.phone().set_settings(speaking(Language::English)).unwrap();
    runner.run(300);
    let heard = runner.heard();
    assert_eq!(heard.len(), 1);
    assert!(heard[0].starts_with("Kilometre 2 in"), "{heard:?}");
    // A short one speaks of metres.
    runner.phone().finish().unwrap();
    runner.listen();
    runner.phone().start_activity(ActivityKind::Walk).unwrap();
    runner.run(30);
    runner.phone().finish().unwrap();
    runner.listen();
    let last = *runner.heard().last().unwrap();
    assert!(last.contains(" metres in 30 seconds"), "{last}");
}
