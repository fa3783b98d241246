use super::*;
use crate::members::{Code, LogSms, MemorySms, PhoneNumber, SmsError};
use crate::rulebooks::AcceptFinding;
use crate::web::WebSettings;
use haigou_contract::Language;
use haigou_store::{Command as _, ManualClock};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

fn settings(folder: &tempfile::TempDir) -> Settings {
    Settings {
        db: format!("sqlite:{}/h.db", folder.path().display()),
        listen: "127.0.0.1:0".parse().unwrap(),
        ..Settings::default()
    }
}

async fn started(settings: Settings) -> Result<Running, StartError> {
    start(
        settings,
        Arc::new(ManualClock::new(1_770_000_000_000)),
        Arc::new(MemorySms::default()),
    )
    .await
}

/// The whole answer to a GET.
async fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: haigou\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn it_starts_says_that_it_is_ready_measures_and_stops() {
    let folder = tempfile::tempdir().unwrap();
    let running = started(settings(&folder)).await.unwrap();
    assert!(
        get(running.address, "/health/live")
            .await
            .starts_with("HTTP/1.1 200")
    );
    assert!(get(running.address, "/health/ready").await.ends_with("ready\n"));
    assert!(get(running.address, "/metrics").await.starts_with("HTTP/1.1 404"));
    running.desk.submit(ForgetAnswers).await.unwrap();
    let measures = get(running.metrics_address, "/metrics").await;
    assert!(measures.contains("haigou_commands_total"), "{measures}");
    let address = running.address;
    running.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
    // Everything is let go: it can start again on the same database.
    started(settings(&folder)).await.unwrap().stop().await;
}

#[tokio::test]
async fn a_stopping_server_is_not_ready() {
    let folder = tempfile::tempdir().unwrap();
    let running = started(settings(&folder)).await.unwrap();
    running.desk.stop().await;
    assert!(
        get(running.address, "/health/ready")
            .await
            .starts_with("HTTP/1.1 503")
    );
    assert!(
        get(running.address, "/health/live")
            .await
            .starts_with("HTTP/1.1 200")
    );
    running.stop().await;
}

#[tokio::test]
async fn two_servers_never_share_a_database_or_an_address() {
    let folder = tempfile::tempdir().unwrap();
    let first = started(settings(&folder)).await.unwrap();
    let second = started(settings(&folder)).await.map(|_| ()).unwrap_err();
    assert!(
        matches!(second, StartError::Store(StoreError::InUse(_))),
        "{second}"
    );
    let elsewhere = tempfile::tempdir().unwrap();
    let taken = Settings {
        listen: first.address,
        ..settings(&elsewhere)
    };
    let third = started(taken).await.map(|_| ()).unwrap_err();
    assert!(
        matches!(third, StartError::Listen { key: "listen", .. }),
        "{third}"
    );
    first.stop().await;
}

#[tokio::test]
async fn production_refuses_what_is_for_trying_out() {
    let folder = tempfile::tempdir().unwrap();
    let secret = WebSettings {
        code_secret: "0123456789abcdef0123456789abcdef".to_owned(),
        ..WebSettings::default()
    };
    let production = Settings {
        mode: Some(Mode::Production),
        web: secret,
        ..settings(&folder)
    };
    let refused = start(
        production.clone(),
        Arc::new(ManualClock::new(0)),
        Arc::new(LogSms),
    )
    .await;
    let refused = refused.map(|_| ()).unwrap_err();
    assert!(matches!(&refused, StartError::Settings(SettingsError::Refused { key, .. }) if key == "sms"));
    assert!(!folder.path().join("h.db").exists());
    let bare = Settings {
        web: WebSettings::default(),
        ..production
    };
    let refused = started(bare).await.map(|_| ()).unwrap_err();
    assert!(refused.to_string().contains("web.code_secret"), "{refused}");
}

#[tokio::test]
async fn a_new_database_is_launched_once_by_the_settings() {
    let folder = tempfile::tempdir().unwrap();
    let in_force = |running: &Running| {
        let read = running.store.read_blocking(|r| rulebook_in_force(r, i64::MAX));
        let stored = read.unwrap().unwrap();
        (stored.version, stored.text)
    };
    let nowhere = Settings {
        rulebook: "/nowhere/rules.json".to_owned(),
        ..settings(&folder)
    };
    let refused = started(nowhere.clone()).await.map(|_| ()).unwrap_err();
    assert!(refused.to_string().contains("`rulebook`"), "{refused}");
    let too_early = Settings {
        launch: Some("2000-01-01".parse().unwrap()),
        ..settings(&folder)
    };
    let refused = started(too_early).await.map(|_| ()).unwrap_err();
    assert!(refused.to_string().contains("`launch`"), "{refused}");
    let sport = Settings {
        rulebook: "sport".to_owned(),
        ..settings(&folder)
    };
    let running = started(sport).await.unwrap();
    let (version, text) = in_force(&running);
    assert_eq!(version, 1);
    assert_eq!(
        haigou_rules::Rulebook::from_json(&text),
        Ok(rulebook_of("sport").unwrap())
    );
    running.stop().await;
    // From now on the database keeps its own, whatever the setting says.
    let running = started(nowhere).await.unwrap();
    assert_eq!(in_force(&running), (version, text));
    running.stop().await;
}

#[tokio::test]
async fn a_database_it_cannot_work_on_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("h.db"),
        "no database, and longer than a hundred bytes: ".repeat(9),
    )
    .unwrap();
    let refused = started(settings(&folder)).await.map(|_| ()).unwrap_err();
    assert!(
        matches!(&refused, StartError::Store(StoreError::Corrupt { .. })),
        "{refused}"
    );
    assert!(refused.to_string().contains("h.db"));
}

/// Stands for a provider that reaches real phones.
struct RealSms;

#[async_trait::async_trait]
impl SmsProvider for RealSms {
    async fn send_code(&self, _: &PhoneNumber, _: &Code, _: Language) -> Result<(), SmsError> {
        Ok(())
    }

    fn is_for_production(&self) -> bool {
        true
    }
}

async fn served(settings: Settings) -> Result<Running, StartError> {
    let clock = ManualClock::new(1_770_000_000_000);
    start(settings, Arc::new(clock), Arc::new(RealSms)).await
}

#[tokio::test]
async fn production_launches_only_what_two_administrators_have_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let development = Settings {
        mode: Some(Mode::Development),
        ..settings(&folder)
    };
    let production = Settings {
        mode: Some(Mode::Production),
        web: WebSettings {
            code_secret: "0123456789abcdef0123456789abcdef".to_owned(),
            ..WebSettings::default()
        },
        ..development.clone()
    };
    let refused = served(production.clone()).await.map(|_| ()).unwrap_err();
    assert!(refused.to_string().contains("purchase_for_referral"), "{refused}");
    let rulebook = rulebook_of(&production.rulebook).unwrap();
    let store = Store::open(&production.db).unwrap();
    for finding in Proposal::of(&rulebook).unwrap().findings {
        for administrator in ["ann", "bo"] {
            let accept = AcceptFinding {
                rulebook: rulebook.clone(),
                finding: finding.code.to_owned(),
                administrator: administrator.to_owned(),
                words: "our lawyer agrees".to_owned(),
            };
            let accepted = store.write_blocking(|tx| accept.run(tx, 1_760_000_000_000));
            assert!(accepted.is_ok(), "{accepted:?}");
        }
    }
    drop(store);
    served(production).await.unwrap().stop().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let trying_out = Settings {
        db: settings(&elsewhere).db,
        ..development
    };
    served(trying_out).await.unwrap().stop().await;
}
