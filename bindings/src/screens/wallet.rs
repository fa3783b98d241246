//! The wallet: what the member owns, and why.

use std::sync::Arc;

use haigou_contract::{Asset, Bucket};
use haigou_phone::screens::{AsOf, Standing};

use super::shared::all;
use super::{AirdropDay, StatementLine};
use crate::{Cancel, Phone, PhoneError};

/// The wallet screen.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AssetLine {
    /// Which.
    pub asset: Asset,
    /// Its buckets, debts as positive figures.
    pub buckets: Vec<Balance>,
    /// What came today, over all buckets, moves between them left out.
    pub came_today: String,
    /// What went today, as a positive figure.
    pub went_today: String,
}

/// What the server says of the five assets.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Wallet {
    /// Every bucket of every asset, in the wallet's order, empty ones too.
    pub balances: Vec<Balance>,
    /// CNY per Hi-Shell of the day.
    pub shell_price: String,
    /// Rewards in Hi-Shell that wait for the reward pool to be filled, in all.
    pub waiting: String,
    /// Counts as active: Hi-Value is a share key.
    pub active: bool,
    /// The rulebook in force.
    pub rulebook: Rulebook,
    /// When the server said so, by its clock.
    pub at_ms: i64,
}

/// What stands in one bucket.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Balance {
    /// The asset.
    pub asset: Asset,
    /// The bucket.
    pub bucket: Bucket,
    /// The amount; a debt is a positive figure.
    pub amount: String,
}

/// Which rulebook a figure follows.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Rulebook {
    /// Its name.
    pub name: String,
    /// Its version, from 1.
    pub version: i64,
}

crate::listen::screen! {
    WalletScreen from wallet,
    /// What the member owns, and why, as far as it is known.
    wallet,
    /// Hears of what the member owns.
    WalletListener,
    watch_wallet
}

#[uniffi::export]
impl Phone {
    /// Asks the server for balances, the new lines of the statement and the newest days of the airdrop. If that fails, the
    /// screen keeps what it knew.
    #[uniffi::method(default(cancel = None))]
    pub async fn refresh_wallet(&self, cancel: Option<Arc<Cancel>>) -> Result<(), PhoneError> {
        self.ask(cancel, |core| async move { core.refresh_wallet().await })
            .await
    }
}

impl From<haigou_phone::screens::WalletScreen> for WalletScreen {
    fn from(screen: haigou_phone::screens::WalletScreen) -> Self {
        Self {
            standing: screen.standing,
            wallet: screen.wallet.map(Into::into),
            assets: all(screen.assets),
            waiting: screen.waiting,
            statement: all(screen.statement),
            airdrop: all(screen.airdrop),
            as_of: screen.as_of,
            offline: screen.offline,
        }
    }
}

impl From<haigou_contract::Wallet> for Wallet {
    fn from(wallet: haigou_contract::Wallet) -> Self {
        Self {
            balances: all(wallet.balances),
            shell_price: wallet.shell_price.to_string(),
            waiting: wallet.waiting.to_string(),
            active: wallet.active,
            rulebook: wallet.rulebook.into(),
            at_ms: wallet.at.timestamp_millis(),
        }
    }
}

impl From<haigou_contract::Balance> for Balance {
    fn from(balance: haigou_contract::Balance) -> Self {
        Self {
            asset: balance.asset,
            bucket: balance.bucket,
            amount: balance.amount.to_string(),
        }
    }
}

impl From<haigou_contract::RulebookRef> for Rulebook {
    fn from(rulebook: haigou_contract::RulebookRef) -> Self {
        Self {
            name: rulebook.name,
            version: rulebook.version.into(),
        }
    }
}

impl From<haigou_phone::screens::AssetLine> for AssetLine {
    fn from(line: haigou_phone::screens::AssetLine) -> Self {
        Self {
            asset: line.asset,
            buckets: all(line.buckets),
            came_today: line.came_today.to_string(),
            went_today: line.went_today.to_string(),
        }
    }
}
