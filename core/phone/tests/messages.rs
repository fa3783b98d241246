//! Messages: each is made once, in the language of the moment, and stays read.
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

use std::sync::Arc;

use common::own::{FREE, FREEZE, GRANT};
use common::server::{Server, pocket_and_server};
use common::{DAY, MINUTE, MORNING, Pocket, sign_in};
use haigou_contract::{Appeal, AppealStatus, Day, Language, moment};
use haigou_phone::screens::{About, Message, MessageKind};
use haigou_phone::{Clock as _, CounterReading, Phone};
use haigou_wearable::{BandId, Host as _, LinkState, Reading, Trouble};

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
async fn every_message_is_made_once_and_stays_read() {
    let (pocket, server) = pocket_and_server().await;
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
