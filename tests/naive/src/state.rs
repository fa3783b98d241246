//! The state as it is shown.

use serde_json::{Map, Value, json};

use crate::books::{Account, Asset, Bucket};
use crate::figures::{PRICE, Units, floor, text};
use crate::people::MemberId;
use crate::world::World;

impl World {
    /// The state, in the shape that `haigou replay --state` prints.
    #[must_use]
    pub fn state(&self) -> Value {
        let rejected = self
            .rejected
            .iter()
            .map(|(event, code)| json!({"event": event, "code": code}));
        json!({
            "audit": "ok",
            "balances": self.by_member(|member| {
                let balances = self.balances(member);
                (!balances.is_empty()).then_some(Value::Object(balances))
            }),
            "centres": self.centres.iter().map(|centre| (centre.name.clone(), json!({
                "owner": self.members[centre.owner].name,
                "parent": centre.parent.map(|parent| &self.centres[parent].name),
                "region": centre.region,
                "status": if centre.approved { "approved" } else { "applied" },
            }))).collect::<Map<_, _>>(),
            "price": text(floor(&self.price, PRICE), PRICE),
            "rejected": rejected.collect::<Vec<_>>(),
            "supply": self.supply(),
            "tiers": self.by_member(|member| self.members[member].tier.map(|tier| json!(tier))),
            "unfunded": self.by_member(|member| {
                let waiting = self.books.waiting().filter(|(_, posting)| posting.member == member);
                let total: Units = waiting.map(|(_, posting)| posting.left()).sum();
                (total > 0).then(|| json!(text(total, Asset::HiShell.decimals())))
            }),
            "vip": self.vip(),
        })
    }

    fn vip(&self) -> Vec<&str> {
        let vip = self.members.iter().filter(|member| member.vip);
        let mut names: Vec<_> = vip.map(|member| member.name.as_str()).collect();
        names.sort_unstable();
        names
    }

    fn by_member(&self, show: impl Fn(MemberId) -> Option<Value>) -> Map<String, Value> {
        let members = self.members.iter().enumerate();
        members
            .filter_map(|(id, member)| Some((member.name.clone(), show(id)?)))
            .collect()
    }

    fn balances(&self, member: MemberId) -> Map<String, Value> {
        let mut balances = Map::new();
        for asset in Asset::ALL {
            for bucket in asset.buckets().into_iter().chain([Bucket::Debt]) {
                let units = self.books.of(member, asset, bucket).abs();
                if units > 0 {
                    let name = format!("{}.{}", asset.name(), bucket.name());
                    balances.insert(name, json!(text(units, asset.decimals())));
                }
            }
        }
        balances
    }

    fn supply(&self) -> Value {
        let all = |asset: Asset, bucket| text(self.books.over_all(asset, bucket), asset.decimals());
        let shells = |units| text(units, Asset::HiShell.decimals());
        let account = |account| shells(self.books.balance(account));
        let cash = |account| text(self.books.balance(account), Asset::Cash.decimals());
        json!({
            "hi_value": {
                "inactive": all(Asset::HiValue, Bucket::Inactive),
                "active": all(Asset::HiValue, Bucket::Active),
            },
            "hi_shell": {
                "issued": shells(self.books.issued()),
                "burned": account(Account::Burned),
                "airdropped": shells(self.dropped),
                "reward_pool": account(Account::RewardPool),
                "holding": account(Account::Holding),
                "escrow": account(Account::Escrow),
            },
            "challenge": {
                "frozen": all(Asset::Challenge, Bucket::Frozen),
                "available": all(Asset::Challenge, Bucket::Available),
            },
            "shopping": {"available": all(Asset::Shopping, Bucket::Available)},
            "cash": {"floor_fund": cash(Account::FloorFund), "fees": cash(Account::Fees)},
        })
    }
}
