//! Asking the server for a screen: that it is being asked, and why it failed, stands on the screen itself.

use std::collections::BTreeMap;

use crate::screens::Ask;
use crate::{Phone, PhoneError};

/// Where asking stands, by the name that a screen is asked for under.
pub(crate) type Asks = BTreeMap<&'static str, Ask>;

impl Phone {
    /// Asks for a screen. `what` is told whose screen it is: should somebody else be signed in when the answer is there,
    /// it isn't kept.
    pub(crate) async fn asking<T>(
        &self,
        name: &'static str,
        what: impl AsyncFnOnce(&str) -> Result<T, PhoneError>,
    ) -> Result<T, PhoneError> {
        let owner = self.with(|core, _| {
            let ask = core.asks.entry(name).or_default();
            ask.under_way = ask.under_way.saturating_add(1);
            core.owner.clone()
        })?;
        let asking = Asking { phone: self, name };
        self.show_all();
        let answer = what(&owner).await;
        let failed = answer.as_ref().err().cloned();
        self.with(|core, _| core.asks.entry(name).or_default().failed = failed)?;
        drop(asking);
        answer
    }

    /// Somebody signed in or out: what failed before is none of his business.
    pub(crate) fn forget_failures(&self) {
        let _ = self.with(|core, _| core.asks.values_mut().for_each(|ask| ask.failed = None));
    }
}

/// Asking goes on as long as this lives: a caller who gives up ends it too.
struct Asking<'p> {
    phone: &'p Phone,
    name: &'static str,
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        let _ = self.phone.with(|core, _| {
            if let Some(ask) = core.asks.get_mut(self.name) {
                ask.under_way = ask.under_way.saturating_sub(1);
            }
        });
        self.phone.show_all();
    }
}
