//! A server as a process of its own, with a clock that is set over its standard input: `server_to_kill DB NOW_MS`.

use std::io::BufRead as _;
use std::sync::Arc;

use haigou_server::members::MemorySms;
use haigou_server::web::WebSettings;
use haigou_server::{Settings, start};
use haigou_store::ManualClock;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let clock = Arc::new(ManualClock::new(arguments[2].parse().expect("milliseconds")));
    let sms = Arc::new(MemorySms::default());
    let settings = Settings {
        db: arguments[1].clone(),
        listen: "127.0.0.1:0".parse().unwrap(),
        rulebook: "sport".to_owned(),
        web: WebSettings {
            code_secret: "a secret of thirty-two characters".to_owned(),
            ..WebSettings::unlimited()
        },
        ..Settings::default()
    };
    let running = start(settings, Arc::clone(&clock) as _, Arc::clone(&sms) as _)
        .await
        .expect("it starts");
    println!("{}", running.address);
    let asked = tokio::task::spawn_blocking(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            match line.split_once(' ') {
                Some(("clock", now_ms)) => {
                    clock.set(now_ms.parse().expect("milliseconds"));
                    println!("done");
                }
                Some(("code", number)) => println!("{}", sms.code_for(number).unwrap_or_default()),
                _ => panic!("nothing is known of {line:?}"),
            }
        }
    });
    asked.await.expect("it answers until its standard input ends");
    running.stop().await;
}
