use super::*;
use crate::testing::{Fault, HuamiBand, Memory, Script, run};
use crate::{BandMinute, families, recognise};
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
fn live_steps_and_battery_are_read_as_observed() {
    let value = [0x0C, 0xE8, 3, 0, 0, 0xBC, 2, 0, 0, 0x28, 0, 0, 0];
    let expected = Reading::Steps {
        total: 1000,
        distance_m: Some(700),
        kcal: Some(40),
    };
    assert_eq!(steps(&value), Ok(expected));
    for length in 0..value.len() {
        assert!(steps(&value[..length]).is_err(), "{length} bytes");
    }
    assert!(steps(&[0; 14]).is_err());
    let charged = Reading::Battery {
        percent: 55,
        charging: Some(true),
    };
    assert_eq!(battery(&[0x0F, 55, 1, 0, 0]), Ok(charged));
    for bad in [&[][..], &[0], &[0, 50], &[0, 101, 0]] {
        assert!(battery(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn times_are_written_with_their_quarters() {
    assert_eq!(
        stamp(MIDNIGHT * 60_000, SHANGHAI),
        Some([0xEA, 0x07, 11, 28, 0, 0, 0, 32])
    );
    // Newfoundland, three and a half hours behind.
    assert_eq!(
        time(0, -12_600).unwrap(),
        [0xB1, 0x07, 12, 31, 20, 30, 0, 3, 0, 1, 0xF2]
    );
    assert_eq!(
        minute(&[0xEA, 0x07, 11, 28, 0, 0, 59, 32]),
        Some(Minute(MIDNIGHT))
    );
    assert_eq!(minute(&[0xEA, 0x07, 13, 28, 0, 0, 0, 32]), None);
    assert_eq!(minute(&[0xEA, 0x07, 11, 28, 0, 0, 0]), None);
}

#[test]
fn the_cipher_is_the_published_one() {
    // FIPS 197, appendix C.1.
    let key = std::array::from_fn(|n| u8::try_from(n).unwrap());
    let plain = std::array::from_fn(|n| u8::try_from(n * 0x11).unwrap());
    let sealed = encrypted(&key, plain);
    assert_eq!(sealed[..4], [0x69, 0xC4, 0xE0, 0xD8]);
}

#[test]
fn it_is_known_by_service_name_and_maker() {
    let family = |name: Option<&str>, services: &[Uuid], maker: Option<u16>| {
        let advert = Advert {
            name: name.map(str::to_owned),
            services: services.to_vec(),
            manufacturer: maker.map(|maker| (maker, vec![1])).into_iter().collect(),
        };
        recognise(&advert).map(|(driver, sure)| (driver.family(), sure))
    };
    assert_eq!(family(None, &[SERVICE], None), Some(("huami", Match::Certain)));
    assert_eq!(
        family(Some("Amazfit Bip"), &[], None),
        Some(("huami", Match::Likely))
    );
    assert_eq!(
        family(None, &[standard::HEART_RATE_SERVICE], Some(0x157)),
        Some(("huami", Match::Likely))
    );
    // A name is worth less than a service that nobody else has.
    let pinetime = [crate::infinitime::MOTION_SERVICE];
    assert_eq!(
        family(Some("Mi Band 4"), &pinetime, None),
        Some(("infinitime", Match::Certain))
    );
    assert_eq!(
        family(Some("Polar H10"), &[standard::HEART_RATE_SERVICE], None),
        Some(("standard", Match::Standard))
    );
    assert_eq!(family(Some("Keyboard"), &[], None), None);
    let names: std::collections::BTreeSet<_> = families().iter().map(|driver| driver.family()).collect();
    assert_eq!(names.len(), families().len());
}

#[test]
fn the_right_key_opens_and_a_wrong_one_never() {
    let pair = |band: &HuamiBand, key| run(Huami.pair(&mut band.link(), key));
    let known = band(0);
    assert_eq!(pair(&known, Some(&KEY)), Ok(()));
    assert!(known.with(|state| state.trusted));
    assert_eq!(pair(&known, None), Err(BandError::KeyNeeded));
    assert_eq!(pair(&known, Some(&[7; 16])), Err(BandError::KeyWrong));
    assert!(!known.with(|state| state.trusted));
}

#[test]
fn a_new_band_takes_a_key_and_keeps_it() {
    let new = HuamiBand::new(KEY, []);
    new.with(|state| (state.key, state.takes_keys) = (None, true));
    assert_eq!(run(Huami.pair(&mut new.link(), Some(&KEY))), Ok(()));
    new.with(|state| state.takes_keys = false);
    assert_eq!(run(Huami.pair(&mut new.link(), Some(&KEY))), Ok(()));
    assert_eq!(
        run(Huami.pair(&mut new.link(), Some(&[1; 16]))),
        Err(BandError::KeyWrong)
    );
}

#[test]
fn talk_about_keys_that_cant_be_is_malformed() {
    let pair = |answer: &'static [u8]| {
        let says = move |_, _: &[u8]| {
            vec![Ok(Notification {
                characteristic: AUTH,
                value: answer.to_vec(),
            })]
        };
        run(Huami.pair(&mut Script::new().with(AUTH).on_write(says), Some(&KEY)))
    };
    assert_eq!(
        pair(&[0x10, 0x02, 0x01, 1, 2, 3]),
        Err(BandError::Malformed("challenge"))
    );
    assert_eq!(
        pair(&[0x10, 0x02]),
        Err(BandError::Malformed("answer about a key"))
    );
    assert_eq!(pair(&[0x20]), Err(BandError::Silent));
    let mut foreign = Script::new();
    assert_eq!(
        run(Huami.pair(&mut foreign, Some(&KEY))),
        Err(BandError::Missing(AUTH))
    );
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

/// A band that answers whatever is written with whatever.
fn babble(values: Vec<(bool, Vec<u8>)>) -> Script {
    let mut values = values.into_iter();
    Script::new()
        .with(AUTH)
        .with(FETCH)
        .with(ACTIVITY)
        .on_write(move |_, _| {
            let some = values.by_ref().take(3);
            some.map(|(data, value)| {
                let characteristic = if data { ACTIVITY } else { FETCH };
                Ok(Notification {
                    characteristic,
                    value,
                })
            })
            .collect()
        })
}

/// Bytes that are often nearly right.
fn nearly() -> impl Strategy<Value = Vec<u8>> {
    let any = proptest::collection::vec(any::<u8>(), 0..40);
    prop_oneof![
        any.clone(),
        (0_u8..4, 0_u8..3, any.clone()).prop_map(|(to, ok, rest)| [&[0x10, to, ok][..], &rest].concat()),
        (0_u8..3, any).prop_map(|(counter, rest)| [&[counter][..], &rest].concat()),
        (0_u32..200, 0_u8..60).prop_map(|(count, minute)| {
            [
                &[0x10, 1, 1][..],
                &count.to_le_bytes(),
                &[0xEA, 0x07, 11, 28, 0, minute, 0, 32],
            ]
            .concat()
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn nothing_that_comes_can_harm(value in proptest::collection::vec(any::<u8>(), 0..600)) {
        for characteristic in [STEPS, BATTERY, standard::HEART_RATE] {
            let _ = Huami.decode(&Notification { characteristic, value: value.clone() });
        }
        let _ = minute(&value);
    }

    #[test]
    fn no_talk_can_harm(values in proptest::collection::vec((any::<bool>(), nearly()), 0..40)) {
        let mut memory = Memory::default();
        let _ = run(Huami.fetch(&mut babble(values.clone()), Minute(MIDNIGHT), SHANGHAI, &mut memory));
        prop_assert!(memory.minutes.len() <= 40 * 10);
        prop_assert!(memory.minutes.keys().all(|minute| *minute >= MIDNIGHT));
        let auth = values.into_iter().map(|(_, value)| (false, value)).collect();
        let paired = run(Huami.pair(&mut babble(auth), Some(&KEY)));
        prop_assert!(paired.is_err(), "nobody can guess");
    }
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
