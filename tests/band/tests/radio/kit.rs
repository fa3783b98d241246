//! A phone with a radio, and bands around it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use haigou_contract::Minute;
use haigou_test_band::{BandPlan, Bluetooth, Bus, Clock, Family, MinuteTruth, SimulatedBand};
use haigou_wearable::radio::{Found, Hold, Pace, Radio};
use haigou_wearable::{BandId, BandInfo, BandMinute, Host, HostError, LinkState, Reading, Trouble};
use tokio::sync::watch;

/// 2026-05-20 12:00 in Shanghai.
pub(crate) const NOON: i64 = 1_779_249_600_000;
/// Shanghai.
pub(crate) const UTC_OFFSET_S: i32 = 8 * 3600;
pub(crate) const KEY: [u8; 16] = *b"0123456789abcdef";
const PATIENCE: Duration = Duration::from_secs(40);

/// Everything is in a hurry, but for what would only be late where the machine is busy.
pub(crate) fn pace() -> Pace {
    Pace {
        first_wait: Duration::from_millis(20),
        longest_wait: Duration::from_millis(160),
        find: Duration::from_secs(2),
        connect: Duration::from_secs(5),
        answer: Duration::from_secs(2),
        silence: Duration::from_millis(500),
        history: Duration::from_secs(3600),
        look: Duration::from_millis(100),
        round: Duration::from_millis(20),
        strikes: 5,
    }
}

/// What a phone knows of its bands.
#[derive(Debug, Default)]
pub(crate) struct Store {
    /// The minutes of each band.
    pub(crate) minutes: BTreeMap<BandId, BTreeMap<i64, BandMinute>>,
    /// Minutes that came though they were there.
    pub(crate) doubled: u32,
    pub(crate) heard: Vec<(BandId, Reading)>,
    pub(crate) infos: BTreeMap<BandId, BandInfo>,
    pub(crate) states: Vec<(BandId, LinkState)>,
    /// There is no room any more.
    pub(crate) full: bool,
}

impl Store {
    /// How things stand with a band.
    pub(crate) fn state(&self, band: &BandId) -> Option<LinkState> {
        self.states
            .iter()
            .rev()
            .find(|(of, _)| of == band)
            .map(|(_, state)| *state)
    }

    pub(crate) fn is_live(&self, band: &BandId) -> bool {
        self.state(band) == Some(LinkState::Live)
    }

    /// Whether a trouble was ever shown, to wait or to stop for.
    pub(crate) fn showed(&self, band: &BandId, what: Trouble) -> bool {
        self.states
            .iter()
            .any(|(of, state)| of == band && troubled(*state) == Some(what))
    }

    /// The counter of steps as it was told last.
    pub(crate) fn steps(&self, band: &BandId) -> Option<u32> {
        self.heard.iter().rev().find_map(|(of, reading)| match reading {
            Reading::Steps { total, .. } if of == band => Some(*total),
            _ => None,
        })
    }

    pub(crate) fn kept(&self, band: &BandId) -> usize {
        self.minutes.get(band).map_or(0, BTreeMap::len)
    }

    /// All minutes of a band, as the truth would tell them.
    pub(crate) fn as_truth(&self, band: &BandId) -> Vec<MinuteTruth> {
        let kept = self.minutes.get(band).into_iter().flat_map(BTreeMap::values);
        kept.map(|minute| MinuteTruth {
            minute: minute.minute,
            steps: minute.steps,
            heart_rate: minute.heart_rate,
        })
        .collect()
    }
}

pub(crate) fn troubled(state: LinkState) -> Option<Trouble> {
    match state {
        LinkState::Waiting { trouble, .. } | LinkState::Stopped { trouble } => Some(trouble),
        _ => None,
    }
}

/// The app around the radio, which keeps everything in memory.
pub(crate) struct Phone {
    clock: Clock,
    /// From here on it wants a band's minutes.
    since: Minute,
    store: Mutex<Store>,
    changed: watch::Sender<()>,
}

impl Phone {
    pub(crate) fn look<T>(&self, at: impl FnOnce(&mut Store) -> T) -> T {
        at(&mut self.store.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn change<T>(&self, what: impl FnOnce(&mut Store) -> T) -> T {
        let done = self.look(what);
        self.changed.send_replace(());
        done
    }

    /// Waits until something holds.
    pub(crate) async fn until(&self, what: &str, holds: impl Fn(&Store) -> bool) {
        let mut changes = self.changed.subscribe();
        let wait = async {
            while !self.look(|store| holds(store)) {
                changes.changed().await.expect("the phone is there");
            }
        };
        if tokio::time::timeout(PATIENCE, wait).await.is_err() {
            let late = self.look(|store| {
                store
                    .states
                    .iter()
                    .rev()
                    .take(12)
                    .map(|(_, state)| *state)
                    .collect::<Vec<_>>()
            });
            panic!("it never came to this: {what}; the last states: {late:?}");
        }
    }
}

impl Host for Phone {
    fn now(&self) -> (i64, i32) {
        (self.clock.now_ms(), UTC_OFFSET_S)
    }

    fn cursor(&self, band: &BandId) -> Minute {
        let next = self.look(|store| store.minutes.get(band)?.keys().next_back().map(|last| last + 1));
        next.map_or(self.since, Minute)
    }

    fn keep(&self, band: &BandId, minutes: &[BandMinute]) -> Result<(), HostError> {
        self.change(|store| {
            if store.full {
                return Err(HostError("no room".to_owned()));
            }
            let of_band = store.minutes.entry(band.clone()).or_default();
            for minute in minutes {
                store.doubled += u32::from(of_band.insert(minute.minute.0, *minute).is_some());
            }
            Ok(())
        })
    }

    fn heard(&self, band: &BandId, reading: Reading) {
        self.change(|store| store.heard.push((band.clone(), reading)));
    }

    fn introduced(&self, band: &BandId, info: &BandInfo) {
        self.change(|store| store.infos.insert(band.clone(), info.clone()));
    }

    fn stands(&self, band: &BandId, state: LinkState) {
        self.change(|store| store.states.push((band.clone(), state)));
    }
}

/// All of it.
pub(crate) struct World {
    pub(crate) bus: Bus,
    pub(crate) clock: Clock,
    pub(crate) bluetooth: Bluetooth,
    pub(crate) phone: Arc<Phone>,
    pub(crate) radio: Radio,
}

impl World {
    /// At noon, with a clock that stands still, and a phone that wants so many days.
    pub(crate) async fn start(bus: Bus, days: i64) -> Self {
        let clock = Clock::at(NOON, 0);
        let bluetooth = Bluetooth::start(&bus.address(), &clock).await;
        let phone = Arc::new(Phone {
            clock: clock.clone(),
            since: Minute(NOON / 60_000 - days * 1440),
            store: Mutex::default(),
            changed: watch::Sender::default(),
        });
        let radio = Radio::new(phone.clone(), pace()).await;
        Self {
            bus,
            clock,
            bluetooth,
            phone,
            radio,
        }
    }

    /// A band of Huami's, with our key and a memory.
    pub(crate) fn huami(&self, days: u32) -> SimulatedBand {
        self.bluetooth
            .add(&BandPlan::of(Family::Huami).with_key(KEY).worn_for(days))
    }

    /// The minute under way.
    pub(crate) fn now(&self) -> Minute {
        Minute::at(self.clock.now_ms())
    }

    /// Looks for bands until one is found that is wanted.
    pub(crate) async fn find(&self, wanted: impl Fn(&Found) -> bool) -> Found {
        let mut scan = self.radio.scan(PATIENCE);
        loop {
            let found = scan
                .next()
                .await
                .expect("the scan goes on")
                .expect("Bluetooth can be used");
            if wanted(&found) {
                return found;
            }
        }
    }

    /// Keeps a band of Huami's with our key.
    pub(crate) fn keep(&self, band: &BandId) -> Hold {
        self.keep_as(band, "huami", Some(KEY))
    }

    pub(crate) fn keep_as(&self, band: &BandId, family: &str, key: Option<[u8; 16]>) -> Hold {
        self.radio.keep(band, family, key).expect("a family")
    }

    /// Keeps a band of Huami's until it is live.
    pub(crate) async fn live(&self, band: &BandId) -> Hold {
        let hold = self.keep(band);
        self.until_live(band).await;
        hold
    }

    /// The member keeps it once more, and it lives.
    pub(crate) async fn until_live_again(&self, band: &BandId, family: &str, key: Option<[u8; 16]>) {
        let before = self.phone.look(|store| store.states.len());
        let hold = self.keep_as(band, family, key);
        let live = |store: &Store| store.states[before..].contains(&(band.clone(), LinkState::Live));
        self.phone.until("live again", live).await;
        hold.close().await;
    }

    pub(crate) async fn until_live(&self, band: &BandId) {
        self.phone.until("live", |store| store.is_live(band)).await;
    }

    pub(crate) async fn until_state(&self, band: &BandId, trouble: Trouble) {
        let what = format!("{trouble:?}");
        self.phone
            .until(&what, |store| {
                store.state(band).and_then(troubled) == Some(trouble)
            })
            .await;
    }

    /// What is kept of a band is its truth from a minute until now, each minute once.
    pub(crate) fn assert_true(&self, id: &BandId, band: &SimulatedBand, days: i64) {
        let truth = band.truth(Minute(NOON / 60_000 - days * 1440), self.now());
        self.phone.look(|store| {
            assert_eq!(store.kept(id), truth.len());
            assert!(
                store.as_truth(id) == truth,
                "each minute has its steps and no others"
            );
            assert_eq!(store.doubled, 0, "no minute came twice");
        });
    }
}

/// What a band is found by.
pub(crate) fn id(band: &SimulatedBand) -> BandId {
    BandId(format!("hci0/dev_{}", band.address().replace(':', "_")))
}
