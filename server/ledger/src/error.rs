//! Why something can't be booked.

use haigou_contract::Day;

use crate::Account;

/// A booking that the ledger refuses, or stored bytes that it can't read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The account has less than what is asked for.
    #[error("{account} has {available} units, {needed} are needed")]
    Insufficient {
        /// The account.
        account: Account,
        /// What stands there, in smallest units.
        available: i64,
        /// What would be taken, in smallest units.
        needed: i64,
    },
    /// More than 390,000 Hi-Shell would have been issued.
    #[error("only {left} units of Hi-Shell can still be issued, {asked} were asked for")]
    CapExceeded {
        /// What can still be issued, in smallest units.
        left: i64,
        /// What was asked for, in smallest units.
        asked: i64,
    },
    /// A balance would leave the range of 64 bits.
    #[error("{0} would leave the range of amounts")]
    Overflow(Account),
    /// An amount to move is negative.
    #[error("an amount of {0} units can't be moved: it is negative")]
    NegativeAmount(i64),
    /// An account would stand on the wrong side of zero.
    #[error("{account} can't stand at {units} units")]
    WrongSide {
        /// The account.
        account: Account,
        /// Where it would stand.
        units: i64,
    },
    /// The entries of a posting don't sum to zero.
    #[error("the entries of {rule} leave {units} units of {asset} over")]
    Unbalanced {
        /// The posting's rule.
        rule: String,
        /// The asset's name.
        asset: &'static str,
        /// What is left over.
        units: i128,
    },
    /// A member would owe an asset while having some of it.
    #[error("member {member} owes {asset} and would have some of it")]
    DebtBesideCredit {
        /// The member.
        member: i64,
        /// The asset's name.
        asset: &'static str,
    },
    /// The operation isn't made for this asset or bucket.
    #[error("{0} can't be used so")]
    WrongAccount(Account),
    /// The idempotency key was booked before.
    #[error("a journal with the key {0:?} exists already")]
    Duplicate(String),
    /// A journal's time lies before the newest one's.
    #[error("business time can't go back from {newest_ms} to {at_ms}")]
    TimeGoesBack {
        /// The newest journal's time.
        newest_ms: i64,
        /// The refused one's.
        at_ms: i64,
    },
    /// Days are closed one after the other.
    #[error("day {day} can't be closed, {expected} comes next")]
    DayOutOfOrder {
        /// The day asked for.
        day: Day,
        /// The one whose turn it is.
        expected: Day,
    },
    /// Not a member's number.
    #[error("{0} is no member's number")]
    NoSuchMember(i64),
    /// Not an account's code.
    #[error("{0} is no account's code")]
    NoSuchAccount(i64),
    /// A journal's body can't be decoded.
    #[error("the body of journal {0} can't be read")]
    Unreadable(i64),
}

/// A draft's error: the ledger refuses, or the balances can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookError<E> {
    /// The ledger refuses.
    #[error(transparent)]
    Refused(#[from] LedgerError),
    /// The balances can't be read.
    #[error("the balances can't be read: {0}")]
    Balances(E),
}
