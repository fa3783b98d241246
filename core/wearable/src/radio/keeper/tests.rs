use haigou_contract::Minute;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use self::air::{Air, Notes};
use super::*;
use crate::Reading;
use crate::huami::Huami;
use crate::infinitime::{self, InfiniTime};
use crate::standard::{BATTERY, HEART_RATE, Standard};
use crate::testing::{Fault, HuamiBand, Script};

mod air;

const KEY: [u8; 16] = *b"0123456789abcdef";
const FIRST: i64 = 29_929_920;
const DAYS: i64 = 30;
const NOW: i64 = FIRST + DAYS * 1440;

/// A keeper at work.
struct Kept {
    nudges: Arc<Nudges>,
    stop: CancellationToken,
    task: AbortOnDropHandle<()>,
}

fn keep(notes: &Arc<Notes>, air: &Arc<Air>, driver: impl Driver + 'static, key: Option<[u8; 16]>) -> Kept {
    let (nudges, stop) = (Arc::new(Nudges::default()), CancellationToken::new());
    let keeper = Keeper {
        band: BandId("band".into()),
        driver: Box::new(driver),
        key,
        host: notes.clone(),
        central: air.clone(),
        pace: Pace::default(),
        nudges: nudges.clone(),
        stop: stop.clone(),
    };
    Kept {
        nudges,
        stop,
        task: AbortOnDropHandle::new(tokio::spawn(keeper.run())),
    }
}

/// A band that was worn for 30 days.
fn worn() -> HuamiBand {
    let sample = |n: i64| (u8::try_from(n % 200).unwrap(), 70);
    HuamiBand::new(KEY, (0..DAYS * 1440).map(|n| (FIRST + n, sample(n))))
}

fn linked(band: &HuamiBand) -> Arc<Air> {
    let band = band.clone();
    Air::new(move || Ok(band.link()))
}

fn belt() -> Script {
    Script::new().with(HEART_RATE).answers(BATTERY, &[60])
}

fn steps(total: u32) -> Reading {
    Reading::Steps {
        total,
        distance_m: None,
        kcal: None,
    }
}

/// Whether the host has what the band has, and nothing came twice.
fn complete(notes: &Notes, band: &HuamiBand) -> bool {
    let minutes = notes.minutes.lock().unwrap();
    let kept = minutes
        .values()
        .map(|minute| (minute.minute.0, u64::from(minute.steps)));
    let all = band.with(|state| {
        let counted = |(minute, (steps, _)): (&i64, &(u8, u8))| (*minute, u64::from(*steps));
        state.minutes.iter().map(counted).eq(kept)
    });
    all && *notes.doubled.lock().unwrap() == 0
}

#[tokio::test(start_paused = true)]
async fn a_band_comes_to_life_step_by_step() {
    let (notes, band) = (Notes::new(), worn());
    let _kept = keep(&notes, &linked(&band), Huami, Some(KEY));
    notes.until_last(LinkState::Live).await;
    let states = notes.states();
    assert_eq!(
        states[..3],
        [
            LinkState::Connecting,
            LinkState::Preparing,
            LinkState::CatchingUp { minutes: 0 }
        ]
    );
    assert!(states.contains(&LinkState::CatchingUp { minutes: 43_200 }));
    assert!(complete(&notes, &band));
    // Its counter and its battery are known before it says anything by itself.
    notes.until(|notes| notes.readings().len() == 2).await;
    let full = Reading::Battery {
        percent: 77,
        charging: Some(true),
    };
    assert_eq!(notes.readings()[0], full);
    assert!(matches!(notes.readings()[1], Reading::Steps { total: 1000, .. }));
}

#[tokio::test(start_paused = true)]
async fn fifty_lost_links_lose_no_minute_of_thirty_days() {
    let (notes, band) = (Notes::new(), worn());
    band.with(|state| state.faults = (0..50).map(|n| Fault::LostAfter(n * 8)).collect());
    let _kept = keep(&notes, &linked(&band), Huami, Some(KEY));
    notes.until_last(LinkState::Live).await;
    assert_eq!(notes.waits().len(), 50);
    assert!(complete(&notes, &band));
}

#[tokio::test(start_paused = true)]
async fn waiting_doubles_from_8_to_64_seconds_and_begins_anew_after_it_worked() {
    let notes = Notes::new();
    let mut tries = 0;
    let air = Air::new(move || {
        tries += 1;
        if tries % 7 == 0 {
            Ok(belt())
        } else {
            Err(Trouble::NotFound)
        }
    });
    let _kept = keep(&notes, &air, Standard, None);
    notes.until_last(LinkState::Live).await;
    air.send(HEART_RATE, &[0, 70]);
    notes.until(|notes| notes.readings().len() == 2).await;
    air.break_link();
    notes.until(|notes| notes.waits().len() == 8).await;
    assert_eq!(notes.waits(), [8, 16, 32, 64, 64, 64, 8, 16]);
    let states = notes.states.lock().unwrap().clone();
    let at = |state: LinkState| {
        states
            .iter()
            .filter(move |(_, other)| *other == state)
            .map(|(at, _)| *at)
    };
    let tries: Vec<_> = at(LinkState::Connecting).take(7).collect();
    let between: Vec<_> = tries.windows(2).map(|two| (two[1] - two[0]).as_secs()).collect();
    assert_eq!(between, [8, 16, 32, 64, 64, 64], "it really waits so long");
}

#[tokio::test(start_paused = true)]
async fn a_wrong_key_and_none_are_the_members_to_change() {
    for (key, trouble) in [(Some([9; 16]), Trouble::KeyWrong), (None, Trouble::KeyNeeded)] {
        let notes = Notes::new();
        let kept = keep(&notes, &linked(&worn()), Huami, key);
        notes.until_last(LinkState::Stopped { trouble }).await;
        kept.task.await.unwrap();
        assert!(notes.waits().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_band_with_anothers_name_is_given_up_after_a_few_tries() {
    for stranger in [belt, || Script::new().answers(BATTERY, &[60])] {
        let notes = Notes::new();
        let kept = keep(&notes, &Air::new(move || Ok(stranger())), InfiniTime, None);
        let stopped = LinkState::Stopped {
            trouble: Trouble::NotUnderstood,
        };
        notes.until_last(stopped).await;
        kept.task.await.unwrap();
        assert_eq!(notes.waits(), [8, 16, 32, 64]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_band_that_says_nothing_is_asked_and_then_called_anew() {
    let notes = Notes::new();
    let mut links = 0;
    let air = Air::new(move || {
        links += 1;
        // The first has a counter to be read, the second one only what it sends by itself.
        Ok(if links == 1 {
            Script::new().answers(infinitime::STEPS, &[7, 0, 0, 0])
        } else {
            Script::new().with(infinitime::STEPS)
        })
    });
    let _kept = keep(&notes, &air, InfiniTime, None);
    notes.until(|notes| notes.readings().len() == 10).await;
    assert!(notes.waits().is_empty(), "it answers");
    air.break_link();
    notes.until(|notes| notes.waits().len() == 3).await;
    let silent = |state: &LinkState| {
        matches!(
            state,
            LinkState::Waiting {
                trouble: Trouble::Silent,
                ..
            }
        )
    };
    assert_eq!(notes.states().iter().filter(|state| silent(state)).count(), 2);
    assert_eq!(
        notes.waits(),
        [8, 16, 32],
        "nothing was heard that would make it begin anew"
    );
}

#[tokio::test(start_paused = true)]
async fn bluetooth_that_is_switched_off_is_waited_for() {
    let (notes, air) = (Notes::new(), Air::new(|| Ok(belt())));
    let _kept = keep(&notes, &air, Standard, None);
    notes.until_last(LinkState::Live).await;
    air.set(Err(Trouble::BluetoothOff));
    air.break_link();
    let off = LinkState::waiting(Trouble::BluetoothOff, Pace::default().look);
    notes.until_last(off).await;
    air.set(Err(Trouble::NotPermitted));
    notes
        .until_last(LinkState::waiting(Trouble::NotPermitted, Pace::default().look))
        .await;
    air.set(Ok(()));
    notes.until_last(LinkState::Live).await;
}

#[tokio::test(start_paused = true)]
async fn minutes_that_cant_be_stored_stay_on_the_band() {
    let (notes, band) = (Notes::new(), worn());
    *notes.full.lock().unwrap() = true;
    let _kept = keep(&notes, &linked(&band), Huami, Some(KEY));
    notes
        .until_last(LinkState::waiting(Trouble::NotStored, Duration::from_secs(16)))
        .await;
    assert!(band.with(|state| state.acknowledged.is_empty()));
    *notes.full.lock().unwrap() = false;
    notes.until_last(LinkState::Live).await;
    assert!(complete(&notes, &band));
}

#[tokio::test(start_paused = true)]
async fn minutes_that_havent_ended_are_left_for_later() {
    let notes = Notes::new();
    // Its clock is an hour ahead.
    let band = HuamiBand::new(KEY, (-30..60).map(|n| (NOW + n, (50, 70))));
    let _kept = keep(&notes, &linked(&band), Huami, Some(KEY));
    notes.until_last(LinkState::Live).await;
    assert_eq!(notes.cursor(&BandId(String::new())), Minute(NOW));
    assert_eq!(notes.minutes.lock().unwrap().len(), 30);
}

#[tokio::test(start_paused = true)]
async fn what_it_keeps_is_fetched_again_while_it_is_live() {
    let notes = Notes::new();
    let band = HuamiBand::new(KEY, (0..10).map(|n| (FIRST + n, (50, 70))));
    let kept = keep(&notes, &linked(&band), Huami, Some(KEY));
    notes.until_last(LinkState::Live).await;
    band.with(|state| state.minutes.insert(FIRST + 10, (51, 70)));
    let begun = Instant::now();
    notes
        .until(|notes| notes.minutes.lock().unwrap().len() == 11)
        .await;
    assert!(begun.elapsed() <= Pace::default().history + Duration::from_secs(1));
    // And at once, where that is asked for.
    band.with(|state| state.minutes.insert(FIRST + 11, (52, 70)));
    let begun = Instant::now();
    kept.nudges.catch_up.notify_one();
    notes
        .until(|notes| notes.minutes.lock().unwrap().len() == 12)
        .await;
    assert!(begun.elapsed() < Duration::from_secs(1));
    notes.until_last(LinkState::Live).await;
    assert!(complete(&notes, &band));
}

#[tokio::test(start_paused = true)]
async fn the_member_may_ask_at_once() {
    let notes = Notes::new();
    let mut tries = 0;
    let air = Air::new(move || {
        tries += 1;
        if tries > 6 {
            Ok(belt())
        } else {
            Err(Trouble::NotFound)
        }
    });
    let kept = keep(&notes, &air, Standard, None);
    notes.until(|notes| notes.waits().len() == 6).await;
    let begun = Instant::now();
    kept.nudges.catch_up.notify_one();
    notes.until_last(LinkState::Live).await;
    assert!(begun.elapsed() < Duration::from_secs(1));
    let before = notes.readings().len();
    kept.nudges.battery.notify_one();
    notes.until(|notes| notes.readings().len() == before + 1).await;
}

#[tokio::test(start_paused = true)]
async fn whoever_lets_go_ends_the_link_in_any_state() {
    let reached: [fn(&LinkState) -> bool; 3] = [
        |state| *state == LinkState::Live,
        |state| *state == LinkState::Connecting,
        |state| matches!(state, LinkState::Waiting { .. }),
    ];
    for reached in reached {
        let notes = Notes::new();
        let mut tries = 0;
        let air = Air::new(move || {
            tries += 1;
            if tries > 1 {
                Ok(belt())
            } else {
                Err(Trouble::NotFound)
            }
        });
        let kept = keep(&notes, &air, Standard, None);
        notes.until(|notes| notes.states().iter().any(reached)).await;
        kept.stop.cancel();
        kept.task.await.unwrap();
        let now = air.now.lock().unwrap();
        assert!(now.as_ref().is_none_or(|(_, gone)| gone.is_cancelled()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_summed_up_by_its_newest_value() {
    let notes = Notes::new();
    let air = Air::new(|| Ok(Script::new().with(infinitime::STEPS).with(HEART_RATE)));
    let _kept = keep(&notes, &air, InfiniTime, None);
    notes.until_last(LinkState::Live).await;
    // A thousand a second, for a minute.
    for total in 0..60_000_u32 {
        air.send(infinitime::STEPS, &total.to_le_bytes());
        if total % 1000 == 0 {
            air.send(HEART_RATE, &[0, 70]);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    notes
        .until(|notes| notes.readings().contains(&steps(59_999)))
        .await;
    let readings = notes.readings();
    let totals = readings
        .iter()
        .filter(|reading| matches!(reading, Reading::Steps { .. }))
        .count();
    let beats = readings
        .iter()
        .filter(|reading| matches!(reading, Reading::HeartRate { .. }))
        .count();
    assert!((100..=245).contains(&totals), "{totals} rounds in a minute");
    assert_eq!(beats, 60, "the heart is heard in between");
}

#[tokio::test(start_paused = true)]
async fn a_little_garbage_is_passed_over_and_nothing_but_garbage_is_the_end() {
    let notes = Notes::new();
    let air = Air::new(|| Ok(Script::new().with(infinitime::STEPS)));
    let _kept = keep(&notes, &air, InfiniTime, None);
    notes.until_last(LinkState::Live).await;
    for total in 0..200_u32 {
        air.send(infinitime::STEPS, &[1, 2, 3]);
        air.send(infinitime::STEPS, &total.to_le_bytes());
    }
    notes.until(|notes| notes.readings().contains(&steps(199))).await;
    let stopped = LinkState::Stopped {
        trouble: Trouble::NotUnderstood,
    };
    // By chance some of it makes sense.
    for nth in 0..10_000_u32 {
        if notes.states().last() == Some(&LinkState::Live) {
            let chance: &[u8] = if nth % 4 == 0 { &[1, 2, 3, 4] } else { &[1, 2, 3] };
            air.send(infinitime::STEPS, chance);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(notes.states().last(), Some(&stopped));
}

#[tokio::test(start_paused = true)]
async fn a_band_that_goes_silent_within_its_history_goes_on_later() {
    let (notes, band) = (Notes::new(), worn());
    band.with(|state| {
        state.faults = vec![Fault::SilentAfter(1000), Fault::Missing(500), Fault::Shorter(700)]
    });
    let _kept = keep(&notes, &linked(&band), Huami, Some(KEY));
    notes.until_last(LinkState::Live).await;
    assert!(complete(&notes, &band));
    assert_eq!(notes.waits(), [8, 8, 8], "each got somewhere");
}
