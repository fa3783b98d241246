//! Booking what the rules give.

use haigou_contract::{Amount, Asset, Day, Milestone};
use haigou_ledger::{Account, Balances, Draft, Figure, MemberNo, Reason, Slot};
use haigou_rules::{Gives, Reward, UnfreezeFigure, Unfreezing, rule};
use haigou_store::StoreError;
use haigou_store::ledger::LedgerFailure;

/// Adds rewards to a draft, in order, each with its figures.
///
/// # Errors
/// What the ledger refuses, or the database's.
pub(crate) fn give<B>(draft: &mut Draft<B>, rewards: &[Reward]) -> Result<(), LedgerFailure>
where
    B: Balances<Error = StoreError>,
{
    for Reward { rule, member, gives } in rewards {
        let reason = Reason::new(rule.clone());
        match *gives {
            Gives::Grant(asset, amount) => {
                let reason = reason.with(asset.name(), (asset, amount));
                if asset == Asset::HiShell {
                    draft.reward(reason, *member, amount.units())?;
                } else {
                    draft.grant(reason, *member, asset, amount.units())?;
                }
            }
            Gives::Unfreeze(most) => {
                let frozen = frozen(draft, *member)?;
                let amount = most.min(frozen);
                let reason = reason
                    .with("unfreeze", (Asset::Challenge, most))
                    .with("frozen", (Asset::Challenge, frozen))
                    .with("amount", (Asset::Challenge, amount));
                draft.unfreeze(reason, *member, amount.units())?;
            }
        }
    }
    Ok(())
}

/// Adds what a milestone of a day unfreezes.
///
/// # Errors
/// What the ledger refuses, or the database's.
pub(crate) fn unfreeze<B>(
    draft: &mut Draft<B>,
    member: MemberNo,
    day: Day,
    milestone: &Unfreezing,
) -> Result<(), LedgerFailure>
where
    B: Balances<Error = StoreError>,
{
    let rule = match milestone.of {
        Milestone::Ladder => rule::STEPS_LADDER,
        Milestone::Walk => rule::STEPS_WALK,
        Milestone::Run => rule::STEPS_RUN,
    };
    let reason = Reason::new(rule)
        .with("day", day)
        .with("steps", i64::try_from(milestone.steps).unwrap_or(i64::MAX))
        .with("frozen", (Asset::Challenge, milestone.frozen));
    let reason = match milestone.figure {
        UnfreezeFigure::Rate(rate) => reason.with("rate", Figure::from(rate.to_string())),
        UnfreezeFigure::Amount(most) => reason.with("unfreeze", (Asset::Challenge, most.amount())),
    };
    let reason = reason.with("amount", (Asset::Challenge, milestone.amount));
    draft.unfreeze(reason, member, milestone.amount.units())
}

/// A member's frozen challenge after the postings so far.
///
/// # Errors
/// The database's.
pub(crate) fn frozen<B>(draft: &mut Draft<B>, member: MemberNo) -> Result<Amount, LedgerFailure>
where
    B: Balances<Error = StoreError>,
{
    let units = draft.balance(Account::Member(member, Slot::ChallengeFrozen))?;
    Ok(Amount::from_units(units))
}

/// A member's number as the ledger has it.
///
/// # Errors
/// It is none: a fault of this program.
pub(crate) fn holder(member: i64) -> Result<MemberNo, StoreError> {
    MemberNo::new(member).ok_or_else(|| StoreError::Bug(format!("{member} is no member's number")))
}

/// For bookings that the rules can't have refused: a refusal is a fault of this program.
pub(crate) fn ledger_fault(failure: LedgerFailure) -> StoreError {
    match failure {
        LedgerFailure::Balances(error) => error,
        LedgerFailure::Refused(refusal) => StoreError::Bug(format!("the ledger refused: {refusal}")),
    }
}
