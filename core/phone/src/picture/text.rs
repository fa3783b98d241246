//! Text as outlines.

use tiny_skia::{Path, PathBuilder};
use ttf_parser::{Face, OutlineBuilder};

use crate::PhoneError;

static REGULAR: &[u8] = include_bytes!("../../fonts/share-regular.otf");
static BOLD: &[u8] = include_bytes!("../../fonts/share-bold.otf");

/// The two weights.
pub(super) struct Fonts {
    pub(super) regular: Font,
    pub(super) bold: Font,
}

/// A font of the picture.
pub(super) struct Font(Face<'static>);

impl Fonts {
    pub(super) fn load() -> Result<Self, PhoneError> {
        let parse = |bytes| {
            Face::parse(bytes, 0)
                .map(Font)
                .map_err(|error| PhoneError::PictureFailed {
                    cause: error.to_string(),
                })
        };
        Ok(Self {
            regular: parse(REGULAR)?,
            bold: parse(BOLD)?,
        })
    }
}

impl Font {
    /// How wide a text of this size is, in pixels.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|letter| self.advance(letter)).sum::<f32>() * self.scale(size)
    }

    /// The outline of a text whose base line begins at a point.
    pub(super) fn outline(&self, text: &str, size: f32, (x, y): (f32, f32)) -> Option<Path> {
        let mut pen = Pen {
            path: PathBuilder::new(),
            scale: self.scale(size),
            x,
            y,
        };
        for letter in text.chars() {
            if let Some(glyph) = self.0.glyph_index(letter) {
                // A blank has no outline.
                let _ = self.0.outline_glyph(glyph, &mut pen);
            }
            pen.x += self.advance(letter) * pen.scale;
        }
        pen.path.finish()
    }

    /// Whether it has a character.
    #[cfg(test)]
    pub(super) fn has(&self, letter: char) -> bool {
        self.0.glyph_index(letter).is_some()
    }

    fn scale(&self, size: f32) -> f32 {
        size / f32::from(self.0.units_per_em().max(1))
    }

    fn advance(&self, letter: char) -> f32 {
        let glyph = self.0.glyph_index(letter).unwrap_or_default();
        f32::from(self.0.glyph_hor_advance(glyph).unwrap_or(0))
    }
}

/// Draws a glyph where it stands.
struct Pen {
    path: PathBuilder,
    scale: f32,
    x: f32,
    y: f32,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
