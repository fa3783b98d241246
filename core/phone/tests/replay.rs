//! Whatever came in, and wherever the log was torn: the app that is opened again shows exactly what it showed when the last
//! whole record was written.
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

use std::path::Path;
use std::sync::Arc;

use common::walker::Walker;
use common::{MORNING, NoNetwork, Pocket};
use haigou_contract::{ActivityKind, Minute};
use haigou_phone::screens::{BandsScreen, LiveScreen, RecordDetail, RecordsScreen, TodayScreen};
use haigou_phone::{Clock as _, CounterReading, ManualClock, MemoryKeys, Phone, PhoneOptions};
use haigou_route::Fix;
use haigou_wearable::{BandId, BandMinute, Host as _, Reading};
use proptest::prelude::*;

/// Something that happens.
#[derive(Debug, Clone)]
enum Act {
    /// Walking for so many milliseconds.
    Walk(i64),
    /// Samples that are broken, late or from nowhere.
    Broken(Vec<(i64, f32)>),
    /// A position so far to the north, in degrees, that comes so late, in milliseconds.
    Fix(f64, i64),
    /// So many more steps by the phone's counter.
    Counter(u64),
    /// A heart rate, by whoever measures it.
    Beat(u16),
    /// One of two bands says something.
    Band(bool, Reading),
    /// A band's memory of so many minutes comes, with so many steps in each.
    Memory(bool, i64, u16),
    Start(ActivityKind),
    Pause,
    Resume,
    Finish,
    Discard,
    /// Nobody listens for so many milliseconds.
    Wait(i64),
    /// Somebody sets the wall clock.
    Set(i64),
    /// The app is killed and opened again.
    Kill,
    /// The app is closed and opened again.
    Close,
    /// A second has passed, as the app sees it.
    Tick,
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        20 => prop_oneof![20..900_i64, 20..9_000_i64].prop_map(Act::Walk),
        1 => prop::collection::vec((any::<i64>(), any::<f32>()), 0..20).prop_map(Act::Broken),
        6 => (-0.001..0.001_f64, 0..3_000_i64).prop_map(|(north, late)| Act::Fix(north, late)),
        2 => (0..400_u64).prop_map(Act::Counter),
        2 => (50..200_u16).prop_map(Act::Beat),
        4 => (any::<bool>(), any_reading()).prop_map(|(which, reading)| Act::Band(which, reading)),
        1 => (any::<bool>(), 1..30_i64, 0..150_u16).prop_map(|(which, minutes, steps)| Act::Memory(which, minutes, steps)),
        2 => prop_oneof![Just(ActivityKind::Walk), Just(ActivityKind::Run)].prop_map(Act::Start),
        1 => Just(Act::Pause),
        2 => Just(Act::Resume),
        1 => Just(Act::Finish),
        1 => Just(Act::Discard),
        2 => prop_oneof![0..5_000_i64, Just(1_300_000)].prop_map(Act::Wait),
        1 => (-400_000..400_000_i64).prop_map(Act::Set),
        1 => Just(Act::Kill),
        1 => Just(Act::Close),
        6 => Just(Act::Tick),
    ]
}

fn any_reading() -> impl Strategy<Value = Reading> {
    prop_oneof![
        (0..3_000_u32).prop_map(|total| Reading::Steps {
            total,
            distance_m: None,
            kcal: None
        }),
        any::<u8>().prop_map(|per_minute| Reading::Cadence {
            per_minute,
            speed_mps: 1.0,
            stride_m: None,
            distance_m: None,
            running: false,
        }),
        (30..200_u16, any::<Option<bool>>()).prop_map(|(bpm, contact)| Reading::HeartRate { bpm, contact }),
        (0..=100_u8, any::<Option<bool>>())
            .prop_map(|(percent, charging)| Reading::Battery { percent, charging }),
    ]
}

fn band(which: bool) -> BandId {
    BandId(
        if which {
            "C8:0F:10:00:00:01"
        } else {
            "C8:0F:10:00:00:02"
        }
        .to_owned(),
    )
}

/// How the clocks were moved.
#[derive(Debug, Clone, Copy)]
enum Turn {
    Advance(i64),
    Set(i64),
}

fn turn(clock: &ManualClock, turn: Turn) {
    match turn {
        Turn::Advance(ms) => clock.advance(ms),
        Turn::Set(by_ms) => clock.set_wall(clock.wall_ms() + by_ms),
    }
}

/// All that the screens show.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    live: LiveScreen,
    today: TodayScreen,
    records: RecordsScreen,
    details: Vec<(RecordDetail, String)>,
    bands: BandsScreen,
}

fn shown(phone: &Phone) -> Shown {
    phone.set_language(haigou_contract::Language::English);
    let mut bands = phone.bands().borrow().clone();
    // What a heart did a moment ago isn't kept.
    bands.bands.iter_mut().for_each(|band| band.heart_rate = None);
    let records = phone.records().borrow().clone();
    let live = phone.live().borrow().clone();
    let ids = records.records.iter().map(|record| record.summary.id);
    let details = ids
        .chain(live.activity.iter().map(|activity| activity.id))
        .map(|id| (phone.record(id).unwrap(), phone.gpx(id).unwrap()))
        .collect();
    let today = phone.today().borrow().clone();
    Shown {
        live,
        today,
        records,
        details,
        bands,
    }
}

/// A phone to which things happen, and what the clocks and screens showed after each.
struct World {
    pocket: Pocket,
    phone: Option<Arc<Phone>>,
    walker: Walker,
    raw: u64,
    turns: Vec<Turn>,
    lat: f64,
}

impl World {
    fn new() -> Self {
        let pocket = Pocket::offline();
        let phone = Some(pocket.open());
        for which in [true, false] {
            phone
                .as_ref()
                .unwrap()
                .add_band(band(which), "huami", "Band")
                .unwrap();
        }
        Self {
            pocket,
            phone,
            walker: Walker::new(3),
            raw: 0,
            turns: Vec::new(),
            lat: 31.2,
        }
    }

    fn phone(&self) -> &Phone {
        self.phone.as_ref().unwrap()
    }

    fn turn(&mut self, by: Turn) {
        turn(&self.pocket.clock, by);
        self.turns.push(by);
    }

    /// What can't be done now is refused, and changes nothing. The answer: whether everything so far was written.
    fn act(&mut self, act: &Act) -> bool {
        let before = self.written();
        match act {
            Act::Walk(ms) => {
                let samples = self.walker.walk(*ms);
                self.turn(Turn::Advance(*ms));
                self.phone().feed_samples(&samples).unwrap();
            }
            Act::Broken(samples) => {
                let samples = samples.iter().map(|(t_us, magnitude_g)| haigou_motion::Sample {
                    t_us: *t_us,
                    magnitude_g: *magnitude_g,
                });
                let _ = self.phone().feed_samples(&samples.collect::<Vec<_>>());
            }
            Act::Fix(north, late_ms) => {
                self.lat += north;
                let fix = Fix {
                    t_ms: self.pocket.clock.mono_ms() - late_ms,
                    lat: self.lat,
                    lon: 121.5,
                    accuracy_m: Some(4.0 + north * 1_000.0),
                    altitude_m: Some(self.lat * 10.0),
                    ..Fix::default()
                };
                self.phone().feed_fix(fix).unwrap();
            }
            Act::Counter(more) => {
                self.raw += more;
                let _ = self.phone().feed_counter_reading(CounterReading {
                    boot_id: self.pocket.clock.boot_id(),
                    raw: self.raw,
                    mono_ms: self.pocket.clock.mono_ms(),
                });
            }
            Act::Beat(bpm) => self.phone().feed_heart_rate(*bpm).unwrap(),
            Act::Band(which, reading) => {
                self.phone
                    .as_ref()
                    .unwrap()
                    .band_host()
                    .heard(&band(*which), *reading);
                // A message about its battery is written at once, so what is written says nothing here.
                self.phone().tick();
                return true;
            }
            Act::Memory(which, minutes, steps) => {
                let now = Minute::at(self.pocket.clock.wall_ms()).0;
                let minutes = (now - minutes..now).map(|minute| BandMinute {
                    minute: Minute(minute),
                    steps: *steps,
                    heart_rate: None,
                });
                let host = self.phone.as_ref().unwrap().band_host();
                return host.keep(&band(*which), &minutes.collect::<Vec<_>>()).is_ok();
            }
            Act::Start(kind) => return self.phone().start_activity(*kind).is_ok(),
            Act::Pause => return self.phone().pause().is_ok(),
            Act::Resume => return self.phone().resume().is_ok(),
            Act::Finish => return self.phone().finish().is_ok(),
            Act::Discard => return self.phone().discard().is_ok(),
            Act::Wait(ms) => {
                self.walker.t_us += ms * 1_000;
                self.turn(Turn::Advance(*ms));
            }
            Act::Set(by_ms) => self.turn(Turn::Set(*by_ms)),
            Act::Kill | Act::Close => {
                let phone = self.phone.take().unwrap();
                if matches!(act, Act::Close) {
                    phone.close();
                }
                drop(phone);
                self.phone = Some(self.pocket.open());
                return matches!(act, Act::Close);
            }
            Act::Tick => {
                self.phone().tick();
                return true;
            }
        }
        before != self.written()
    }

    /// Changes whenever something is written.
    fn written(&self) -> (u64, Option<std::time::SystemTime>) {
        let store = std::fs::metadata(self.pocket.dir.path().join("phone.sqlite-wal"));
        (self.log_length(), store.and_then(|store| store.modified()).ok())
    }

    fn log_length(&self) -> u64 {
        std::fs::metadata(self.pocket.dir.path().join("recording.log"))
            .unwrap()
            .len()
    }
}

/// Opens what a kill left of a phone's folder, with the log as it is given, at the moment that the clocks then showed.
fn opened(folder: &Path, log: &[u8], turns: &[Turn]) -> Shown {
    let copy = tempfile::tempdir().unwrap();
    for name in ["phone.sqlite", "phone.sqlite-wal"] {
        if folder.join(name).exists() {
            std::fs::copy(folder.join(name), copy.path().join(name)).unwrap();
        }
    }
    std::fs::write(copy.path().join("recording.log"), log).unwrap();
    let clock = Arc::new(ManualClock::new(MORNING));
    turns.iter().for_each(|by| turn(&clock, *by));
    let mut options = PhoneOptions::new(
        copy.path(),
        "http://127.0.0.1:1",
        clock,
        Arc::new(MemoryKeys::default()),
    );
    options.transport = Some(Arc::new(NoNetwork));
    let phone = Phone::open(options).unwrap();
    shown(&phone)
}

/// A moment between two acts: how long the log was, how far the clocks had been turned, what was shown.
struct Moment {
    log: u64,
    turns: usize,
    shown: Shown,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_opened_is_what_was_shown_when_the_last_whole_record_was_written(
        acts in prop::collection::vec(any_act(), 1..120),
        cuts in prop::collection::vec((0.0..1.0_f64, any::<bool>()), 4),
    ) {
        let mut world = World::new();
        world.phone().tick();
        let start = Moment { log: world.log_length(), turns: 0, shown: shown(world.phone()) };
        let mut moments = vec![start];
        for act in acts.iter().chain([&Act::Tick]) {
            if !world.act(act) {
                continue;
            }
            let log = world.log_length();
            // Where the log was begun anew, what came before can't be gone back to.
            if log < moments.last().unwrap().log {
                moments.clear();
            }
            moments.push(Moment { log, turns: world.turns.len(), shown: shown(world.phone()) });
        }
        let folder = world.pocket.dir.path();
        let log = std::fs::read(folder.join("recording.log")).unwrap();
        let first = moments[0].log;
        for (place, change) in cuts {
            // From where it is known what was shown, to the end.
            let at = first + ((log.len() as u64 - first) as f64 * place) as u64;
            let mut torn = log.clone();
            if change && (at as usize) < log.len() {
                torn[at as usize] ^= 0x55;
            } else {
                torn.truncate(at as usize);
            }
            let last = moments.iter().rev().find(|moment| moment.log <= at).unwrap();
            prop_assert_eq!(&opened(folder, &torn, &world.turns[..last.turns]), &last.shown);
        }
        let last = moments.last().unwrap();
        prop_assert_eq!(&opened(folder, &log, &world.turns), &last.shown, "the whole log");
    }
}
