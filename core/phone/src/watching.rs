//! The screens that are made only while somebody watches them: those of the tabs Wallet and Me. The current value is there
//! first, then each change.

use tokio::sync::watch;

use crate::activity::Now;
use crate::core::Core;
use crate::screens::{
    AirdropScreen, ConsentsScreen, DevicesScreen, Look, MeScreen, MessagesScreen, RulesScreen, Settings,
    StatementScreen, TeamScreen, WalletScreen, show,
};
use crate::{Phone, PhoneError};

impl Phone {
    /// What the member owns, what changed today, and what waits.
    #[must_use]
    pub fn wallet(&self) -> watch::Receiver<WalletScreen> {
        self.watch(&self.screens.wallet, WalletScreen::of)
    }

    /// The statement, as [`Phone::set_statement_filter`] has chosen.
    #[must_use]
    pub fn statement_screen(&self) -> watch::Receiver<StatementScreen> {
        self.watch(&self.screens.statement, StatementScreen::of)
    }

    /// The airdrop, day by day.
    #[must_use]
    pub fn airdrop(&self) -> watch::Receiver<AirdropScreen> {
        self.watch(&self.screens.airdrop, AirdropScreen::of)
    }

    /// The rules in plain words, and which version was accepted.
    #[must_use]
    pub fn rules(&self) -> watch::Receiver<RulesScreen> {
        self.watch(&self.screens.rules, RulesScreen::of)
    }

    /// The team, the direct list and the next tier.
    #[must_use]
    pub fn team(&self) -> watch::Receiver<TeamScreen> {
        self.watch(&self.screens.team, TeamScreen::of)
    }

    /// The member: profile, tier, invitation, unread messages.
    #[must_use]
    pub fn me(&self) -> watch::Receiver<MeScreen> {
        self.watch(&self.screens.me, |look| self.me_screen(look))
    }

    /// The devices that the member signed in with.
    #[must_use]
    pub fn devices_screen(&self) -> watch::Receiver<DevicesScreen> {
        self.watch(&self.screens.devices, DevicesScreen::of)
    }

    /// What the member agreed to.
    #[must_use]
    pub fn consents_screen(&self) -> watch::Receiver<ConsentsScreen> {
        self.watch(&self.screens.consents, ConsentsScreen::of)
    }

    /// The messages.
    #[must_use]
    pub fn messages(&self) -> watch::Receiver<MessagesScreen> {
        self.watch(&self.screens.messages, MessagesScreen::of)
    }

    /// The settings of this phone.
    #[must_use]
    pub fn settings(&self) -> watch::Receiver<Settings> {
        self.watch(&self.screens.settings, settings)
    }

    /// Shows the screens anew that are being watched.
    pub(crate) fn show_watched(&self, core: &Core, now: Now) {
        let look = self.look(core, now);
        let screens = &self.screens;
        show_if_watched(&screens.wallet, &look, WalletScreen::of);
        show_if_watched(&screens.statement, &look, StatementScreen::of);
        show_if_watched(&screens.airdrop, &look, AirdropScreen::of);
        show_if_watched(&screens.rules, &look, RulesScreen::of);
        show_if_watched(&screens.team, &look, TeamScreen::of);
        show_if_watched(&screens.me, &look, |look| self.me_screen(look));
        show_if_watched(&screens.devices, &look, DevicesScreen::of);
        show_if_watched(&screens.consents, &look, ConsentsScreen::of);
        show_if_watched(&screens.messages, &look, MessagesScreen::of);
        show_if_watched(&screens.settings, &look, settings);
    }

    fn me_screen(&self, look: &Look<'_>) -> Result<MeScreen, PhoneError> {
        MeScreen::of(look, &self.options.server_url)
    }

    pub(crate) fn look<'c>(&self, core: &'c Core, now: Now) -> Look<'c> {
        let language = self.api.language();
        Look { core, now, language }
    }

    /// Makes the screen as it is now, and lets it be watched.
    fn watch<T: PartialEq>(
        &self,
        screen: &watch::Sender<T>,
        make: impl FnOnce(&Look<'_>) -> Result<T, PhoneError>,
    ) -> watch::Receiver<T> {
        // Under the lock, so that no change is missed in between.
        let watched = self.with(|core, now| {
            make_anew(screen, &self.look(core, now), make);
            screen.subscribe()
        });
        watched.unwrap_or_else(|_| screen.subscribe())
    }
}

fn show_if_watched<T: PartialEq>(
    screen: &watch::Sender<T>,
    look: &Look<'_>,
    make: impl FnOnce(&Look<'_>) -> Result<T, PhoneError>,
) {
    if screen.receiver_count() > 0 {
        make_anew(screen, look, make);
    }
}

fn make_anew<T: PartialEq>(
    screen: &watch::Sender<T>,
    look: &Look<'_>,
    make: impl FnOnce(&Look<'_>) -> Result<T, PhoneError>,
) {
    match make(look) {
        Ok(fresh) => show(screen, fresh),
        Err(error) => tracing::warn!(%error, "a screen can't be read"),
    }
}

fn settings(look: &Look<'_>) -> Result<Settings, PhoneError> {
    Ok(look.core.settings)
}
