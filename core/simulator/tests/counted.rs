//! What the real step counter makes of simulated people.

use haigou_motion::{GaitHint, StepCounter};
use haigou_simulator::{
    Carried, Leg, Person, Phone, Place, Plan, Simulation, Vehicle, Way, What, minutes, people, people::Role,
};

fn counted(simulation: Simulation) -> u64 {
    let (mut counter, mut steps) = (StepCounter::new(GaitHint::Auto), 0);
    for event in simulation {
        if let What::Sample(sample) = event.what {
            counter.push(sample, &mut |_| steps += 1);
        }
    }
    counter.finish(&mut |_| steps += 1);
    steps
}

fn simulation(leg: Leg, rate_hz: u32, seed: u64) -> Simulation {
    let phone = Phone {
        rate_hz: Some(rate_hz),
        ..Phone::default()
    };
    let plan = Plan::new(Way::along([Place::new(31.2, 121.5)]), [leg]).with_phone(phone);
    Simulation::new(plan, Person::anybody(seed), seed)
}

/// The counter's error in per cent of the truth.
fn error_pct(mut simulation: Simulation) -> f64 {
    let counted = counted(simulation.clone()) as f64;
    simulation.by_ref().for_each(drop);
    100.0 * (counted / simulation.truth().steps as f64 - 1.0)
}

#[test]
fn people_who_walk_or_run_are_counted_within_two_per_cent() {
    let mut worst = (0.0_f64, String::new());
    let carried = [
        Carried::Hand,
        Carried::Pocket,
        Carried::Bag,
        Carried::Arm,
        Carried::Wrist,
    ];
    for (seed, carried) in (1..).zip(carried) {
        for (rate_hz, leg) in [
            (25, Leg::walk(1.0, minutes(5.0))),
            (50, Leg::walk(1.35, minutes(5.0))),
            (100, Leg::walk(1.6, minutes(5.0))),
            (50, Leg::run(2.6, minutes(5.0))),
            (100, Leg::run(3.6, minutes(5.0))),
            (50, Leg::stairs(true, minutes(2.0))),
        ] {
            let error = error_pct(simulation(leg.carried(carried), rate_hz, seed));
            println!("{carried:?} {:?} at {rate_hz} Hz: {error:+.2} %", leg.doing);
            if error.abs() > worst.0.abs() {
                worst = (error, format!("{carried:?} {:?}", leg.doing));
            }
        }
    }
    assert!(worst.0.abs() < 2.0, "{worst:?}");
}

#[test]
fn whole_days_are_counted_within_two_per_cent() {
    let days: [fn(u64) -> Role; 5] = [
        people::morning_walker,
        people::runner,
        people::commuter,
        people::stroller,
        people::hiker,
    ];
    for day in days {
        let error = error_pct(day(21).simulate());
        assert!(error.abs() < 2.0, "{error} % of {:?}", day(21).truth());
    }
}

#[test]
fn who_does_not_walk_is_not_counted() {
    for vehicle in [Vehicle::Car, Vehicle::Train] {
        let ride = Leg::ride(vehicle, 9.0, minutes(20.0));
        assert!(counted(simulation(ride, 50, 31)) <= 10, "{vehicle:?}");
    }
    assert!(counted(simulation(Leg::desk(minutes(30.0)), 25, 32)) <= 10);
    assert!(counted(people::driver(33).simulate()) <= 20);
}

#[test]
fn a_cradle_is_either_not_counted_or_betrays_itself_by_its_evenness() {
    let mut counter = StepCounter::new(GaitHint::Auto);
    let mut steps = 0;
    for event in simulation(Leg::cradle(110.0, minutes(5.0)), 50, 41) {
        if let What::Sample(sample) = event.what {
            counter.push(sample, &mut |_| steps += 1);
        }
    }
    let regularity = counter.take_regularity();
    let even = regularity.is_some_and(|r| r.interval_cv_permille < 15 && r.peak_cv_permille < 30);
    assert!(steps == 0 || even, "{steps} steps, {regularity:?}");
}
