//! `POST /api/v1/stores/{store}/bills`: the store's owner enters a bill.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use haigou_contract::{self as contract, Amount, Asset, ErrorCode, NewBill, Problem};
use haigou_ledger::MemberNo;
use haigou_store::{Command, CommandError, Tx};

use super::bill::{Bill, Entered};
use super::merchant::Merchant;
use super::show::tried;
use crate::AppState;
use crate::amounts::positive;
use crate::ids::new_name;
use crate::ledger::holder;
use crate::members::Member;
use crate::web::{Refusal, Signed, refused};
use crate::world::known;

/// How long the member may take to confirm a bill, in milliseconds.
const WAITS_MS: i64 = 10 * 60 * 1000;

/// Enters a bill at one's own store. The member confirms it within ten minutes.
#[utoipa::path(post, path = "/api/v1/stores/{store}/bills", tag = "stores", security(("session" = [])),
    request_body = NewBill, params(("store" = String, Path), ("Idempotency-Key" = String, Header),
        ("Haigou-Signature" = String, Header)),
    responses((status = 201, body = contract::Bill), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn open(
    State(state): State<AppState>,
    Path(store): Path<String>,
    Signed(change): Signed<NewBill>,
) -> Result<Response, Refusal> {
    let command = Enter {
        store,
        owner: holder(change.caller.member)?,
        says: change.body,
    };
    state.once(change.attempt, StatusCode::CREATED, command).await
}

/// Opens a bill that waits for the buyer's word for ten minutes.
///
/// Refused are `unknown_member`, `unknown_merchant`, `bad_amount`, `not_approved` and `self_dealing`, the first that
/// applies.
#[derive(Debug, Clone)]
pub struct OpenBill {
    /// The merchant's name.
    pub merchant: String,
    /// Who pays.
    pub buyer: MemberNo,
    /// How much, in CNY.
    pub amount: String,
}

impl Command for OpenBill {
    type Answer = Bill;
    type Refusal = Refusal;
    const NAME: &'static str = "stores.open_bill";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Bill, CommandError<Refusal>> {
        known(tx, self.buyer)?;
        let merchant = Merchant::named(tx, &self.merchant)?;
        open_bill(tx, &merchant, self.buyer, &self.amount, now_ms)
    }
}

fn open_bill(
    tx: &mut Tx<'_>,
    merchant: &Merchant,
    buyer: MemberNo,
    amount: &str,
    now_ms: i64,
) -> Result<Bill, CommandError<Refusal>> {
    let bill = Bill {
        name: new_name("b", now_ms),
        merchant: merchant.id,
        buyer,
        amount: positive(Asset::Cash, amount)?,
        hi_shell: Amount::ZERO,
        until_ms: now_ms + WAITS_MS,
        journal: None,
        refunded: Amount::ZERO,
    };
    bill.check(merchant)?;
    bill.write(tx);
    Ok(bill)
}

/// What the store's owner says, and what it would bring both sides.
struct Enter {
    store: String,
    owner: MemberNo,
    says: NewBill,
}

impl Command for Enter {
    type Answer = contract::Bill;
    type Refusal = Refusal;
    const NAME: &'static str = OpenBill::NAME;

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<contract::Bill, CommandError<Refusal>> {
        let merchant = match Merchant::by_public_id(tx, &self.store)? {
            Some(merchant) if merchant.owner == self.owner => merchant,
            _ => return refused(ErrorCode::NotFound),
        };
        let Some(buyer) = Member::meant(tx, &self.says.member)? else {
            return refused(Refusal::new(ErrorCode::UnknownMember).at("member"));
        };
        let bill = open_bill(tx, &merchant, holder(buyer.id)?, &self.says.amount, now_ms)?;
        let entered = Entered {
            bill,
            merchant,
            buyer: buyer.public_id,
        };
        Ok(tried(tx, &entered, now_ms)?)
    }
}
