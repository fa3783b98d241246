//! A week in the life of a line of people.

use std::path::Path;
use std::sync::Arc;

use haigou_contract::Day;
use haigou_server::members::MemorySms;
use haigou_server::{Running, Settings, start};
use haigou_store::ManualClock;
use indicatif::{ProgressBar, ProgressStyle};

use crate::Failed;
use crate::band::BusFolder;
use crate::cast::CAST;
use crate::person::{Outcome, Person};
use crate::shops;
use crate::wire::Heard;

/// How long it takes.
pub(crate) const DAYS: usize = 7;
const HOUR_MS: i64 = 3_600_000;
const MINUTE_MS: i64 = 60_000;

/// What the week brought to somebody.
pub(crate) struct Week {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) phone_number: String,
    pub(crate) invited_by: Option<&'static str>,
    /// Steps that were really made.
    pub(crate) made: u64,
    pub(crate) heard: Heard,
    pub(crate) outcome: Outcome,
}

/// Lets everybody live through the week that begins on a day, and stops the server at the end of it.
pub(crate) async fn play(
    dir: &Path,
    settings: Settings,
    first: Day,
    recordings: Option<&Path>,
    bus: Option<&BusFolder>,
) -> Result<Vec<Week>, Failed> {
    let clock = Arc::new(ManualClock::new(first.start_ms() + 6 * HOUR_MS));
    let sms = Arc::new(MemorySms::default());
    let settings = Settings {
        launch: Some(first),
        ..settings
    };
    let server = start(settings, Arc::clone(&clock) as _, Arc::clone(&sms) as _).await?;
    let people = register(dir, &server, &clock, &sms, bus).await?;
    let people = live(people, &server, &clock, first, recordings).await?;

    // The next day has begun: the last drop is made.
    let end_ms = day_after(first, DAYS).start_ms() + MINUTE_MS;
    clock.set(end_ms);
    let mut weeks = Vec::new();
    let mut invited_by = None;
    for (person, phone_number) in people {
        person.pass_until(end_ms);
        person.wire.cut(false);
        person.sync().await?;
        let (name, about) = (person.part.name, person.part.about);
        let outcome = person.outcome().await?;
        weeks.push(Week {
            name,
            about,
            phone_number,
            invited_by,
            made: person.made,
            heard: person.wire.heard(),
            outcome,
        });
        invited_by = Some(name);
    }
    server.stop().await;
    Ok(weeks)
}

/// Everybody registers with the code of the one before.
async fn register(
    dir: &Path,
    server: &Running,
    clock: &ManualClock,
    sms: &MemorySms,
    bus: Option<&BusFolder>,
) -> Result<Vec<(Person, String)>, Failed> {
    let mut people = Vec::new();
    let mut invite_code: Option<String> = None;
    for (number, part) in (1..).zip(&CAST) {
        clock.advance(MINUTE_MS);
        let address = format!("http://{}", server.address);
        let mut person = Person::new(part, number, dir, address, haigou_store::Clock::now_ms(clock))?;
        if let (true, Some(bus)) = (part.band, bus) {
            person.put_on_a_band(bus).await;
        }
        let phone_number = format!("+8613800138{number:03}");
        let code = async || sms.code_for(&phone_number);
        let profile = person
            .register(&phone_number, code, invite_code.as_deref())
            .await?;
        invite_code = Some(profile.invite_code);
        people.push((person, phone_number));
    }
    Ok(people)
}

/// Everybody lives from day to day, at the same time; in the evening the phones sync, and
/// people shop.
async fn live(
    mut people: Vec<(Person, String)>,
    server: &Running,
    clock: &ManualClock,
    first: Day,
    recordings: Option<&Path>,
) -> Result<Vec<(Person, String)>, Failed> {
    let progress = progress(DAYS * CAST.len())?;
    for day in 0..DAYS {
        let today = day_after(first, day);
        let evening_ms = today.start_ms() + 22 * HOUR_MS + 30 * MINUTE_MS;
        let mut lives = tokio::task::JoinSet::new();
        for (place, (mut person, phone_number)) in people.drain(..).enumerate() {
            let recordings = recordings.map(Path::to_path_buf);
            let progress = progress.clone();
            progress.set_message(today.to_string());
            lives.spawn_blocking(move || {
                let lived = person
                    .live(day, today.start_ms(), recordings.as_deref())
                    .map_err(|e| e.to_string());
                progress.inc(1);
                lived.map(|()| (place, person, phone_number))
            });
        }
        let mut lived = lives
            .join_all()
            .await
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
        lived.sort_by_key(|(place, ..)| *place);
        clock.set(evening_ms);
        for (_, person, _) in &mut lived {
            person.pass_until(evening_ms);
            person.come_home().await?;
            person.wire.cut(person.part.offline.contains(&day));
            person.sync().await?;
        }
        shops::evening(day, server).await?;
        people.extend(
            lived
                .into_iter()
                .map(|(_, person, phone_number)| (person, phone_number)),
        );
    }
    progress.finish_and_clear();
    Ok(people)
}

fn day_after(first: Day, days: usize) -> Day {
    (0..days).fold(first, |day, _| day.next())
}

/// A bar on a terminal, nothing elsewhere.
fn progress(steps: usize) -> Result<ProgressBar, Failed> {
    let style = ProgressStyle::with_template("{bar:40.green} {pos}/{len} person-days  {msg}  {elapsed}")?;
    Ok(ProgressBar::new(u64::try_from(steps)?).with_style(style))
}
