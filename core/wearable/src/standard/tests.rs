use super::*;
use crate::testing::{Script, run};
use proptest::prelude::*;

#[test]
fn short_numbers_have_a_long_form() {
    assert_eq!(HEART_RATE.to_string(), "00002a37-0000-1000-8000-00805f9b34fb");
}

#[test]
fn a_heart_is_read_as_published() {
    let measured = |value: &[u8]| heart_rate(value).unwrap();
    let rate = |bpm, contact| Reading::HeartRate { bpm, contact };
    assert_eq!(measured(&[0x16, 0x47, 0x00, 0x04]), rate(71, Some(true)));
    assert_eq!(measured(&[0x00, 60]), rate(60, None));
    assert_eq!(measured(&[0x04, 0]), rate(0, Some(false)));
    // Two bytes of beats, energy, two intervals.
    assert_eq!(measured(&[0x19, 0xC8, 0x00, 1, 2, 3, 4, 5, 6]), rate(200, None));
    assert!(heart_rate(&[0x01, 0xFF, 0xFF]).is_err(), "no heart beats so fast");
    assert!(heart_rate(&[0x10, 60, 1]).is_err(), "half an interval");
}

#[test]
fn a_run_is_read_as_published() {
    let value = [0x07, 0xC0, 0x02, 0xAA, 0x61, 0x00, 0x39, 0x30, 0x00, 0x00];
    let expected = Reading::Cadence {
        per_minute: 170,
        speed_mps: 2.75,
        stride_m: Some(0.97),
        distance_m: Some(1234.5),
        running: true,
    };
    assert_eq!(running(&value).unwrap(), expected);
    for length in 0..value.len() {
        assert!(running(&value[..length]).is_err(), "{length} bytes");
    }
    assert!(running(&[&value[..], &[0]].concat()).is_err());
    let walk = running(&[0x00, 0x00, 0x01, 55]).unwrap();
    let expected = Reading::Cadence {
        per_minute: 55,
        speed_mps: 1.0,
        stride_m: None,
        distance_m: None,
        running: false,
    };
    assert_eq!(walk, expected);
}

#[test]
fn a_battery_is_at_most_full() {
    let full = Reading::Battery {
        percent: 100,
        charging: None,
    };
    assert_eq!(battery(&[100]), Ok(full));
    for bad in [&[][..], &[101], &[50, 0], &[255]] {
        assert!(battery(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn the_time_is_told_as_on_the_wall() {
    // Saturday, 28 November 2026, 23:30:15.500 in UTC is Sunday in Shanghai.
    let bytes = current_time(1_795_908_615_500, 8 * 3600).unwrap();
    assert_eq!(bytes, [0xEA, 0x07, 11, 29, 7, 30, 15, 7, 128, 1]);
    assert_eq!(current_time(i64::MAX, 0), None);
    assert_eq!(current_time(-70_000_000_000_000, 0), None, "before the year 0");
}

#[test]
fn a_band_tells_what_it_is_as_far_as_it_will() {
    let mut link = Script::new()
        .with(MAKER)
        .with(MODEL)
        .answers(MAKER, b" Haigou\0 ")
        .refuses(MODEL);
    let info = run(info(&mut link)).unwrap();
    assert_eq!(info.maker.as_deref(), Some("Haigou"));
    assert_eq!((info.model, info.firmware), (None, None));
    assert_eq!(text(&[b'x'; 500]).unwrap().len(), 64);
}

#[test]
fn only_bands_with_a_clock_are_told_the_time() {
    let mut without = Script::new();
    run(set_time(&mut without, 0, 0)).unwrap();
    assert!(without.written.is_empty());
    let mut with = Script::new().with(CURRENT_TIME);
    run(set_time(&mut with, 0, 0)).unwrap();
    assert_eq!(
        with.written,
        [(CURRENT_TIME, vec![0xB2, 0x07, 1, 1, 0, 0, 0, 4, 0, 1])]
    );
}

#[test]
fn it_is_the_last_resort() {
    let advert = |services: &[Uuid]| Advert {
        services: services.to_vec(),
        ..Advert::default()
    };
    assert_eq!(
        Standard.recognise(&advert(&[HEART_RATE_SERVICE])),
        Some(Match::Standard)
    );
    assert_eq!(
        Standard.recognise(&advert(&[sig(0x180F)])),
        None,
        "a mouse has a battery too"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn nothing_that_comes_can_harm(value in proptest::collection::vec(any::<u8>(), 0..600)) {
        for characteristic in [HEART_RATE, RSC, BATTERY, MAKER] {
            let decoded = decode(&Notification { characteristic, value: value.clone() });
            prop_assert!(decoded.map_or(0, |readings| readings.len()) <= 1);
        }
        let _ = text(&value);
    }

    #[test]
    fn no_time_can_harm(now_ms: i64, utc_offset_s: i32) {
        let _ = current_time(now_ms, utc_offset_s);
    }

    #[test]
    fn what_was_measured_is_what_is_read(speed: u16, cadence: u8, stride: u16, distance: u32) {
        let mut value = vec![0x03];
        value.extend(speed.to_le_bytes());
        value.push(cadence);
        value.extend(stride.to_le_bytes());
        value.extend(distance.to_le_bytes());
        let Reading::Cadence { per_minute, speed_mps, stride_m, distance_m, .. } = running(&value).unwrap() else {
            panic!("no cadence");
        };
        prop_assert_eq!(per_minute, cadence);
        prop_assert!((speed_mps * 256.0 - f32::from(speed)).abs() < 0.01);
        prop_assert!((stride_m.unwrap() * 100.0 - f32::from(stride)).abs() < 0.01);
        prop_assert!((distance_m.unwrap() * 10.0 - f64::from(distance)).abs() < 0.01);
    }
}
