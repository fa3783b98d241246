use super::*;
use crate::gatt::standard;
use crate::trouble::{Breaks, Faults};

/// 2026-05-20 12:00 in Shanghai.
const NOON: i64 = 1_779_249_600_000;
const KEY: [u8; 16] = [7; 16];
const FETCH: Uuid = huami(4);
const ACTIVITY: Uuid = huami(5);
const STEPS: Uuid = huami(7);
const AUTH: Uuid = huami(9);
/// From a day before noon on.
const SINCE: [u8; 10] = [1, 1, 0xEA, 7, 5, 19, 12, 0, 0, 32];

const fn huami(short: u32) -> Uuid {
    Uuid::from_u128(((short as u128) << 96) | 0x0000_3512_2118_0009_af10_0700)
}

fn band(plan: &BandPlan) -> Band {
    let mut band = Band::new(plan, 0, Clock::at(NOON, 0)).unwrap();
    band.connect();
    band
}

/// All that it sends in a second, and whether its link broke.
fn second(band: &mut Band) -> (Vec<Value>, bool) {
    let mut all = Vec::new();
    for _ in 0..250 {
        match band.live(4_000) {
            Moment::Sends(values) => all.extend(values),
            Moment::Breaks(values) => {
                all.extend(values);
                return (all, true);
            }
        }
    }
    (all, false)
}

fn say(band: &mut Band, of: Uuid, bytes: &[u8]) -> Result<(), Refusal> {
    band.write(&value(of, bytes))
}

/// A band of Huami's that trusts, with a day in its memory.
fn trusting(seed: u64) -> Band {
    let mut band = band(&BandPlan::of(Family::Huami).seeded(seed).worn_for(1));
    trust(&mut band);
    band
}

fn trust(band: &mut Band) {
    for of in [FETCH, ACTIVITY, AUTH] {
        band.notify(of, true);
    }
    say(band, AUTH, &[&[1, 0][..], &KEY].concat()).unwrap();
    assert_eq!(second(band).0, [value(AUTH, [0x10, 1, 1])]);
    assert!(proves(band));
}

/// Whether it trusts; it may break its link over it.
fn proves(band: &mut Band) -> bool {
    use aes::cipher::{Array, BlockCipherEncrypt as _, KeyInit as _};
    say(band, AUTH, &[2, 0]).unwrap();
    let (said, _) = second(band);
    let Some(question) = said.last() else { return false };
    let mut block = Array::try_from(&question.bytes[3..]).unwrap();
    aes::Aes128::new(&Array::from(KEY)).encrypt_block(&mut block);
    say(band, AUTH, &[&[3, 0][..], block.as_slice()].concat()).unwrap();
    second(band).0 == [value(AUTH, [0x10, 3, 1])]
}

fn steps_of(packets: &[Value]) -> Vec<u16> {
    let packets = packets.iter().filter(|packet| packet.of == ACTIVITY);
    packets
        .flat_map(|packet| packet.bytes[1..].chunks(4).map(|sample| u16::from(sample[2])))
        .collect()
}

#[test]
fn a_history_is_the_truth_and_is_forgotten_only_when_it_is_stored() {
    let mut band = trusting(1);
    for _ in 0..2 {
        say(&mut band, FETCH, &SINCE).unwrap();
        say(&mut band, FETCH, &[2]).unwrap();
        let (said, _) = second(&mut band);
        assert_eq!(said[0].bytes[..7], [0x10, 1, 1, 0xA0, 5, 0, 0]);
        assert_eq!(said.len(), 1 + 360 + 1);
        assert!(
            said[1..361]
                .iter()
                .zip((0..=255_u8).cycle())
                .all(|(packet, n)| packet.bytes[0] == n)
        );
        let now = band.wrist.now();
        let truth: Vec<_> = (now - 1440..now)
            .map(|minute| band.wrist.wearer.minute(minute).steps)
            .collect();
        assert_eq!(steps_of(&said), truth);
    }
    assert_eq!(band.acknowledged(), None);
    say(&mut band, FETCH, &[3, 9]).unwrap();
    assert_eq!(band.acknowledged(), Some(band.wrist.now()));
    say(&mut band, FETCH, &SINCE).unwrap();
    assert_eq!(second(&mut band).0[1].bytes[..7], [0x10, 1, 1, 0, 0, 0, 0]);
}

#[test]
fn what_a_lost_link_cut_off_cant_be_acknowledged() {
    let mut band = trusting(1);
    say(&mut band, FETCH, &SINCE).unwrap();
    say(&mut band, FETCH, &[2]).unwrap();
    let _some = band.live(4_000);
    band.disconnect();
    band.connect();
    trust(&mut band);
    say(&mut band, FETCH, &[3, 9]).unwrap();
    assert_eq!(second(&mut band).0, [value(FETCH, [0x10, 3, 2])]);
    assert_eq!(band.acknowledged(), None);
}

#[test]
fn it_announces_what_it_lies() {
    let mut band = trusting(1);
    band.lie(-40);
    say(&mut band, FETCH, &SINCE).unwrap();
    assert_eq!(second(&mut band).0[0].bytes[3..7], 1400_u32.to_le_bytes());
    band.lie(1_000_000);
    say(&mut band, FETCH, &SINCE).unwrap();
    assert_eq!(second(&mut band).0[0].bytes[3..7], 1_001_440_u32.to_le_bytes());
}

#[test]
fn links_break_as_often_as_they_were_told_to_also_within_a_history() {
    let mut band = trusting(1);
    band.trouble.break_links(Breaks {
        times: 50,
        within: 300,
    });
    let (mut links, mut within) = (0, 0);
    while band.trouble.breaks_left() > 0 {
        if proves(&mut band) {
            say(&mut band, FETCH, &SINCE).unwrap();
            say(&mut band, FETCH, &[2]).unwrap();
            let (said, _) = second(&mut band);
            within += u32::from(said.iter().any(|value| value.of == ACTIVITY));
        }
        links += 1;
        band.disconnect();
        band.connect();
        for of in [FETCH, ACTIVITY, AUTH] {
            band.notify(of, true);
        }
    }
    assert!(proves(&mut band), "no more");
    assert_eq!(links, 50, "every one of them broke");
    assert!(within > 20, "{within}");
}

#[test]
fn the_same_seed_makes_the_same_trouble() {
    let lived = |seed| {
        let mut band = trusting(seed);
        band.trouble.faults = Faults {
            wrong_size: 100,
            garbage: 100,
            replayed: 100,
        };
        say(&mut band, FETCH, &SINCE).unwrap();
        say(&mut band, FETCH, &[2]).unwrap();
        second(&mut band).0
    };
    assert_eq!(lived(1), lived(1));
    assert_ne!(lived(1), lived(2));
    let said = lived(1);
    let packets = said.iter().filter(|value| value.of == ACTIVITY);
    let wrong = packets.filter(|packet| packet.bytes.len() != 17).count();
    assert!((30..150).contains(&wrong), "{wrong}");
    assert!(said.len() > 380, "some come twice: {}", said.len());
}

#[test]
fn tells_what_changed_to_whom_it_trusts() {
    let mut band = trusting(1);
    band.notify(STEPS, true);
    let (first, _) = second(&mut band);
    assert_eq!((first.len(), first[0].of), (1, STEPS));
    assert!(second(&mut band).0.is_empty(), "nothing changed");
    band.wrist.wearer.walk(5, band.wrist.now());
    let (said, _) = second(&mut band);
    let counted = |value: &Value| u32::from_le_bytes(value.bytes[1..5].try_into().unwrap());
    assert_eq!(counted(&said[0]), counted(&first[0]) + 5);
    band.trouble.silent = true;
    band.wrist.wearer.walk(5, band.wrist.now());
    assert!(second(&mut band).0.is_empty());
}

#[test]
fn a_flood_keeps_its_pace() {
    let mut band = band(&BandPlan::of(Family::InfiniTime));
    band.notify(standard(0x2A37), true);
    second(&mut band);
    band.flood(1_000, 2_500);
    let seconds = [
        second(&mut band),
        second(&mut band),
        second(&mut band),
        second(&mut band),
    ];
    assert_eq!(seconds.map(|(values, _)| values.len()), [1_000, 1_000, 500, 0]);
}

#[test]
fn an_update_takes_its_familys_services() {
    let mut band = trusting(1);
    assert_eq!(band.services().len(), 4);
    band.changed = true;
    band.disconnect();
    band.connect();
    let left: Vec<_> = band.services().iter().map(|service| service.uuid).collect();
    assert_eq!(left, [standard(0x180D), standard(0x180A)]);
}

#[test]
fn a_key_has_its_length() {
    let plan = BandPlan {
        key: Some("12".to_owned()),
        ..BandPlan::of(Family::Huami)
    };
    assert!(Band::new(&plan, 0, Clock::at(NOON, 0)).is_err());
}
