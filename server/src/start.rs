//! Starting and stopping: the database, the desk, the API, the measures, in this order and back.

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::serve::ListenerExt as _;
use haigou_rules::Rulebook;
use haigou_store::ledger::rulebook_in_force;
use haigou_store::{Clock, Desk, DeskError, DeskOptions, ForgetAnswers, Store, StoreError};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::airdrop::{DayCloser, Launch, LaunchRefusal, Rulebooks};
use crate::config::{Mode, Settings, SettingsError, refused};
use crate::members::SmsProvider;
use crate::rulebooks::Proposal;
use crate::{AppState, app, health, measures, rulebook_of};

/// How often answers that were kept long enough are forgotten, a few at a time.
const FORGET_EVERY: Duration = Duration::from_secs(60);

/// How long a server waits for another one to launch the database that they share.
const LAUNCHING: Duration = Duration::from_secs(20);

/// Why the server didn't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting can't be taken.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The database can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An address can't be listened on.
    #[error("can't listen on {address}: {why}; choose another with the setting `{key}`")]
    Listen {
        /// The setting's name.
        key: &'static str,
        /// The address.
        address: SocketAddr,
        /// What the system said.
        why: std::io::Error,
    },
    /// Something of ours.
    #[error("a fault of this program: {0}")]
    Fault(String),
}

/// A server at work. Dropped without [`Running::stop`], it breaks off where it is; nothing committed is lost.
pub struct Running {
    /// Where the API listens.
    pub address: SocketAddr,
    /// Where `/metrics` listens.
    pub metrics_address: SocketAddr,
    /// The database, for whoever looks at it beside the API.
    pub store: Store,
    /// The desk, for whoever works beside the API.
    pub desk: Desk,
    stopping: watch::Sender<bool>,
    serving: JoinHandle<()>,
    beside: JoinSet<()>,
    grace: Duration,
}

/// Starts a server.
///
/// # Errors
/// A setting that can't be taken, a database that can't be used, an address that is taken.
pub async fn start(
    settings: Settings,
    clock: Arc<dyn Clock>,
    sms: Arc<dyn SmsProvider>,
) -> Result<Running, StartError> {
    settings.check()?;
    if settings.mode() == Mode::Production && !sms.is_for_production() {
        return Err(refused("sms", "production needs a provider that sends messages to real phones; to try things out, write mode = \"development\"").into());
    }
    let api_listener = listen("listen", settings.listen).await?;
    let metrics_listener = listen("metrics_listen", settings.metrics_address()).await?;
    let (measures, upkeep) = measures::page().map_err(StartError::Fault)?;

    let opening = settings.clone();
    let reached_at = settings.reached_at(address_of(&api_listener)?);
    let (store, desk) = tokio::task::spawn_blocking({
        let clock = Arc::clone(&clock);
        move || open(&opening, reached_at, clock)
    })
    .await
    .map_err(|error| StartError::Fault(error.to_string()))??;

    let state = AppState::new(store.clone(), desk.clone(), clock, sms, settings.web.clone());
    let api = app::router(state).merge(health::routes(store.clone(), desk.clone()));
    let (stopping, stopped) = watch::channel(false);
    let mut beside = JoinSet::new();
    beside.spawn(upkeep);
    beside.spawn(forget(store.clone(), desk.clone()));
    let running = Running {
        address: address_of(&api_listener)?,
        metrics_address: address_of(&metrics_listener)?,
        store,
        desk,
        stopping,
        serving: tokio::spawn(serve(api_listener, api, stopped.clone())),
        beside,
        grace: Duration::from_secs(settings.grace_s),
    };
    let mut running = running;
    running.beside.spawn(serve(metrics_listener, measures, stopped));
    tracing::info!(address = %running.address, metrics = %running.metrics_address, "the server is up");
    Ok(running)
}

/// Opens the database, closes the days that have ended since it was last open, and launches a new one.
fn open(
    settings: &Settings,
    reached_at: Option<String>,
    clock: Arc<dyn Clock>,
) -> Result<(Store, Desk), StartError> {
    let store = Store::open(&settings.db)?;
    if let Some(address) = reached_at {
        store.takes_changes_at(address);
    }
    let options = DeskOptions {
        capacity: settings.queue,
        max_batch: settings.batch,
        before: DayCloser::new(Rulebooks::default()).into_before(),
    };
    let desk = Desk::start(store.clone(), clock, options)?;
    if let Err(error) = launch(settings, &store, &desk) {
        desk.stop_blocking();
        return Err(error);
    }
    Ok((store, desk))
}

/// Lays down in a new database what the settings say; from then on the database keeps it.
fn launch(settings: &Settings, store: &Store, desk: &Desk) -> Result<(), StartError> {
    let rulebook = || rulebook_of(&settings.rulebook).map_err(|error| refused("rulebook", error.to_string()));
    let since = Instant::now();
    while store.read_blocking(|r| rulebook_in_force(r, i64::MAX))?.is_none() {
        let rulebook = rulebook()?;
        if settings.mode() == Mode::Production {
            must_be_accepted(store, &rulebook, &settings.rulebook)?;
        }
        let launch = Launch {
            rulebook,
            day: settings.launch,
        };
        match desk.submit_blocking(launch) {
            Ok(_) => {}
            // Of several servers that start together on a new database, one is about to do it.
            Err(DeskError::Storage(StoreError::Held { .. })) if since.elapsed() < LAUNCHING => {
                std::thread::sleep(Duration::from_millis(100));
            }
            Err(DeskError::Refused(LaunchRefusal::TooEarly(day))) => {
                return Err(refused("launch", LaunchRefusal::TooEarly(day).to_string()).into());
            }
            Err(DeskError::Refused(refusal)) => return Err(refused("rulebook", refusal.to_string()).into()),
            Err(DeskError::Storage(error)) => return Err(error.into()),
            Err(other) => return Err(StartError::Fault(other.to_string())),
        }
    }
    Ok(())
}

/// Real people's first rulebook starts as every later one does: with its findings accepted.
fn must_be_accepted(store: &Store, rulebook: &Rulebook, name: &str) -> Result<(), StartError> {
    let proposal = Proposal::of(rulebook)?;
    let open = store.read_blocking(|reader| {
        proposal
            .unaccepted(reader)
            .map_err(|error| StoreError::Bug(error.to_string()))
    })?;
    if open.is_empty() {
        return Ok(());
    }
    let codes: Vec<&str> = open.iter().map(|one| one.finding).collect();
    Err(refused(
        "rulebook",
        format!(
            "a regulator would question {name} ({}): in production two administrators accept each finding first, with `haigou rules accept`",
            codes.join(", ")
        ),
    )
    .into())
}

async fn listen(key: &'static str, address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|why| StartError::Listen { key, address, why })
}

fn address_of(listener: &TcpListener) -> Result<SocketAddr, StartError> {
    listener
        .local_addr()
        .map_err(|error| StartError::Fault(error.to_string()))
}

async fn serve(listener: TcpListener, routes: Router, mut stopped: watch::Receiver<bool>) {
    // Answers are small: waiting to fill a packet would only delay them.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let stop = async move {
        // An error means that the other side is gone, which is as good as a word.
        let _gone = stopped.wait_for(|stopped| *stopped).await;
    };
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(stop).await {
        tracing::error!(%error, "serving broke off");
    }
}

/// Forgets answers that were kept long enough, for as long as the server runs.
async fn forget(store: Store, desk: Desk) {
    let mut often = tokio::time::interval(FORGET_EVERY);
    loop {
        often.tick().await;
        // On a shared database one server does it for all.
        if store.term().is_none() {
            continue;
        }
        if let Err(error) = desk.submit(ForgetAnswers).await {
            tracing::warn!(%error, "old answers were not forgotten");
        }
    }
}

impl Running {
    /// Takes no more connections, finishes the requests that are under way, does every change that is waiting, and
    /// closes the database.
    pub async fn stop(mut self) {
        self.stopping.send_replace(true);
        if tokio::time::timeout(self.grace, &mut self.serving).await.is_err() {
            tracing::warn!("some requests didn't finish in time and were broken off");
            self.serving.abort();
        }
        self.beside.shutdown().await;
        self.desk.stop().await;
        tracing::info!("the server has stopped");
    }
}
