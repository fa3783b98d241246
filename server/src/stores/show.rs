//! `GET /api/v1/bills/{bill}`: a bill, and what it brings each side.

use axum::Json;
use axum::extract::{Path, State};
use haigou_contract::{self as contract, BillStatus, ErrorCode, Problem};
use haigou_ledger::MemberNo;
use haigou_store::ledger::journal;
use haigou_store::{Command, CommandError, Query, StoreError, Tx};

use super::bill::Entered;
use super::gains::Gains;
use crate::AppState;
use crate::ledger::{holder, ledger_fault};
use crate::web::{Caller, Refusal, refused};

/// A bill of the member's, or at a store of his. While it waits it says what it would bring each side now.
#[utoipa::path(get, path = "/api/v1/bills/{bill}", tag = "stores", security(("session" = [])),
    params(("bill" = String, Path)),
    responses((status = 200, body = contract::Bill), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn show(
    State(state): State<AppState>,
    Path(bill): Path<String>,
    caller: Caller,
) -> Result<Json<contract::Bill>, Refusal> {
    let member = holder(caller.member)?;
    let now_ms = state.clock.now_ms();
    let name = bill.clone();
    let found = state
        .read(move |reader| look(reader, &name, member, now_ms))
        .await?;
    match found.ok_or(ErrorCode::NotFound)? {
        found if found.status == BillStatus::Waiting => {
            Ok(Json(state.submit(TryOut { bill, member }).await?))
        }
        found => Ok(Json(found)),
    }
}

/// A bill as it stands.
fn look(
    query: &mut impl Query,
    bill: &str,
    member: MemberNo,
    now_ms: i64,
) -> Result<Option<contract::Bill>, StoreError> {
    let Some(entered) = Entered::by_name(query, bill)?.filter(|entered| entered.is_seen_by(member)) else {
        return Ok(None);
    };
    let booked = match entered.bill.journal {
        Some(seq) => journal(query, seq).map_err(ledger_fault)?,
        None => None,
    };
    let gains = booked
        .map(|booked| Gains::of(&booked.postings, entered.bill.buyer, entered.merchant.owner))
        .unwrap_or_default();
    Ok(Some(entered.shown(gains, now_ms)))
}

/// Tries out what a waiting bill would bring if it were confirmed now; nothing of it stays.
struct TryOut {
    bill: String,
    member: MemberNo,
}

impl Command for TryOut {
    type Answer = contract::Bill;
    type Refusal = Refusal;
    const NAME: &'static str = "stores.try_bill";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<contract::Bill, CommandError<Refusal>> {
        match Entered::by_name(tx, &self.bill)? {
            Some(entered) if entered.is_seen_by(self.member) => Ok(tried(tx, &entered, now_ms)?),
            _ => refused(ErrorCode::NotFound),
        }
    }
}

/// A waiting bill, with what it would bring if it were confirmed now, or why it couldn't be.
pub(super) fn tried(tx: &mut Tx<'_>, entered: &Entered, now_ms: i64) -> Result<contract::Bill, StoreError> {
    let mut trial = entered.clone();
    let booked = tx.savepoint(|tx| match trial.book(tx, now_ms) {
        Ok(gains) => Err::<std::convert::Infallible, _>(Undone::Booked(gains)),
        Err(CommandError::Refused(refusal)) => Err(Undone::Refused(refusal.code)),
        Err(CommandError::Store(error)) => Err(Undone::Failed(error)),
    });
    let (gains, obstacle) = match booked {
        Err(Undone::Booked(gains)) => (gains, None),
        Err(Undone::Refused(code)) => (Gains::default(), Some(code)),
        Err(Undone::Failed(error)) => return Err(error),
        Ok(never) => match never {},
    };
    Ok(contract::Bill {
        obstacle,
        ..entered.shown(gains, now_ms)
    })
}

/// How a trial ended. Whatever it did is undone.
enum Undone {
    Booked(Gains),
    Refused(ErrorCode),
    Failed(StoreError),
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}
