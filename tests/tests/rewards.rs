//! The way of a step to its reward: a line of sponsors registers and walks for days; every figure is computed a second
//! time, naively, for the whole network, and every line of every statement has its reason.

use std::collections::{BTreeMap, BTreeSet};

use haigou_contract::{Asset, Bucket, Language, Minute, StatementLine};
use haigou_phone::Clock as _;
use haigou_tests::{DAY, HOUR, MIDNIGHT, MINUTE, Pocket, Server, books, number_of};
use rust_decimal::Decimal;

const PEOPLE: u32 = 6;
const DAYS: i64 = 5;
/// The preset `sport`: 100,000 in the first year of 365 days.
const DROP: &str = "273.97260273";

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// What somebody walks on a day, in steps: from nothing to past the highest rung.
fn steps_on(person: u32, day: i64) -> u64 {
    match (u64::from(person) + day.unsigned_abs()) % 4 {
        0 => 0,
        1 => 2_990,
        2 => 6_100,
        _ => 10_500,
    }
}

/// The preset's figures, worked out by hand as a child would: what a day's passive steps unfreeze of what is frozen.
fn unfrozen(steps: u64, frozen: &mut Decimal) -> Decimal {
    let mut all = Decimal::ZERO;
    for (rung, rate) in [(3_000, "0.001"), (6_000, "0.003"), (10_000, "0.005")] {
        if steps >= rung {
            let part = (*frozen * decimal(rate)).trunc_with_scale(2);
            *frozen -= part;
            all += part;
        }
    }
    all
}

async fn statement(pocket: &Pocket) -> Vec<StatementLine> {
    let (mut lines, mut after) = (Vec::new(), None);
    loop {
        let page = pocket.app().statement(None, after.as_deref()).await.unwrap();
        lines.extend(page.items);
        after = page.next;
        if after.is_none() {
            return lines;
        }
    }
}

fn sum(lines: &[StatementLine], rule: &str, asset: Asset, bucket: Bucket) -> Decimal {
    let its = lines
        .iter()
        .filter(|line| line.rule == rule && line.asset == asset && line.bucket == bucket);
    its.map(|line| line.amount).sum()
}

#[test]
fn every_figure_is_the_naive_one_and_every_line_has_its_reason() {
    let server = Server::start_at(MIDNIGHT + 6 * HOUR);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut pockets = Vec::new();
        let mut invite_code: Option<String> = None;
        for person in 0..PEOPLE {
            let pocket = Pocket::new(MIDNIGHT + 6 * HOUR, &server.url());
            pocket
                .sign_in(&server, &number_of(person), invite_code.as_deref())
                .await;
            invite_code = Some(pocket.app().profile().await.unwrap().invite_code);
            pocket.read_counter(0);
            pocket.app().tick();
            pockets.push(pocket);
        }
        // The registrations, naively: 100 of both for oneself, 50 of both and 10 unfrozen for the sponsor.
        let sponsors = |person: u32| person + 1 < PEOPLE;
        let hi_value = |person: u32| decimal(if sponsors(person) { "150.00" } else { "100.00" });
        let network: Decimal = (0..PEOPLE).map(hi_value).sum();
        let mut frozen: Vec<Decimal> = (0..PEOPLE)
            .map(|person| decimal(if sponsors(person) { "140.00" } else { "100.00" }))
            .collect();
        let mut by_steps = vec![Decimal::ZERO; frozen.len()];

        for day in 0..DAYS {
            for (person, pocket) in (0..).zip(&pockets) {
                let raw_before: u64 = (0..day).map(|day| steps_on(person, day)).sum();
                pocket
                    .clock
                    .advance(MIDNIGHT + day * DAY + 10 * HOUR - pocket.clock.wall_ms());
                pocket.read_counter(raw_before);
                // Two hours of walking, evenly.
                pocket.clock.advance(2 * HOUR);
                pocket.read_counter(raw_before + steps_on(person, day));
                pocket.clock.advance(2 * MINUTE);
            }
            server.set_clock(MIDNIGHT + day * DAY + 12 * HOUR + 2 * MINUTE);
            for (person, pocket) in (0_u32..).zip(&pockets) {
                pocket.sync().await;
                let index = usize::try_from(person).unwrap();
                by_steps[index] += unfrozen(steps_on(person, day), &mut frozen[index]);
            }
        }
        // All days are over; nobody has looked at his wallet meanwhile.
        let end_ms = MIDNIGHT + DAYS * DAY + MINUTE;
        server.set_clock(end_ms);
        let share = |person: u32| (hi_value(person) * decimal(DROP) / network).trunc_with_scale(8);
        for (person, pocket) in (0_u32..).zip(&pockets) {
            pocket.clock.advance(end_ms - pocket.clock.wall_ms());
            pocket.app().refresh_wallet().await.unwrap();
            let lines = statement(pocket).await;
            let wallet = pocket.app().wallet().borrow().clone();
            let index = usize::try_from(person).unwrap();

            let available = |rule| sum(&lines, rule, Asset::Challenge, Bucket::Available);
            assert_eq!(available("steps.ladder"), by_steps[index], "person {person}");
            let airdrop = sum(&lines, "airdrop.share", Asset::HiShell, Bucket::Available);
            assert_eq!(airdrop, share(person) * Decimal::from(DAYS), "person {person}");
            for day in &wallet.airdrop {
                let seen = (day.drop, day.network, day.own, day.share);
                assert_eq!(seen, (decimal(DROP), network, hi_value(person), share(person)));
            }
            assert_eq!(wallet.airdrop.len(), usize::try_from(DAYS).unwrap());

            // The statement adds up to the wallet.
            let mut buckets: BTreeMap<(Asset, Bucket), Decimal> = BTreeMap::new();
            for line in &lines {
                *buckets.entry((line.asset, line.bucket)).or_default() += line.amount;
            }
            for balance in wallet.wallet.unwrap().balances {
                let booked = buckets
                    .get(&(balance.asset, balance.bucket))
                    .copied()
                    .unwrap_or_default();
                assert_eq!(booked, balance.amount, "{:?}.{:?}", balance.asset, balance.bucket);
            }
            reasons(pocket, &lines).await;
        }
        let books = books(&server.store(), &number_of(0));
        assert!(books.audit.ok, "{:?}", books.audit.findings);
        let counted: u64 = books.days.values().map(|day| day.passive).sum();
        assert_eq!(counted, (0..DAYS).map(|day| steps_on(0, day)).sum::<u64>());
        assert!(books.days.keys().all(|day| *day < Minute::at(end_ms).day()));
    });
}

/// Each line: a rule, a sentence in both languages with its figures, the rulebook, the journal and its hash.
async fn reasons(pocket: &Pocket, english: &[StatementLine]) {
    pocket.app().set_language(Language::Chinese);
    let chinese = statement(pocket).await;
    pocket.app().set_language(Language::English);
    assert_eq!(english.len(), chinese.len());
    let mut ids = BTreeSet::new();
    for (english, chinese) in english.iter().zip(&chinese) {
        assert_eq!((&english.line, english.amount), (&chinese.line, chinese.amount));
        assert!(ids.insert(&english.line), "{} comes twice", english.line);
        let is_chinese = |text: &str| text.chars().any(|letter| ('一'..='鿿').contains(&letter));
        assert!(
            !is_chinese(&english.text) && english.text.len() > 10,
            "{english:?}"
        );
        assert!(
            is_chinese(&chinese.text) && chinese.text.chars().count() > 5,
            "{chinese:?}"
        );
        assert!(
            !english.text.contains('{') && !chinese.text.contains('{'),
            "{english:?}"
        );
        assert!(
            !english.figures.is_empty() && !english.event.is_empty(),
            "{english:?}"
        );
        assert_eq!(
            (english.rulebook.name.as_str(), english.rulebook.version),
            ("sport", 1),
            "{english:?}"
        );
        assert!(english.journal > 0 && english.hash.len() == 64, "{english:?}");
        assert!(!english.amount.is_zero(), "{english:?}");
    }
}
