use super::*;
use crate::testing::{HuamiBand, Memory, Script, run};
use crate::{families, recognise};
use proptest::prelude::*;

const KEY: [u8; 16] = *b"0123456789abcdef";
const SHANGHAI: i32 = 8 * 3600;
/// 28 November 2026, 00:00 in Shanghai.
const MIDNIGHT: i64 = 29_929_920;

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
    let known = HuamiBand::new(KEY, []);
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
        run(Huami.pair(
            &mut Script::new().with(STEPS).with(AUTH).on_write(says),
            Some(&KEY),
        ))
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
    for (has, lacks) in [(STEPS, AUTH), (AUTH, STEPS)] {
        let mut foreign = Script::new().with(has);
        let paired = run(Huami.pair(&mut foreign, Some(&KEY)));
        assert_eq!(paired, Err(BandError::Missing(lacks)));
    }
}

/// A band that answers whatever is written with whatever.
fn babble(values: Vec<(bool, Vec<u8>)>) -> Script {
    let mut values = values.into_iter();
    Script::new()
        .with(STEPS)
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
