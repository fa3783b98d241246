//! `haigou serve`.

use std::io::IsTerminal as _;
use std::sync::Arc;

use haigou_server::members::LogSms;
use haigou_server::{Mode, Settings, Sms, start};
use haigou_store::SystemClock;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::{Failed, Verdict, output};

pub(super) fn run(settings: Settings) -> Result<Verdict, Failed> {
    log(&settings)?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(serve(settings))
}

async fn serve(settings: Settings) -> Result<Verdict, Failed> {
    let sms = match settings.sms {
        Sms::Log => Arc::new(LogSms),
    };
    if settings.mode() == Mode::Development {
        output::say("haigou is in development mode, for trying out: SMS codes are written to this log");
    }
    let mut terminate = signal(SignalKind::terminate())?;
    let running = start(settings, Arc::new(SystemClock), sms).await?;
    output::say(&format!(
        "haigou serves on http://{} (measures on http://{}/metrics); Ctrl-C stops it",
        running.address, running.metrics_address
    ));
    tokio::select! {
        _ = terminate.recv() => {}
        pressed = tokio::signal::ctrl_c() => pressed?,
    }
    output::say("haigou is stopping; Ctrl-C once more breaks off");
    tokio::select! {
        () = running.stop() => Ok(Verdict::Yes),
        pressed = tokio::signal::ctrl_c() => {
            pressed?;
            Err("broken off before everything was finished; nothing that was answered is lost".into())
        }
    }
}

/// For people in development, for machines in production; always to standard error.
fn log(settings: &Settings) -> Result<(), Failed> {
    let filter = EnvFilter::try_new(&settings.log)
        .map_err(|error| format!("the setting `log` can't be taken: {error}"))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match settings.mode() {
        Mode::Development => log.init(),
        Mode::Production => log.json().init(),
    }
    Ok(())
}
