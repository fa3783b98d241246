//! Screens without a network, page by page, with each message once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop where they must not go on"
)]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small figures"
)]

mod common;

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};

use common::server::{Server, pocket_and_server};
use common::{DAY, HOUR, MINUTE, MORNING, Pocket, Switch, sign_in};
use haigou_contract::{Appeal, AppealStatus, Asset, Bucket, Day, DirectMember, Language, Purpose, moment};
use haigou_phone::screens::{About, Direction, Face, Message, MessageKind, Settings, StatementFilter, Theme};
use haigou_phone::{Clock as _, CounterReading, Phone, PhoneError};
use haigou_wearable::{BandId, Host as _, LinkState, Reading, Trouble};

struct Surroundings {
    pocket: Pocket,
    server: Server,
    network: Arc<Switch>,
}

async fn surroundings() -> Surroundings {
    let (mut pocket, server) = pocket_and_server().await;
    let network = Switch::on();
    pocket.transport = Some(network.clone());
    Surroundings {
        pocket,
        server,
        network,
    }
}

const GRANT: (&str, Asset, Bucket, &str) = ("register.member", Asset::HiValue, Bucket::Active, "100.00");
const FREEZE: (&str, Asset, Bucket, &str) = ("steps.ladder", Asset::Challenge, Bucket::Frozen, "-6.00");
const FREE: (&str, Asset, Bucket, &str) = ("steps.ladder", Asset::Challenge, Bucket::Available, "6.00");

fn texts(messages: &[Message]) -> Vec<(&str, Vec<&str>)> {
    messages
        .iter()
        .map(|message| {
            let amounts = message.amounts.iter().map(String::as_str).collect();
            (message.title.as_str(), amounts)
        })
        .collect()
}

#[tokio::test]
async fn a_screen_goes_from_loading_over_shown_to_offline_and_keeps_what_it_knew_over_a_kill() {
    let Surroundings {
        pocket,
        server,
        network,
    } = surroundings().await;
    server.book().own.book(MORNING - HOUR, "registration", &[GRANT]);
    let phone = pocket.open();
    let signed_out = phone.wallet().borrow().clone();
    assert_eq!(signed_out.standing.face, Face::Failed);
    assert_eq!(signed_out.standing.told.unwrap().code, "not_signed_in");
    sign_in(&phone).await;
    assert_eq!(phone.wallet().borrow().standing.face, Face::Loading);

    // Without a network, and nothing known yet: another try is offered.
    network.turn(false);
    let mut watched = phone.wallet();
    watched.mark_unchanged();
    assert_eq!(phone.refresh_wallet().await, Err(PhoneError::Offline));
    assert!(watched.has_changed().unwrap());
    let failed = watched.borrow_and_update().clone();
    assert_eq!(failed.standing.face, Face::Failed);
    assert_eq!(
        failed.standing.told.unwrap().text,
        "Offline, and nothing is known yet. Connect and try again."
    );

    network.turn(true);
    phone.refresh_wallet().await.unwrap();
    let shown = watched.borrow_and_update().clone();
    assert_eq!(
        (&shown.standing.face, &shown.standing.told),
        (&Face::Shown, &None)
    );
    assert_eq!(shown.assets.len(), 1, "the small server knows challenge alone");
    assert_eq!(shown.statement.len(), 1);

    pocket.clock.advance(3 * HOUR);
    network.turn(false);
    phone.refresh_wallet().await.unwrap_err();
    drop(phone);
    // Killed, and opened again in a cellar the day after.
    pocket.clock.advance(DAY);
    let phone = pocket.open();
    phone.refresh_wallet().await.unwrap_err();
    let offline = phone.wallet().borrow().clone();
    assert_eq!(offline.standing.face, Face::Shown);
    assert_eq!(
        offline.standing.told.as_ref().unwrap().text,
        "Offline. Shown as of 2 March, 08:00."
    );
    assert_eq!(offline.standing.as_of.unwrap().age_ms, DAY + 3 * HOUR);
    assert_eq!(offline.statement, shown.statement);
    phone.set_language(Language::Chinese);
    let chinese = phone.wallet().borrow().standing.clone();
    assert_eq!(chinese.told.unwrap().text, "无网络，以下是 3月2日 08:00 的数据。");
}

#[tokio::test]
async fn giving_up_half_way_ends_the_loading() {
    let Surroundings { pocket, .. } = surroundings().await;
    let phone = pocket.open();
    sign_in(&phone).await;
    let mut team = phone.team();
    {
        let mut asking = pin!(phone.refresh_team());
        // Looked at once: it is under way.
        let mut nobody = Context::from_waker(Waker::noop());
        assert!(asking.as_mut().poll(&mut nobody).is_pending());
        assert!(team.borrow_and_update().standing.refreshing);
    }
    assert!(team.has_changed().unwrap());
    assert!(!team.borrow_and_update().standing.refreshing);
}

#[tokio::test]
async fn the_statement_comes_page_by_page_is_chosen_from_and_summed_up() {
    let Surroundings {
        pocket,
        server,
        network,
    } = surroundings().await;
    // 260 journals, one an hour: each unfreezes; every tenth is a grant besides.
    for hour in 0..260_i64 {
        let at_ms = MORNING - (260 - hour) * HOUR;
        let own = &mut server.book().own;
        own.book(at_ms, "steps", &[FREEZE, FREE]);
        if hour % 10 == 0 {
            own.book(at_ms, "registration", &[GRANT]);
        }
    }
    let all = server.book().own.statement.len();
    let phone = pocket.open();
    sign_in(&phone).await;
    let screen = phone.statement_screen();
    phone.refresh_statement().await.unwrap();
    let first = screen.borrow().clone();
    assert_eq!((first.lines.len(), first.more), (50, true));
    assert!(first.totals_complete, "546 lines are six pages");
    let events: Vec<_> = first
        .events
        .iter()
        .map(|event| (event.event.as_str(), event.name.as_str()))
        .collect();
    assert_eq!(
        events,
        [
            ("registration", "Registration reward"),
            ("steps", "Unfrozen by steps")
        ]
    );
    let newest = server.book().own.statement.last().unwrap().line.clone();
    assert_eq!(first.lines[0].line, newest);
    let total = |asset, bucket| {
        let totals = screen.borrow().totals.clone();
        let found = totals
            .into_iter()
            .find(|total| (total.asset, total.bucket) == (asset, bucket));
        found.map(|total| (total.came.to_string(), total.went.to_string()))
    };
    let sums = |came: &str, went: &str| Some((came.to_owned(), went.to_owned()));
    assert_eq!(total(Asset::HiValue, Bucket::Active), sums("2600.00", "0.00"));
    assert_eq!(total(Asset::Challenge, Bucket::Frozen), sums("0.00", "1560.00"));

    // Chosen at once, without a network.
    network.turn(false);
    let today = Day::at(MORNING);
    let grants = StatementFilter {
        asset: Some(Asset::HiValue),
        direction: Some(Direction::Came),
        event: Some("registration".to_owned()),
        from: Some(today.previous()),
        to: Some(today.previous()),
    };
    phone.set_statement_filter(grants).unwrap();
    let chosen = screen.borrow().clone();
    assert_eq!(chosen.lines.len(), 3, "in the hours 230, 240 and 250");
    assert!(
        chosen
            .lines
            .iter()
            .all(|line| Day::at(line.at.timestamp_millis()) == today.previous())
    );
    assert!(!chosen.more && chosen.totals_complete);
    phone
        .set_statement_filter(StatementFilter {
            asset: Some(Asset::Cash),
            ..StatementFilter::default()
        })
        .unwrap();
    let Face::Empty { text } = screen.borrow().standing.face.clone() else {
        panic!("there is no cash");
    };
    assert_eq!(text, "No line fits. Choose another filter.");

    // More and more, to the end.
    phone.set_statement_filter(StatementFilter::default()).unwrap();
    while screen.borrow().more {
        phone.load_more_statement().await.unwrap();
    }
    let lines = screen.borrow().lines.clone();
    assert_eq!(lines.len(), all);
    let expected: Vec<_> = server
        .book()
        .own
        .statement
        .iter()
        .rev()
        .map(|line| line.line.clone())
        .collect();
    assert_eq!(
        lines.iter().map(|line| line.line.clone()).collect::<Vec<_>>(),
        expected
    );

    // One line, with its reason and what was booked with it.
    let explained = phone.explain_line(&lines[0].line).await.unwrap();
    assert_eq!(explained.line.text, "steps.ladder in words");
    assert_eq!(explained.together.len(), 1);
    network.turn(true);
    assert_eq!(phone.explain_line("9.9").await, Err(PhoneError::NoSuchLine));
}

#[tokio::test]
async fn only_what_is_new_is_asked_for_and_a_gap_is_never_papered_over() {
    let Surroundings { pocket, server, .. } = surroundings().await;
    server.book().own.book(MORNING, "registration", &[GRANT]);
    let phone = pocket.open();
    sign_in(&phone).await;
    let screen = phone.statement_screen();
    phone.refresh_statement().await.unwrap();
    for _ in 0..150 {
        server.book().own.book(MORNING, "registration", &[GRANT]);
    }
    let pages = server.book().own.statement_pages;
    phone.refresh_statement().await.unwrap();
    assert_eq!(server.book().own.statement_pages - pages, 2);
    assert!(screen.borrow().totals_complete);
    // More than is asked for in one go: what is older comes when it is scrolled to, and until then the sums say so.
    for _ in 0..1_200 {
        server.book().own.book(MORNING, "registration", &[GRANT]);
    }
    phone.refresh_statement().await.unwrap();
    assert!(screen.borrow().more && !screen.borrow().totals_complete);
    while screen.borrow().more {
        phone.load_more_statement().await.unwrap();
    }
    assert_eq!(screen.borrow().lines.len(), 1_351);
    assert!(screen.borrow().totals_complete);
    assert_eq!(screen.borrow().totals[0].came.to_string(), "135100.00");
    // In another language the reasons are asked for anew.
    phone.set_language(Language::Chinese);
    phone.refresh_statement().await.unwrap();
    assert_eq!(screen.borrow().lines[0].text, "register.member的说明");
}

#[tokio::test]
async fn every_message_is_made_once_and_stays_read() {
    let Surroundings { pocket, server, .. } = surroundings().await;
    {
        let own = &mut server.book().own;
        own.rules_version = 1;
        own.book(MORNING - 40 * DAY, "opening", &[GRANT]);
        own.book(MORNING - 3 * DAY, "registration", &[GRANT]);
        own.drop(Day::at(MORNING).previous(), "4.98000000");
    }
    let phone = pocket.open();
    sign_in(&phone).await;
    phone.refresh_messages().await.unwrap();
    let screen = phone.messages();
    let seen = screen.borrow().clone();
    assert_eq!(
        texts(&seen.messages),
        [
            ("Version 1 of the rules is in force", vec![]),
            ("Airdrop of 1 March", vec![]),
            ("Registration reward", vec!["+100.00 Hi-Value"]),
        ],
        "what is older than a month is no news"
    );
    assert_eq!(
        seen.unread, 2,
        "what happened before the phone knew the member is read"
    );
    assert_eq!(
        seen.messages[1].text,
        "Your share: 4.98000000 Hi-Shell (own active Hi-Value 1,000.00 of 100,000.00 in the network)."
    );

    // Steps that weren't counted, an unfreezing, and an appeal that was granted.
    server.book().own.book(MORNING, "steps", &[FREEZE, FREE]);
    server.book().own.appeals.push(Appeal {
        appeal: "a1".to_owned(),
        day: Day::at(MORNING),
        activity: None,
        text: "It was me".to_owned(),
        at: moment(MORNING),
        status: AppealStatus::Open,
    });
    walk_what_was_reported_before(&phone, &pocket, &server).await;
    phone.refresh_messages().await.unwrap();
    server.book().own.appeals[0].status = AppealStatus::Granted;
    phone.refresh_messages().await.unwrap();
    let seen = screen.borrow().clone();
    let mut kinds: Vec<_> = seen.messages.iter().map(|message| message.kind).collect();
    kinds.sort_by_key(|kind| format!("{kind:?}"));
    assert_eq!(
        kinds,
        [
            MessageKind::Airdrop,
            MessageKind::Appeal,
            MessageKind::Reward,
            MessageKind::Reward,
            MessageKind::Rules,
            MessageKind::Steps,
        ]
    );
    let steps = seen
        .messages
        .iter()
        .find(|m| m.kind == MessageKind::Steps)
        .unwrap();
    assert_eq!(steps.title, "100 steps were not counted");
    assert_eq!(
        steps.text,
        "2 March, 08:00–08:01: this time was already reported by this or another device; each minute counts once. You can appeal."
    );
    assert_eq!(steps.about, About::Steps(Day::at(MORNING)));
    let unfrozen = seen
        .messages
        .iter()
        .find(|message| message.title == "Unfrozen by steps")
        .unwrap();
    assert_eq!(unfrozen.amounts, ["6.00 challenge unfrozen"]);

    // Read one, then all; asked again, killed, opened: nothing comes twice, and what was read stays so.
    phone.read_message(steps.id).unwrap();
    assert_eq!(screen.borrow().unread, seen.unread - 1);
    assert_eq!(phone.me().borrow().unread, seen.unread - 1);
    phone.read_all_messages().unwrap();
    drop(screen);
    drop(phone);
    let phone = pocket.open();
    phone.refresh_messages().await.unwrap();
    phone.sync_now().await.unwrap();
    let again = phone.messages().borrow().clone();
    assert_eq!((again.messages.len(), again.unread), (seen.messages.len(), 0));
    phone.set_language(Language::Chinese);
    let chinese = phone.messages().borrow().messages.clone();
    assert!(chinese.iter().any(|message| message.title == "100 步未计入"));
}

/// A minute that another device had reported.
async fn walk_what_was_reported_before(phone: &Arc<Phone>, pocket: &Pocket, server: &Server) {
    let read = |raw| {
        phone
            .feed_counter_reading(CounterReading {
                boot_id: pocket.clock.boot_id(),
                raw,
                mono_ms: pocket.clock.mono_ms(),
            })
            .unwrap();
    };
    read(0);
    pocket.clock.advance(MINUTE);
    read(100);
    pocket.clock.advance(5 * MINUTE);
    server.report_elsewhere(haigou_contract::Minute::at(MORNING));
    let report = phone.sync_now().await.unwrap();
    assert_eq!((report.left, &report.stopped), (0, &None), "{report:?}");
}

#[tokio::test]
async fn a_version_of_the_rules_is_accepted_once_and_the_next_one_asks_again() {
    let Surroundings { pocket, server, .. } = surroundings().await;
    server.book().own.rules_version = 3;
    let phone = pocket.open();
    sign_in(&phone).await;
    phone.refresh_rules().await.unwrap();
    let rules = phone.rules();
    assert!(!rules.borrow().accepted);
    assert_eq!(
        rules.borrow().acceptance,
        "Version 3 of the rules is in force. Read and accept it."
    );
    assert_eq!(phone.messages().borrow().unread, 1);
    phone.accept_rules(3).await.unwrap();
    assert_eq!(
        rules.borrow().acceptance,
        "You accepted version 3 of the rules on 2 March."
    );
    assert_eq!(phone.messages().borrow().unread, 0);
    phone.refresh_consents().await.unwrap();
    let consents = phone.consents_screen().borrow().clone();
    assert_eq!((consents.now.len(), consents.now[0].purpose), (1, Purpose::Rules));
    server.book().own.rules_version = 4;
    phone.refresh_rules().await.unwrap();
    assert!(!rules.borrow().accepted);
    assert_eq!(rules.borrow().history.len(), 1);
    assert_eq!(phone.messages().borrow().unread, 1);
}

#[tokio::test]
async fn team_me_and_devices_show_what_the_server_said_last() {
    let Surroundings {
        pocket,
        server,
        network,
    } = surroundings().await;
    let phone = pocket.open();
    sign_in(&phone).await;
    phone.refresh_team().await.unwrap();
    let team = phone.team();
    let Face::Empty { text } = team.borrow().standing.face.clone() else {
        panic!("nobody is there yet");
    };
    assert_eq!(text, "Nobody has registered with your code yet.");
    for hour in 0..120 {
        server.book().own.direct.push(DirectMember {
            phone: Some(format!("+86138****{hour:04}")),
            tier: None,
            registered_at: moment(MORNING + hour * HOUR),
        });
    }
    phone.refresh_team().await.unwrap();
    assert_eq!((team.borrow().direct.len(), team.borrow().more), (50, true));
    phone.load_more_team().await.unwrap();
    phone.load_more_team().await.unwrap();
    let shown = team.borrow().clone();
    assert_eq!((shown.direct.len(), shown.more), (120, false));
    assert!(
        shown
            .direct
            .is_sorted_by(|a, b| a.registered_at > b.registered_at)
    );
    assert_eq!(
        (shown.tier.as_str(), shown.next_tier.as_deref()),
        ("Junior partner", Some("Middle partner"))
    );
    phone.load_more_team().await.unwrap();
    assert_eq!(team.borrow().direct.len(), 120);

    phone.refresh_me().await.unwrap();
    phone.refresh_devices().await.unwrap();
    assert_eq!(
        server.book().own.language,
        Language::English,
        "the server learns the language"
    );
    network.turn(false);
    drop((phone, team));
    let phone = pocket.open();
    let me = phone.me().borrow().clone();
    assert_eq!(me.profile.unwrap().phone, "+86138****8000");
    assert_eq!(me.missing.len(), 1);
    let invite = me.invite.unwrap();
    assert_eq!(invite.deep_link, "haigou://invite/ABCD2345");
    assert_eq!(invite.link, format!("{}/invite/ABCD2345", server.url));
    assert!(invite.text.contains("ABCD2345") && invite.text.contains(&invite.link));
    assert_eq!(phone.devices_screen().borrow().devices[0].device, "here");
    assert_eq!(phone.team().borrow().direct.len(), 120);
}

#[tokio::test]
async fn settings_stay_on_the_phone_whoever_signs_in() {
    let Surroundings { pocket, .. } = surroundings().await;
    let phone = pocket.open();
    assert_eq!(*phone.settings().borrow(), Settings::default());
    assert!(
        !phone.settings().borrow().route_upload,
        "routes are private at first"
    );
    let watched = phone.settings();
    let chosen = Settings {
        language: Some(Language::Chinese),
        theme: Theme::Dark,
        speech: true,
        route_upload: true,
    };
    phone.set_settings(chosen).unwrap();
    assert_eq!(*watched.borrow(), chosen);
    sign_in(&phone).await;
    phone.sign_out().await.unwrap();
    drop((phone, watched));
    let phone = pocket.open();
    assert_eq!(*phone.settings().borrow(), chosen);
    assert_eq!(phone.language(), Language::Chinese);
    phone
        .set_settings(Settings {
            language: None,
            ..chosen
        })
        .unwrap();
    assert_eq!(phone.language(), Language::English, "as the system has it");
}

#[tokio::test]
async fn what_one_member_sees_is_nothing_to_the_next() {
    let Surroundings { pocket, server, .. } = surroundings().await;
    server.book().own.book(MORNING, "registration", &[GRANT]);
    let phone = pocket.open();
    sign_in(&phone).await;
    phone.refresh_messages().await.unwrap();
    phone.refresh_me().await.unwrap();
    assert!(!phone.messages().borrow().messages.is_empty());
    phone.sign_out().await.unwrap();
    assert!(phone.messages().borrow().messages.is_empty());
    assert!(phone.statement_screen().borrow().lines.is_empty());
    assert_eq!(phone.me().borrow().profile, None);
    let told = phone.me().borrow().standing.told.clone();
    assert_eq!(told.unwrap().text, "Sign in first.");
}

#[test]
fn a_band_that_is_given_up_or_nearly_empty_is_told_once_a_day() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    let band = BandId("aa".to_owned());
    phone.add_band(band.clone(), "huami", "Mine").unwrap();
    let radio = phone.band_host();
    let battery = |percent| Reading::Battery {
        percent,
        charging: None,
    };
    let stopped = LinkState::Stopped {
        trouble: Trouble::KeyWrong,
    };
    for _ in 0..3 {
        radio.heard(&band, battery(16));
        radio.heard(&band, battery(15));
        radio.heard(&band, battery(14));
        radio.stands(&band, LinkState::Connecting);
        radio.stands(&band, stopped);
    }
    let seen = phone.messages().borrow().clone();
    let mut told: Vec<_> = seen
        .messages
        .iter()
        .map(|message| (message.title.as_str(), message.text.as_str()))
        .collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            ("The band “Mine” is nearly empty", "15 % are left. Charge it."),
            (
                "The band “Mine” isn't connected any more",
                "The band's key is wrong. Check it and enter it again."
            ),
        ]
    );
    pocket.clock.advance(DAY);
    radio.stands(&band, LinkState::Connecting);
    radio.stands(&band, stopped);
    assert_eq!(phone.messages().borrow().unread, 3);
}

#[test]
fn a_notice_of_the_phone_is_a_message_too_without_anybody_signed_in() {
    let pocket = Pocket::offline();
    std::fs::write(pocket.file(), "no database at all ".repeat(1_000)).unwrap();
    let phone = pocket.open();
    let seen = phone.messages().borrow().clone();
    assert_eq!((seen.messages.len(), seen.unread), (1, 1));
    assert_eq!(seen.messages[0].kind, MessageKind::Notice);
    assert!(
        seen.messages[0]
            .text
            .starts_with("The data on this phone was damaged.")
    );
    // The notice goes; the message stays, and doesn't come again.
    let notice = phone.status().borrow().notices[0].id;
    phone.dismiss_notice(notice).unwrap();
    phone.read_all_messages().unwrap();
    drop(phone);
    let phone = pocket.open();
    let seen = phone.messages().borrow().clone();
    assert_eq!((seen.messages.len(), seen.unread), (1, 0));
}
