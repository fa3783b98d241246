//! What everything on the picture is drawn with.

use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform,
};

use super::text::Font;
use crate::PhoneError;

/// The app's colours, by role.
#[derive(Debug, Clone, Copy)]
pub(super) struct Colours {
    pub(super) ground: Color,
    pub(super) card: Color,
    pub(super) ink: Color,
    /// For what is beside the point; its contrast to ground and card is 4.5:1 and more.
    pub(super) quiet: Color,
    pub(super) green: Color,
    pub(super) hairline: Color,
}

impl Colours {
    pub(super) fn of(dark: bool) -> Self {
        let rgb = |r, g, b| Color::from_rgba8(r, g, b, 255);
        if dark {
            Self {
                ground: rgb(0x0e, 0x14, 0x12),
                card: rgb(0x18, 0x20, 0x1d),
                ink: rgb(0xf1, 0xf5, 0xf3),
                quiet: rgb(0x9b, 0xa9, 0xa3),
                green: rgb(0x3d, 0xdc, 0x97),
                hairline: rgb(0x2b, 0x36, 0x32),
            }
        } else {
            Self {
                ground: rgb(0xf2, 0xf5, 0xf3),
                card: rgb(0xff, 0xff, 0xff),
                ink: rgb(0x12, 0x1c, 0x18),
                quiet: rgb(0x5b, 0x69, 0x63),
                green: rgb(0x0a, 0x8f, 0x5b),
                hairline: rgb(0xdc, 0xe4, 0xe0),
            }
        }
    }
}

/// See the module.
pub(super) struct Canvas {
    pixels: Pixmap,
}

impl Canvas {
    pub(super) fn new((width, height): (u32, u32), ground: Color) -> Result<Self, PhoneError> {
        let mut pixels = Pixmap::new(width, height).ok_or_else(|| failed("it has no size"))?;
        pixels.fill(ground);
        Ok(Self { pixels })
    }

    pub(super) fn png(&self) -> Result<Vec<u8>, PhoneError> {
        self.pixels.encode_png().map_err(failed)
    }

    pub(super) fn fill(&mut self, path: Option<Path>, colour: Color) {
        if let Some(path) = path {
            self.pixels.fill_path(
                &path,
                &paint(colour),
                FillRule::Winding,
                Transform::identity(),
                None,
            );
        }
    }

    pub(super) fn stroke(&mut self, path: Option<&Path>, width: f32, colour: Color) {
        let stroke = Stroke {
            width,
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            ..Stroke::default()
        };
        if let Some(path) = path {
            self.pixels
                .stroke_path(path, &paint(colour), &stroke, Transform::identity(), None);
        }
    }

    pub(super) fn disc(&mut self, (x, y): (f32, f32), radius: f32, colour: Color) {
        self.fill(PathBuilder::from_circle(x, y, radius), colour);
    }

    pub(super) fn card(&mut self, area: Rect, radius: f32, colour: Color) {
        self.fill(rounded(area, radius), colour);
    }

    /// A text from a point of its base line on. The answer: where it ends.
    pub(super) fn text(&mut self, font: &Font, text: &str, size: f32, at: (f32, f32), colour: Color) -> f32 {
        self.fill(font.outline(text, size, at), colour);
        at.0 + font.width(text, size)
    }
}

fn paint(colour: Color) -> Paint<'static> {
    let mut paint = Paint {
        anti_alias: true,
        ..Paint::default()
    };
    paint.set_color(colour);
    paint
}

/// How far the handles of a quarter of a circle are from its ends, in radii.
const ARC: f32 = 0.552_285;

fn rounded(area: Rect, radius: f32) -> Option<Path> {
    let (left, top, right, bottom) = (area.left(), area.top(), area.right(), area.bottom());
    let handle = radius * (1.0 - ARC);
    let mut path = PathBuilder::new();
    path.move_to(left + radius, top);
    path.line_to(right - radius, top);
    path.cubic_to(right - handle, top, right, top + handle, right, top + radius);
    path.line_to(right, bottom - radius);
    path.cubic_to(
        right,
        bottom - handle,
        right - handle,
        bottom,
        right - radius,
        bottom,
    );
    path.line_to(left + radius, bottom);
    path.cubic_to(
        left + handle,
        bottom,
        left,
        bottom - handle,
        left,
        bottom - radius,
    );
    path.line_to(left, top + radius);
    path.cubic_to(left, top + handle, left + handle, top, left + radius, top);
    path.close();
    path.finish()
}

pub(super) fn failed(cause: impl std::fmt::Display) -> PhoneError {
    PhoneError::PictureFailed {
        cause: cause.to_string(),
    }
}
