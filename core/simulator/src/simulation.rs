//! Puts body, phone and clocks together.

use crate::{
    Beforehand, Carried, Event, Person, Plan, Sky, Truth, What,
    body::{Body, Stretch},
    clock::Clock,
    counter::StepChip,
    heart::Heart,
    random::Dice,
    receiver::{Receiver, Whereabouts},
    sensor::Sensor,
    units::micros,
};

/// A phone that is started anew is deaf for so long, in seconds.
const STARTING_S: f64 = 40.0;
/// Streams of chance that a phone uses; stream 0 is the body's.
const STREAMS_PER_PHONE: u64 = 3;

/// Yields what a phone hears while a person carries out a plan, in the order of time, and keeps the truth.
///
/// Any plan is carried out: legs without length are skipped, impossible speeds and cadences are brought into what legs
/// and engines can do. Memory does not grow with the length of the plan.
#[derive(Debug, Clone)]
pub struct Simulation {
    plan: Plan,
    body: Body,
    stretch: Option<Stretch>,
    truth: Truth,
    /// The leg whose `beforehand` is next.
    next_leg: usize,
    dice: Dice,
    clock: Clock,
    sensor: Sensor,
    receiver: Receiver,
    chip: StepChip,
    heart: Heart,
    /// When it ended, until the last reading is told.
    last_words_us: Option<i64>,
}

impl Simulation {
    /// A person carries out a plan with the plan's phone.
    #[must_use]
    pub fn new(plan: Plan, person: Person, seed: u64) -> Self {
        Self::on_phone(plan, person, seed, 0)
    }

    /// The same, heard by the n-th phone in the same pocket: the same steps, with another phone's noise and clocks.
    #[must_use]
    pub fn on_phone(plan: Plan, person: Person, seed: u64, nth: u8) -> Self {
        let stream = |which| Dice::new(seed, 1 + u64::from(nth) * STREAMS_PER_PHONE + which);
        let mut dice = stream(0);
        let mut body = Body::new(plan.legs.clone(), person, seed);
        Self {
            stretch: body.next(),
            body,
            truth: Truth::default(),
            next_leg: 0,
            clock: Clock::new(plan.start_ms, &mut dice),
            sensor: Sensor::new(plan.phone, stream(1)),
            receiver: Receiver::new(plan.phone.barometer, stream(2)),
            chip: StepChip::new(plan.phone.counter_every_s, &mut dice),
            heart: Heart::default(),
            last_words_us: None,
            dice,
            plan,
        }
    }

    /// What really happened so far: all of it, once the simulation has ended.
    #[must_use]
    pub fn truth(&self) -> Truth {
        self.truth
    }

    /// What will really have happened at the end, without listening to any phone.
    #[must_use]
    pub fn whole_truth(plan: &Plan, person: Person, seed: u64) -> Truth {
        let mut truth = Truth::default();
        Body::new(plan.legs.clone(), person, seed).for_each(|stretch| truth.add(&stretch));
        truth
    }

    fn event(&self, t_us: i64, what: What) -> Event {
        Event {
            t_ms: t_us.div_euclid(1000),
            wall_ms: self.clock.wall_ms(t_us),
            mono_ms: self.clock.mono_us(t_us).div_euclid(1000),
            what,
        }
    }

    /// What happens to the phone before the leg of this stretch, if that has not happened yet.
    fn enter(&mut self, stretch: &Stretch) -> Option<Event> {
        while self.next_leg <= stretch.leg {
            let beforehand = self
                .plan
                .legs
                .get(self.next_leg)
                .map(|leg| leg.beforehand)
                .unwrap_or_default();
            self.next_leg += 1;
            match beforehand {
                Beforehand::Nothing => {}
                Beforehand::ClockSet(by_ms) => self.clock.set_by(by_ms),
                Beforehand::Restart => {
                    let awake_us = stretch.from_us + micros(STARTING_S);
                    self.clock.restart(stretch.from_us);
                    self.sensor.sleep_until(awake_us);
                    self.receiver.sleep_until(awake_us);
                    self.chip.restart(awake_us);
                    return Some(self.event(
                        stretch.from_us,
                        What::Restarted {
                            boot: self.clock.boot,
                        },
                    ));
                }
            }
        }
        None
    }

    /// The stretch is over: the truth of it.
    fn finish(&mut self, stretch: &Stretch) -> Option<Event> {
        self.truth.add(stretch);
        self.heart.beat_through(stretch);
        let step = stretch.step();
        if step.is_some() || stretch.is_shake() {
            self.chip.feel(stretch.to_us, &mut self.dice);
        }
        self.last_words_us = Some(stretch.to_us);
        self.stretch = self.body.next();
        step.map(|step| self.event(stretch.to_us, What::Step(step)))
    }

    fn whereabouts(&self, stretch: &Stretch, t_us: i64) -> Whereabouts {
        let part = stretch.part(t_us);
        Whereabouts {
            place: self.plan.way.at(stretch.from_m + part * stretch.length_m),
            height_m: stretch.height_m + part * stretch.climb_m,
            speed_mps: stretch.length_m / stretch.duration_s(),
        }
    }
}

impl Iterator for Simulation {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        while let Some(stretch) = self.stretch {
            if let Some(event) = self.enter(&stretch) {
                return Some(event);
            }
            let (carried, sky) = (self.plan.legs.get(stretch.leg))
                .map_or((Carried::Pocket, Sky::Hidden), |leg| (leg.carried, leg.sky));
            let (sample_us, fix_us, told_us) = (
                self.sensor.next_us(),
                self.receiver.next_us(),
                self.chip.next_us(),
            );
            let t_us = sample_us.min(fix_us).min(told_us);
            let event = if t_us >= stretch.to_us {
                self.finish(&stretch)
            } else if t_us == sample_us {
                let sample = self.sensor.deliver(&stretch, carried, &self.clock);
                sample.map(|sample| self.event(t_us, What::Sample(sample)))
            } else if t_us == fix_us {
                let real = self.whereabouts(&stretch, t_us);
                let way = &self.plan.way;
                let fix = self
                    .receiver
                    .fix(sky, &self.clock, &real, |metres| way.at(metres));
                fix.map(|mut fix| {
                    fix.heart_rate = self.plan.phone.heart_rate.then(|| self.heart.rate());
                    self.event(t_us, What::Fix(fix))
                })
            } else {
                let reading = self.chip.tell(t_us, self.clock.boot);
                reading.map(|reading| self.event(t_us, What::Counter(reading)))
            };
            if event.is_some() {
                return event;
            }
        }
        let end_us = self.last_words_us.take()?;
        let reading = self.chip.tell(end_us, self.clock.boot)?;
        Some(self.event(end_us, What::Counter(reading)))
    }
}
