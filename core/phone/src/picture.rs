//! A picture of a record to share: the way as a line, and the figures. No map, and nothing that isn't so.

mod canvas;
mod layout;
mod text;
mod way;
mod words;

use haigou_contract::{ActivityKind, ActivitySummary};
use haigou_route::Fix;
use uuid::Uuid;

use crate::core::Core;
use crate::{Phone, PhoneError};

/// What a share picture looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureOptions {
    /// Its shape.
    pub shape: PictureShape,
    /// On a dark ground.
    pub dark: bool,
    /// What lies within 200 m of the start and of the end isn't drawn, whenever it was passed: so nobody sees where somebody
    /// lives.
    pub hide_ends: bool,
}

impl Default for PictureOptions {
    /// Square, light, with the ends hidden.
    fn default() -> Self {
        Self {
            shape: PictureShape::Square,
            dark: false,
            hide_ends: true,
        }
    }
}

/// The shape of a share picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PictureShape {
    /// 1,080 by 1,080 pixels.
    Square,
    /// 1,080 by 1,920 pixels, as a phone's screen.
    Tall,
}

impl PictureShape {
    const fn size(self) -> (u32, u32) {
        match self {
            Self::Square => (1_080, 1_080),
            Self::Tall => (1_080, 1_920),
        }
    }
}

impl Phone {
    /// A PNG picture of a record of this phone, in the app's language.
    ///
    /// # Errors
    /// [`PhoneError::NoSuchRecord`], [`PhoneError::PictureFailed`].
    pub fn share_picture(&self, id: Uuid, options: PictureOptions) -> Result<Vec<u8>, PhoneError> {
        let language = self.api.language();
        let record = self.with(|core, _| core.shared(id))??;
        // Outside of the lock: recording goes on.
        layout::draw(&record, options, language)
    }
}

/// What of a record the picture tells.
#[derive(Debug, Clone, PartialEq)]
struct Shared {
    kind: ActivityKind,
    started_ms: i64,
    active_ms: i64,
    distance_m: f64,
    estimated: bool,
    steps: u32,
    ascent_m: f64,
    imported: bool,
    /// Latitude and longitude, one piece between pauses each.
    way: Vec<Vec<(f64, f64)>>,
}

impl Core {
    fn shared(&self, id: Uuid) -> Result<Shared, PhoneError> {
        let stored = self.stored_activity(id)?;
        let activity = stored.activity;
        let summary: ActivitySummary = stored
            .summary
            .unwrap_or_else(|| activity.summary(activity.steps()));
        let place = |fix: &Fix| (fix.lat, fix.lon);
        let segments = activity.segments(self.positions(id)?);
        Ok(Shared {
            kind: summary.kind,
            started_ms: summary.started_ms,
            active_ms: summary.active_ms,
            distance_m: summary.distance_m,
            estimated: summary.estimated,
            steps: summary.steps,
            ascent_m: summary.ascent_m,
            imported: activity.imported,
            way: segments
                .iter()
                .map(|segment| segment.iter().map(place).collect())
                .collect(),
        })
    }
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
