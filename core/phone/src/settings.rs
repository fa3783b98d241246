//! The settings' actions.

use haigou_contract::Language;

use crate::core::SETTINGS;
use crate::screens::Settings;
use crate::store::Lasting;
use crate::{Phone, PhoneError};

impl Phone {
    /// Changes the settings of this phone, and keeps them.
    ///
    /// # Errors
    /// Those of the store; nothing was changed then.
    pub fn set_settings(&self, settings: Settings) -> Result<(), PhoneError> {
        self.with(|core, _| {
            core.store
                .write(Lasting::Process, |tx| tx.set_state(SETTINGS, &settings))?;
            core.settings = settings;
            Ok::<_, PhoneError>(())
        })??;
        self.api
            .set_language(settings.language.unwrap_or(self.options.language));
        self.show_all();
        Ok(())
    }

    /// The language of texts from now on; it is kept as a setting.
    pub fn set_language(&self, language: Language) {
        let change = |core: &mut crate::core::Core, _| Settings {
            language: Some(language),
            ..core.settings
        };
        let kept = self.with(change).and_then(|settings| self.set_settings(settings));
        if let Err(error) = kept {
            // The screens speak it all the same; the next start of the app won't.
            tracing::warn!(%error, "the language can't be kept");
            self.api.set_language(language);
            self.show_all();
        }
    }
}
