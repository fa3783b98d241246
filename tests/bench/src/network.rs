//! A network to measure bills in: everybody under three tiers of partners, stores, and operation centres over them.
//!
//! It is built by the commands that the server itself runs, and so its ledger can be audited.

use std::sync::Arc;

use haigou_contract::Language;
use haigou_ledger::{MemberNo, Slot};
use haigou_rules::{JoinsBy, PartnerTier, Preset, Rulebook};
use haigou_server::airdrop::Launch;
use haigou_server::centres::ApplyForCentre;
use haigou_server::members::{PhoneNumber, Register};
use haigou_server::partners::AppointPartner;
use haigou_server::stores::{ApplyForMerchant, OpenBill, PayBill};
use haigou_server::treasury::GiveOpening;
use haigou_store::{Command, Desk, DeskError, DeskOptions, Store, SystemClock};
use tokio::task::JoinSet;

use crate::Failed;

const SENIORS: i64 = 10;
const MIDDLES: i64 = 100;
const JUNIORS: i64 = 1_000;
const FIRST_TWO_TIERS: i64 = SENIORS + MIDDLES;
/// Those who have a partner of each tier above them.
const BEHIND_PARTNERS: i64 = SENIORS + MIDDLES + JUNIORS;
/// Of ten members one has referred the other nine: so nobody becomes a partner by numbers.
const REFERRED: i64 = 9;
/// Stores, and what each may burn.
const STORES: i64 = 1_000;
const SHELLS_PER_STORE: &str = "200";
/// Counties with an operation centre, under one parent.
const COUNTIES: [u32; 8] = [
    440_303, 440_304, 440_305, 440_306, 440_307, 440_308, 440_309, 440_310,
];
const PARENT_COUNTY: u32 = 440_106;
/// What a bill is about: a rebate of 0.10.
const AMOUNT: &str = "1.00";
const REBATE: &str = "0.10";
/// So many commands wait at most.
const IN_FLIGHT: usize = 3_000;

/// A network of so many members, with the desk in front of it.
pub(crate) struct Network {
    pub(crate) store: Store,
    pub(crate) desk: Desk,
    members: i64,
}

impl Network {
    /// Builds it in a new database.
    pub(crate) fn build(url: &str, members: i64) -> Result<Self, Failed> {
        let store = Store::open(url)?;
        let desk = Desk::start(store.clone(), Arc::new(SystemClock), DeskOptions::default())?;
        desk.submit_blocking(Launch {
            rulebook: rulebook()?,
            day: None,
        })?;
        let network = Self { store, desk, members };
        let referrers = network.referrers();
        network.all((1..=members).map(|number| registration(number, referrers)))?;
        network.all((1..=BEHIND_PARTNERS).map(|number| {
            Ok(AppointPartner {
                member: member(number)?,
                tier: if number <= SENIORS {
                    PartnerTier::Senior
                } else if number <= FIRST_TWO_TIERS {
                    PartnerTier::Middle
                } else {
                    PartnerTier::Junior
                },
            })
        }))?;
        network.centres()?;
        network.all((0..STORES).map(|nth| network.store_of(nth)))?;
        network.all((0..STORES).map(|nth| {
            Ok(GiveOpening {
                member: network.owner(nth),
                slot: Slot::HiShellAvailable,
                amount: SHELLS_PER_STORE.to_owned(),
            })
        }))?;
        Ok(network)
    }

    fn centres(&self) -> Result<(), Failed> {
        let regions = std::iter::once(PARENT_COUNTY).chain(COUNTIES);
        for (region, nth) in regions.zip(0..) {
            let parent = (region != PARENT_COUNTY).then(|| PARENT_COUNTY.to_string());
            let applied = ApplyForCentre {
                name: region.to_string(),
                owner: self.owner(STORES + nth),
                region,
                parent,
                by: JoinsBy::Application,
                approve: true,
            };
            self.desk.submit_blocking(applied).map_err(told)?;
        }
        Ok(())
    }

    /// The owner of a store: somewhere among those who were referred.
    fn owner(&self, nth: i64) -> MemberNo {
        self.referred(nth * 7_919)
    }

    /// One of those who were referred by somebody who was referred by a junior partner.
    fn referred(&self, nth: i64) -> MemberNo {
        let first = BEHIND_PARTNERS + self.referrers();
        let number = first + 1 + nth % (self.members - first);
        MemberNo::new(number).unwrap_or(MemberNo::MAX)
    }

    const fn referrers(&self) -> i64 {
        (self.members - BEHIND_PARTNERS).div_euclid(REFERRED + 1)
    }

    fn store_of(&self, nth: i64) -> Result<ApplyForMerchant, Failed> {
        let county = usize::try_from(nth)? % COUNTIES.len();
        Ok(ApplyForMerchant {
            name: format!("store {nth}"),
            owner: self.owner(nth),
            region: COUNTIES.get(county).copied().unwrap_or(PARENT_COUNTY),
            rebate: REBATE.to_owned(),
            approve: true,
        })
    }

    /// The bill of this number: any member at any store, always the same one.
    pub(crate) fn bill(&self, nth: u64) -> PayBill {
        let (buyer, store) = (scattered(2 * nth), scattered(2 * nth + 1));
        let mut buyer = i64::try_from(buyer >> 2).unwrap_or(0);
        let store = i64::try_from(store >> 2).unwrap_or(0) % STORES;
        if self.referred(buyer) == self.owner(store) {
            buyer += 1;
        }
        PayBill {
            order: None,
            buyer: self.referred(buyer),
            merchant: format!("store {store}"),
            amount: AMOUNT.to_owned(),
            hi_shell: None,
        }
    }

    /// The bill of this number, but to be confirmed by this member.
    pub(crate) fn waiting_bill(&self, nth: u64, buyer: MemberNo) -> OpenBill {
        let PayBill { merchant, amount, .. } = self.bill(nth);
        OpenBill {
            merchant,
            buyer,
            amount,
        }
    }

    /// Whether a member has a store.
    pub(crate) fn has_store(&self, member: MemberNo) -> bool {
        (0..STORES).any(|nth| self.owner(nth) == member)
    }

    /// Hands in all commands, many at a time, and waits until the last is done.
    pub(crate) fn all<C>(&self, commands: impl Iterator<Item = Result<C, Failed>>) -> Result<(), Failed>
    where
        C: Command,
        C::Refusal: std::fmt::Debug + Send,
    {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        runtime.block_on(async {
            let mut waiting = JoinSet::new();
            for command in commands {
                let (desk, command) = (self.desk.clone(), command?);
                waiting.spawn(async move { desk.submit(command).await.map(drop).map_err(told) });
                if waiting.len() >= IN_FLIGHT
                    && let Some(done) = waiting.join_next().await
                {
                    done??;
                }
            }
            while let Some(done) = waiting.join_next().await {
                done??;
            }
            Ok(())
        })
    }
}

/// Nothing here is refused; if it is, the measurement ends.
#[expect(clippy::needless_pass_by_value, reason = "errors are mapped by value")]
fn told<R: std::fmt::Debug>(error: DeskError<R>) -> Failed {
    format!("{error:?}").into()
}

/// `classic`, but everybody has the right to refer, and centres are applied for: a network without packs.
fn rulebook() -> Result<Rulebook, Failed> {
    let json = Preset::Classic
        .json()
        .replace("\"referral_right\": \"vip\"", "\"referral_right\": \"everyone\"")
        .replace("\"joins_by\": [\"pack\"]", "\"joins_by\": [\"application\"]");
    Ok(Rulebook::from_json(&json)?)
}

fn member(number: i64) -> Result<MemberNo, Failed> {
    MemberNo::new(number).ok_or_else(|| format!("{number} is no member's number").into())
}

/// The partners come first, each tier under the one above it, then those who refer, then those who were referred.
fn registration(number: i64, referrers: i64) -> Result<Register, Failed> {
    let sponsor = if number <= SENIORS {
        None
    } else if number <= FIRST_TWO_TIERS {
        Some(1 + number % SENIORS)
    } else if number <= BEHIND_PARTNERS {
        Some(SENIORS + 1 + number % MIDDLES)
    } else if number <= BEHIND_PARTNERS + referrers {
        Some(FIRST_TWO_TIERS + 1 + number % JUNIORS)
    } else {
        Some(BEHIND_PARTNERS + 1 + number % referrers)
    };
    let phone = format!("138{number:08}");
    Ok(Register {
        phone: PhoneNumber::parse(&phone).ok_or_else(|| format!("{phone} is no number"))?,
        sponsor: sponsor.map(member).transpose()?,
        language: Language::Chinese,
    })
}

/// Numbers that are the same every time and look like chance (SplitMix64).
fn scattered(nth: u64) -> u64 {
    let mut z = nth.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
