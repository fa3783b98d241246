//! What a refund undoes of a posting: in any number of parts, and in the end as in one.

use haigou_contract::{Amount, Asset};

use super::{Balances, Draft, takeable};
use crate::account::MemberNo;
use crate::slot::Slot;
use crate::{Account, BookError, Entry, Fact, Figure, LedgerError, Posting, PostingId, Reason, Rule};

/// Which part of an order or bill is refunded, in all so far: an exact fraction of two sums of cash, in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    refunded: i64,
    total: i64,
}

impl Share {
    /// Of nothing refunded so far.
    pub const NONE: Self = Self {
        refunded: 0,
        total: 1,
    };

    /// `refunded` of `total`; none if that isn't between nothing and the whole, or the total isn't positive.
    #[must_use]
    pub const fn new(refunded: i64, total: i64) -> Option<Self> {
        if 0 <= refunded && refunded <= total && total > 0 {
            Some(Self { refunded, total })
        } else {
            None
        }
    }

    /// floor(units × refunded ÷ total).
    #[must_use]
    pub fn of(self, units: i64) -> i64 {
        let part = i128::from(units) * i128::from(self.refunded);
        // At most `units`, which fit.
        i64::try_from(part.div_euclid(i128::from(self.total))).unwrap_or(units)
    }
}

/// What a refund undoes of a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Undoable {
    member: MemberNo,
    /// The bucket that was credited, or for a fee the one that it was taken from.
    slot: Slot,
    units: i64,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// He was granted it: it is gone again.
    Granted,
    /// He was paid or promised it from the reward pool: it goes back there, or waits no more.
    Rewarded,
    /// He paid it as a fee: he gets it back.
    Charged,
}

impl<B: Balances> Draft<B> {
    /// Reverses an earlier posting, so that it stands reversed by `now` of its amount in all after `before` of it was
    /// reversed: floor(amount × now) − floor(amount × before).
    ///
    /// What was granted or paid to a member is taken from the bucket that was credited, then from the asset's others but
    /// `held`, and the rest becomes debt; Hi-Shell goes back to the reward pool. Of a reward that waits, what waits is
    /// cancelled and nothing is taken. A fee is given back. Everything else (burns, activation, moves between a member's own
    /// buckets, payments between members, rewards of others that were paid behind it) isn't undone, and nothing is posted.
    ///
    /// # Errors
    /// [`LedgerError::NegativeAmount`] if `now` is less than `before`; else as for [`Draft::post`].
    pub fn reverse(
        &mut self,
        posting: &Posting,
        id: PostingId,
        before: Share,
        now: Share,
    ) -> Result<(), BookError<B::Error>> {
        let Some(undoable) = undoable(posting) else {
            return Ok(());
        };
        let Undoable {
            member,
            slot,
            units: amount,
            kind,
        } = undoable;
        let reversed_before = before.of(amount);
        let units = now.of(amount) - reversed_before;
        if units < 0 {
            return Err(LedgerError::NegativeAmount(units).into());
        }
        if units == 0 {
            return Ok(());
        }
        let asset = slot.asset();
        let figure = |units| (asset, Amount::from_units(units));
        let reason = Reason::new(Rule::REVERSAL)
            .with("rule", Figure::Text(posting.reason.rule.id().to_owned().into()))
            .with("amount", figure(amount))
            .with("refunded", (Asset::Cash, Amount::from_units(now.refunded)))
            .with("total", (Asset::Cash, Amount::from_units(now.total)))
            .with("before", figure(reversed_before));
        let cancelled = match kind {
            Kind::Rewarded => units.min(self.left_of(id)?),
            Kind::Granted | Kind::Charged => 0,
        };
        let taken = units - cancelled;
        self.establish(reason, Fact::Reverses(id), |lines| match kind {
            Kind::Granted => lines.take_back(member, slot, taken),
            Kind::Rewarded => {
                lines.take(Account::Waiting(member), cancelled)?;
                lines.add(Account::Promised, cancelled)?;
                lines.take_back(member, slot, taken)?;
                lines.add(Account::RewardPool, taken)
            }
            Kind::Charged => {
                lines.take(Account::Fees, taken)?;
                lines.credit(member, slot, taken)
            }
        })
    }
}

/// What a refund undoes of a posting, if anything: what a member gained by a grant or reward, or lost by a fee.
fn undoable(posting: &Posting) -> Option<Undoable> {
    if posting.fact.is_some() {
        return None;
    }
    let entry_of = |wanted: Account| posting.entries.iter().find(|entry| entry.account == wanted);
    if let Some(promised) = posting.entries.iter().find_map(waiting) {
        return Some(promised);
    }
    let kind = if entry_of(Account::RewardPool).is_some() {
        Kind::Rewarded
    } else if entry_of(Account::Fees).is_some() {
        Kind::Charged
    } else if posting.entries.iter().all(|entry| is_grant(entry.account)) {
        Kind::Granted
    } else {
        return None;
    };
    let (member, asset) = posting.entries.iter().find_map(|entry| match entry.account {
        Account::Member(member, slot) => Some((member, slot.asset())),
        _ => None,
    })?;
    let mine = posting.entries.iter().filter_map(|entry| match entry.account {
        Account::Member(owner, slot) if owner == member && slot.asset() == asset => Some((slot, entry.units)),
        _ => None,
    });
    let net = mine
        .clone()
        .fold(0_i64, |net, (_, units)| net.saturating_add(units));
    let units = if kind == Kind::Charged {
        net.saturating_neg()
    } else {
        net
    };
    // If all of it went into a debt, it is the bucket that it would have gone to without.
    let credited = mine.map(|(slot, _)| slot).find(|slot| !slot.is_debt());
    let slot = credited.or_else(|| takeable(asset).next())?;
    (units > 0).then_some(Undoable {
        member,
        slot,
        units,
        kind,
    })
}

const fn is_grant(account: Account) -> bool {
    matches!(account, Account::Member(..) | Account::Issuance(_))
}

fn waiting(entry: &Entry) -> Option<Undoable> {
    match entry.account {
        Account::Waiting(member) if entry.units > 0 => Some(Undoable {
            member,
            slot: Slot::HiShellAvailable,
            units: entry.units,
            kind: Kind::Rewarded,
        }),
        _ => None,
    }
}
