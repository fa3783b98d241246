//! `POST /api/v1/bills/{bill}/confirm`: the member agrees to a bill, and it is booked.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use haigou_contract::{self as contract, ErrorCode, Problem};
use haigou_ledger::MemberNo;
use haigou_store::{Ahead, Command, CommandError, Tx};

use super::bill::{Entered, deducts};
use crate::AppState;
use crate::ledger::holder;
use crate::web::{Refusal, Signed, refused};

/// Confirms a bill. What it brings both sides is booked at once.
#[utoipa::path(post, path = "/api/v1/bills/{bill}/confirm", tag = "stores", security(("session" = [])),
    request_body = contract::ConfirmBill, params(("bill" = String, Path), ("Idempotency-Key" = String, Header),
        ("Haigou-Signature" = String, Header)),
    responses((status = 200, body = contract::Bill), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn confirm(
    State(state): State<AppState>,
    Path(bill): Path<String>,
    Signed(change): Signed<contract::ConfirmBill>,
) -> Result<Response, Refusal> {
    let command = ConfirmBill {
        bill,
        buyer: holder(change.caller.member)?,
        hi_shell: change.body.hi_shell,
    };
    state.once(change.attempt, StatusCode::OK, command).await
}

/// Confirms a bill that waits for the buyer's word.
struct ConfirmBill {
    bill: String,
    buyer: MemberNo,
    hi_shell: Option<String>,
}

impl Command for ConfirmBill {
    type Answer = contract::Bill;
    type Refusal = Refusal;
    const NAME: &'static str = "stores.confirm_bill";

    fn look_ahead(&self, ahead: &mut Ahead) {
        Entered::look_ahead(ahead, &self.bill);
    }

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<contract::Bill, CommandError<Refusal>> {
        let entered = Entered::look_up(tx, &self.bill)?.filter(|entered| entered.bill.buyer == self.buyer);
        let Some(mut entered) = entered else {
            return refused(ErrorCode::NotFound);
        };
        let bill = &mut entered.bill;
        let moment = deducts(tx, self.hi_shell.as_deref(), now_ms)?;
        if let Some(hi_shell) = &self.hi_shell {
            bill.deduct(hi_shell, &moment)?;
        }
        if bill.journal.is_some() || now_ms > bill.until_ms {
            return refused(ErrorCode::WrongState);
        }
        let gains = entered.book(tx, now_ms)?;
        entered.bill.write(tx);
        Ok(entered.shown(gains, now_ms))
    }
}
