//! The wallet: what the member owns, and why.

use haigou_contract::{AirdropDay, StatementLine, Wallet};

use super::AsOf;

/// The wallet screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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
