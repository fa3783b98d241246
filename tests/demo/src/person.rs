//! Somebody with a phone: the real phone core, fed with what a simulation or a recording says.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use haigou_contract::{ActivityKind, Profile, StatementLine, Wallet};
use haigou_motion::Sample;
use haigou_phone::{Clock as _, CounterReading, FileKeys, ManualClock, Phone, PhoneOptions, SignInForm};
use haigou_simulator::What;
use haigou_simulator::people::Role;

use crate::band::{BusFolder, Worn};
use crate::cast::{Does, Part};
use crate::wire::Wire;
use crate::{Failed, recording};

/// Samples are handed over a second at a time, as a phone's sensor hub does.
const BATCH_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// In mid-walk.
const KILLED_AFTER_MS: i64 = 17 * MINUTE_MS + 300;

/// Somebody who takes part, with a phone.
pub(crate) struct Person {
    pub(crate) part: &'static Part,
    clock: Arc<ManualClock>,
    pub(crate) wire: Arc<Wire>,
    dir: PathBuf,
    server: String,
    /// None only between being killed and being opened again.
    phone: Option<Arc<Phone>>,
    /// On the wrist.
    band: Option<Worn>,
    /// When the recorded walk of the day began and ended.
    walked_ms: (i64, i64),
    /// Up to when the band's steps are among those that were made.
    worn_ms: i64,
    /// Steps that were really made.
    pub(crate) made: u64,
    /// Decides about everything that chance decides.
    seed: u64,
}

/// What somebody has at the end, as the phone tells it.
pub(crate) struct Outcome {
    pub(crate) wallet: Wallet,
    /// Oldest first.
    pub(crate) statement: Vec<StatementLine>,
    pub(crate) distance_m: f64,
    pub(crate) kcal: f64,
    /// The lowest trust of an activity.
    pub(crate) trust: Option<u8>,
}

impl Person {
    /// Takes a new phone into the hand.
    pub(crate) fn new(
        part: &'static Part,
        number: u64,
        dir: &Path,
        server: String,
        now_ms: i64,
    ) -> Result<Self, Failed> {
        let clock = Arc::new(ManualClock::new(now_ms));
        let wire = Arc::new(Wire::new()?);
        let dir = dir.join(format!("phone-{number}"));
        let phone = Some(open(part, &dir, &server, &clock, &wire)?);
        Ok(Self {
            part,
            clock,
            wire,
            dir,
            server,
            phone,
            band: None,
            walked_ms: (now_ms, now_ms),
            worn_ms: now_ms,
            made: 0,
            seed: 1000 + number,
        })
    }

    /// Registers with an invite code.
    pub(crate) async fn register(
        &self,
        number: &str,
        code: impl AsyncFnOnce() -> Option<String>,
        invited_by: Option<&str>,
    ) -> Result<Profile, Failed> {
        self.phone()?.ask_code(number).await?;
        let code = code().await.ok_or("no code was sent")?;
        let mut form = SignInForm::new(number, code).accepting_terms();
        if let Some(invite_code) = invited_by {
            form = form.invited_by(invite_code);
        }
        self.phone()?.sign_in(form).await?;
        Ok(self.phone()?.profile().await?)
    }

    /// Lives through what the day brings. `midnight_ms` is its beginning.
    pub(crate) fn live(
        &mut self,
        day: usize,
        midnight_ms: i64,
        recordings: Option<&Path>,
    ) -> Result<(), Failed> {
        let killed = self.part.killed_on == Some(day);
        match (&self.part.does, recordings) {
            (
                Does::Recorded {
                    files, minutes, hour, ..
                },
                Some(folder),
            ) => {
                let playing = recording::play(folder, files, minutes * MINUTE_MS * 1000)?;
                self.made += playing.steps;
                self.pass_until(midnight_ms + hour * HOUR_MS);
                self.phone()?.start_activity(ActivityKind::Walk)?;
                let from_ms = self.clock.wall_ms();
                self.hear(&playing.samples)?;
                self.walked_ms = (from_ms, self.clock.wall_ms());
                self.phone()?.finish()?;
                Ok(())
            }
            (Does::Recorded { otherwise, .. }, None) => {
                let role = otherwise(self.seed).on_day(midnight_ms);
                self.act(role, Some(ActivityKind::Walk), killed)
            }
            (
                Does::Tampers {
                    per_minute,
                    minutes,
                    hour,
                },
                _,
            ) => self.tamper(midnight_ms + hour * HOUR_MS, *per_minute, *minutes),
            (Does::Activity { kind, role }, _) => {
                self.act(role(self.seed).on_day(midnight_ms), Some(*kind), killed)
            }
            (Does::Passive { role }, _) => self.act(role(self.seed).on_day(midnight_ms), None, killed),
        }
    }

    /// Puts a band on.
    pub(crate) async fn put_on_a_band(&mut self, bus: &BusFolder) {
        self.band = Some(Worn::new(bus, self.clock.wall_ms()).await);
    }

    /// Comes home in the evening, where the app finds the band. What was walked with the recording is the recording's.
    pub(crate) async fn come_home(&mut self) -> Result<(), Failed> {
        let Some(band) = &self.band else { return Ok(()) };
        let now_ms = self.clock.wall_ms();
        band.come_home(self.phone()?, now_ms).await?;
        let (from_ms, to_ms) = self.walked_ms;
        self.made += band.steps(self.worn_ms, from_ms) + band.steps(to_ms + MINUTE_MS, now_ms);
        self.worn_ms = now_ms;
        Ok(())
    }

    /// Hears a recording, in the time that it took.
    fn hear(&mut self, samples: &[Sample]) -> Result<(), Failed> {
        let mut rest = samples;
        while let Some(first) = rest.first() {
            let until = first.t_us + BATCH_MS * 1000;
            let (batch, later) = rest.split_at(rest.partition_point(|sample| sample.t_us < until));
            self.clock.advance(BATCH_MS);
            self.phone()?.feed_samples(batch)?;
            rest = later;
        }
        Ok(())
    }

    /// Has the step counter say what nobody walked.
    fn tamper(&mut self, from_ms: i64, per_minute: u64, minutes: i64) -> Result<(), Failed> {
        self.pass_until(from_ms);
        self.reopen(|clock| clock.reboot(0))?;
        let mut raw = 0;
        for minute in 0..=minutes {
            self.pass_until(from_ms + minute * MINUTE_MS);
            self.count(raw)?;
            raw += per_minute;
        }
        Ok(())
    }

    /// The step counter says so many steps since the phone was started.
    fn count(&self, raw: u64) -> Result<(), Failed> {
        let boot_id = self.clock.boot_id();
        let mono_ms = self.clock.mono_ms();
        Ok(self.phone()?.feed_counter_reading(CounterReading {
            boot_id,
            raw,
            mono_ms,
        })?)
    }

    /// Plays a role, with or without an activity; killed means that the app dies half-way and is opened again.
    fn act(&mut self, role: Role, kind: Option<ActivityKind>, killed: bool) -> Result<(), Failed> {
        let mut kill_at_ms = killed.then_some(KILLED_AFTER_MS);
        self.pass_until(role.plan.start_ms);
        // A simulation begins with a phone that was just switched on.
        self.reopen(|clock| clock.reboot(0))?;
        if let Some(kind) = kind {
            self.phone()?.start_activity(kind)?;
        }
        let mut batch = Vec::new();
        let mut batch_began_ms = 0;
        let mut events = role.simulate();
        for event in events.by_ref() {
            if event.t_ms - batch_began_ms >= BATCH_MS {
                self.pass_until(event.wall_ms);
                self.phone()?.feed_samples(&batch)?;
                batch.clear();
                batch_began_ms = event.t_ms;
            }
            if kill_at_ms.is_some_and(|kill_at_ms| event.t_ms >= kill_at_ms) {
                kill_at_ms = None;
                self.reopen(|_| {})?;
            }
            match event.what {
                What::Sample(sample) => batch.push(sample),
                What::Fix(fix) => {
                    self.pass_until(event.wall_ms);
                    self.phone()?.feed_fix(fix)?;
                }
                What::Counter(reading) => {
                    self.pass_until(event.wall_ms);
                    self.count(reading.raw)?;
                }
                What::Restarted { .. } | What::Step(_) => {}
            }
        }
        self.phone()?.feed_samples(&batch)?;
        self.made += events.truth().steps;
        if kind.is_some() {
            self.phone()?.finish()?;
        }
        Ok(())
    }

    /// The app dies without a word, something happens, and it is opened again.
    fn reopen(&mut self, meanwhile: impl FnOnce(&ManualClock)) -> Result<(), Failed> {
        self.phone = None;
        meanwhile(&self.clock);
        self.phone = Some(open(self.part, &self.dir, &self.server, &self.clock, &self.wire)?);
        Ok(())
    }

    /// Lets time pass until the phone's wall clock shows this.
    pub(crate) fn pass_until(&self, wall_ms: i64) {
        self.clock.advance(wall_ms - self.clock.wall_ms());
    }

    fn phone(&self) -> Result<&Arc<Phone>, Failed> {
        self.phone.as_ref().ok_or_else(|| "the app is not open".into())
    }

    /// Brings to the server what is ready, if there is a network.
    pub(crate) async fn sync(&self) -> Result<(), Failed> {
        self.phone()?.tick();
        let report = self.phone()?.sync_now().await?;
        match report.stopped {
            Some(error) if self.part.offline.is_empty() => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// What came of it, as the phone knows it after asking the server.
    pub(crate) async fn outcome(&self) -> Result<Outcome, Failed> {
        self.phone()?.refresh_wallet().await?;
        self.phone()?.refresh_records().await?;
        let mut statement = Vec::new();
        let mut after = None;
        loop {
            let page = self.phone()?.statement(None, after.as_deref()).await?;
            statement.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        statement.reverse();
        let wallet = self.phone()?.wallet().borrow().clone();
        let records = self.phone()?.records().borrow().records.clone();
        Ok(Outcome {
            wallet: wallet.wallet.ok_or("the wallet is empty")?,
            statement,
            distance_m: records
                .iter()
                .fold(0.0, |sum, record| sum + record.summary.distance_m),
            kcal: records
                .iter()
                .fold(0.0, |sum, record| sum + record.summary.kcal_gross),
            trust: records
                .iter()
                .filter_map(|record| Some(record.judgement.as_ref()?.trust))
                .min(),
        })
    }
}

/// Opens the app.
fn open(
    part: &Part,
    dir: &Path,
    server: &str,
    clock: &Arc<ManualClock>,
    wire: &Arc<Wire>,
) -> Result<Arc<Phone>, Failed> {
    let keys = Arc::new(FileKeys::new(dir.join("keys")));
    let mut options = PhoneOptions::new(dir, server, Arc::clone(clock) as _, keys);
    options.device_name = format!("{}'s phone", part.name);
    options.transport = Some(Arc::clone(wire) as _);
    options.language = crate::language();
    Ok(Phone::open(options)?)
}
