//! A day's book keeps each minute once, and is read as it was written.

use proptest::prelude::*;

use super::*;

fn day() -> Day {
    "2026-01-01".parse().unwrap()
}

fn claim(of_day: i64, steps: u32, activity: Option<u128>) -> MinuteSteps {
    MinuteSteps {
        minute: Minute(Minute::at(day().start_ms()).0 + of_day),
        kind: if activity.is_some() {
            StepKind::Run
        } else {
            StepKind::Passive
        },
        source: StepSource::Motion,
        steps,
        distance_m: Some(80),
        interval_cv: Some(31),
        peak_cv: None,
        activity: activity.map(Uuid::from_u128),
    }
}

#[test]
fn counted_and_claimed_are_told_apart() {
    let mut book = Book::empty(day());
    assert!(book.take(&claim(5, 100, None), None));
    assert!(book.take(&claim(4, 120, Some(7)), None));
    assert!(book.take(&claim(6, 900, Some(7)), Some(Doubt::CadenceTooHigh)));
    assert!(!book.take(&claim(5, 100, None), Some(Doubt::Overlap)));
    assert!(!book.take(&claim(1_440, 100, None), None));
    assert!(!book.take(&claim(-1, 100, None), None));
    let steps = book.steps();
    assert_eq!(
        (steps.walk, steps.run, steps.passive, steps.claimed),
        (0, 120, 100, 1_120)
    );
    let minutes: Vec<_> = book.claims().map(|claim| claim.steps).collect();
    assert_eq!(minutes, [120, 100, 900]);
}

#[test]
fn a_correction_takes_the_place_of_what_was_said_and_the_day_never_shrinks() {
    let mut book = Book::empty(day());
    book.take(&claim(4, 100, None), None);
    book.take(&claim(5, 50, Some(7)), None);
    let counted = |book: &Book| (book.totals.run, book.totals.passive);
    assert!(!book.correct(&claim(6, 10, None), None), "nothing to correct");
    assert!(book.correct(&claim(4, 130, None), None));
    assert!(!book.correct(&claim(4, 130, None), None), "said already");
    assert_eq!(counted(&book), (50, 130));
    // Back by 50: the day keeps them, and the next 50 fill the gap.
    assert!(book.correct(&claim(4, 80, None), None));
    assert_eq!((counted(&book), book.steps().claimed), ((50, 130), 130));
    book.take(&claim(8, 60, None), None);
    assert_eq!(counted(&book), (50, 140));
    // It stays of its kind and activity, whatever the correction says.
    assert!(book.correct(&claim(5, 70, None), None));
    assert_eq!(counted(&book), (70, 140));
    // One that is no longer believed takes nothing from the day either.
    assert!(book.correct(&claim(5, 900, Some(7)), Some(Doubt::CadenceTooHigh)));
    assert_eq!(counted(&book), (70, 140));
    assert!(book.correct(&claim(5, 90, Some(7)), None));
    assert_eq!(counted(&book), (90, 140));
}

#[test]
fn an_activity_remembers_what_another_had_taken_and_only_once() {
    let mut book = Book::empty(day());
    book.take(&claim(5, 100, Some(1)), None);
    assert!(book.take(&claim(5, 90, Some(2)), Some(Doubt::Overlap)));
    assert!(!book.take(&claim(5, 90, Some(2)), Some(Doubt::Overlap)));
    assert!(!book.take(&claim(5, 100, Some(1)), Some(Doubt::Overlap)));
    let doubts = |activity| -> Vec<_> {
        let minutes = book.minutes_of(Uuid::from_u128(activity));
        minutes.iter().map(|entry| (entry.steps, entry.doubt)).collect()
    };
    assert_eq!(doubts(1), [(100, None)]);
    assert_eq!(doubts(2), [(90, Some(Doubt::Overlap))]);
    assert_eq!(doubts(3), []);
    assert_eq!(book.steps().claimed, 100);
}

/// What was written by a released program must be readable for ever: this is such a book.
#[test]
fn a_written_book_stays_readable() {
    let mut book = Book::empty(day());
    book.take(&claim(5, 100, Some(1)), None);
    book.take(&claim(6, 300, None), Some(Doubt::CadenceTooHigh));
    book.pages.reached.push(Reached {
        of: Milestone::Walk,
        steps: 6_000,
        units: 60,
    });
    let bytes = encode(&book.pages, book.ahead).unwrap();
    let written = "000110000000000000000000000000000000010205640100015001\
                   1f00010000 06ac0202000150011f0000010300 0101f02e78";
    let written: String = written.split_whitespace().collect();
    assert_eq!(hex::encode(&bytes), written);
    assert_eq!(
        decode(&hex::decode(written).unwrap()).unwrap(),
        (book.pages, Ahead::default())
    );
    assert!(decode(&bytes[..bytes.len() - 1]).is_err());
    assert!(decode(&[&bytes[..], &[0]].concat()).is_err());
}

proptest! {
    #[test]
    fn any_claims_leave_minutes_that_rise_and_sums_that_agree(
        claims in prop::collection::vec((0..1_500_i64, 0..300_u32, proptest::option::of(0..4_u128), any::<bool>()), 0..200),
    ) {
        let mut book = Book::empty(day());
        for (of_day, steps, activity, doubted) in claims {
            book.take(&claim(of_day, steps, activity), doubted.then_some(Doubt::NoRest));
        }
        prop_assert!(book.pages.minutes.windows(2).all(|pair| pair[0].of_day < pair[1].of_day));
        let steps = book.steps();
        let counted = book.pages.minutes.iter().filter(|entry| entry.doubt.is_none());
        prop_assert_eq!(counted.map(|entry| u64::from(entry.steps)).sum::<u64>(), steps.walk + steps.run + steps.passive);
        prop_assert_eq!(book.claims().map(|claim| u64::from(claim.steps)).sum::<u64>(), steps.claimed);
        prop_assert_eq!(decode(&encode(&book.pages, book.ahead).unwrap()).unwrap(), (book.pages, book.ahead));
    }

    #[test]
    fn a_days_total_is_the_greatest_sum_it_ever_had(
        takes in prop::collection::vec((0..20_i64, 0..300_u32, any::<bool>(), any::<bool>()), 1..60),
    ) {
        let mut book = Book::empty(day());
        let mut greatest = 0;
        for (of_day, steps, corrects, doubted) in takes {
            let (claim, doubt) = (claim(of_day, steps, None), doubted.then_some(Doubt::NoRest));
            if corrects && book.has(claim.minute) {
                book.correct(&claim, doubt);
            } else {
                book.take(&claim, doubt.or(book.has(claim.minute).then_some(Doubt::Overlap)));
            }
            let counted = book.pages.minutes.iter().filter(|entry| entry.doubt.is_none());
            let sum: u64 = counted.map(|entry| u64::from(entry.steps)).sum();
            greatest = sum.max(greatest);
            prop_assert_eq!(book.totals.passive, greatest);
            prop_assert_eq!(book.ahead.passive, greatest - sum);
        }
        prop_assert_eq!(decode(&encode(&book.pages, book.ahead).unwrap()).unwrap(), (book.pages, book.ahead));
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        let _ = decode(&bytes);
    }
}
