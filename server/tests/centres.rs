//! Operation centres, partners and new rulebooks, by the commands that the operator has.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop where they must not go on"
)]

mod kit;

use haigou_contract::{Day, ErrorCode, Language};
use haigou_rules::{JoinsBy, PartnerTier, Preset, Price, Rulebook};
use haigou_server::airdrop::{StartRulebook, price_on};
use haigou_server::centres::{ApplyForCentre, ApproveCentre, Centre, packs};
use haigou_server::members::{PhoneNumber, Register};
use haigou_server::partners::AppointPartner;
use haigou_server::web::Refusal;
use haigou_store::{Command, CommandError, DeskError, Tx};
use kit::{Api, number};

const DAY_MS: i64 = 86_400_000;

async fn code<C: Command<Refusal = Refusal>>(api: &Api, command: C) -> Option<ErrorCode> {
    match api.desk.submit(command).await {
        Ok(_) => None,
        Err(DeskError::Refused(refusal)) => Some(refusal.code),
        Err(_) => panic!("{} failed", C::NAME),
    }
}

fn register(tail: u32, sponsor: Option<i64>) -> Register {
    Register {
        phone: PhoneNumber::parse(&format!("+861380000{tail:04}")).unwrap(),
        sponsor: sponsor.map(number),
        language: Language::English,
    }
}

/// Members 1 to 3, none of whom referred another.
async fn house(preset: &str) -> Api {
    let api = Api::under(preset).await;
    for tail in 1..=3 {
        assert_eq!(code(&api, register(tail, None)).await, None);
    }
    api
}

async fn start(api: &Api, change: impl FnOnce(&mut Rulebook)) -> Option<ErrorCode> {
    let mut rulebook = Preset::Classic.rulebook().unwrap();
    change(&mut rulebook);
    code(api, StartRulebook { rulebook }).await
}

fn centre(name: &str, owner: i64, region: u32, parent: Option<&str>, by: JoinsBy) -> ApplyForCentre {
    ApplyForCentre {
        name: name.to_owned(),
        owner: number(owner),
        region,
        parent: parent.map(str::to_owned),
        by,
        approve: false,
    }
}

fn approve(centre: &str) -> ApproveCentre {
    ApproveCentre {
        centre: centre.to_owned(),
    }
}

struct ReceivePack(i64);

impl Command for ReceivePack {
    type Answer = ();
    type Refusal = Refusal;
    const NAME: &'static str = "test.receive_pack";

    fn run(self, tx: &mut Tx<'_>, _: i64) -> Result<(), CommandError<Refusal>> {
        let paid = haigou_contract::Asset::Cash.parse("9800.00").unwrap();
        Ok(packs::received(tx, number(self.0), "order", paid)?)
    }
}

#[tokio::test]
async fn a_registration_names_a_sponsor_who_is_there() {
    let api = house("classic").await;
    assert_eq!(code(&api, register(4, Some(3))).await, None);
    assert_eq!(
        code(&api, register(5, Some(5))).await,
        Some(ErrorCode::UnknownSponsor)
    );
    assert_eq!(
        code(&api, register(1, Some(9))).await,
        Some(ErrorCode::UnknownSponsor)
    );
    assert_eq!(code(&api, register(1, None)).await, Some(ErrorCode::Duplicate));
    assert_eq!(code(&api, register(5, Some(4))).await, None);
    let line = api
        .store
        .read_blocking(|r| {
            haigou_store::Query::query(
                r,
                "SELECT sponsor, depth, direct, team FROM person ORDER BY member",
                &[],
                |row| Ok([row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?]),
            )
        })
        .unwrap_or_else(|error: haigou_store::StoreError| panic!("{error}"));
    assert_eq!(line[2..], [[0, 0, 1, 2], [3, 1, 1, 1], [4, 2, 0, 0]]);
    kit::audit_is_clean(&api);
}

#[tokio::test]
async fn a_centre_joins_as_the_rulebook_allows() {
    use ErrorCode::*;
    let api = house("classic").await;
    let by_pack = || centre("A", 1, 441_900, None, JoinsBy::Pack);
    for (command, refusal) in [
        (
            centre("A", 9, 441_900, Some("Nobody"), JoinsBy::Pack),
            UnknownMember,
        ),
        (
            centre("A", 1, 441_900, Some("Nobody"), JoinsBy::Pack),
            UnknownCentre,
        ),
        (centre("A", 1, 441_900, None, JoinsBy::Application), NotEligible),
        (by_pack(), NotEligible),
    ] {
        assert_eq!(code(&api, command).await, Some(refusal));
    }
    assert_eq!(code(&api, ReceivePack(1)).await, None);
    assert_eq!(code(&api, by_pack()).await, None);
    assert_eq!(code(&api, by_pack()).await, Some(Duplicate));
    let second = centre("B", 1, 110_000, None, JoinsBy::Pack);
    assert_eq!(code(&api, second).await, Some(NotEligible), "the pack is used");

    assert_eq!(code(&api, ReceivePack(2)).await, None);
    let under = || centre("C", 2, 440_000, Some("A"), JoinsBy::Pack);
    assert_eq!(code(&api, under()).await, Some(NotApproved));
    assert_eq!(code(&api, approve("Nobody")).await, Some(UnknownCentre));
    assert_eq!(code(&api, approve("A")).await, None);
    assert_eq!(code(&api, approve("A")).await, Some(WrongState));
    assert_eq!(code(&api, under()).await, None);

    let all = api.store.read_blocking(|r| Centre::all(r)).unwrap();
    let seen: Vec<_> = all
        .iter()
        .map(|centre| (centre.name.as_str(), centre.parent, centre.is_approved))
        .collect();
    assert_eq!(seen, [("A", None, true), ("C", Some(1), false)]);
    // `classic` gives 1.00 Hi-Value per CNY of the pack, beside the 300.00 of the registration.
    let held = api
        .store
        .read_blocking(|r| haigou_store::ledger::holdings(r, number(1)))
        .unwrap();
    assert_eq!(
        held.of(haigou_ledger::Slot::HiValueInactive).units(),
        980_000 + 30_000
    );
    kit::audit_is_clean(&api);
}

#[tokio::test]
async fn a_region_has_one_approved_centre() {
    let api = house("classic").await;
    start(&api, |rulebook| {
        rulebook.centre.joins_by = vec![JoinsBy::Application, JoinsBy::Senior]
    })
    .await;
    let application = |name: &str, owner| centre(name, owner, 441_900, None, JoinsBy::Application);
    assert_eq!(code(&api, application("A", 1)).await, None);
    assert_eq!(code(&api, application("B", 2)).await, None);
    assert_eq!(code(&api, approve("B")).await, None);
    assert_eq!(code(&api, approve("A")).await, Some(ErrorCode::RegionTaken));
    let late = ApplyForCentre {
        approve: true,
        ..application("C", 3)
    };
    assert_eq!(code(&api, late).await, Some(ErrorCode::RegionTaken));
    let senior = || centre("D", 3, 110_000, None, JoinsBy::Senior);
    assert_eq!(code(&api, senior()).await, Some(ErrorCode::NotEligible));
    start(&api, |rulebook| {
        rulebook.referral_right = haigou_rules::ReferralRight::Everyone;
        rulebook.centre.joins_by = vec![JoinsBy::Senior];
    })
    .await;
    let appoint = AppointPartner {
        member: number(3),
        tier: PartnerTier::Senior,
    };
    assert_eq!(code(&api, appoint).await, None);
    assert_eq!(code(&api, senior()).await, None);
    kit::audit_is_clean(&api);
}

#[tokio::test]
async fn a_partner_is_appointed_upwards_only() {
    use ErrorCode::*;
    let api = house("classic").await;
    let appoint = |member, tier| AppointPartner {
        member: number(member),
        tier,
    };
    assert_eq!(
        code(&api, appoint(9, PartnerTier::Junior)).await,
        Some(UnknownMember)
    );
    // Under `classic` a tier takes VIP.
    assert_eq!(
        code(&api, appoint(1, PartnerTier::Junior)).await,
        Some(NotEligible)
    );
    start(&api, |rulebook| {
        rulebook.referral_right = haigou_rules::ReferralRight::Everyone
    })
    .await;
    for (tier, refusal) in [
        (PartnerTier::Middle, None),
        (PartnerTier::Junior, Some(TierKept)),
        (PartnerTier::Middle, None),
        (PartnerTier::Senior, None),
    ] {
        assert_eq!(code(&api, appoint(1, tier)).await, refusal, "{tier:?}");
    }
    kit::audit_is_clean(&api);
}

#[tokio::test]
async fn a_new_rulebook_changes_the_price_on_the_day_after_and_never_the_pool() {
    let api = house("classic").await;
    let pool = start(&api, |rulebook| {
        rulebook.airdrop.reward_pool = haigou_rules::Shells::parse("1").unwrap();
    })
    .await;
    assert_eq!(pool, Some(ErrorCode::WrongState));
    let dearer = start(&api, |rulebook| {
        rulebook.shell_price = Price::parse("2.5").unwrap()
    })
    .await;
    assert_eq!(dearer, None);
    let today = Day::at(kit::NOON);
    let price = |day: Day| {
        let price = api.store.read_blocking(|r| price_on(r, day)).unwrap();
        price.unwrap().to_string()
    };
    assert_eq!(price(today), "1.0000");
    // Back again on the same evening: that figure has changed, too.
    let cheaper = start(&api, |rulebook| {
        rulebook.shell_price = Price::parse("0.5").unwrap()
    })
    .await;
    assert_eq!(cheaper, None);
    api.clock.advance(DAY_MS);
    assert_eq!(code(&api, register(4, None)).await, None);
    assert_eq!(price(today.next()), "0.5000");
    kit::audit_is_clean(&api);
}
