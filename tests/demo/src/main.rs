//! `haigou demo`: simulated people live through a week with the real phone core over HTTP, and the books are shown.

mod band;
mod cast;
mod person;
mod recording;
mod report;
mod shops;
mod town;
mod week;
mod wire;

use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use haigou_contract::{Day, Language};
use haigou_server::members::LogSms;
use haigou_server::{Settings, audit, start};
use haigou_store::{Clock as _, Store, SystemClock};

/// The databases in the demo's folder.
const WEEK: &str = "haigou.sqlite";
const TOWN: &str = "classic.sqlite";

/// Anything that ends the demo: a sentence.
type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Simulated people live through a week: they walk, run, stay offline, cheat; then the books are shown.
#[derive(Parser)]
#[command(name = "haigou demo", after_help = "Example: haigou demo --dir demo --once")]
struct Arguments {
    /// Where the server's database and the phones' stores go; what an earlier demo left there is replaced
    #[arg(long, default_value = "demo")]
    dir: PathBuf,
    /// Stop after the printing
    #[arg(long)]
    once: bool,
    /// Where the API is served afterwards
    #[arg(long, default_value = "127.0.0.1:8787", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// The rulebook: classic, sport, or a file
    #[arg(long, default_value = "sport")]
    rulebook: String,
}

/// The language of the texts: Chinese where the environment says so, else English.
fn language() -> Language {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let set = names
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    if set.is_some_and(|value| value.starts_with("zh")) {
        Language::Chinese
    } else {
        Language::English
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let bus = band::on_a_bus_of_its_own();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    match runtime.block_on(run(&arguments, bus.as_ref())) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => failed(&error),
    }
}

fn failed(error: &Failed) -> ExitCode {
    let _nobody_listens = writeln!(std::io::stderr(), "haigou demo: {error}");
    ExitCode::from(2)
}

/// The whole demo; true if the audit is clean.
async fn run(arguments: &Arguments, bus: Option<&band::BusFolder>) -> Result<bool, Failed> {
    let recordings = recording::folder();
    let database = prepare(&arguments.dir)?;
    let settings = Settings {
        db: format!("sqlite:{}", database.display()),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        rulebook: arguments.rulebook.clone(),
        ..Settings::default()
    };
    let mut first = Day::at(SystemClock.now_ms());
    for _ in 0..week::DAYS {
        first = first.previous();
    }
    say(match &recordings {
        Some(_) => "Three of the phones play real recordings of walks.",
        None => "No recordings found (HAIGOU_DATA); all phones are simulated.",
    })?;
    if bus.is_none() {
        say("No dbus-daemon found: the third phone goes without its band.")?;
    }
    let weeks = week::play(
        &arguments.dir.join("phones"),
        settings.clone(),
        first,
        recordings.as_deref(),
        bus,
    )
    .await?;

    say(&format!(
        "\nA week from {first} under the rulebook \"{}\":\n{}",
        arguments.rulebook,
        report::table(&weeks)
    ))?;
    for week in &weeks {
        say(&format!("\n{}", report::reasons(week)))?;
    }
    let is_clean = show_audit(&settings.db)? & town(&arguments.dir).await?;
    if !arguments.once {
        serve(
            Settings {
                listen: arguments.listen,
                ..settings
            },
            &weeks,
        )
        .await?;
    }
    Ok(is_clean)
}

/// The other preset, in a town of its own.
async fn town(dir: &Path) -> Result<bool, Failed> {
    let database = dir.join(TOWN);
    let file = database.clone();
    let people = tokio::task::spawn_blocking(move || town::play(&file)).await??;
    say("\nFour days in a town under the rulebook \"classic\":")?;
    for townsman in &people {
        say(&format!("\n{}", report::reasons_in_town(townsman)))?;
    }
    let db = format!("sqlite:{}", database.display());
    let is_clean = show_audit(&db)?;
    say(&format!(
        "Every line of somebody, with its event: HAIGOU_DB={db} haigou statement 1 --lang {}",
        language().tag()
    ))?;
    Ok(is_clean && people.iter().all(|townsman| townsman.trace.adds_up()))
}

/// Makes the folder, and removes what an earlier demo left in it; nothing else.
fn prepare(dir: &Path) -> Result<PathBuf, Failed> {
    let database = dir.join(WEEK);
    std::fs::create_dir_all(dir)?;
    let phones = dir.join("phones");
    if phones.exists() {
        std::fs::remove_dir_all(&phones)?;
    }
    for name in [WEEK, TOWN] {
        for ending in ["", "-wal", "-shm"] {
            let file = dir.join(format!("{name}{ending}"));
            if file.exists() {
                std::fs::remove_file(&file)?;
            }
        }
    }
    Ok(database)
}

/// Proves the balances from the journal, as `haigou audit` does.
fn show_audit(db: &str) -> Result<bool, Failed> {
    let report = Store::open_read_only(db)?.read_blocking(|reader| audit(reader))?;
    for finding in &report.findings {
        say(&finding.to_string())?;
    }
    say(&format!(
        "\nAudit: {}; {} journals, {} entries, {} accounts, head of the chain {}",
        if report.ok {
            "every balance follows from the journal"
        } else {
            "THE BOOKS DIFFER"
        },
        report.journals,
        report.entries,
        report.accounts,
        report.head_hash
    ))?;
    Ok(report.ok)
}

/// Serves on, with the true clock, until Ctrl-C.
async fn serve(settings: Settings, weeks: &[week::Week]) -> Result<(), Failed> {
    tracing_subscriber::fmt()
        .with_env_filter(&settings.log)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    let server = start(settings, Arc::new(SystemClock), Arc::new(LogSms)).await?;
    let number = weeks.first().map_or("", |week| week.phone_number.as_str());
    say(&format!(
        "\nThe server goes on at http://{0} (described at http://{0}/docs) until Ctrl-C.\nTo sign in as {1}: ask for a code for {number}; it shows up here, in the log.",
        server.address,
        weeks.first().map_or("", |week| week.name),
    ))?;
    tokio::signal::ctrl_c().await?;
    server.stop().await;
    Ok(())
}

fn say(text: &str) -> Result<(), Failed> {
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}
