use super::*;
use crate::Driver;
use crate::huami::Huami;
use crate::testing::{Fault, HuamiBand, Memory, run};
use proptest::prelude::*;

const KEY: [u8; 16] = *b"0123456789abcdef";
const SHANGHAI: i32 = 8 * 3600;
/// 28 November 2026, 00:00 in Shanghai.
const MIDNIGHT: i64 = 29_929_920;

/// A band that kept so many minutes, each with other steps than the ones around it.
fn band(minutes: i64) -> HuamiBand {
    let sample = |n: i64| (u8::try_from(n % 200).unwrap(), u8::try_from(60 + n % 90).unwrap());
    HuamiBand::new(KEY, (0..minutes).map(|n| (MIDNIGHT + n, sample(n))))
}

fn fetched(band: &HuamiBand, memory: &mut Memory) -> Result<u32, BandError> {
    let since = memory
        .minutes
        .last_key_value()
        .map_or(MIDNIGHT, |(minute, _)| minute + 1);
    run(Huami.fetch(&mut band.link(), Minute(since), SHANGHAI, memory))
}

/// Whether every minute is there as the band has it, and nothing else.
fn complete(band: &HuamiBand, memory: &Memory) -> bool {
    band.with(|state| {
        state
            .minutes
            .iter()
            .map(|(minute, (steps, heart))| BandMinute {
                minute: Minute(*minute),
                steps: (*steps).into(),
                heart_rate: Some(*heart),
            })
            .eq(memory.minutes.values().copied())
    })
}

#[test]
fn thirty_days_come_whole() {
    let band = band(30 * 1440);
    let mut memory = Memory::default();
    assert_eq!(fetched(&band, &mut memory), Ok(30 * 1440));
    assert!(complete(&band, &memory));
    assert_eq!(
        band.with(|state| state.acknowledged.clone()),
        [MIDNIGHT + 30 * 1440]
    );
    assert_eq!(fetched(&band, &mut memory), Ok(0), "nothing is newer");
}

#[test]
fn parts_are_asked_for_until_nothing_is_newer() {
    let band = band(1000);
    band.with(|state| state.part = 300);
    let mut memory = Memory::default();
    assert_eq!(fetched(&band, &mut memory), Ok(1000));
    assert!(complete(&band, &memory));
    assert_eq!(band.with(|state| state.acknowledged.len()), 4);
}

#[test]
fn fifty_lost_links_lose_nothing_and_double_nothing() {
    let band = band(30 * 1440);
    band.with(|state| state.faults = (0..50).map(|n| Fault::LostAfter(n * 7 + 1)).collect());
    let mut memory = Memory::default();
    let mut lost = 0;
    while let Err(error) = fetched(&band, &mut memory) {
        assert_eq!(error, BandError::Lost);
        lost += 1;
    }
    assert_eq!(lost, 50);
    assert!(complete(&band, &memory));
}

#[test]
fn what_came_in_order_stays_whatever_follows() {
    let cases = [
        (Fault::LostAfter(10), BandError::Lost),
        (Fault::SilentAfter(10), BandError::Silent),
        (
            Fault::Missing(10),
            BandError::Malformed("packet that doesn't follow the one before"),
        ),
        (Fault::Longer(10), BandError::Malformed("packet of a history")),
    ];
    for (fault, expected) in cases {
        let band = band(100);
        band.with(|state| state.faults = vec![fault]);
        let mut memory = Memory::default();
        assert_eq!(fetched(&band, &mut memory), Err(expected), "{fault:?}");
        assert_eq!(
            memory.minutes.len(),
            36,
            "{fault:?}: the last that came isn't believed yet"
        );
        assert!(band.with(|state| state.acknowledged.is_empty()), "{fault:?}");
        assert_eq!(fetched(&band, &mut memory), Ok(64), "{fault:?}");
        assert!(complete(&band, &memory), "{fault:?}");
    }
}

#[test]
fn a_packet_that_comes_twice_counts_once() {
    let band = band(100);
    band.with(|state| state.faults = vec![Fault::Twice(3)]);
    let mut memory = Memory::default();
    assert_eq!(fetched(&band, &mut memory), Ok(100));
    assert!(complete(&band, &memory));
}

#[test]
fn a_cut_packet_moves_no_minute() {
    // A sample less in a packet, which alone nobody would notice.
    for cut in [0, 1, 10, 23, 24] {
        let band = band(100);
        band.with(|state| state.faults = vec![Fault::Shorter(cut)]);
        let mut memory = Memory::default();
        let failed = fetched(&band, &mut memory);
        assert!(
            matches!(failed, Err(BandError::Malformed(_))),
            "{cut}: {failed:?}"
        );
        while fetched(&band, &mut memory).is_err() {}
        assert!(complete(&band, &memory), "{cut}");
    }
}

#[test]
fn a_band_that_lies_about_its_length_is_malformed() {
    let surplus = band(100);
    surplus.with(|state| state.faults = vec![Fault::Surplus]);
    let mut memory = Memory::default();
    assert_eq!(
        fetched(&surplus, &mut memory),
        Err(BandError::Malformed("packet of a history"))
    );
    assert!(surplus.with(|state| state.acknowledged.is_empty()));
    assert_eq!(fetched(&surplus, &mut memory), Ok(4));
    assert!(complete(&surplus, &memory));

    let never = BandError::Malformed("minutes that were promised and never sent");
    for minutes in [0, 100] {
        let promising = band(minutes);
        promising.with(|state| state.faults = vec![Fault::Promises(50)]);
        let mut memory = Memory::default();
        assert_eq!(fetched(&promising, &mut memory), Err(never.clone()));
        assert!(promising.with(|state| state.acknowledged.is_empty()));
        assert!(fetched(&promising, &mut memory).is_ok());
        assert!(complete(&promising, &memory));
    }

    for garbage in [
        // Four billion minutes.
        &[0x10, 1, 1, 255, 255, 255, 255, 0xEA, 0x07, 11, 28, 0, 0, 0, 32][..],
        // The 13th month.
        &[0x10, 1, 1, 9, 0, 0, 0, 0xEA, 0x07, 13, 28, 0, 0, 0, 32],
        &[0x10, 1, 1, 9, 0, 0, 0],
        &[0x10, 1, 1],
    ] {
        let band = band(9);
        band.with(|state| state.faults = vec![Fault::Garbage(garbage)]);
        let bad = BandError::Malformed("announcement of a history");
        assert_eq!(fetched(&band, &mut Memory::default()), Err(bad), "{garbage:?}");
    }
    let refusing = band(9);
    refusing.with(|state| state.faults = vec![Fault::Garbage(&[0x10, 1, 2])]);
    assert_eq!(
        fetched(&refusing, &mut Memory::default()),
        Err(BandError::Refused)
    );
}

#[test]
fn nothing_is_acknowledged_that_was_not_stored() {
    let band = band(5000);
    let mut memory = Memory {
        full_after: Some(2),
        ..Memory::default()
    };
    assert_eq!(fetched(&band, &mut memory), Err(BandError::NotStored));
    assert_eq!(memory.minutes.len(), 2880);
    assert!(band.with(|state| state.acknowledged.is_empty()));
    memory.full_after = None;
    assert_eq!(fetched(&band, &mut memory), Ok(2120));
    assert!(complete(&band, &memory));
}

#[test]
fn minutes_without_a_measurement_say_so() {
    let band = HuamiBand::new(KEY, [(MIDNIGHT, (255, 255)), (MIDNIGHT + 1, (12, 0))]);
    let mut memory = Memory::default();
    assert_eq!(fetched(&band, &mut memory), Ok(2));
    let kept: Vec<_> = memory
        .minutes
        .values()
        .map(|minute| (minute.steps, minute.heart_rate))
        .collect();
    assert_eq!(kept, [(0, None), (12, None)]);
}

#[test]
fn a_band_that_slept_goes_on_later() {
    let band = HuamiBand::new(KEY, [(MIDNIGHT + 500, (9, 80)), (MIDNIGHT + 501, (8, 80))]);
    let mut memory = Memory::default();
    assert_eq!(fetched(&band, &mut memory), Ok(2));
    assert!(complete(&band, &memory));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_breaks_anywhere_end_in_the_same_minutes(
        count in 1_i64..3000,
        part in 1_usize..1000,
        breaks in proptest::collection::vec((0_usize..200, 0_u8..4), 0..12),
    ) {
        let band = band(count);
        band.with(|state| {
            state.part = part.max(50);
            state.faults = breaks.iter().map(|(at, kind)| match kind {
                0 => Fault::LostAfter(*at),
                1 => Fault::Missing(*at),
                2 => Fault::Twice(*at),
                _ => Fault::SilentAfter(*at),
            }).collect();
        });
        let mut memory = Memory::default();
        let mut tries = 0;
        while fetched(&band, &mut memory).is_err() {
            tries += 1;
            prop_assert!(tries <= breaks.len());
        }
        prop_assert!(complete(&band, &memory));
        let stored = MIDNIGHT + count;
        prop_assert!(band.with(|state| state.acknowledged.iter().all(|minute| *minute <= stored)));
    }
}
