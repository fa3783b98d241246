//! Lines: tiers, and the next partner up, against a naive walk.

use haigou_ledger::MemberNo;
use proptest::prelude::*;

use super::Life;
use super::kit::{Refused, no};
use crate::event::{Event, PartnerTier};
use crate::plan::Planner;
use crate::plan::line::Mark;
use crate::world::{OperationCentre, Person, Society, World};
use crate::{Conditions, Nearest, PlanError, Preset, Rulebook, earned_tier, plan};

fn only(direct: Option<u64>, team: Option<u64>) -> Conditions {
    Conditions {
        direct,
        team,
        ..Conditions::default()
    }
}

/// A rulebook under which small lines have partners of every tier.
fn eager(rules: &mut Rulebook) {
    rules.partners.junior.when = only(Some(2), None);
    rules.partners.middle.when = Conditions {
        juniors_in_team: Some(2),
        ..Conditions::default()
    };
    rules.partners.senior.when = Conditions {
        direct_middles: Some(1),
        juniors_in_team: Some(3),
        ..Conditions::default()
    };
}

#[test]
fn a_tier_counts_from_the_next_event_on_and_is_never_lost() {
    let mut life = Life::of(Preset::Sport, |rules| {
        rules.partners.junior.when = only(Some(1), None)
    });
    life.register(None);
    assert_eq!(life.tier(1), None);
    life.register(Some(1));
    assert_eq!(life.tier(1), Some(PartnerTier::Junior));
    life.rulebook.partners.junior.when = only(Some(99), None);
    life.does(&Event::RulebookInForce { version: 2 });
    assert_eq!(life.tier(1), Some(PartnerTier::Junior));
}

#[test]
fn each_tier_stands_alone_and_the_highest_that_holds_wins() {
    let mut life = Life::of(Preset::Sport, |rules| {
        rules.partners.junior.when = only(Some(99), None);
        rules.partners.middle.when = only(Some(99), None);
        rules.partners.senior.when = only(None, Some(2));
    });
    life.line(3);
    assert_eq!((life.tier(1), life.tier(2)), (Some(PartnerTier::Senior), None));
}

#[test]
fn an_appointment_cascades_up_and_is_refused_below_the_present_tier() {
    let mut life = Life::of(Preset::Sport, |rules| {
        rules.partners.junior.when = Conditions {
            direct_juniors: Some(1),
            ..Conditions::default()
        };
        rules.partners.middle.when = Conditions {
            juniors_in_team: Some(3),
            ..Conditions::default()
        };
    });
    life.line(5);
    life.appoint(5, PartnerTier::Junior);
    let tiers: Vec<_> = (1..=5).map(|member| life.tier(member)).collect();
    let (junior, middle) = (Some(PartnerTier::Junior), Some(PartnerTier::Middle));
    assert_eq!(tiers, [middle, middle, junior, junior, junior]);
    let lower = Event::Appointment {
        member: no(1),
        tier: PartnerTier::Junior,
    };
    assert_eq!(life.book(&lower), Err(Refused::Plan(PlanError::TierKept(no(1)))));
}

#[test]
fn under_vip_only_vip_gain_a_tier() {
    let mut life = Life::of(Preset::Classic, |rules| {
        rules.partners.junior.when = only(Some(1), None)
    });
    life.line(2);
    assert_eq!(life.tier(1), None);
    let appoint = Event::Appointment {
        member: no(1),
        tier: PartnerTier::Senior,
    };
    assert_eq!(life.book(&appoint), Err(Refused::Plan(PlanError::NotVip(no(1)))));
    life.vip(1);
    assert_eq!(life.tier(1), Some(PartnerTier::Junior));
}

/// A world that counts how often it is asked for somebody.
#[derive(Default)]
struct Counting {
    people: Vec<Person>,
    society: Society,
    asked: usize,
}

impl World for Counting {
    type Error = std::convert::Infallible;

    fn person(&mut self, member: MemberNo) -> Result<Person, Self::Error> {
        self.asked += 1;
        let place = usize::try_from(member.number() - 1).unwrap();
        Ok(self.people.get(place).copied().unwrap_or_default())
    }

    fn keep_person(&mut self, member: MemberNo, person: Person) -> Result<(), Self::Error> {
        let place = usize::try_from(member.number() - 1).unwrap();
        if place == self.people.len() {
            self.people.push(person);
        } else {
            self.people[place] = person;
        }
        Ok(())
    }

    fn society(&mut self) -> Result<Society, Self::Error> {
        Ok(self.society)
    }

    fn keep_society(&mut self, society: Society) -> Result<(), Self::Error> {
        self.society = society;
        Ok(())
    }

    fn centre(&mut self, _: i64) -> Result<Option<OperationCentre>, Self::Error> {
        Ok(None)
    }

    fn keep_centre(&mut self, _: i64, _: OperationCentre) -> Result<(), Self::Error> {
        Ok(())
    }

    fn centre_in(&mut self, _: u32) -> Result<Option<i64>, Self::Error> {
        Ok(None)
    }

    fn centre_of(&mut self, _: MemberNo) -> Result<Option<i64>, Self::Error> {
        Ok(None)
    }

    fn postings(&mut self, _: i64) -> Result<Vec<haigou_ledger::Posting>, Self::Error> {
        Ok(Vec::new())
    }
}

impl Counting {
    /// A line: each referred by the one before.
    fn line(length: u32) -> Self {
        let person = |above: u32| Person {
            sponsor: above,
            depth: above,
            direct: 1,
            team: length - above - 1,
            ..Person::default()
        };
        let mut people: Vec<_> = (0..length).map(person).collect();
        people.last_mut().unwrap().direct = 0;
        Self {
            people,
            society: Society {
                population: length,
                ..Society::default()
            },
            asked: 0,
        }
    }

    fn happens(&mut self, rulebook: &Rulebook, event: &Event) {
        plan(event, rulebook, rulebook.shell_price, self).unwrap();
    }

    fn register(&mut self, rulebook: &Rulebook, sponsor: Option<i64>) {
        let member = no(i64::from(self.society.population) + 1);
        let sponsor = sponsor.map(no);
        self.happens(rulebook, &Event::Registration { member, sponsor });
    }

    fn nearest(&mut self, rulebook: &Rulebook, mark: Mark, of: i64) -> Option<i64> {
        let price = rulebook.shell_price;
        let mut planner = Planner {
            rulebook,
            price,
            world: self,
            steps: Vec::new(),
        };
        planner.nearest(mark, no(of)).unwrap().map(MemberNo::number)
    }

    /// By walking.
    fn walked(&self, mark: Mark, of: i64) -> Option<i64> {
        let person = |member: i64| self.people[usize::try_from(member - 1).unwrap()];
        let mut at = i64::from(person(of).sponsor);
        while at != 0 {
            let here = person(at);
            let marked = match mark {
                Mark::Partner => here.tier.is_some(),
                Mark::CentreOwner => here.owns_centre,
            };
            if marked {
                return Some(at);
            }
            at = i64::from(here.sponsor);
        }
        None
    }
}

#[test]
fn on_a_line_of_ten_thousand_only_the_first_look_walks() {
    let mut rulebook = Preset::Sport.rulebook().unwrap();
    rulebook.partners.junior.when = only(Some(99), None);
    let depth = 10_000_usize;
    let mut world = Counting::line(10_000);
    let bottom = i64::try_from(depth).unwrap();
    let tier = PartnerTier::Junior;
    world.happens(&rulebook, &Event::Appointment { member: no(1), tier });
    let asked = |world: &mut Counting, of| {
        let before = world.asked;
        let found = world.nearest(&rulebook, Mark::Partner, of);
        (found, world.asked - before)
    };
    let (found, steps) = asked(&mut world, bottom);
    assert_eq!(found, Some(1));
    assert!(steps <= 4 * depth, "{steps}");
    for of in [bottom, bottom - 1, bottom / 2, 2] {
        let (found, steps) = asked(&mut world, of);
        assert_eq!(found, Some(1));
        assert!(steps <= 4, "{steps} steps from {of}");
    }
    // A promotion in the middle costs its own climb, and one more look of whoever is asked about.
    let before = world.asked;
    let middle = no(bottom / 2);
    world.happens(&rulebook, &Event::Appointment { member: middle, tier });
    assert!(world.asked - before <= 2 * depth, "{}", world.asked - before);
    let (found, steps) = asked(&mut world, bottom);
    assert_eq!(found, Some(bottom / 2));
    assert!(steps <= 3 * depth, "{steps}");
    assert!(asked(&mut world, bottom).1 <= 4);
    // A registration reads and keeps each member of the line once, or a few times.
    let before = world.asked;
    world.register(&rulebook, Some(bottom));
    assert!(world.asked - before <= 4 * depth, "{}", world.asked - before);
}

#[test]
fn a_million_people_fit_into_64_megabytes() {
    assert!(size_of::<Person>() <= 60, "{}", size_of::<Person>());
    assert_eq!(Nearest::default(), Person::default().partner);
}

#[derive(Debug, Clone)]
enum Turn {
    Join(Option<prop::sample::Index>),
    Appoint(prop::sample::Index, PartnerTier),
    Centre(prop::sample::Index),
    Look(prop::sample::Index),
    NewRulebook(bool),
}

fn turn() -> impl Strategy<Value = Turn> {
    let anyone = any::<prop::sample::Index>;
    let tier = prop::sample::select(PartnerTier::ALL.to_vec());
    prop_oneof![
        8 => prop::option::weighted(0.95, anyone()).prop_map(Turn::Join),
        2 => (anyone(), tier).prop_map(|(who, tier)| Turn::Appoint(who, tier)),
        1 => anyone().prop_map(Turn::Centre),
        4 => anyone().prop_map(Turn::Look),
        1 => any::<bool>().prop_map(Turn::NewRulebook),
    ]
}

proptest! {
    #[test]
    fn counts_tiers_and_nearest_are_as_by_walking(turns in prop::collection::vec(turn(), 1..120), deep: bool) {
        let strict = Preset::Sport.rulebook().unwrap();
        let mut rulebook = strict.clone();
        eager(&mut rulebook);
        let easy = rulebook.clone();
        let mut world = Counting::default();
        for turn in turns {
            let population = world.people.len();
            let someone = |who: prop::sample::Index| i64::try_from(who.index(population.max(1))).unwrap() + 1;
            match turn {
                Turn::Join(sponsor) => {
                    // Deep lines come from choosing among the newest.
                    let pick = |who| if deep { i64::try_from(population).unwrap() - someone(who) % 3 } else { someone(who) };
                    let sponsor = sponsor.filter(|_| population > 0).map(pick).map(|who| who.max(1));
                    world.register(&rulebook, sponsor);
                }
                _ if population == 0 => {}
                Turn::Appoint(who, tier) => {
                    let member = no(someone(who));
                    let event = Event::Appointment { member, tier };
                    let _ = plan(&event, &rulebook, rulebook.shell_price, &mut world);
                }
                Turn::Centre(who) => {
                    let owner = no(someone(who));
                    world.happens(&rulebook, &Event::CentreApproved(crate::CentreApproved {
                        centre: 1, owner, region: 440_000, parent: None, by: crate::JoinsBy::Pack, pack_paid: None,
                    }));
                }
                Turn::Look(who) => {
                    for mark in [Mark::Partner, Mark::CentreOwner] {
                        let of = someone(who);
                        prop_assert_eq!(world.nearest(&rulebook, mark, of), world.walked(mark, of));
                    }
                }
                Turn::NewRulebook(to_easy) => {
                    rulebook = if to_easy { easy.clone() } else { strict.clone() };
                    world.happens(&rulebook, &Event::RulebookInForce { version: 2 });
                }
            }
            compare(&mut world, &rulebook)?;
        }
    }
}

/// Everybody's counts by counting, tiers at rest, and the next partner by walking.
fn compare(world: &mut Counting, rulebook: &Rulebook) -> Result<(), TestCaseError> {
    let people = world.people.clone();
    let mut counted = vec![Person::default(); people.len()];
    for person in &people {
        let is = |tier| u32::from(person.tier >= Some(tier));
        let (junior, middle) = (is(PartnerTier::Junior), is(PartnerTier::Middle));
        let mut above = person.sponsor;
        let mut depth = 0;
        while above != 0 {
            let place = usize::try_from(above - 1).unwrap();
            let count = &mut counted[place];
            depth += 1;
            count.team += 1;
            count.juniors += junior;
            count.middles += middle;
            if depth == 1 {
                count.direct += 1;
                count.direct_juniors += junior;
                count.direct_middles += middle;
            }
            above = people[place].sponsor;
        }
        prop_assert_eq!(person.depth, depth);
    }
    for (number, (person, count)) in (1_i64..).zip(people.iter().zip(&counted)) {
        let numbers = |p: &Person| {
            (
                p.team,
                p.juniors,
                p.middles,
                p.direct,
                p.direct_juniors,
                p.direct_middles,
            )
        };
        prop_assert_eq!(numbers(person), numbers(count), "member {}", number);
        prop_assert_eq!(earned_tier(rulebook, no(number), person), person.tier);
    }
    // Looking changes sightings, so that half of the turns are looked at with old ones.
    if world.asked.is_multiple_of(2) {
        for of in 1..=i64::try_from(people.len()).unwrap() {
            for mark in [Mark::Partner, Mark::CentreOwner] {
                prop_assert_eq!(world.nearest(rulebook, mark, of), world.walked(mark, of));
            }
        }
    }
    Ok(())
}
