//! The wallet: what the member owns, what changed today, and what waits.

use haigou_contract::{AirdropDay, Asset, Balance, Bucket, Day, Page, StatementLine, Wallet};
use rust_decimal::Decimal;

use super::look::Look;
use super::{AsOf, Standing};
use crate::PhoneError;
use crate::core::{CACHE_AIRDROP, CACHE_WALLET};
use crate::texts;

/// So many lines of the statement stand on the wallet's first screen.
const NEWEST: u32 = 20;

/// The wallet screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WalletScreen {
    /// How it stands.
    pub standing: Standing,
    /// Balances, waiting rewards, the day's price; none before the server said anything.
    pub wallet: Option<Wallet>,
    /// The five assets at a glance, in the wallet's order; empty before the server said anything.
    pub assets: Vec<AssetLine>,
    /// What waits for the reward pool, in words; none if nothing does.
    pub waiting: Option<String>,
    /// The newest lines of the statement, each with its reason, newest first.
    pub statement: Vec<StatementLine>,
    /// The newest days of the airdrop, newest first.
    pub airdrop: Vec<AirdropDay>,
    /// How old this is; none if there is nothing.
    pub as_of: Option<AsOf>,
    /// The server could not be reached the last time.
    pub offline: bool,
}

/// One asset at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetLine {
    /// Which.
    pub asset: Asset,
    /// Its buckets, debts as positive figures.
    pub buckets: Vec<Balance>,
    /// What came today, over all buckets, moves between them left out.
    pub came_today: Decimal,
    /// What went today, as a positive figure.
    pub went_today: Decimal,
}

impl WalletScreen {
    pub(crate) fn of(look: &Look<'_>) -> Result<Self, PhoneError> {
        let tx = look.core.store.read();
        let owner = &look.core.owner;
        let wallet = look.cached::<Wallet>(CACHE_WALLET)?;
        let standing = look.standing_of(CACHE_WALLET, wallet.as_ref(), |_| None);
        let today = tx.statement_since(owner, Day::at(look.now.t_ms).start_ms())?;
        let airdrop = look.cached::<Page<AirdropDay>>(CACHE_AIRDROP)?;
        let wallet = wallet.map(|cached| cached.value);
        let balances = wallet.as_ref().map_or(&[][..], |wallet| &wallet.balances);
        let waiting = wallet
            .as_ref()
            .map(|wallet| wallet.waiting)
            .filter(|waiting| !waiting.is_zero());
        Ok(Self {
            assets: Asset::ALL
                .into_iter()
                .filter_map(|asset| asset_line(asset, balances, &today))
                .collect(),
            waiting: waiting
                .map(|amount| texts::rewards_waiting(look.language, texts::grouped(&amount.to_string()))),
            statement: tx.statement(owner, &super::StatementFilter::default(), NEWEST)?,
            airdrop: airdrop.map(|cached| cached.value.items).unwrap_or_default(),
            as_of: standing.as_of,
            offline: look.core.offline,
            standing,
            wallet,
        })
    }
}

/// None where the server told no bucket of it.
fn asset_line(asset: Asset, balances: &[Balance], today: &[StatementLine]) -> Option<AssetLine> {
    let buckets: Vec<Balance> = balances
        .iter()
        .filter(|balance| balance.asset == asset)
        .cloned()
        .collect();
    if buckets.is_empty() {
        return None;
    }
    let (came_today, went_today) = came_and_went(today.iter().filter(|line| line.asset == asset));
    Some(AssetLine {
        asset,
        buckets,
        came_today,
        went_today,
    })
}

/// What came and what went in lines of one asset: each journal by itself, so that what only moves between buckets is
/// neither. What is owed counts against what is there.
pub(crate) fn came_and_went<'l>(lines: impl Iterator<Item = &'l StatementLine>) -> (Decimal, Decimal) {
    let mut nets = std::collections::BTreeMap::<u64, Decimal>::new();
    for line in lines {
        let net = nets.entry(line.journal).or_default();
        let signed = if line.bucket == Bucket::Debt {
            -line.amount
        } else {
            line.amount
        };
        *net = net.saturating_add(signed);
    }
    let mut sums = (Decimal::ZERO, Decimal::ZERO);
    for net in nets.into_values() {
        if net.is_sign_negative() {
            sums.1 = sums.1.saturating_sub(net);
        } else {
            sums.0 = sums.0.saturating_add(net);
        }
    }
    sums
}
