//! People with a day in front of them, honest and otherwise, ready to be simulated.
//!
//! Everybody follows from a seed: build, habits, route and chance. Honest days end before midnight in Shanghai.

use core::f64::consts::TAU;

use crate::{
    Beforehand, Carried, Doing, Leg, Person, Phone, Place, Plan, Simulation, Sky, Truth, Vehicle, Way, km,
    minutes, random::Dice,
};

/// Where they start: parks and offices in Shanghai and Hangzhou.
const STARTS: [Place; 4] = [
    Place::new(31.2165, 121.5503),
    Place::new(31.2304, 121.4737),
    Place::new(30.2489, 120.1477),
    Place::new(30.2741, 120.2202),
];

/// A person with a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Role {
    /// How the person moves.
    pub person: Person,
    /// What the person does.
    pub plan: Plan,
    /// What chance makes of it.
    pub seed: u64,
}

impl Role {
    /// What the phone hears.
    #[must_use]
    pub fn simulate(self) -> Simulation {
        Simulation::new(self.plan, self.person, self.seed)
    }

    /// What the n-th phone in the same pocket hears; [`Self::simulate`] is phone 0.
    #[must_use]
    pub fn simulate_phone(self, nth: u8) -> Simulation {
        Simulation::on_phone(self.plan, self.person, self.seed, nth)
    }

    /// What will really have happened at the end.
    #[must_use]
    pub fn truth(&self) -> Truth {
        Simulation::whole_truth(&self.plan, self.person, self.seed)
    }

    /// The line that is really taken, a place about every so many metres.
    #[must_use]
    pub fn route(&self, every_m: f64) -> Vec<Place> {
        self.plan.route(self.person, self.seed, every_m)
    }

    /// The same person with the same plan at the same time of another day, which turns out a little differently. The day
    /// is given by its midnight in Shanghai, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn on_day(self, midnight_ms: i64) -> Self {
        let plan = self.plan.on_day(midnight_ms);
        let seed = Dice::new(self.seed, plan.start_ms.unsigned_abs()).below(u64::MAX);
        Self { plan, seed, ..self }
    }

    /// With that phone.
    #[must_use]
    pub fn with_phone(self, phone: Phone) -> Self {
        Self {
            plan: self.plan.with_phone(phone),
            ..self
        }
    }
}

/// Begins to tell somebody's day.
struct Somebody {
    seed: u64,
    dice: Dice,
    person: Person,
    home: Place,
}

impl Somebody {
    fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, u64::MAX - 1);
        let start = STARTS
            .iter()
            .copied()
            .cycle()
            .nth(usize::from(seed.to_le_bytes()[0]))
            .unwrap_or_default();
        let (sin, cos) = libm::sincos(dice.between(0.0, TAU));
        let home = start.moved(800.0 * sin, 800.0 * cos);
        Self {
            seed,
            dice,
            person: Person::anybody(seed),
            home,
        }
    }

    fn around(&self, metres: f64) -> Way {
        Way::loop_from(self.home, metres, self.seed)
    }

    fn does(self, hour: f64, way: Way, legs: impl IntoIterator<Item = Leg>) -> Role {
        Role {
            person: self.person,
            plan: Plan::new(way, legs).at_hour(hour),
            seed: self.seed,
        }
    }
}

/// 06:30: about 4.5 km in a park with the phone in a pocket, with a chat half-way, some exercise and the way home.
#[must_use]
pub fn morning_walker(seed: u64) -> Role {
    let mut who = Somebody::new(seed);
    let speed = who.dice.between(1.15, 1.45);
    let chat = who.dice.between(3.0, 8.0);
    let way = who.around(1500.0);
    let legs = [
        Leg::pause(minutes(1.0)),
        Leg::walk(speed, km(2.2)),
        Leg::pause(minutes(chat)),
        Leg::walk(speed * 0.95, km(1.3)),
        Leg::pause(minutes(2.0)).carried(Carried::Hand),
        Leg::walk(speed * 0.9, km(1.0)).carried(Carried::Hand),
        Leg::pause(minutes(1.0)),
    ];
    who.does(6.5, way, legs)
}

/// 19:00: down the stairs, a warm-up, 6 km on the arm with hills, barometer and heart rate, a drink, home.
#[must_use]
pub fn runner(seed: u64) -> Role {
    let mut who = Somebody::new(seed);
    let speed = who.dice.between(2.6, 3.6);
    let way = who.around(2000.0);
    let legs = [
        Leg::stairs(false, minutes(0.7)),
        Leg::walk(1.5, minutes(4.0)),
        Leg::run(speed, km(2.0)).sloping(0.015),
        Leg::run(speed * 1.04, km(2.0)).sloping(-0.015),
        Leg::pause(minutes(1.5)),
        Leg::run(speed * 1.1, km(2.0)),
        Leg::walk(1.3, minutes(5.0)),
        Leg::stairs(true, minutes(0.9)),
    ]
    .map(|leg| leg.carried(Carried::Arm));
    let phone = Phone {
        rate_hz: Some(100),
        barometer: true,
        heart_rate: true,
        ..Phone::default()
    };
    who.does(19.0, way, legs).with_phone(phone)
}

/// 08:00: streets with traffic lights, the metro, stairs, more streets; the phone in a bag.
#[must_use]
pub fn commuter(seed: u64) -> Role {
    let mut who = Somebody::new(seed);
    let speed = who.dice.between(1.3, 1.6);
    let way = Way::straight(who.home, who.dice.between(0.0, 360.0), 12_000.0);
    let blocks = |who: &mut Somebody, count: usize| -> Vec<Leg> {
        let mut block = || {
            let wait = Leg::pause(minutes(who.dice.between(0.1, 0.9)));
            [Leg::walk(speed, km(who.dice.between(0.15, 0.35))), wait].map(|leg| leg.under(Sky::Street))
        };
        (0..count).flat_map(|_| block()).collect()
    };
    let metro = [
        Leg::stairs(false, minutes(0.6)),
        Leg::pause(minutes(3.0)).under(Sky::Hidden),
        Leg::ride(Vehicle::Train, 11.0, minutes(14.0)).under(Sky::Hidden),
        Leg::stairs(true, minutes(0.7)),
    ];
    let mut legs = blocks(&mut who, 4);
    legs.extend(metro);
    legs.extend(blocks(&mut who, 5));
    who.does(8.0, way, legs.into_iter().map(|leg| leg.carried(Carried::Bag)))
}

/// 09:00 to 18:00 at a desk, with a few walks to the kettle, a lunch outside, and a ride home; 25 Hz.
#[must_use]
pub fn office_day(seed: u64) -> Role {
    let mut who = Somebody::new(seed);
    let way = who.around(600.0);
    let mut legs = Vec::new();
    for hour in 0..8 {
        legs.push(Leg::desk(minutes(who.dice.between(50.0, 58.0))));
        if hour == 3 {
            let lunch = Leg::walk(1.3, minutes(who.dice.between(5.0, 9.0))).under(Sky::Street);
            legs.extend([lunch, Leg::desk(minutes(20.0)), lunch]);
        } else {
            let kettle = Leg::walk(1.1, minutes(who.dice.between(0.5, 1.5))).under(Sky::Hidden);
            legs.extend([kettle, Leg::pause(minutes(2.0)).under(Sky::Hidden), kettle]);
        }
    }
    legs.push(Leg::walk(1.35, minutes(6.0)).under(Sky::Street));
    legs.push(Leg::ride(Vehicle::Car, 9.0, minutes(25.0)).under(Sky::Street));
    who.does(9.0, way, legs).with_phone(Phone {
        rate_hz: Some(25),
        ..Phone::default()
    })
}

/// 20:00: a slow stroll with the phone in the hand, looked at now and then, through a tunnel.
#[must_use]
pub fn stroller(seed: u64) -> Role {
    let mut who = Somebody::new(seed);
    let speed = who.dice.between(0.85, 1.1);
    let way = who.around(900.0);
    let legs = [
        Leg::walk(speed, km(0.8)),
        Leg::pause(minutes(2.0)),
        Leg::walk(speed, km(0.2)).under(Sky::Hidden),
        Leg::walk(speed, km(0.8)),
    ];
    who.does(20.0, way, legs.map(|leg| leg.carried(Carried::Hand)))
}

/// A walk with a band on the wrist, up and down a hill, at 25 Hz.
#[must_use]
pub fn hiker(seed: u64) -> Role {
    let who = Somebody::new(seed);
    let way = who.around(5000.0);
    let legs = [
        Leg::walk(1.2, km(2.5)).sloping(0.08),
        Leg::pause(minutes(6.0)),
        Leg::walk(1.35, km(2.5)).sloping(-0.08),
    ];
    let phone = Phone {
        rate_hz: Some(25),
        barometer: true,
        heart_rate: true,
        ..Phone::default()
    };
    who.does(14.0, way, legs.map(|leg| leg.carried(Carried::Wrist)))
        .with_phone(phone)
}

/// A walk in which the phone dies and starts anew.
#[must_use]
pub fn restarter(seed: u64) -> Role {
    let who = Somebody::new(seed);
    let way = who.around(1500.0);
    let legs = [
        Leg::walk(1.3, km(1.0)),
        Leg::walk(1.3, km(1.0)).after(Beforehand::Restart),
    ];
    who.does(17.0, way, legs)
}

/// Cheat: two hours in a cradle that shakes 110 times a minute.
#[must_use]
pub fn shaker(seed: u64) -> Role {
    let who = Somebody::new(seed);
    let way = Way::along([who.home]);
    who.does(
        13.0,
        way,
        [
            Leg::pause(minutes(1.0)).under(Sky::Hidden),
            Leg::cradle(110.0, minutes(120.0)),
        ],
    )
}

/// Cheat: at home with a cradle, while an app makes up a ride of 4.5 m/s and the system says so.
#[must_use]
pub fn mock_cyclist(seed: u64) -> Role {
    let who = Somebody::new(seed);
    let way = Way::straight(who.home, 45.0, 8000.0);
    let sky = Sky::Mock {
        speed_mps: 4.5,
        flagged: true,
    };
    who.does(15.0, way, [Leg::cradle(170.0, minutes(25.0)).under(sky)])
}

/// Cheat: a slow drive that is given out as a run.
#[must_use]
pub fn driver(seed: u64) -> Role {
    let who = Somebody::new(seed);
    let way = who.around(4000.0);
    let ride = Leg::ride(Vehicle::Car, 4.5, km(6.0)).under(Sky::Street);
    who.does(21.0, way, [ride, Leg::pause(minutes(1.0)), ride])
}

/// Cheat: legs that no human has, 290 steps a minute for half an hour.
#[must_use]
pub fn impossible_legs(seed: u64) -> Role {
    let who = Somebody::new(seed);
    let way = who.around(1000.0);
    let run = Doing::Run {
        speed_mps: 3.0,
        cadence_spm: Some(290.0),
    };
    who.does(10.0, way, [Leg::new(run, minutes(30.0))])
}

/// Cheat: an honest walk, then the clock is set back by an hour, and another one is walked at the same hour; then forward
/// by a day, so that it counts for tomorrow.
#[must_use]
pub fn clock_turner(seed: u64) -> Role {
    let who = Somebody::new(seed);
    let way = who.around(1200.0);
    let walk = Leg::walk(1.3, minutes(20.0));
    let legs = [
        walk,
        walk.after(Beforehand::ClockSet(-3_600_000)),
        walk.after(Beforehand::ClockSet(3_600_000 + 86_400_000)),
    ];
    who.does(16.0, way, legs)
}
