//! The ledger: double entry over five assets, chained journals, the airdrop's days, and what proves them.
//!
//! Pure: balances are read through [`Balances`], a [`Draft`] makes a journal over them, and storing it is somebody
//! else's work. Amounts are integers in the asset's smallest unit; a debt is negative inside.
//!
//! # Where amounts come from
//! * Hi-Value, challenge fund, shopping credit: each bucket has an issuance account, and every entry on a member's
//!   bucket has its opposite there. So minus the issuance account's balance is what the bucket holds over all members,
//!   also when something moves between two buckets of one member.
//! * Hi-Shell: issued once, for the airdrop, for the reward pool or as an opening balance ([`Account::Issued`]), then
//!   moved between the pools, members, the platform's holding, escrow and burned. So *issued* is minus the sum of the
//!   three issuing accounts, *airdropped* minus the first of them, and every other figure of the supply is a balance.
//! * Cash: from and to the outside through clearing accounts.
//! * A reward that waits for the pool stands between [`Account::Promised`] and [`Account::Waiting`]: both are
//!   memoranda, outside of what is issued.

mod account;
mod airdrop;
mod audit;
mod body;
mod draft;
mod error;
mod holder;
mod journal;
mod projection;
mod reason;
mod slot;

pub use account::{Account, MemberNo, Provider, ShellSource};
pub use airdrop::{AirdropDay, DayShare};
pub use audit::{Auditor, Finding, Findings, HolderRow, Slice, StoredJournal};
pub use body::{decode, encode};
pub use draft::{Balances, Draft, Lines, Rewarded, SHELL_CAP, Share, Waiting};
pub use error::{BookError, LedgerError};
pub use holder::Holder;
pub use journal::{
    Entry, Fact, GENESIS, Hash, Head, Header, Journal, Link, Posting, PostingId, Unsealed, chain,
};
pub use projection::{keys_started, members_moved, text_hash};
pub use reason::{Figure, Reason, Rule};
pub use slot::Slot;
