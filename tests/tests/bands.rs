//! From the wrist to the books: simulated bands, the true radio, the real phone core, the real server.

use std::collections::BTreeMap;
use std::time::Duration;

use haigou_contract::{Day, Minute};
use haigou_phone::screens::BandsScreen;
use haigou_phone::{Pace, Phone};
use haigou_test_band::{
    BandPlan, Bluetooth, Breaks, Bus, Clock, Family, Power, SimulatedBand, on_a_private_bus,
};
use haigou_tests::{Counted, DAY, HOUR, MIDNIGHT, MINUTE, Pocket, Server, books, number_of};
use haigou_wearable::BandId;
use tokio::task::block_in_place;

/// Deep in the night: nobody walks in the minutes in which the tests come to an end.
const NIGHT: i64 = MIDNIGHT + 3 * HOUR;
const KEY: [u8; 16] = *b"0123456789abcdef";
const KEY_DIGITS: &str = "30313233343536373839616263646566";

/// Tests are in a hurry.
fn pace() -> Pace {
    Pace {
        first_wait: Duration::from_millis(20),
        longest_wait: Duration::from_millis(160),
        answer: Duration::from_secs(2),
        silence: Duration::from_millis(500),
        look: Duration::from_millis(100),
        round: Duration::from_millis(20),
        ..Pace::default()
    }
}

/// A member whose phone has its radio on, and one clock for all.
struct World {
    _bus: Bus,
    server: Server,
    pocket: Pocket,
    clock: Clock,
    bluetooth: Bluetooth,
}

impl World {
    async fn start(bus: Bus, now_ms: i64) -> Self {
        let server = block_in_place(|| Server::start_at(now_ms));
        let pocket = Pocket::new(now_ms, &server.url());
        pocket.sign_in(&server, &number_of(1), None).await;
        let clock = Clock::at(now_ms, 0);
        let bluetooth = Bluetooth::start(&bus.address(), &clock).await;
        pocket.app().start_radio_at(pace()).await.expect("it starts");
        Self {
            _bus: bus,
            server,
            pocket,
            clock,
            bluetooth,
        }
    }

    /// Time goes on for everybody. What happens meanwhile is told as soon as it's the band's time too.
    fn advance(&self, ms: i64, meanwhile: impl FnOnce()) {
        self.server.set_clock(self.clock.now_ms() + ms);
        self.pocket.clock.advance(ms);
        meanwhile();
        self.clock.advance(ms);
        self.pocket.app().tick();
    }

    /// Finds a band and pairs it.
    async fn pair(&self, key: Option<&str>) -> BandId {
        let phone = self.pocket.app();
        phone
            .scan_bands(Duration::from_secs(60))
            .expect("the radio is on");
        until(phone, "a band is found", |screen| !screen.found.is_empty()).await;
        phone.stop_scan();
        let found = phone.bands().borrow().found[0].clone();
        assert_eq!(found.wants_key, key.is_some());
        phone
            .pair_band(&found.id, key)
            .expect("a key, where one is wanted");
        until(phone, "it is live", |screen| stands(screen, "live")).await;
        found.id
    }

    /// The phone knows where the band's counter stands: it counts on from there.
    async fn hears_steps(&self, band: &SimulatedBand) {
        let counts = |screen: &BandsScreen| {
            band.walk(1);
            screen.bands[0].steps_today > 0
        };
        until(self.pocket.app(), "it counts", counts).await;
    }

    /// Two minutes of a day, with so many steps more than the wearer would make, until the phone hears the band.
    async fn walk(&self, band: &SimulatedBand, steps: u32) {
        self.advance(2 * MINUTE, || band.walk(steps));
        let now_ms = self.clock.now_ms();
        let heard = |screen: &BandsScreen| screen.bands[0].heard_ms == Some(now_ms);
        until(self.pocket.app(), "it was heard", heard).await;
    }

    /// Brings everything to the server, once no minute can change any more.
    async fn sync(&self) {
        self.advance(3 * MINUTE, || ());
        self.pocket.sync().await;
    }

    /// What the server counted, day by day.
    fn booked(&self) -> BTreeMap<Day, Counted> {
        let books = block_in_place(|| books(&self.server.store(), &number_of(1)));
        assert!(books.audit.ok, "{:?}", books.audit.findings);
        books.days
    }

    /// What the band's wearer really did, day by day, from a moment on.
    fn truth(&self, band: &SimulatedBand, from_ms: i64) -> BTreeMap<Day, Counted> {
        let mut truth: BTreeMap<Day, Counted> = BTreeMap::new();
        let minutes = band.truth(Minute::at(from_ms), Minute::at(self.clock.now_ms()));
        for minute in minutes.iter().filter(|minute| minute.steps > 0) {
            let day = truth.entry(Day::at(minute.minute.start_ms())).or_default();
            day.passive += u64::from(minute.steps);
            day.claimed += u64::from(minute.steps);
        }
        truth
    }
}

fn huami(days: u32) -> BandPlan {
    BandPlan::of(Family::Huami).with_key(KEY).worn_for(days)
}

/// Waits until the bands' screen shows something. Its seconds pass faster than the world's.
async fn until(phone: &Phone, what: &str, shows: impl Fn(&BandsScreen) -> bool) {
    let mut bands = phone.bands();
    for _ in 0..2_000 {
        phone.tick();
        let soon = Duration::from_millis(20);
        if tokio::time::timeout(soon, bands.wait_for(&shows)).await.is_ok() {
            return;
        }
    }
    panic!("it never showed that {what}: {:?}", phone.bands().borrow());
}

/// Whether the first band stands so.
fn stands(screen: &BandsScreen, code: &str) -> bool {
    let link = screen.bands.first().and_then(|band| band.link.as_ref());
    link.is_some_and(|link| link.told.code == code && !link.told.text.is_empty())
}

#[test]
fn thirty_days_over_fifty_lost_links_are_booked_to_the_step() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, NIGHT).await;
        let band = world.bluetooth.add(&huami(30));
        band.lose_links(Breaks {
            times: 50,
            within: 200,
        });
        world.pair(Some(KEY_DIGITS)).await;
        assert_eq!((band.links(), band.breaks_left()), (51, 0));
        world.sync().await;
        assert_eq!(world.booked(), world.truth(&band, NIGHT - 30 * DAY));
    });
}

/// From ten in the evening over a reset and midnight into the night; the link is lost now and then, once for long. What was
/// heard live goes to the server, and what the band kept corrects it.
#[test]
fn an_evening_with_resets_is_booked_to_the_step() {
    on_a_private_bus(async |bus| {
        let evening = MIDNIGHT + 22 * HOUR;
        let world = World::start(bus, evening).await;
        let band = world.bluetooth.add(&huami(0));
        let id = world.pair(Some(KEY_DIGITS)).await;
        world.hears_steps(&band).await;
        for round in 0..120 {
            match round {
                40 => band.reset(),
                60 => band.near(false),
                70 => band.near(true),
                _ if round % 13 == 0 => band.lose_link(),
                _ => {}
            }
            let steps = 1 + 40 * (round % 4);
            if (60..70).contains(&round) {
                world.advance(2 * MINUTE, || band.walk(steps));
            } else {
                world.walk(&band, steps).await;
            }
            if round % 30 == 29 {
                world.pocket.sync().await;
            }
        }
        // Steps heard in the first second of a minute may be of the one before, until its memory tells.
        world.advance(3 * MINUTE, || ());
        world.pocket.app().catch_up_band(&id).expect("it is kept");
        let last = Minute::at(world.clock.now_ms());
        let stored = |_: &BandsScreen| band.acknowledged() == Some(last);
        until(world.pocket.app(), "it was caught up with", stored).await;
        world.sync().await;
        let (booked, truth) = (world.booked(), world.truth(&band, evening));
        assert!(booked.keys().eq(truth.keys()));
        for (counted, truth) in booked.values().zip(truth.values()) {
            assert_eq!(counted.claimed, truth.claimed);
            // A day never shrinks: what was placed a minute off before it was corrected stays in its count.
            assert!(
                (truth.passive..truth.passive + 250).contains(&counted.passive),
                "{counted:?} {truth:?}"
            );
        }
    });
}

/// A watch that keeps nothing: what its counter said is booked, and never more than was walked.
#[test]
fn a_watch_without_a_memory_is_booked_by_its_counter() {
    on_a_private_bus(async |bus| {
        let evening = MIDNIGHT + 22 * HOUR;
        let world = World::start(bus, evening).await;
        let band = world.bluetooth.add(&BandPlan::of(Family::InfiniTime));
        world.pair(None).await;
        world.hears_steps(&band).await;
        for round in 0..100 {
            match round {
                44 => band.reset(),
                _ if round % 13 == 0 => band.lose_link(),
                _ => {}
            }
            let steps = 1 + 40 * (round % 4);
            let before = world.pocket.app().bands().borrow().bands[0].steps_today;
            let day = Day::at(world.clock.now_ms());
            world.walk(&band, steps).await;
            if day == Day::at(world.clock.now_ms()) {
                let counted = |screen: &BandsScreen| screen.bands[0].steps_today >= before + steps;
                until(world.pocket.app(), "they were counted", counted).await;
            }
        }
        world.sync().await;
        let sum = |days: &BTreeMap<Day, Counted>| days.values().map(|day| day.passive).sum::<u64>();
        let (booked, truth) = (world.booked(), world.truth(&band, evening));
        assert!(sum(&booked) <= sum(&truth), "{booked:?} {truth:?}");
        // The two minutes before midnight are gone before the watch was asked.
        assert!(sum(&booked) + 250 >= sum(&truth), "{booked:?} {truth:?}");
    });
}

#[test]
fn what_is_the_matter_is_shown_in_words() {
    on_a_private_bus(async |bus| {
        let world = World::start(bus, NIGHT).await;
        let phone = world.pocket.app();
        let band = world.bluetooth.add(&huami(0));
        let id = world.pair(Some(KEY_DIGITS)).await;
        let wrong = "00".repeat(16);
        phone.pair_band(&id, Some(&wrong)).expect("a key");
        until(phone, "the key is wrong", |screen| stands(screen, "key_wrong")).await;
        phone.pair_band(&id, Some(KEY_DIGITS)).expect("a key");
        until(phone, "it is live", |screen| stands(screen, "live")).await;
        band.near(false);
        until(phone, "it isn't there", |screen| stands(screen, "not_found")).await;
        band.near(true);
        until(phone, "it is live", |screen| stands(screen, "live")).await;
        let troubles = |screen: &BandsScreen| screen.trouble.as_ref().map(|told| told.code.clone());
        world.bluetooth.power(Power::Blocked);
        until(phone, "it is off", |screen| {
            troubles(screen).as_deref() == Some("bluetooth_off")
        })
        .await;
        world.bluetooth.power(Power::On);
        world.bluetooth.permit(false);
        until(phone, "it isn't permitted", |screen| {
            troubles(screen).as_deref() == Some("not_permitted")
        })
        .await;
        world.bluetooth.permit(true);
        until(phone, "it is live", |screen| {
            stands(screen, "live") && screen.trouble.is_none()
        })
        .await;
        phone.forget_band(&id).await.expect("it is paired");
        assert!(!band.is_connected());
        assert!(phone.bands().borrow().bands.is_empty());
    });
}
