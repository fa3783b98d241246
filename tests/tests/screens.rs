//! Team and messages on the phone, with the real server: who came, what it brought, what a day dropped, what didn't count.

use haigou_contract::{Asset, Language, PartnerTier};
use haigou_phone::Clock as _;
use haigou_phone::screens::{About, Face, MessageKind};
use haigou_tests::{DAY, HOUR, MIDNIGHT, MINUTE, Pocket, Server, number_of};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

#[test]
fn a_sponsor_sees_who_came_and_what_the_next_tier_takes_online_and_off() {
    const FRIENDS: u32 = 55;
    let server = Server::start_at(MIDNIGHT + 6 * HOUR);
    let mut amy = Pocket::new(MIDNIGHT + 6 * HOUR, &server.url());
    runtime().block_on(async {
        amy.sign_in(&server, &number_of(1), None).await;
        amy.app().refresh_me().await.unwrap();
        let code = amy.app().me().borrow().invite.clone().unwrap().code;
        for friend in 0..FRIENDS {
            let pocket = Pocket::new(MIDNIGHT + 6 * HOUR, &server.url());
            pocket
                .sign_in(&server, &number_of(100 + friend), Some(&code))
                .await;
        }
        amy.app().refresh_team().await.unwrap();
        let screen = amy.app().team();
        let team = screen.borrow().team.clone().unwrap();
        let friends = u64::from(FRIENDS);
        assert_eq!(
            (team.direct, team.direct_active, team.team),
            (friends, friends, friends)
        );
        assert_eq!((screen.borrow().direct.len(), screen.borrow().more), (50, true));
        amy.app().load_more_team().await.unwrap();
        let direct = screen.borrow().direct.clone();
        assert_eq!((direct.len(), screen.borrow().more), (55, false));
        let newest = direct[0].phone.clone().unwrap();
        assert!(
            newest.starts_with("+86139****") && newest.ends_with("0154"),
            "{newest}"
        );
        let next = team.next.clone().unwrap();
        assert_eq!(
            next.tier,
            PartnerTier::ALL[team.tier.map_or(0, |tier| tier as usize + 1)]
        );
        assert_eq!(
            next.missing.is_empty(),
            next.conditions.iter().all(|c| c.missing == 0)
        );

        // In the cellar, after a kill: the same, and how old it is.
        drop(screen);
        server.kill();
        amy.clock.advance(2 * HOUR);
        amy.kill_and_open().await;
        amy.app().refresh_team().await.unwrap_err();
        let shown = amy.app().team().borrow().clone();
        assert_eq!((shown.direct.len(), &shown.standing.face), (55, &Face::Shown));
        assert_eq!(shown.standing.told.unwrap().text, "Offline. Shown as of 06:00.");
    });
}

#[test]
fn what_happens_at_the_server_becomes_messages_once() {
    let server = Server::start_at(MIDNIGHT + 6 * HOUR);
    let mut amy = Pocket::new(MIDNIGHT + 6 * HOUR, &server.url());
    runtime().block_on(async {
        amy.sign_in(&server, &number_of(1), None).await;
        amy.app().refresh_messages().await.unwrap();
        let kinds = |amy: &Pocket| {
            let screen = amy.app().messages();
            let seen = screen.borrow();
            seen.messages
                .iter()
                .map(|message| message.kind)
                .collect::<Vec<_>>()
        };
        let mut first = kinds(&amy);
        first.sort_by_key(|kind| format!("{kind:?}"));
        assert_eq!(first, [MessageKind::Reward, MessageKind::Rules]);
        amy.app().read_all_messages().unwrap();

        // A friend registers; she walks; a day passes.
        let code = amy.app().profile().await.unwrap().invite_code;
        let bob = Pocket::new(MIDNIGHT + 6 * HOUR, &server.url());
        bob.sign_in(&server, &number_of(2), Some(&code)).await;
        amy.read_counter(0);
        amy.clock.advance(HOUR);
        amy.read_counter(3_500);
        amy.clock.advance(3 * MINUTE);
        server.set_clock(amy.clock.wall_ms());
        amy.sync().await;
        amy.clock.advance(DAY);
        server.set_clock(amy.clock.wall_ms());
        amy.app().refresh_messages().await.unwrap();
        let screen = amy.app().messages();
        let seen = screen.borrow().clone();
        let titles: Vec<&str> = seen
            .messages
            .iter()
            .map(|message| message.title.as_str())
            .collect();
        let new: Vec<&str> = seen
            .messages
            .iter()
            .filter(|message| !message.read)
            .map(|message| message.title.as_str())
            .collect();
        assert_eq!(new.len(), 3, "{titles:?}");
        for expected in ["Unfrozen by steps", "Registration reward"] {
            assert!(new.contains(&expected), "{titles:?}");
        }
        assert!(
            new.iter().any(|title| title.starts_with("Airdrop of ")),
            "{titles:?}"
        );
        assert_eq!(seen.unread, 3);

        // Each amount of a message opens into its reason.
        let reward = seen
            .messages
            .iter()
            .find(|message| {
                !message.read && message.kind == MessageKind::Reward && !message.amounts.is_empty()
            })
            .unwrap();
        let About::Journal(journal) = reward.about else {
            panic!("a reward opens a journal: {reward:?}");
        };
        let line = amy
            .app()
            .statement_screen()
            .borrow()
            .lines
            .iter()
            .find(|line| line.journal == journal)
            .unwrap()
            .line
            .clone();
        let explained = amy.app().explain_line(&line).await.unwrap();
        assert!(!explained.line.text.is_empty() && explained.line.rulebook.version == 1);

        // Today's changes on the wallet are those of today alone: the shares of yesterday's drop were booked now.
        let wallet = amy.app().wallet().borrow().clone();
        let shells = wallet
            .assets
            .iter()
            .find(|line| line.asset == Asset::HiShell)
            .unwrap();
        assert!(!shells.came_today.is_zero() && shells.went_today.is_zero());
        let value = wallet
            .assets
            .iter()
            .find(|line| line.asset == Asset::HiValue)
            .unwrap();
        assert!(value.came_today.is_zero());

        // Killed, asked again, in another language: nothing comes twice.
        let count = seen.messages.len();
        drop(screen);
        amy.kill_and_open().await;
        amy.app().set_language(Language::Chinese);
        amy.app().refresh_messages().await.unwrap();
        let again = amy.app().messages().borrow().clone();
        assert_eq!((again.messages.len(), again.unread), (count, 3));
        assert!(again.messages.iter().any(|message| message.title == "运动解冻"));

        // The rules are accepted once.
        amy.app().accept_rules(1).await.unwrap();
        amy.app().refresh_rules().await.unwrap();
        assert!(amy.app().rules().borrow().accepted);
        assert_eq!(amy.app().messages().borrow().unread, 3);
    });
}
