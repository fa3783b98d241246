//! The wallet: what the member owns, and why.

use std::sync::Arc;

use haigou_contract::{Asset, Bucket};

use super::AsOf;
use super::shared::all;
use crate::kinds::count;
use crate::{Cancel, Phone, PhoneError};

/// The wallet screen.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct WalletScreen {
    /// Balances, waiting rewards, the day's price; none before the server said anything.
    pub wallet: Option<Wallet>,
    /// The newest lines of the statement, each with its reason, newest first.
    pub statement: Vec<StatementLine>,
    /// The newest days of the airdrop, newest first.
    pub airdrop: Vec<AirdropDay>,
    /// How old this is; none if there is nothing.
    pub as_of: Option<AsOf>,
    /// The server could not be reached the last time.
    pub offline: bool,
}

/// Five assets at a glance.
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

/// A line of the statement, with its reason.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StatementLine {
    /// Its id.
    pub line: String,
    /// When it was booked.
    pub at_ms: i64,
    /// The asset.
    pub asset: Asset,
    /// The bucket.
    pub bucket: Bucket,
    /// What came (positive) or went (negative).
    pub amount: String,
    /// The rule that made it, for example `register.direct`.
    pub rule: String,
    /// The rule in words with its figures.
    pub text: String,
    /// The figures put in.
    pub figures: Vec<Figure>,
    /// The event behind it, for example `registration`, `steps`, `airdrop`.
    pub event: String,
    /// The rulebook it follows.
    pub rulebook: Rulebook,
    /// The journal that booked it.
    pub journal: i64,
    /// The journal's hash, hex, for the auditor.
    pub hash: String,
}

/// A figure that a rule was given.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Figure {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// One day of the airdrop.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AirdropDay {
    /// The day.
    pub day: String,
    /// What was dropped to all.
    pub drop: String,
    /// All active Hi-Value of the network at the day's end.
    pub network: String,
    /// The member's own active Hi-Value then.
    pub own: String,
    /// The member's share of the drop.
    pub share: String,
}

/// One page of the statement.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StatementPage {
    /// Newest first.
    pub lines: Vec<StatementLine>,
    /// Asks for the next page; none at the end.
    pub next: Option<String>,
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
    /// A page of the statement, newest first: of one asset or of all, from the beginning or from where the page before
    /// ended.
    #[uniffi::method(default(asset = None, after = None, cancel = None))]
    pub async fn statement(
        &self,
        asset: Option<Asset>,
        after: Option<String>,
        cancel: Option<Arc<Cancel>>,
    ) -> Result<StatementPage, PhoneError> {
        let page = self.ask(cancel, |core| async move {
            core.statement(asset, after.as_deref()).await
        });
        Ok(page.await?.into())
    }
}

impl From<haigou_phone::screens::WalletScreen> for WalletScreen {
    fn from(screen: haigou_phone::screens::WalletScreen) -> Self {
        Self {
            wallet: screen.wallet.map(Into::into),
            statement: all(screen.statement),
            airdrop: all(screen.airdrop),
            as_of: screen.as_of.map(Into::into),
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

impl From<haigou_contract::StatementLine> for StatementLine {
    fn from(line: haigou_contract::StatementLine) -> Self {
        Self {
            line: line.line,
            at_ms: line.at.timestamp_millis(),
            asset: line.asset,
            bucket: line.bucket,
            amount: line.amount.to_string(),
            rule: line.rule,
            text: line.text,
            figures: line
                .figures
                .into_iter()
                .map(|(name, value)| Figure { name, value })
                .collect(),
            event: line.event,
            rulebook: line.rulebook.into(),
            journal: count(line.journal),
            hash: line.hash,
        }
    }
}

impl From<haigou_contract::AirdropDay> for AirdropDay {
    fn from(day: haigou_contract::AirdropDay) -> Self {
        Self {
            day: day.day.to_string(),
            drop: day.drop.to_string(),
            network: day.network.to_string(),
            own: day.own.to_string(),
            share: day.share.to_string(),
        }
    }
}

impl From<haigou_contract::Page<haigou_contract::StatementLine>> for StatementPage {
    fn from(page: haigou_contract::Page<haigou_contract::StatementLine>) -> Self {
        Self {
            lines: all(page.items),
            next: page.next,
        }
    }
}
