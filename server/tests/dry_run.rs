//! Past days tried under another rulebook.
#![allow(clippy::unwrap_used, reason = "tests")]

use haigou_contract::Asset;
use haigou_rules::{Cents, Preset, Rulebook, Shells};
use haigou_server::replay::Scenario;
use haigou_server::rulebooks::{Difference, DryRun, DryRunError, dry_run};
use haigou_store::Store;

const STORY: &str = r#"{
  "name": "a week of two friends", "rulebook": "sport", "launch": "2026-01-01",
  "events": [
    {"at": "2026-01-01T08:00:00+08:00", "do": "register", "member": "amy"},
    {"at": "2026-01-01T09:00:00+08:00", "do": "register", "member": "bob", "sponsor": "amy"},
    {"at": "2026-01-01T20:00:00+08:00", "do": "steps", "member": "bob", "kind": "walk", "steps": 6000},
    {"at": "2026-01-02T08:00:00+08:00", "do": "buy", "member": "bob", "product": "shoes-300", "order": "shoes", "receive": true},
    {"at": "2026-01-02T20:00:00+08:00", "do": "steps", "member": "bob", "kind": "walk", "steps": 6000},
    {"at": "2026-01-02T21:00:00+08:00", "do": "convert", "member": "bob", "amount": "0.20"},
    {"at": "2026-01-03T09:00:00+08:00", "do": "refund", "order": "shoes", "amount": "100.00"},
    {"at": "2026-01-03T10:00:00+08:00", "do": "register", "member": "cai", "sponsor": "amy"},
    {"at": "2026-01-04T00:00:00+08:00", "do": "pass"}
  ]
}"#;

struct House {
    _folder: tempfile::TempDir,
    store: Store,
}

fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("story.db").display());
    let state = Scenario::parse(STORY)
        .unwrap()
        .replay_in(&Store::open(&url).unwrap())
        .unwrap();
    assert!(state.rejected.is_empty());
    House {
        store: Store::open_read_only(&url).unwrap(),
        _folder: folder,
    }
}

fn tried(house: &House, rulebook: &Rulebook, from: Option<&str>) -> DryRun {
    let from = from.map(|day| day.parse().unwrap());
    dry_run(&house.store, rulebook, from, |_, _| ()).unwrap()
}

/// One difference in words.
fn said(difference: &Difference) -> String {
    let Difference {
        member,
        rule,
        asset,
        bucket,
        was,
        would_be,
    } = difference;
    let (was, would_be) = (asset.show(*was), asset.show(*would_be));
    format!("{} {rule} {asset}.{bucket}: {was} -> {would_be}", member.number())
}

#[test]
fn under_its_own_rulebook_nothing_differs() {
    let house = house();
    let sport = Preset::Sport.rulebook().unwrap();
    for from in [None, Some("2026-01-02"), Some("2026-01-03")] {
        let tried = tried(&house, &sport, from);
        assert_eq!(tried.differences, []);
        assert_eq!((tried.events, tried.refused.len()), (8, 0));
    }
}

#[test]
fn another_figure_changes_what_follows_from_it_and_nothing_else() {
    let house = house();
    let mut dearer = Preset::Sport.rulebook().unwrap();
    dearer.register.direct.challenge = Cents::parse("60.00").unwrap();
    dearer.challenge.ladder.clear();
    let all = tried(&house, &dearer, None);
    let of_all: Vec<_> = all.differences.iter().map(said).collect();
    // Bob's ladder: 100.00 frozen give 0.10 and 0.29, the next day 99.01 give 0.09 and 0.29.
    let expected = [
        "1 register.direct challenge.frozen: 100.00 -> 120.00",
        "2 steps.ladder challenge.frozen: -0.77 -> 0.00",
        "2 steps.ladder challenge.available: 0.77 -> 0.00",
    ];
    assert_eq!(of_all, expected);
    let later = tried(&house, &dearer, Some("2026-01-03"));
    let of_later: Vec<_> = later.differences.iter().map(said).collect();
    assert_eq!(of_later, ["1 register.direct challenge.frozen: 50.00 -> 60.00"]);
}

#[test]
fn what_the_other_rulebook_refuses_is_told() {
    let house = house();
    let classic = Preset::Classic.rulebook().unwrap();
    let tried = tried(&house, &classic, None);
    let refused: Vec<_> = tried.refused.iter().map(|refused| refused.code).collect();
    assert_eq!(refused, ["switched_off"]);
    let friends = tried.differences.iter().filter(|difference| {
        difference.member.number() == 1
            && difference.rule == "register.direct"
            && difference.asset == Asset::HiValue
    });
    // Without being VIP, Amy gets nothing for her friends.
    let was: Vec<_> = friends.map(said).collect();
    assert_eq!(was, ["1 register.direct hi_value.active: 100.00 -> 0.00"]);
}

#[test]
fn the_reward_pool_is_the_launchs() {
    let house = house();
    let mut other = Preset::Sport.rulebook().unwrap();
    other.airdrop.reward_pool = Shells::parse("1.00000000").unwrap();
    assert_eq!(tried(&house, &other, None).refused, []);
    let refused = dry_run(
        &house.store,
        &other,
        Some("2026-01-02".parse().unwrap()),
        |_, _| (),
    );
    assert!(matches!(refused, Err(DryRunError::RewardPool(_))));
}
