//! Registration: the member's row, his place in the line, his consent, and what it earns, in one command.

use haigou_contract::{ErrorCode, Language, Purpose};
use haigou_ledger::MemberNo;
use haigou_rules::{ActiveFrom, Registration, Sponsor, registration};
use haigou_store::ledger::{Books, LedgerFailure};
use haigou_store::{CommandError, Query as _, StoreError, Tx, params};

use super::consents;
use super::member::Member;
use super::names::new_invite_code;
use super::phone::PhoneNumber;
use crate::airdrop::Rulebooks;
use crate::ids::new_id;
use crate::rewards::{give, ledger_fault};
use crate::web::Refusal;

/// What somebody says when he registers.
pub(super) struct NewMember {
    /// The sponsor's code as he typed it; none: no sponsor.
    pub(super) invite_code: Option<String>,
    /// He accepted the terms.
    pub(super) accept_terms: bool,
    /// Their version.
    pub(super) terms_version: String,
    /// His language.
    pub(super) language: Language,
    /// What his registration earns.
    pub(super) rulebooks: Rulebooks,
}

/// Makes a member. The sponsor is set now and never again.
pub(super) fn register(
    tx: &mut Tx<'_>,
    phone: &PhoneNumber,
    new: &NewMember,
    now_ms: i64,
) -> Result<Member, CommandError<Refusal>> {
    if !new.accept_terms {
        return Err(CommandError::Refused(
            Refusal::new(ErrorCode::ConsentRequired).at("accept_terms"),
        ));
    }
    let sponsor = match &new.invite_code {
        Some(code) => Some(Member::by_invite_code(tx, code)?.ok_or_else(|| {
            CommandError::Refused(Refusal::new(ErrorCode::UnknownSponsor).at("invite_code"))
        })?),
        None => None,
    };
    let id = tx
        .query_one("SELECT COALESCE(MAX(id), 0) + 1 FROM member", &[], |row| {
            row.int(0)
        })?
        .unwrap_or(1);
    let invite_code = free_invite_code(tx)?;
    tx.execute(
        "INSERT INTO member (id, public_id, phone, sponsor, vip, direct, invite_code, nickname, language,
            registered_ms, deleted_ms) VALUES ($1, $2, $3, $4, 0, 0, $5, '', $6, $7, NULL)",
        params![
            id,
            &new_id("m"),
            phone.as_str(),
            sponsor.as_ref().map(|sponsor| sponsor.id),
            &invite_code,
            new.language.tag(),
            now_ms
        ],
    )?;
    if let Some(sponsor) = &sponsor {
        tx.execute(
            "UPDATE member SET direct = direct + 1 WHERE id = $1",
            params![sponsor.id],
        )?;
    }
    consents::record(tx, id, Purpose::Terms, &new.terms_version, true, now_ms)?;
    earn(tx, id, sponsor.as_ref(), &new.rulebooks, now_ms)?;
    Member::by_id(tx, id)?.ok_or_else(|| StoreError::Bug("a new member isn't there".to_owned()).into())
}

/// Books what a registration earns, by the rulebook of this moment.
fn earn(
    tx: &mut Tx<'_>,
    id: i64,
    sponsor: Option<&Member>,
    rulebooks: &Rulebooks,
    now_ms: i64,
) -> Result<(), StoreError> {
    let rulebook = rulebooks.in_force(tx, now_ms)?;
    let member = number(id)?;
    let sponsor = match sponsor {
        Some(sponsor) => Some(Sponsor {
            member: number(sponsor.id)?,
            vip: sponsor.vip,
        }),
        None => None,
    };
    let rewards = registration(&rulebook, Registration { member, sponsor });
    let mut books = Books::open(tx, now_ms)?;
    books
        .book(
            "registration",
            id.to_string(),
            format!("registration:{id}"),
            |draft| {
                if rulebook.active_from == ActiveFrom::Registration {
                    draft.activate(member)?;
                }
                give(draft, &rewards)
            },
        )
        .map_err(|failure: LedgerFailure| ledger_fault(failure))?;
    Ok(())
}

/// A member's number as the ledger has it.
pub(super) fn number(id: i64) -> Result<MemberNo, StoreError> {
    MemberNo::new(id).ok_or_else(|| StoreError::Bug(format!("{id} is no member's number")))
}

/// An invite code that nobody has. Of 28^8 possible ones the first is nearly always free.
fn free_invite_code(tx: &mut Tx<'_>) -> Result<String, StoreError> {
    loop {
        let code = new_invite_code();
        if Member::by_invite_code(tx, &code)?.is_none() {
            return Ok(code);
        }
    }
}
