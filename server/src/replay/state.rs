//! How everything stands at the end of a scenario.

use std::collections::BTreeMap;

use haigou_contract::{Asset, Day, ErrorCode};
use haigou_ledger::MemberNo;
use haigou_rules::{CentreNo, PartnerTier};
use haigou_store::ledger::{Holdings, holdings, supply};
use haigou_store::{Reader, StoreError};
use serde::Serialize;

use super::cast::Cast;
use crate::airdrop::{Rulebooks, price_on};
use crate::audit::audit;
use crate::centres;
use crate::world::person_in_tables;

/// How everything stands, everybody settled. Fields stand in the order of their names; amounts are decimal strings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct State {
    /// What the audit says.
    pub audit: Audit,
    /// By member and account, what isn't zero.
    pub balances: BTreeMap<String, BTreeMap<String, String>>,
    /// Operation centres.
    pub centres: BTreeMap<String, Centre>,
    /// CNY per Hi-Shell.
    pub price: String,
    /// The events that the rules refused.
    pub rejected: Vec<Rejected>,
    /// What there is in all.
    pub supply: BTreeMap<&'static str, BTreeMap<&'static str, String>>,
    /// Partners' tiers.
    pub tiers: BTreeMap<String, &'static str>,
    /// By member, the Hi-Shell that waits for the reward pool.
    pub unfunded: BTreeMap<String, String>,
    /// Who is VIP, by name.
    pub vip: Vec<String>,
}

/// What the audit says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Audit {
    /// `ok`.
    Fine(&'static str),
    /// What it found.
    Findings(Vec<String>),
}

/// An operation centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Centre {
    /// Whose it is.
    pub owner: String,
    /// The centre it was named under.
    pub parent: Option<String>,
    /// Its region's adcode.
    pub region: String,
    /// `applied` or `approved`.
    pub status: &'static str,
}

/// An event that the rules refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// Why.
    pub code: ErrorCode,
    /// Which event, from 0.
    pub event: usize,
}

impl State {
    /// Reads how everything stands at a moment (UTC milliseconds), all days before it being closed.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        now_ms: i64,
        cast: &Cast,
        rejected: Vec<Rejected>,
    ) -> Result<Self, StoreError> {
        let price = match price_on(reader, Day::at(now_ms))? {
            Some(price) => price,
            None => Rulebooks::default().in_force(reader, now_ms)?.shell_price,
        };
        let mut state = Self {
            audit: audited(reader)?,
            balances: BTreeMap::new(),
            centres: centres(reader, cast)?,
            price: price.to_string(),
            rejected,
            supply: supplied(reader)?,
            tiers: BTreeMap::new(),
            unfunded: BTreeMap::new(),
            vip: Vec::new(),
        };
        for (member, name) in cast.all() {
            state.take_in(reader, member, name)?;
        }
        state.vip.sort_unstable();
        Ok(state)
    }

    /// Adds what there is of a member.
    fn take_in(&mut self, reader: &mut Reader<'_>, member: MemberNo, name: &str) -> Result<(), StoreError> {
        let holdings = holdings(reader, member)?;
        let balances = balances(&holdings);
        if !balances.is_empty() {
            self.balances.insert(name.to_owned(), balances);
        }
        if !holdings.waiting.is_zero() {
            self.unfunded
                .insert(name.to_owned(), Asset::HiShell.show(holdings.waiting));
        }
        let person = person_in_tables(reader, member)?.unwrap_or_default();
        if let Some(tier) = person.tier {
            self.tiers.insert(name.to_owned(), tier_name(tier));
        }
        if person.vip {
            self.vip.push(name.to_owned());
        }
        Ok(())
    }
}

fn balances(holdings: &Holdings) -> BTreeMap<String, String> {
    let present = holdings.iter().filter(|(_, amount)| !amount.is_zero());
    present
        .map(|(slot, amount)| (slot.to_string(), slot.asset().show(amount)))
        .collect()
}

fn audited(reader: &mut Reader<'_>) -> Result<Audit, StoreError> {
    let report = audit(reader)?;
    Ok(if report.ok {
        Audit::Fine("ok")
    } else {
        Audit::Findings(report.findings.iter().map(ToString::to_string).collect())
    })
}

fn centres(reader: &mut Reader<'_>, cast: &Cast) -> Result<BTreeMap<String, Centre>, StoreError> {
    let all = centres::Centre::all(reader)?;
    let name_of = |number: CentreNo| {
        let parent = all.iter().find(|centre| centre.id == number)?;
        Some(parent.name.clone())
    };
    let shown = all.iter().map(|centre| {
        let shown = Centre {
            owner: cast.name(centre.owner).unwrap_or_default().to_owned(),
            parent: centre.parent.and_then(name_of),
            region: format!("{:06}", centre.region),
            status: if centre.is_approved { "approved" } else { "applied" },
        };
        (centre.name.clone(), shown)
    });
    Ok(shown.collect())
}

fn supplied(
    reader: &mut Reader<'_>,
) -> Result<BTreeMap<&'static str, BTreeMap<&'static str, String>>, StoreError> {
    let supply = supply(reader)?;
    let assets = [
        (
            Asset::HiValue,
            vec![
                ("active", supply.hi_value_active),
                ("inactive", supply.hi_value_inactive),
            ],
        ),
        (
            Asset::HiShell,
            vec![
                ("issued", supply.hi_shell_issued),
                ("burned", supply.hi_shell_burned),
                ("airdropped", supply.hi_shell_airdropped),
                ("reward_pool", supply.reward_pool),
                ("holding", supply.holding),
                ("escrow", supply.escrow),
            ],
        ),
        (
            Asset::Challenge,
            vec![
                ("frozen", supply.challenge_frozen),
                ("available", supply.challenge_available),
            ],
        ),
        (Asset::Shopping, vec![("available", supply.shopping_available)]),
        (
            Asset::Cash,
            vec![("floor_fund", supply.floor_fund), ("fees", supply.fees)],
        ),
    ];
    let shown = assets.into_iter().map(|(asset, figures)| {
        let figures = figures
            .into_iter()
            .map(|(name, amount)| (name, asset.show(amount)));
        (asset.name(), figures.collect())
    });
    Ok(shown.collect())
}

const fn tier_name(tier: PartnerTier) -> &'static str {
    match tier {
        PartnerTier::Junior => "junior",
        PartnerTier::Middle => "middle",
        PartnerTier::Senior => "senior",
    }
}
