//! Double entry as a list per account: a balance is the sum of all its entries, each time anew.

use std::collections::BTreeMap;

use crate::figures::Units;
use crate::people::MemberId;

/// The most hi_shell that may ever be issued.
pub(crate) const CAP: Units = 390_000 * 100_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asset {
    HiValue,
    HiShell,
    Challenge,
    Shopping,
    Cash,
}

impl Asset {
    pub(crate) const ALL: [Self; 5] = [
        Self::HiValue,
        Self::HiShell,
        Self::Challenge,
        Self::Shopping,
        Self::Cash,
    ];

    pub(crate) fn decimals(self) -> u32 {
        if self == Self::HiShell { 8 } else { 2 }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::HiValue => "hi_value",
            Self::HiShell => "hi_shell",
            Self::Challenge => "challenge",
            Self::Shopping => "shopping",
            Self::Cash => "cash",
        }
    }

    /// A member's buckets of it without `debt`; `held` last.
    pub(crate) fn buckets(self) -> [Bucket; 2] {
        match self {
            Self::HiValue => [Bucket::Inactive, Bucket::Active],
            Self::Challenge => [Bucket::Frozen, Bucket::Available],
            Self::HiShell | Self::Shopping | Self::Cash => [Bucket::Available, Bucket::Held],
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Bucket {
    Inactive,
    Active,
    Frozen,
    Available,
    Held,
    /// Below zero inside, shown as a positive figure.
    Debt,
}

impl Bucket {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::Active => "active",
            Self::Frozen => "frozen",
            Self::Available => "available",
            Self::Held => "held",
            Self::Debt => "debt",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Account {
    Member(MemberId, Asset, Bucket),
    /// Where an asset comes from and, if not burned, returns to.
    Issuance(Asset),
    AirdropPool,
    RewardPool,
    Holding,
    Escrow,
    Burned,
    Fees,
    FloorFund,
    /// Money from outside.
    Clearing,
}

impl Account {
    fn asset(self) -> Asset {
        match self {
            Self::Member(_, asset, _) | Self::Issuance(asset) => asset,
            Self::AirdropPool | Self::RewardPool | Self::Holding | Self::Escrow | Self::Burned => {
                Asset::HiShell
            }
            Self::Fees | Self::FloorFund | Self::Clearing => Asset::Cash,
        }
    }
}

/// Which way a posting went for the member, seen from him.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// He got it from the other account.
    Got,
    /// He paid it to the other account, or owes it.
    Paid,
    /// He has a right to it, but the reward pool had too little.
    Waits,
}

/// A posting that a refund reverses.
#[derive(Debug, Clone)]
pub(crate) struct Posting {
    pub(crate) member: MemberId,
    pub(crate) asset: Asset,
    pub(crate) bucket: Bucket,
    pub(crate) other: Account,
    pub(crate) units: Units,
    pub(crate) reversed: Units,
    pub(crate) way: Way,
}

/// All entries that were ever made.
#[derive(Debug, Clone, Default)]
pub(crate) struct Books {
    entries: BTreeMap<Account, Vec<Units>>,
    /// All postings that can be reversed, in their order.
    pub(crate) postings: Vec<Posting>,
}

impl Books {
    pub(crate) fn balance(&self, account: Account) -> Units {
        self.entries.get(&account).into_iter().flatten().sum()
    }

    pub(crate) fn of(&self, member: MemberId, asset: Asset, bucket: Bucket) -> Units {
        self.balance(Account::Member(member, asset, bucket))
    }

    /// What all members have in this bucket.
    pub(crate) fn over_all(&self, asset: Asset, bucket: Bucket) -> Units {
        let all = self.entries.keys().filter(
            |account| matches!(account, Account::Member(_, of, part) if (*of, *part) == (asset, bucket)),
        );
        all.map(|account| self.balance(*account)).sum()
    }

    /// What was ever issued of hi_shell.
    pub(crate) fn issued(&self) -> Units {
        -self.balance(Account::Issuance(Asset::HiShell))
    }

    pub(crate) fn move_units(&mut self, from: Account, to: Account, units: Units) {
        assert!(units >= 0, "{units} can't be moved from {from:?} to {to:?}");
        assert_eq!(from.asset(), to.asset(), "an asset stays what it is");
        if units > 0 {
            self.entries.entry(from).or_default().push(-units);
            self.entries.entry(to).or_default().push(units);
        }
    }

    /// From outside to a member: his debt first.
    pub(crate) fn credit(&mut self, from: Account, to: MemberId, asset: Asset, bucket: Bucket, units: Units) {
        let debt = -self.of(to, asset, Bucket::Debt);
        let repaid = debt.min(units);
        self.move_units(from, Account::Member(to, asset, Bucket::Debt), repaid);
        self.move_units(from, Account::Member(to, asset, bucket), units - repaid);
    }

    /// Takes back from a member what was credited to `bucket`: from there, then from his other buckets but `held`,
    /// then as debt.
    fn take_back(&mut self, from: MemberId, asset: Asset, bucket: Bucket, to: Account, units: Units) {
        let mut left = units;
        let others = asset
            .buckets()
            .into_iter()
            .filter(|other| ![bucket, Bucket::Held].contains(other));
        for bucket in std::iter::once(bucket).chain(others) {
            let part = left.min(self.of(from, asset, bucket));
            self.move_units(Account::Member(from, asset, bucket), to, part);
            left -= part;
        }
        self.move_units(Account::Member(from, asset, Bucket::Debt), to, left);
    }

    /// A grant out of nothing, of an asset that is not capped.
    pub(crate) fn grant(&mut self, member: MemberId, asset: Asset, bucket: Bucket, units: Units) {
        let other = Account::Issuance(asset);
        self.credit(other, member, asset, bucket, units);
        self.note(member, asset, bucket, other, units, Way::Got);
    }

    /// A reward in hi_shell: whole, or it waits.
    pub(crate) fn reward(&mut self, member: MemberId, units: Units) {
        let waits = self.waiting().next().is_some() || self.balance(Account::RewardPool) < units;
        let way = if waits { Way::Waits } else { Way::Got };
        if !waits {
            self.credit(
                Account::RewardPool,
                member,
                Asset::HiShell,
                Bucket::Available,
                units,
            );
        }
        self.note(
            member,
            Asset::HiShell,
            Bucket::Available,
            Account::RewardPool,
            units,
            way,
        );
    }

    /// Money that a member owes the platform: from what he has, the rest as debt.
    pub(crate) fn owe(&mut self, member: MemberId, units: Units) {
        let has = self.of(member, Asset::Cash, Bucket::Available).min(units);
        self.move_units(
            Account::Member(member, Asset::Cash, Bucket::Available),
            Account::Fees,
            has,
        );
        self.move_units(
            Account::Member(member, Asset::Cash, Bucket::Debt),
            Account::Fees,
            units - has,
        );
        self.note(
            member,
            Asset::Cash,
            Bucket::Available,
            Account::Fees,
            units,
            Way::Paid,
        );
    }

    fn note(
        &mut self,
        member: MemberId,
        asset: Asset,
        bucket: Bucket,
        other: Account,
        units: Units,
        way: Way,
    ) {
        if units > 0 {
            self.postings.push(Posting {
                member,
                asset,
                bucket,
                other,
                units,
                reversed: 0,
                way,
            });
        }
    }

    /// The postings that wait for the reward pool, oldest first.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = (usize, &Posting)> {
        self.postings
            .iter()
            .enumerate()
            .filter(|(_, posting)| posting.way == Way::Waits && posting.left() > 0)
    }

    /// Pays waiting rewards as far as the pool goes, oldest first.
    pub(crate) fn pay_waiting(&mut self) {
        let oldest = |books: &Self| {
            books
                .waiting()
                .next()
                .map(|(index, posting)| (index, posting.member, posting.left()))
        };
        while let Some((index, member, units)) = oldest(self) {
            if self.balance(Account::RewardPool) < units {
                return;
            }
            self.credit(
                Account::RewardPool,
                member,
                Asset::HiShell,
                Bucket::Available,
                units,
            );
            self.postings[index].way = Way::Got;
        }
    }

    /// Reverses a posting until `total` of it stands reversed.
    pub(crate) fn reverse(&mut self, index: usize, total: Units) {
        let Posting {
            member,
            asset,
            bucket,
            other,
            reversed,
            way,
            ..
        } = self.postings[index].clone();
        let units = total - reversed;
        match way {
            Way::Got => self.take_back(member, asset, bucket, other, units),
            Way::Paid => self.credit(other, member, asset, bucket, units),
            Way::Waits => {}
        }
        self.postings[index].reversed = total;
        self.pay_waiting();
    }

    /// What must hold after every event.
    pub(crate) fn check(&self) {
        for asset in Asset::ALL {
            let all = self
                .entries
                .iter()
                .filter(|(account, _)| account.asset() == asset);
            assert_eq!(
                all.flat_map(|(_, entries)| entries).sum::<Units>(),
                0,
                "{asset:?} balances"
            );
        }
        for &account in self.entries.keys() {
            let balance = self.balance(account);
            match account {
                Account::Member(member, asset, Bucket::Debt) => {
                    assert!(balance <= 0, "{account:?} is debt: {balance}");
                    let empty = asset
                        .buckets()
                        .into_iter()
                        .all(|bucket| bucket == Bucket::Held || self.of(member, asset, bucket) == 0);
                    assert!(balance == 0 || empty, "member {member} owes and has {asset:?}");
                }
                Account::Issuance(_) | Account::Clearing => {}
                _ => assert!(balance >= 0, "{account:?} has {balance}"),
            }
        }
        assert!(self.issued() <= CAP, "{} were issued", self.issued());
    }
}

impl Posting {
    /// What of it is not reversed.
    pub(crate) fn left(&self) -> Units {
        self.units - self.reversed
    }
}
