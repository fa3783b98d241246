//! Registration: the member's row, his place in the line, his consent, and what it earns, in one command.

use haigou_contract::{ErrorCode, Language, Purpose};
use haigou_ledger::MemberNo;
use haigou_rules::{Event, World as _};
use haigou_store::{Command, CommandError, StoreError, Tx, params};

use super::consents;
use super::member::Member;
use super::names::new_invite_code;
use super::phone::PhoneNumber;
use crate::ids::new_id;
use crate::ledger::holder;
use crate::web::{Refusal, refused};
use crate::world::{book_event, in_world, known};

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
}

/// Makes a member of somebody who signs in for the first time.
pub(super) fn register(
    tx: &mut Tx<'_>,
    phone: &PhoneNumber,
    new: &NewMember,
    now_ms: i64,
) -> Result<Member, CommandError<Refusal>> {
    if !new.accept_terms {
        return refused(Refusal::new(ErrorCode::ConsentRequired).at("accept_terms"));
    }
    let sponsor = match &new.invite_code {
        Some(code) => match Member::by_invite_code(tx, code)? {
            Some(sponsor) => Some(holder(sponsor.id)?),
            None => return refused(Refusal::new(ErrorCode::UnknownSponsor).at("invite_code")),
        },
        None => None,
    };
    let id = enter(tx, phone, sponsor, new.language, now_ms)?.number();
    consents::record(tx, id, Purpose::Terms, &new.terms_version, true, now_ms)?;
    Member::by_id(tx, id)?.ok_or_else(|| StoreError::Bug("a new member isn't there".to_owned()).into())
}

/// Makes a member of a person whom the operator vouches for: his number and his consents are not asked for.
#[derive(Debug, Clone)]
pub struct Register {
    /// His phone number.
    pub phone: PhoneNumber,
    /// Who referred him.
    pub sponsor: Option<MemberNo>,
    /// His language.
    pub language: Language,
}

impl Command for Register {
    /// His number.
    type Answer = MemberNo;
    type Refusal = Refusal;
    const NAME: &'static str = "members.register";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<MemberNo, CommandError<Refusal>> {
        if let Some(sponsor) = self.sponsor
            && let Err(CommandError::Refused(_)) = known(tx, sponsor)
        {
            return refused(ErrorCode::UnknownSponsor);
        }
        if Member::by_phone(tx, self.phone.as_str())?.is_some() {
            return refused(ErrorCode::Duplicate);
        }
        enter(tx, &self.phone, self.sponsor, self.language, now_ms)
    }
}

/// The member's row, his place in the line, and what his registration earns. The sponsor is set now and never again.
fn enter(
    tx: &mut Tx<'_>,
    phone: &PhoneNumber,
    sponsor: Option<MemberNo>,
    language: Language,
    now_ms: i64,
) -> Result<MemberNo, CommandError<Refusal>> {
    let population = in_world(tx, |world| world.society())?.population;
    let member = holder(i64::from(population) + 1)?;
    let invite_code = free_invite_code(tx)?;
    tx.write(
        "INSERT INTO member (id, public_id, phone, invite_code, nickname, language, registered_ms, deleted_ms) \
         VALUES ($1, $2, $3, $4, '', $5, $6, NULL)",
        params![
            member.number(),
            &new_id("m"),
            phone.as_str(),
            &invite_code,
            language.tag(),
            now_ms
        ],
    );
    let (cause, key) = (
        member.number().to_string(),
        format!("registration:{}", member.number()),
    );
    let event = Event::Registration { member, sponsor };
    book_event(tx, now_ms, "registration", cause, key, &event)?;
    Ok(member)
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
