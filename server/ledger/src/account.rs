//! Where amounts stand: members' buckets and the platform's own accounts.

use haigou_contract::Asset;
use serde::{Deserialize, Serialize};

use crate::{LedgerError, Slot};

/// How many account codes one member takes.
const SLOTS: i64 = 16;
const WAITING: i64 = 15;

/// A member inside the ledger: dense numbers from 1, so that a member's accounts lie side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct MemberNo(i64);

impl MemberNo {
    /// The largest number that still has account codes.
    pub const MAX: Self = Self(i64::MAX / SLOTS - 1);

    /// From the number, if it is in 1..=[`MemberNo::MAX`].
    #[must_use]
    pub const fn new(number: i64) -> Option<Self> {
        if number >= 1 && number <= Self::MAX.0 {
            Some(Self(number))
        } else {
            None
        }
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }
}

impl From<MemberNo> for i64 {
    fn from(member: MemberNo) -> Self {
        member.0
    }
}

impl TryFrom<i64> for MemberNo {
    type Error = LedgerError;

    fn try_from(number: i64) -> Result<Self, LedgerError> {
        Self::new(number).ok_or(LedgerError::NoSuchMember(number))
    }
}

/// Why Hi-Shell was issued. Minus the sum of the three accounts is all that was ever issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShellSource {
    /// The daily drops.
    Airdrop,
    /// The reward pool's allocation at launch.
    RewardPool,
    /// Opening balances.
    Opening,
}

/// Whom cash is exchanged with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provider {
    /// Opening balances and what the operator pays in.
    Outside,
    /// Alipay.
    Alipay,
    /// WeChat Pay.
    WechatPay,
    /// A bank.
    Bank,
}

/// An account of the ledger. Its [`code`](Account::code) is what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub enum Account {
    /// A member's bucket of an asset. A debt stands here as a negative balance.
    Member(MemberNo, Slot),
    /// What a member was promised in Hi-Shell while the reward pool was empty. Not yet issued to him: a
    /// memorandum against [`Account::Promised`].
    Waiting(MemberNo),
    /// The other side of every member's bucket of Hi-Value, challenge fund and shopping credit: minus its
    /// balance is what the bucket holds over all members.
    Issuance(Slot),
    /// The other side of all Hi-Shell, by the reason of its issue.
    Issued(ShellSource),
    /// Dropped Hi-Shell that members haven't settled yet, and the dust.
    AirdropPool,
    /// Hi-Shell that rewards are paid from.
    RewardPool,
    /// Hi-Shell that the platform owns.
    Holding,
    /// Hi-Shell deducted in orders that can still be refunded.
    Escrow,
    /// Hi-Shell burned: still issued, gone for good.
    Burned,
    /// Minus its balance is what all members were promised and wait for.
    Promised,
    /// Cash: fees earned.
    Fees,
    /// Cash that the platform buys Hi-Shell back with.
    FloorFund,
    /// Cash received from and paid to the outside.
    Clearing(Provider),
}

/// On which side of zero an account may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    NotNegative,
    NotPositive,
    Either,
}

impl Account {
    /// The accounts of the platform.
    pub const PLATFORM: [Self; 24] = [
        Self::Issuance(Slot::HiValueInactive),
        Self::Issuance(Slot::HiValueActive),
        Self::Issuance(Slot::HiValueDebt),
        Self::Issuance(Slot::ChallengeFrozen),
        Self::Issuance(Slot::ChallengeAvailable),
        Self::Issuance(Slot::ChallengeDebt),
        Self::Issuance(Slot::ShoppingAvailable),
        Self::Issuance(Slot::ShoppingHeld),
        Self::Issuance(Slot::ShoppingDebt),
        Self::Issued(ShellSource::Airdrop),
        Self::Issued(ShellSource::RewardPool),
        Self::Issued(ShellSource::Opening),
        Self::AirdropPool,
        Self::RewardPool,
        Self::Holding,
        Self::Escrow,
        Self::Burned,
        Self::Promised,
        Self::Fees,
        Self::FloorFund,
        Self::Clearing(Provider::Outside),
        Self::Clearing(Provider::Alipay),
        Self::Clearing(Provider::WechatPay),
        Self::Clearing(Provider::Bank),
    ];

    /// The number it is stored under: `member × 16 + slot` for members, negative for the platform.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Member(member, slot) => member.0 * SLOTS + slot.code(),
            Self::Waiting(member) => member.0 * SLOTS + WAITING,
            Self::AirdropPool => -1,
            Self::RewardPool => -2,
            Self::Holding => -3,
            Self::Escrow => -4,
            Self::Burned => -5,
            Self::Promised => -6,
            Self::Fees => -7,
            Self::FloorFund => -8,
            Self::Issued(ShellSource::Airdrop) => -11,
            Self::Issued(ShellSource::RewardPool) => -12,
            Self::Issued(ShellSource::Opening) => -13,
            Self::Clearing(Provider::Outside) => -21,
            Self::Clearing(Provider::Alipay) => -22,
            Self::Clearing(Provider::WechatPay) => -23,
            Self::Clearing(Provider::Bank) => -24,
            Self::Issuance(slot) => -32 - slot.code(),
        }
    }

    /// The account of a stored number, if there is one.
    #[must_use]
    pub fn from_code(code: i64) -> Option<Self> {
        if code < 0 {
            return Self::PLATFORM.into_iter().find(|account| account.code() == code);
        }
        let member = MemberNo::new(code / SLOTS)?;
        match code % SLOTS {
            WAITING => Some(Self::Waiting(member)),
            slot => Slot::from_code(slot).map(|slot| Self::Member(member, slot)),
        }
    }

    /// The codes of all accounts of a member, first and last.
    #[must_use]
    pub const fn codes_of(member: MemberNo) -> (i64, i64) {
        (member.0 * SLOTS, member.0 * SLOTS + WAITING)
    }

    /// What it holds.
    #[must_use]
    pub const fn asset(self) -> Asset {
        match self {
            Self::Member(_, slot) | Self::Issuance(slot) => slot.asset(),
            Self::Waiting(_)
            | Self::Promised
            | Self::Issued(_)
            | Self::AirdropPool
            | Self::RewardPool
            | Self::Holding
            | Self::Escrow
            | Self::Burned => Asset::HiShell,
            Self::Fees | Self::FloorFund | Self::Clearing(_) => Asset::Cash,
        }
    }

    /// The member whose it is, if it is a member's.
    #[must_use]
    pub const fn owner(self) -> Option<MemberNo> {
        match self {
            Self::Member(member, _) | Self::Waiting(member) => Some(member),
            _ => None,
        }
    }

    pub(crate) const fn side(self) -> Side {
        match self {
            Self::Member(_, slot) if slot.is_debt() => Side::NotPositive,
            Self::Issuance(slot) if slot.is_debt() => Side::NotNegative,
            Self::Issuance(_) | Self::Issued(_) | Self::Promised => Side::NotPositive,
            Self::Clearing(_) => Side::Either,
            _ => Side::NotNegative,
        }
    }

    /// May it stand at this balance?
    #[must_use]
    pub const fn may_stand_at(self, units: i64) -> bool {
        match self.side() {
            Side::NotNegative => units >= 0,
            Side::NotPositive => units <= 0,
            Side::Either => true,
        }
    }
}

impl From<Account> for i64 {
    fn from(account: Account) -> Self {
        account.code()
    }
}

impl TryFrom<i64> for Account {
    type Error = LedgerError;

    fn try_from(code: i64) -> Result<Self, LedgerError> {
        Self::from_code(code).ok_or(LedgerError::NoSuchAccount(code))
    }
}

impl std::fmt::Display for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Member(member, slot) => write!(f, "member {} {slot}", member.0),
            Self::Waiting(member) => write!(f, "member {} hi_shell.waiting", member.0),
            Self::Issuance(slot) => write!(f, "issuance {slot}"),
            Self::Issued(ShellSource::Airdrop) => f.write_str("issued by airdrop"),
            Self::Issued(ShellSource::RewardPool) => f.write_str("issued to the reward pool"),
            Self::Issued(ShellSource::Opening) => f.write_str("issued as opening balances"),
            Self::AirdropPool => f.write_str("airdrop pool"),
            Self::RewardPool => f.write_str("reward pool"),
            Self::Holding => f.write_str("platform holding"),
            Self::Escrow => f.write_str("escrow"),
            Self::Burned => f.write_str("burned"),
            Self::Promised => f.write_str("promised rewards"),
            Self::Fees => f.write_str("fees"),
            Self::FloorFund => f.write_str("floor fund"),
            Self::Clearing(Provider::Outside) => f.write_str("clearing outside"),
            Self::Clearing(Provider::Alipay) => f.write_str("clearing alipay"),
            Self::Clearing(Provider::WechatPay) => f.write_str("clearing wechat pay"),
            Self::Clearing(Provider::Bank) => f.write_str("clearing bank"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn platform_codes_are_unique_and_read_back() {
        let codes: HashSet<_> = Account::PLATFORM.iter().map(|account| account.code()).collect();
        assert_eq!(codes.len(), Account::PLATFORM.len());
        for account in Account::PLATFORM {
            assert!(account.code() < 0);
            assert_eq!(Account::from_code(account.code()), Some(account));
        }
        for slot in Slot::ALL {
            let listed = Account::PLATFORM.contains(&Account::Issuance(slot));
            assert_eq!(listed, slot.is_issued(), "{slot}");
        }
    }

    #[test]
    fn there_is_no_member_zero() {
        assert_eq!(Account::from_code(0), None);
        assert_eq!(Account::from_code(15), None);
        assert_eq!(MemberNo::new(0), None);
        assert_eq!(MemberNo::new(i64::MAX), None);
    }

    proptest! {
        #[test]
        fn a_code_names_one_account(code: i64) {
            if let Some(account) = Account::from_code(code) {
                prop_assert_eq!(account.code(), code);
            }
        }

        #[test]
        fn a_members_accounts_lie_side_by_side(number in 1..=MemberNo::MAX.number(), slot in 0..15_usize) {
            let member = MemberNo::new(number).unwrap();
            let account = Account::Member(member, Slot::ALL[slot]);
            let (first, last) = Account::codes_of(member);
            prop_assert!((first..=last).contains(&account.code()));
            prop_assert_eq!(Account::from_code(account.code()), Some(account));
            prop_assert_eq!(Account::from_code(last), Some(Account::Waiting(member)));
        }
    }
}
