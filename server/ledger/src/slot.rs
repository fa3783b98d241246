//! The fifteen places where a member can have something: the buckets of the assets.

use haigou_contract::{Asset, Bucket};

macro_rules! slots {
    ($($(#[doc = $doc:literal])+ $slot:ident = $code:literal, $asset:ident, $bucket:ident;)+) => {
        /// An asset's bucket: the fifteen places where a member can have something.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Slot {
            $($(#[doc = $doc])+ $slot,)+
        }

        impl Slot {
            /// All fifteen, in the order of the wallet.
            pub const ALL: [Self; 15] = [$(Self::$slot),+];

            /// The asset.
            #[must_use]
            pub const fn asset(self) -> Asset {
                match self { $(Self::$slot => Asset::$asset),+ }
            }

            /// The bucket.
            #[must_use]
            pub const fn bucket(self) -> Bucket {
                match self { $(Self::$slot => Bucket::$bucket),+ }
            }

            /// The slot of an asset's bucket, if the asset has it.
            #[must_use]
            pub const fn of(asset: Asset, bucket: Bucket) -> Option<Self> {
                match (asset, bucket) {
                    $((Asset::$asset, Bucket::$bucket) => Some(Self::$slot),)+
                    _ => None,
                }
            }

            pub(crate) const fn code(self) -> i64 {
                match self { $(Self::$slot => $code),+ }
            }

            pub(crate) const fn from_code(code: i64) -> Option<Self> {
                match code { $($code => Some(Self::$slot),)+ _ => None }
            }
        }
    };
}

slots! {
    /// Hi-Value that waits for its owner to become active.
    HiValueInactive = 0, HiValue, Inactive;
    /// Hi-Value that is a share key of the airdrop.
    HiValueActive = 1, HiValue, Active;
    /// Hi-Value owed.
    HiValueDebt = 2, HiValue, Debt;
    /// Hi-Shell free to use.
    HiShellAvailable = 3, HiShell, Available;
    /// Hi-Shell set aside, in a listing for example.
    HiShellHeld = 4, HiShell, Held;
    /// Hi-Shell owed.
    HiShellDebt = 5, HiShell, Debt;
    /// Challenge fund to be unfrozen.
    ChallengeFrozen = 6, Challenge, Frozen;
    /// Challenge fund unfrozen.
    ChallengeAvailable = 7, Challenge, Available;
    /// Challenge fund owed.
    ChallengeDebt = 8, Challenge, Debt;
    /// Shopping credit free to use.
    ShoppingAvailable = 9, Shopping, Available;
    /// Shopping credit set aside.
    ShoppingHeld = 10, Shopping, Held;
    /// Shopping credit owed.
    ShoppingDebt = 11, Shopping, Debt;
    /// Cash free to use.
    CashAvailable = 12, Cash, Available;
    /// Cash set aside, for a withdrawal for example.
    CashHeld = 13, Cash, Held;
    /// Cash owed.
    CashDebt = 14, Cash, Debt;
}

impl Slot {
    /// The slot of the same asset that is free to use: `active` of Hi-Value, `available` of the others.
    #[must_use]
    pub const fn free(asset: Asset) -> Self {
        match asset {
            Asset::HiValue => Self::HiValueActive,
            Asset::HiShell => Self::HiShellAvailable,
            Asset::Challenge => Self::ChallengeAvailable,
            Asset::Shopping => Self::ShoppingAvailable,
            Asset::Cash => Self::CashAvailable,
        }
    }

    /// The slot of the same asset that is set aside, if it has one.
    #[must_use]
    pub const fn held(asset: Asset) -> Option<Self> {
        Self::of(asset, Bucket::Held)
    }

    /// What is owed of an asset.
    #[must_use]
    pub const fn debt(asset: Asset) -> Self {
        match asset {
            Asset::HiValue => Self::HiValueDebt,
            Asset::HiShell => Self::HiShellDebt,
            Asset::Challenge => Self::ChallengeDebt,
            Asset::Shopping => Self::ShoppingDebt,
            Asset::Cash => Self::CashDebt,
        }
    }

    /// Is it what is owed?
    #[must_use]
    pub const fn is_debt(self) -> bool {
        matches!(self.bucket(), Bucket::Debt)
    }

    /// Do its amounts come from an issuance account of the bucket's own (Hi-Value, challenge fund, shopping
    /// credit)? Hi-Shell and cash come from and go to other accounts instead.
    #[must_use]
    pub const fn is_issued(self) -> bool {
        matches!(self.asset(), Asset::HiValue | Asset::Challenge | Asset::Shopping)
    }
}

impl std::fmt::Display for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.asset(), self.bucket())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slots_are_the_buckets_of_the_assets() {
        let pairs: Vec<_> = Asset::ALL
            .into_iter()
            .flat_map(|asset| asset.buckets().iter().map(move |&bucket| (asset, bucket)))
            .collect();
        let slots: Vec<_> = Slot::ALL
            .iter()
            .map(|slot| (slot.asset(), slot.bucket()))
            .collect();
        assert_eq!(slots, pairs);
        assert_eq!(Slot::of(Asset::HiValue, Bucket::Held), None);
    }
}
