//! What holds after every event, whatever happened.

use crate::books::{Account, Asset, Bucket};
use crate::figures::Units;
use crate::world::World;

impl World {
    /// Looks at everything that must always hold.
    ///
    /// # Panics
    /// If something does not.
    pub fn check(&self) {
        self.books.check();
        let pool = self.books.balance(Account::RewardPool);
        if let Some((_, oldest)) = self.books.waiting().next() {
            assert!(oldest.left() > pool, "{oldest:?} waits while the pool has {pool}");
        }
        let held = self.books.over_all(Asset::HiShell, Bucket::Held);
        assert_eq!(held, self.listed(), "what is held is what is listed");
        assert_eq!(
            self.books.balance(Account::Escrow),
            self.deducted(),
            "orders can still be refunded"
        );
        let settled: Units = self.dropped - self.books.balance(Account::AirdropPool);
        assert!(
            settled <= self.dropped,
            "{settled} of {} were handed out",
            self.dropped
        );
        let mut checked = self.clone();
        checked.check_tiers_of_all();
        for (member, again) in self.members.iter().zip(&checked.members) {
            assert_eq!(
                member.tier, again.tier,
                "{} has the tier that he reached",
                member.name
            );
        }
    }
}
