//! The audit: recomputes everything from the journals, in order, and compares it with what the tables say.
//!
//! An [`Auditor`] takes all journals first, then all rows of the other tables. It keeps the accounts of one slice of
//! the members only, so that the whole needs constant memory when it is repeated slice by slice. (The days, the
//! rulebooks and the rewards that wait in the slice are kept whole.)

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use crate::account::MemberNo;
use crate::{Account, AirdropDay, GENESIS, Hash, Header, Holder, Posting, PostingId};

mod finding;
mod fold;
mod rows;

pub use finding::{Finding, Findings};
pub use rows::HolderRow;

/// Which members' accounts one auditor keeps: those with these numbers. The slice with the lowest possible number is
/// the first one, which also looks at everything that belongs to no member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice(pub RangeInclusive<i64>);

impl Slice {
    /// Everybody and everything.
    pub const ALL: Self = Self(i64::MIN..=i64::MAX);

    fn is_first(&self) -> bool {
        *self.0.start() == i64::MIN
    }

    /// How many members it can hold, as far as that is worth knowing: 0 of a slice without ends.
    fn width(&self) -> usize {
        const MOST: i64 = 1 << 20;
        let width = self.0.end().saturating_sub(*self.0.start());
        let is_known = (0..MOST).contains(&width);
        usize::try_from(width)
            .ok()
            .filter(|_| is_known)
            .map_or(0, |width| width + 1)
    }

    fn holds(&self, member: i64) -> bool {
        self.0.contains(&member)
    }
}

/// A journal as it is stored.
#[derive(Debug, Clone, Copy)]
pub struct StoredJournal<'a> {
    /// Its number.
    pub seq: i64,
    /// What it is about.
    pub header: &'a Header,
    /// Its encoded postings.
    pub body: &'a [u8],
    /// Its hash.
    pub hash: &'a [u8],
}

/// Recomputes and compares: first every [`journal`](Auditor::journal), then every row, then
/// [`finish`](Auditor::finish).
#[derive(Debug)]
pub struct Auditor {
    slice: Slice,
    findings: Findings,
    journals: i64,
    entries: i64,
    hash: Hash,
    at_ms: i64,
    highest_member: i64,
    /// By code.
    platform: BTreeMap<i64, PlatformState>,
    members: HashMap<i64, MemberState>,
    days: Vec<DayRow>,
    waiting: BTreeMap<PostingId, (MemberNo, i64)>,
    rulebooks: Vec<RulebookRow>,
}

/// A member of the slice.
#[derive(Debug, Default, Clone)]
struct MemberState {
    holder: Holder,
    /// A bit for each of his accounts that was moved.
    moved: u16,
    /// His row was seen.
    seen: bool,
}

/// An account of the platform.
#[derive(Debug, Default, Clone, Copy)]
struct PlatformState {
    units: i64,
    seen: bool,
}

#[derive(Debug)]
struct DayRow {
    day: AirdropDay,
    journal: i64,
    seen: bool,
}

#[derive(Debug)]
struct RulebookRow {
    version: u32,
    starts_at_ms: i64,
    text_hash: Hash,
    journal: i64,
    seen: bool,
}

impl Auditor {
    /// An auditor of a slice of the members, before the first journal.
    #[must_use]
    pub fn new(slice: Slice) -> Self {
        // A table that grows holds its members twice for a moment.
        let members = HashMap::with_capacity(slice.width());
        Self {
            slice,
            findings: Findings::default(),
            journals: 0,
            entries: 0,
            hash: GENESIS,
            at_ms: i64::MIN,
            highest_member: 0,
            platform: BTreeMap::new(),
            members,
            days: Vec::new(),
            waiting: BTreeMap::new(),
            rulebooks: Vec::new(),
        }
    }

    /// How many journals it took.
    #[must_use]
    pub const fn journals(&self) -> i64 {
        self.journals
    }

    /// How many entries they had.
    #[must_use]
    pub const fn entries(&self) -> i64 {
        self.entries
    }

    /// The hash of the newest journal.
    #[must_use]
    pub const fn head_hash(&self) -> Hash {
        self.hash
    }

    /// The highest member that the journals name.
    #[must_use]
    pub const fn highest_member(&self) -> i64 {
        self.highest_member
    }

    /// How many accounts of the slice the journals touched.
    #[must_use]
    pub fn accounts(&self) -> u64 {
        let moved = |state: &MemberState| state.moved.count_ones();
        let members: u32 = self.members.values().map(moved).sum();
        let members = usize::try_from(members).unwrap_or(usize::MAX);
        let platform = if self.slice.is_first() {
            self.platform.len()
        } else {
            0
        };
        u64::try_from(members.saturating_add(platform)).unwrap_or(u64::MAX)
    }

    /// The slice it looks at.
    #[must_use]
    pub const fn slice(&self) -> &Slice {
        &self.slice
    }

    /// Lets the slice reach to the highest possible member: no journal names one beyond it.
    pub fn widen(&mut self) {
        self.slice = Slice(*self.slice.0.start()..=i64::MAX);
    }

    /// Whether enough was found to stop looking.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.findings.is_full()
    }

    /// What was found, in order.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings.into_inner()
    }
}

fn sum_of(posting: &Posting, of: impl Fn(Account) -> bool) -> i128 {
    posting
        .entries
        .iter()
        .filter(|entry| of(entry.account))
        .map(|entry| i128::from(entry.units))
        .sum()
}

struct Hex<'a>(&'a [u8]);

impl std::fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[derive(Clone, Copy)]
struct Place(PostingId);

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, posting {}", self.0.journal, self.0.posting)
    }
}
