//! Random scenarios: small networks in which much happens, most of it allowed.

mod dice;
mod rules;

use chrono::{DateTime, FixedOffset, TimeDelta};
use serde_json::json;

use crate::books::{Account, Asset, Bucket};
use crate::figures::{Units, text};
use crate::scenario::{Act, Event, JoinsBy, Pay, ProductKind, Scenario, StepKind, Tier};
use crate::world::World;
use dice::Dice;

/// The regions of stores and centres: two districts of a city, the city, its province, and another district.
const REGIONS: [&str; 5] = ["440106", "440105", "440100", "440000", "110101"];
const PRODUCTS: [&str; 8] = [
    "starter-99",
    "starter-399",
    "starter-999",
    "centre-9800",
    "card-199",
    "card-599",
    "rice-50",
    "shoes-300",
];
const ACCOUNTS: [(Asset, Bucket); 9] = [
    (Asset::HiValue, Bucket::Active),
    (Asset::HiValue, Bucket::Inactive),
    (Asset::HiShell, Bucket::Available),
    (Asset::HiShell, Bucket::Available),
    (Asset::Challenge, Bucket::Frozen),
    (Asset::Challenge, Bucket::Available),
    (Asset::Shopping, Bucket::Available),
    (Asset::Cash, Bucket::Available),
    (Asset::Cash, Bucket::Available),
];

/// The scenario of this seed, with so many events.
#[must_use]
pub fn scenario(seed: u64, events: usize) -> Scenario {
    let mut dice = Dice::new(seed);
    let preset = *dice.pick(&["classic", "sport"]);
    let start: DateTime<FixedOffset> = dice
        .pick(&[
            "2026-01-01T08:00:00+08:00",
            "2028-02-28T23:30:00+08:00",
            "2027-12-30T17:00:00+00:00",
        ])
        .parse()
        .expect("a time");
    let day = (start.naive_utc() + TimeDelta::hours(8)).date();
    let launch = match dice.below(6) {
        0 => Some(day - TimeDelta::days(i64::from(dice.below(800)))),
        1 => Some(day + TimeDelta::days(i64::from(dice.below(4)))),
        _ => None,
    };
    let mut scenario = Scenario {
        name: format!("seed {seed}"),
        rulebook: preset.to_owned(),
        changes: rules::beginning(&mut dice),
        launch,
        events: vec![Event {
            at: start,
            act: Act::Pass,
        }],
        expect: json!({}),
    };
    let mut world = World::new(&scenario);
    world.play(&scenario.events[0]);
    let mut at = start;
    while scenario.events.len() < events {
        at += dice.pause();
        let event = next(&mut dice, &world, at);
        world.play(&event);
        scenario.events.push(event);
    }
    scenario
}

/// What happens next: mostly something that is not refused.
fn next(dice: &mut Dice, world: &World, at: DateTime<FixedOffset>) -> Event {
    loop {
        let event = Event {
            at,
            act: act(dice, world),
        };
        let mut after = world.clone();
        after.play(&event);
        let refused = after.rejected.len() > world.rejected.len();
        // What is hardly ever refused is let be refused more often.
        let rare = matches!(event.act, Act::Tier { .. } | Act::Centre { .. });
        if !refused || dice.chance(if rare { 2 } else { 6 }) {
            return event;
        }
    }
}

fn act(dice: &mut Dice, world: &World) -> Act {
    if world.members.len() < 6 {
        return register(dice, world);
    }
    match dice.below(100) {
        0..6 => register(dice, world),
        6..30 => buy(dice, world),
        30..35 => Act::Receive {
            order: order(dice, world),
        },
        35..37 => Act::Cancel {
            order: order(dice, world),
        },
        37..47 => Act::Refund {
            order: order(dice, world),
            amount: refund(dice),
        },
        47..52 => merchant(dice, world),
        52..66 => bill(dice, world),
        66..70 => Act::Steps {
            member: member(dice, world),
            kind: *dice.pick(&[StepKind::Walk, StepKind::Run, StepKind::Passive]),
            steps: i64::from(dice.below(40)) * 150,
        },
        70..72 => {
            let (member, amount) = owned(dice, world, Asset::Challenge);
            Act::Convert { member, amount }
        }
        72..75 => {
            let (member, amount) = owned(dice, world, Asset::HiShell);
            Act::Transfer {
                member,
                amount,
                to: self::member(dice, world),
            }
        }
        75..77 => {
            let (member, amount) = owned(dice, world, Asset::HiShell);
            Act::Sell { member, amount }
        }
        77..80 => {
            let (member, amount) = owned(dice, world, Asset::HiShell);
            let price = (*dice.pick(&["1", "1.0000", "1.5", "0.9999", "2.5000", "0.0030"])).to_owned();
            Act::List {
                member,
                amount,
                listing: dice.name("l", world.listings.len()),
                price,
            }
        }
        80..83 => take(dice, world),
        83 => Act::Unlist {
            listing: dice.name("l", world.listings.len()),
        },
        84 => Act::Fund { amount: cash(dice) },
        85 => {
            let holding = world.books.balance(Account::Holding);
            Act::Refill {
                amount: part(dice, holding, Asset::HiShell),
            }
        }
        86..91 => give(dice, world),
        91..95 => centre(dice, world),
        95..97 => Act::Tier {
            member: member(dice, world),
            tier: *dice.pick(&[Tier::Junior, Tier::Middle, Tier::Senior]),
        },
        97 => Act::Rulebook {
            changes: rules::change(dice),
        },
        _ => Act::Pass,
    }
}

fn register(dice: &mut Dice, world: &World) -> Act {
    let sponsor = (!world.members.is_empty() && !dice.chance(8)).then(|| member(dice, world));
    Act::Register {
        member: dice.name("m", world.members.len()),
        sponsor,
    }
}

/// A member, the older the likelier, and now and then nobody.
fn member(dice: &mut Dice, world: &World) -> String {
    if dice.chance(50) {
        return "nobody".to_owned();
    }
    let many = world.members.len();
    let index = dice.index(many).min(dice.index(many));
    world.members[index].name.clone()
}

fn order(dice: &mut Dice, world: &World) -> String {
    format!("o{}", dice.index(world.orders.len() + 1))
}

fn new_order(dice: &mut Dice, world: &World) -> Option<String> {
    let number = world.orders.len();
    (!dice.chance(12)).then(|| {
        if dice.chance(30) {
            order(dice, world)
        } else {
            format!("o{number}")
        }
    })
}

fn buy(dice: &mut Dice, world: &World) -> Act {
    let buyer = member(dice, world);
    let free = dice.chance(3);
    let kinds = [
        ProductKind::Goods,
        ProductKind::ServiceCard,
        ProductKind::StarterPack,
        ProductKind::CentrePack,
    ];
    let amount = |so: bool, dice: &mut Dice| so.then(|| cash(dice));
    let (with_value, with_challenge) = (dice.chance(2), dice.chance(3));
    let product = (!free).then(|| dice.pick(&PRODUCTS).to_string());
    let product = product.map(|name| if dice.chance(40) { "sand".to_owned() } else { name });
    let pay = dice.chance(3).then(|| Pay {
        shopping: dice
            .chance(2)
            .then(|| purse(dice, world, &buyer, Asset::Shopping)),
        hi_shell: dice.chance(2).then(|| purse(dice, world, &buyer, Asset::HiShell)),
    });
    Act::Buy {
        member: buyer,
        product,
        kind: free.then(|| *dice.pick(&kinds)),
        price: amount(free, dice),
        hi_value: amount(free && with_value, dice),
        challenge: amount(free && with_challenge, dice),
        quantity: dice.chance(4).then(|| i64::from(dice.below(4))),
        pay,
        order: new_order(dice, world),
        receive: !dice.chance(4),
    }
}

fn refund(dice: &mut Dice) -> Option<String> {
    (!dice.chance(3)).then(|| cash(dice))
}

fn merchant(dice: &mut Dice, world: &World) -> Act {
    Act::Merchant {
        merchant: dice.name("store", world.merchants.len()),
        owner: member(dice, world),
        region: dice.pick(&REGIONS).to_string(),
        rebate: dice
            .pick(&["0.10", "0.01", "0.5", "0.333", "0.07", "0.505"])
            .to_string(),
        approve: !dice.chance(4),
    }
}

fn bill(dice: &mut Dice, world: &World) -> Act {
    let buyer = member(dice, world);
    let shells = dice.chance(3).then(|| purse(dice, world, &buyer, Asset::HiShell));
    Act::Bill {
        member: buyer,
        merchant: format!("store{}", dice.index(world.merchants.len() + 1)),
        amount: cash(dice),
        order: new_order(dice, world),
        pay: shells.map(|shells| Pay {
            shopping: None,
            hi_shell: Some(shells),
        }),
    }
}

fn take(dice: &mut Dice, world: &World) -> Act {
    let named = dice.chance(3);
    let limited = !named && dice.chance(2);
    let amount = u128::from(dice.below(2_000)) * u128::from(10_u32.pow(dice.below(9)));
    Act::Take {
        member: member(dice, world),
        amount: text(
            Units::try_from(amount).expect("a small amount"),
            Asset::HiShell.decimals(),
        ),
        price: limited.then(|| dice.pick(&["1.0000", "1.2", "0.5"]).to_string()),
        listing: named.then(|| format!("l{}", dice.index(world.listings.len() + 1))),
    }
}

fn give(dice: &mut Dice, world: &World) -> Act {
    let (asset, bucket) = *dice.pick(&ACCOUNTS);
    let too_much = asset == Asset::HiShell && dice.chance(3);
    let amount = if too_much { "390000".to_owned() } else { cash(dice) };
    Act::Give {
        member: member(dice, world),
        account: format!("{}.{}", asset.name(), bucket.name()),
        amount,
    }
}

fn centre(dice: &mut Dice, world: &World) -> Act {
    let many = world.centres.len();
    Act::Centre {
        centre: dice.name("centre", many),
        owner: member(dice, world),
        region: dice.pick(&REGIONS).to_string(),
        parent: (many > 0 && dice.chance(2)).then(|| format!("centre{}", dice.index(many + 1))),
        by: *dice.pick(&[JoinsBy::Pack, JoinsBy::Senior, JoinsBy::Application]),
        approve: !dice.chance(4),
    }
}

/// An amount of money, small or large, now and then none at all or too fine.
fn cash(dice: &mut Dice) -> String {
    match dice.below(40) {
        0 => "0.00".to_owned(),
        1 => "1.001".to_owned(),
        2..10 => text(1 + Units::from(dice.below(300)), 2),
        10..20 => format!("{}", 1 + dice.below(2_000)),
        _ => text(Units::from(dice.below(100_000)), 2),
    }
}

/// A part of what a member has available of an asset.
fn purse(dice: &mut Dice, world: &World, name: &str, asset: Asset) -> String {
    let member = world.member(name).unwrap_or_default();
    let available = world.books.of(member, asset, Bucket::Available);
    part(dice, available, asset)
}

/// A member who likely has something available of an asset, and a part of it.
fn owned(dice: &mut Dice, world: &World, asset: Asset) -> (String, String) {
    let mut name = member(dice, world);
    for _ in 0..4 {
        let has = world
            .member(&name)
            .is_ok_and(|id| world.books.of(id, asset, Bucket::Available) > 0);
        if has {
            break;
        }
        name = member(dice, world);
    }
    let amount = purse(dice, world, &name, asset);
    (name, amount)
}

fn part(dice: &mut Dice, units: Units, asset: Asset) -> String {
    let part = match dice.below(12) {
        0 => units + 1,
        1..4 => units,
        4 => 1,
        _ => units * Units::from(dice.below(1_000)) / 1_000,
    };
    text(part, asset.decimals())
}
