//! A server in this process and a phone that is signed in to it, both on clocks that are set by hand.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use haigou_phone::{CounterReading, MemoryKeys, Phone, PhoneOptions, SignInForm};
use haigou_server::members::MemorySms;
use haigou_server::web::WebSettings;
use haigou_server::{Running, Settings, start};
use haigou_store::{Query as _, StoreError};
use tempfile::TempDir;

use crate::{Failed, data};

/// 2026-03-02 08:00 in Shanghai.
const MORNING: i64 = 1_772_409_600_000;
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// Steps in every minute: few enough that nobody asks when this person sleeps.
pub(crate) const STEPS_A_MINUTE: u64 = 7;

const NUMBER: &str = "+8613800138000";

/// See the module. To be used within a runtime.
pub(crate) struct Served {
    server: Running,
    server_clock: Arc<haigou_store::ManualClock>,
    phone_clock: Arc<haigou_phone::ManualClock>,
    keys: Arc<MemoryKeys>,
    folder: TempDir,
    /// The phone's built-in step counter.
    counter: u64,
}

/// The settings of a server on a database, on a free port of this machine.
pub(crate) fn settings(database: &str) -> Settings {
    Settings {
        db: database.to_owned(),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        rulebook: "sport".to_owned(),
        web: WebSettings::unlimited(),
        ..Settings::default()
    }
}

impl Served {
    /// Starts the server and signs the phone in.
    pub(crate) async fn start() -> Result<Self, Failed> {
        let folder = data::folder_on_disk()?;
        let server_clock = Arc::new(haigou_store::ManualClock::new(MORNING));
        let sms = Arc::new(MemorySms::default());
        let settings = settings(&data::sqlite(&folder));
        let server = start(settings, Arc::clone(&server_clock) as _, Arc::clone(&sms) as _).await?;
        let mut served = Self {
            server,
            server_clock,
            phone_clock: Arc::new(haigou_phone::ManualClock::new(MORNING)),
            keys: Arc::default(),
            folder,
            counter: 0,
        };
        let phone = served.open()?;
        phone.ask_code(NUMBER).await?;
        let code = sms.code_for(NUMBER).ok_or("no code was sent")?;
        phone
            .sign_in(SignInForm::new(NUMBER, code).accepting_terms())
            .await?;
        served.read_counter(&phone)?;
        phone.close();
        Ok(served)
    }

    /// Opens the phone as it is.
    pub(crate) fn open(&self) -> Result<Arc<Phone>, Failed> {
        Ok(Phone::open(self.phone_options())?)
    }

    fn phone_options(&self) -> PhoneOptions {
        let address = format!("http://{}", self.server.address);
        let clock = Arc::clone(&self.phone_clock);
        PhoneOptions::new(
            self.folder.path().join("phone"),
            address,
            clock,
            Arc::clone(&self.keys) as _,
        )
    }

    /// Time passes, with [`STEPS_A_MINUTE`].
    pub(crate) fn live(&mut self, phone: &Phone, minutes: u64) -> Result<(), Failed> {
        self.pass(i64::try_from(minutes)? * MINUTE);
        self.counter += minutes * STEPS_A_MINUTE;
        self.read_counter(phone)?;
        phone.tick();
        Ok(())
    }

    /// Time passes without a step.
    pub(crate) fn pass(&self, ms: i64) {
        self.phone_clock.advance(ms);
        self.server_clock.advance(ms);
    }

    fn read_counter(&mut self, phone: &Phone) -> Result<(), Failed> {
        use haigou_phone::Clock as _;
        phone.feed_counter_reading(CounterReading {
            boot_id: self.phone_clock.boot_id(),
            raw: self.counter,
            mono_ms: self.phone_clock.mono_ms(),
        })?;
        Ok(())
    }

    /// The steps that the server has counted, over all days.
    pub(crate) async fn counted(&self) -> Result<u64, Failed> {
        let counted = self.server.store.read(|reader| {
            let all = "SELECT COALESCE(SUM(walk + run + passive), 0) FROM sport_day";
            Ok::<_, StoreError>(reader.query_one(all, &[], |row| row.int(0))?.unwrap_or(0))
        });
        Ok(u64::try_from(counted.await?)?)
    }

    /// Steps that were made so far.
    pub(crate) const fn made(&self) -> u64 {
        self.counter
    }

    pub(crate) async fn stop(self) {
        self.server.stop().await;
    }
}

/// A runtime as the server has it.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failed> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
