//! A rulebook with findings starts when two administrators have accepted each, and what they wrote can't be changed.

use haigou_contract::Day;
use haigou_rules::lint::AcceptanceError;
use haigou_rules::{Preset, Rulebook};
use haigou_store::{Command, CommandError, Store};

use super::*;
use crate::airdrop::Launch;
use crate::audit::audit;

struct House {
    store: Store,
    now_ms: i64,
    folder: tempfile::TempDir,
}

impl House {
    fn launched() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite:{}", folder.path().join("h.db").display())).unwrap();
        let day: Day = "2026-01-01".parse().unwrap();
        let house = Self {
            store,
            now_ms: day.start_ms() + 3_600_000,
            folder,
        };
        let launch = Launch {
            rulebook: Preset::Sport.rulebook().unwrap(),
            day: Some(day),
        };
        house.run(launch).unwrap();
        house
    }

    fn run<C: Command>(&self, command: C) -> Result<C::Answer, CommandError<C::Refusal>> {
        self.store.write_blocking(|tx| command.run(tx, self.now_ms))
    }

    fn accept(
        &self,
        rulebook: &Rulebook,
        finding: &str,
        who: &str,
    ) -> Result<Vec<Unaccepted>, AcceptRefusal> {
        let accept = AcceptFinding {
            rulebook: rulebook.clone(),
            finding: finding.to_owned(),
            administrator: who.to_owned(),
            words: format!("{finding}: agreed with our lawyer, says {who}"),
        };
        self.run(accept).map_err(|error| match error {
            CommandError::Refused(refusal) => refusal,
            CommandError::Store(error) => panic!("{error}"),
        })
    }

    fn start(&self, rulebook: &Rulebook) -> Result<u32, StartRefusal> {
        let start = StartAccepted {
            rulebook: rulebook.clone(),
        };
        self.run(start).map_err(|error| match error {
            CommandError::Refused(refusal) => refusal,
            CommandError::Store(error) => panic!("{error}"),
        })
    }

    fn unaccepted(&self, rulebook: &Rulebook) -> Vec<Unaccepted> {
        let proposal = Proposal::of(rulebook).unwrap();
        let read = self.store.read_blocking(|reader| {
            proposal
                .unaccepted(reader)
                .map_err(|error| StoreError::Bug(error.to_string()))
        });
        read.unwrap()
    }
}

/// `sport` with a word changed in its name.
fn sport_named(name: &str) -> Rulebook {
    let mut rulebook = Preset::Sport.rulebook().unwrap();
    rulebook.name = name.to_owned();
    rulebook
}

#[test]
fn each_finding_takes_two_administrators() {
    let house = House::launched();
    let next = sport_named("next");
    let codes: Vec<&str> = Proposal::of(&next)
        .unwrap()
        .findings
        .iter()
        .map(|finding| finding.code)
        .collect();
    assert!(matches!(house.start(&next), Err(StartRefusal::Unaccepted(open)) if open.len() == codes.len()));
    for code in &codes {
        house.accept(&next, code, "ann").unwrap();
    }
    assert_eq!(
        house.accept(&next, codes[0], "ann"),
        Err(AcceptanceError::Twice {
            administrator: "ann".to_owned(),
            finding: codes[0].to_owned()
        })
    );
    let Err(StartRefusal::Unaccepted(open)) = house.start(&next) else {
        panic!("it started with one administrator");
    };
    assert!(
        open.iter()
            .all(|one| one.missing == 1 && one.accepted_by == ["ann"])
    );
    assert_eq!(open, house.unaccepted(&next));
    for (left, code) in codes.iter().enumerate().rev() {
        assert_eq!(house.accept(&next, code, "bo").unwrap().len(), left);
    }
    assert_eq!(house.unaccepted(&next), []);
    assert_eq!(house.start(&next).unwrap(), 2);
    // What was accepted is that text and no other.
    assert_eq!(house.unaccepted(&sport_named("other")).len(), codes.len());
    let report = house.store.read_blocking(|reader| audit(reader)).unwrap();
    assert!(report.ok, "{report:?}");
}

#[test]
fn what_was_written_is_in_the_chain() {
    let house = House::launched();
    house.accept(&sport_named("next"), "pay_share", "ann").unwrap();
    let path = house.folder.path().join("h.db");
    let change = rusqlite::Connection::open(path).unwrap();
    let (seq, body): (i64, Vec<u8>) = change
        .query_row(
            "SELECT seq, body FROM journal WHERE kind = 'acceptance'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    let at = body.windows(3).position(|bytes| bytes == b"ann").unwrap();
    let mut forged = body;
    forged[at] = b'A';
    change
        .execute("UPDATE journal SET body = ?1 WHERE seq = ?2", (forged, seq))
        .unwrap();
    let report = house.store.read_blocking(|reader| audit(reader)).unwrap();
    assert!(!report.ok);
}

#[test]
fn a_rulebook_without_findings_needs_nobody() {
    let house = House::launched();
    let mut clean = sport_named("clean");
    let nothing = haigou_rules::Cents::parse("0").unwrap();
    let none = haigou_rules::Share::parse("0").unwrap();
    clean.register.direct.hi_value = nothing;
    clean.register.direct.challenge = nothing;
    clean.register.direct.unfreeze = nothing;
    clean.challenge.merchant_approved = nothing;
    clean.challenge.to_shopping.enabled = false;
    clean.centre.joins_by.clear();
    let partners = &mut clean.partners;
    for tier in [&mut partners.junior, &mut partners.middle, &mut partners.senior] {
        (tier.hi_value, tier.hi_shell, tier.merchant_hi_shell) = (none, none, none);
    }
    assert_eq!(house.start(&clean).unwrap(), 2);
}
