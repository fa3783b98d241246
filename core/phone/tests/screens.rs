//! Screens without a network, and page by page.
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

use common::own::{FREE, FREEZE, GRANT};
use common::server::{Server, pocket_and_server};
use common::{DAY, HOUR, MORNING, Pocket, Switch, sign_in};
use haigou_contract::{Asset, Bucket, Day, DirectMember, Language, Purpose, moment};
use haigou_phone::PhoneError;
use haigou_phone::screens::{Direction, Face, Settings, StatementFilter, Theme};

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
