//! What holds for every plan, person and seed.

use haigou_simulator::{
    Beforehand, Carried, Doing, Event, Leg, Person, Phone, Place, Plan, Simulation, Sky, Span, Vehicle, Way,
    What,
};
use proptest::prelude::*;

const HOME: Place = Place::new(31.2165, 121.5503);

fn doing() -> impl Strategy<Value = Doing> {
    let number = || prop_oneof![8 => 0.1..8.0_f64, 1 => Just(f64::NAN), 1 => Just(-3.0), 1 => Just(1e300)];
    let cadence = || prop::option::of(prop_oneof![8 => 60.0..300.0_f64, 1 => Just(f64::NAN), 1 => Just(0.0)]);
    prop_oneof![
        Just(Doing::Stand),
        Just(Doing::Desk),
        (number(), cadence()).prop_map(|(speed_mps, cadence_spm)| Doing::Walk {
            speed_mps,
            cadence_spm
        }),
        (number(), cadence()).prop_map(|(speed_mps, cadence_spm)| Doing::Run {
            speed_mps,
            cadence_spm
        }),
        any::<bool>().prop_map(|up| Doing::Stairs { up }),
        number().prop_map(|speed_mps| Doing::Ride {
            vehicle: Vehicle::Bicycle,
            speed_mps
        }),
        (number(), number()).prop_map(|(rate, force_g)| Doing::Cradle {
            per_minute: rate * 60.0,
            force_g
        }),
    ]
}

fn span() -> impl Strategy<Value = Span> {
    prop_oneof![
        8 => (0.0..30.0_f64).prop_map(Span::Seconds),
        4 => (0.0..50.0_f64).prop_map(Span::Metres),
        1 => Just(Span::Seconds(f64::NAN)),
        1 => Just(Span::Metres(f64::NAN)),
        1 => Just(Span::Metres(-1.0)),
    ]
}

fn leg() -> impl Strategy<Value = Leg> {
    let carried = prop::sample::select(vec![
        Carried::Hand,
        Carried::Pocket,
        Carried::Bag,
        Carried::Arm,
        Carried::Wrist,
    ]);
    let mock = Sky::Mock {
        speed_mps: 4.0,
        flagged: true,
    };
    let sky = prop::sample::select(vec![Sky::Open, Sky::Street, Sky::Hidden, mock]);
    let beforehand = prop::sample::select(vec![
        Beforehand::Nothing,
        Beforehand::Nothing,
        Beforehand::ClockSet(-3_600_000),
        Beforehand::Restart,
    ]);
    (doing(), span(), carried, sky, -0.2..0.2_f64, beforehand).prop_map(
        |(doing, span, carried, sky, slope, before)| {
            Leg::new(doing, span)
                .carried(carried)
                .under(sky)
                .sloping(slope)
                .after(before)
        },
    )
}

fn phone() -> impl Strategy<Value = Phone> {
    (
        prop::option::of(prop::sample::select(vec![10, 25, 50, 100])),
        any::<bool>(),
        0.0..0.2_f64,
    )
        .prop_map(|(rate_hz, equipped, lost)| Phone {
            rate_hz,
            lost,
            barometer: equipped,
            heart_rate: equipped,
            counter_every_s: equipped.then_some(15.0),
            ..Phone::default()
        })
}

fn plan() -> impl Strategy<Value = Plan> {
    (prop::collection::vec(leg(), 0..6), phone(), any::<u64>())
        .prop_map(|(legs, phone, seed)| Plan::new(Way::loop_from(HOME, 800.0, seed), legs).with_phone(phone))
}

/// Everything of an event, to the bit.
fn bytes(event: &Event) -> String {
    format!("{event:?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_same_seed_tells_the_same_story(plan in plan(), seed: u64) {
        let person = Person::anybody(seed);
        let tell = || Simulation::new(plan.clone(), person, seed);
        prop_assert!(tell().eq(tell()));
    }

    #[test]
    fn time_never_falls_and_every_figure_is_a_number(plan in plan(), seed: u64) {
        let mut before = (0, i64::MIN);
        for event in Simulation::new(plan, Person::anybody(seed), seed) {
            prop_assert!(event.t_ms >= before.0);
            if matches!(event.what, What::Restarted { .. }) {
                before.1 = 0;
                prop_assert_eq!(event.mono_ms, 0);
            }
            prop_assert!(event.mono_ms >= before.1 && event.mono_ms >= 0);
            before = (event.t_ms, event.mono_ms);
            match event.what {
                What::Sample(sample) => {
                    prop_assert!(sample.magnitude_g.is_finite() && (0.0..20.0).contains(&sample.magnitude_g));
                    prop_assert!(sample.t_us / 1000 <= event.mono_ms && sample.t_us / 1000 > event.mono_ms - 300);
                }
                What::Fix(fix) => {
                    prop_assert!(fix.lat.is_finite() && fix.lon.is_finite());
                    prop_assert!(fix.altitude_m.is_some_and(f64::is_finite));
                    prop_assert!(fix.pressure_hpa.is_none_or(|hpa| (200.0..1200.0).contains(&hpa)));
                    prop_assert!(fix.accuracy_m.is_some_and(|m| m > 0.0 && m < 100.0));
                }
                What::Counter(_) | What::Restarted { .. } | What::Step(_) => {}
            }
        }
    }

    #[test]
    fn the_truth_is_the_sum_of_the_steps(plan in plan(), seed: u64) {
        let person = Person::anybody(seed);
        let mut simulation = Simulation::new(plan.clone(), person, seed);
        let steps: Vec<f64> = simulation
            .by_ref()
            .filter_map(|event| match event.what {
                What::Step(step) => Some(step.length_m),
                _ => None,
            })
            .collect();
        let truth = simulation.truth();
        prop_assert_eq!(truth.steps, u64::try_from(steps.len()).unwrap());
        prop_assert!((truth.distance_m - steps.iter().sum::<f64>()).abs() < 1e-6);
        prop_assert_eq!(truth, Simulation::whole_truth(&plan, person, seed));
    }

    #[test]
    fn legs_last_as_long_as_they_should(speed in 0.5..4.0_f64, amount in 10.0..300.0_f64, run: bool, seed: u64) {
        let leg = |span| if run { Leg::run(speed, span) } else { Leg::walk(speed, span) };
        let truth = |span| {
            let plan = Plan::new(Way::along([HOME]), [leg(span)]);
            Simulation::whole_truth(&plan, Person::anybody(seed), seed)
        };
        prop_assert!((truth(Span::Seconds(amount)).active_s - amount).abs() < 1.0);
        prop_assert!((truth(Span::Metres(amount)).distance_m - amount).abs() < 3.0);
    }

    #[test]
    fn another_seed_tells_another_story_of_the_same_plan(seed: u64) {
        let plan = Plan::new(Way::loop_from(HOME, 800.0, 1), [Leg::walk(1.4, Span::Seconds(20.0))]);
        let tell = |seed| Simulation::new(plan.clone(), Person::default(), seed);
        prop_assert!(!tell(seed).eq(tell(seed.wrapping_add(1))));
    }
}

/// Written down once: whoever changes it changes what every seed means.
#[test]
fn seeds_mean_the_same_on_every_machine() {
    let plan = Plan::new(
        Way::loop_from(HOME, 800.0, 1),
        [Leg::walk(1.4, Span::Seconds(60.0)).under(Sky::Street)],
    );
    let fingerprint =
        Simulation::new(plan, Person::default(), 42).fold(0xcbf2_9ce4_8422_2325_u64, |hash, event| {
            bytes(&event).bytes().fold(hash, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            })
        });
    assert_eq!(fingerprint, 9_000_450_227_384_671_205);
}
