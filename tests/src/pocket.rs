//! A phone in a pocket: what stays when the app is killed, and the app.

use std::path::Path;
use std::sync::Arc;

use haigou_contract::Language;
use haigou_phone::{
    Clock as _, CounterReading, ManualClock, MemoryKeys, Phone, PhoneError, PhoneOptions, SignInForm,
    SyncReport, Transport,
};
use tempfile::TempDir;

use crate::network::NAME;
use crate::{Network, Server, fast_folder};

/// A mainland phone number that ends so.
#[must_use]
pub fn number_of(tail: u32) -> String {
    format!("+861390000{tail:04}")
}

/// See the module.
pub struct Pocket {
    /// The phone's clocks.
    pub clock: Arc<ManualClock>,
    folder: TempDir,
    keys: Arc<MemoryKeys>,
    transport: Option<Arc<dyn Transport>>,
    url: String,
    app: Option<Arc<Phone>>,
}

impl Pocket {
    /// A phone that reaches a server by itself.
    #[must_use]
    pub fn new(now_ms: i64, url: &str) -> Self {
        Self::with(now_ms, url, None)
    }

    /// A phone on a network that loses things.
    #[must_use]
    pub fn on(network: &Arc<Network>, now_ms: i64) -> Self {
        Self::with(now_ms, NAME, Some(Arc::clone(network) as _))
    }

    fn with(now_ms: i64, url: &str, transport: Option<Arc<dyn Transport>>) -> Self {
        let mut pocket = Self {
            clock: Arc::new(ManualClock::new(now_ms)),
            folder: fast_folder(),
            keys: Arc::default(),
            transport,
            url: url.to_owned(),
            app: None,
        };
        pocket.open();
        pocket
    }

    /// The app.
    #[must_use]
    pub fn app(&self) -> &Arc<Phone> {
        self.app.as_ref().expect("the app is open")
    }

    /// The folder of the app's store.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Takes the app away from this pocket, to be dropped or watched by the caller.
    #[must_use]
    pub fn take_app(&mut self) -> Arc<Phone> {
        self.app.take().expect("the app is open")
    }

    /// The app will find the server there when it is opened next.
    pub fn set_url(&mut self, url: &str) {
        url.clone_into(&mut self.url);
    }

    /// Opens the app again.
    pub fn open(&mut self) {
        let mut options = PhoneOptions::new(
            self.folder.path(),
            &self.url,
            self.clock.clone(),
            self.keys.clone(),
        );
        options.language = Language::English;
        options.transport.clone_from(&self.transport);
        self.app = Some(Phone::open(options).expect("the app opens"));
    }

    /// Kills the app (it is not told) and opens it again. Within a runtime, so that tasks that hold it can end.
    pub async fn kill_and_open(&mut self) {
        let mut app = self.take_app();
        // Tasks that were broken off let go of it when they are next looked at.
        while Arc::get_mut(&mut app).is_none() {
            tokio::task::yield_now().await;
        }
        drop(app);
        self.open();
    }

    /// The phone's built-in counter stands so now.
    pub fn read_counter(&self, raw: u64) {
        let (boot_id, mono_ms) = (self.clock.boot_id(), self.clock.mono_ms());
        self.app()
            .feed_counter_reading(CounterReading {
                boot_id,
                raw,
                mono_ms,
            })
            .expect("a plausible reading");
    }

    /// Registers, or signs in, with a fine network.
    pub async fn sign_in(&self, server: &Server, number: &str, invited_by: Option<&str>) {
        self.app().ask_code(number).await.expect("a code is sent");
        let code = server.code_for(number).expect("the code has arrived");
        let mut form = SignInForm::new(number, code).accepting_terms();
        form.invite_code = invited_by.map(str::to_owned);
        self.app().sign_in(form).await.expect("signed in");
    }

    /// Brings everything to the server; all of it must be taken.
    pub async fn sync(&self) -> SyncReport {
        self.app().tick();
        let report = self.app().sync_now().await.expect("the app is signed in");
        assert_eq!(
            (report.left, report.refused, &report.stopped),
            (0, 0, &None::<PhoneError>),
            "{report:?}"
        );
        report
    }
}
