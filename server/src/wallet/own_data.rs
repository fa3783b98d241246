//! What the server keeps of a member's wallet, given out to him.

use haigou_contract::{Language, StatementLine, Wallet};
use haigou_ledger::MemberNo;
use haigou_store::{Reader, StoreError};
use serde::Serialize;

use super::{statement, summary};
use crate::airdrop::Rulebooks;
use crate::ledger::ledger_fault;

/// A member's wallet and every line of his statement.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct WalletData {
    /// What he owns.
    wallet: Wallet,
    /// How it came, the newest first.
    statement: Vec<StatementLine>,
}

/// Collects a member's wallet and statement.
///
/// # Errors
/// The database's.
pub(crate) fn export(
    reader: &mut Reader<'_>,
    member: MemberNo,
    now_ms: i64,
    rulebooks: &Rulebooks,
    language: Language,
) -> Result<WalletData, StoreError> {
    let lines =
        haigou_store::ledger::statement(reader, member, None, None, u32::MAX).map_err(ledger_fault)?;
    let lines = lines
        .iter()
        .map(|line| statement::shown(reader, line, rulebooks, language));
    let statement = lines.collect::<Result<_, StoreError>>()?;
    Ok(WalletData {
        wallet: summary::look(reader, member, now_ms, rulebooks)?,
        statement,
    })
}
