//! Where everything stands on the picture.

use haigou_contract::Language;
use tiny_skia::{PathBuilder, Rect};

use super::canvas::{Canvas, Colours, failed};
use super::text::Fonts;
use super::way::Way;
use super::words::{self, Figure};
use super::{PictureOptions, PictureShape, Shared};
use crate::PhoneError;

/// All in pixels.
const MARGIN: f32 = 72.0;
const CARD_RADIUS: f32 = 40.0;
const CARD_PADDING: f32 = 72.0;
const LINE: f32 = 11.0;
const MARK: f32 = 17.0;
const SCALE_MOST: f32 = 200.0;
/// The rule above the small figures, from their base line.
const RULE_ABOVE: f32 = 104.0;

/// The picture as a PNG file.
pub(super) fn draw(
    record: &Shared,
    options: PictureOptions,
    language: Language,
) -> Result<Vec<u8>, PhoneError> {
    let (width, height) = options.shape.size();
    let colours = Colours::of(options.dark);
    let mut sheet = Sheet {
        canvas: Canvas::new((width, height), colours.ground)?,
        colours,
        fonts: Fonts::load()?,
        language,
    };
    let (width, height) = (side(width), side(height));
    sheet.head(record, width);
    let tall = options.shape == PictureShape::Tall;
    let (card_top, figure_room, foot) = if tall {
        (268.0, 252.0, 132.0)
    } else {
        (220.0, 176.0, 72.0)
    };
    let rule = height - foot - RULE_ABOVE;
    let card = |bottom: f32| {
        Rect::from_ltrb(MARGIN, card_top, width - MARGIN, bottom).ok_or_else(|| failed("no room"))
    };
    let with_way = card(rule - figure_room)?;
    let inner = Rect::from_ltrb(
        with_way.left() + CARD_PADDING,
        with_way.top() + CARD_PADDING,
        with_way.right() - CARD_PADDING,
        with_way.bottom() - CARD_PADDING,
    );
    match inner.and_then(|inner| Way::fit(&record.way, options.hide_ends, inner)) {
        Some(way) => {
            sheet.way(&way, with_way);
            let size = if tall { 176.0 } else { 128.0 };
            sheet.main_figure(record, (MARGIN, with_way.bottom() + 16.0 + size), size);
        }
        None => sheet.figure_in_card(record, card(rule - 48.0)?),
    }
    sheet.small_figures(record, width, height - foot);
    sheet.canvas.png()
}

struct Sheet {
    canvas: Canvas,
    colours: Colours,
    fonts: Fonts,
    language: Language,
}

impl Sheet {
    /// What it was and when, and whose app says so.
    fn head(&mut self, record: &Shared, width: f32) {
        let Self {
            canvas,
            colours,
            fonts,
            language,
        } = self;
        canvas.text(
            &fonts.bold,
            &words::kind(record.kind, *language),
            60.0,
            (MARGIN, 124.0),
            colours.ink,
        );
        let date = words::date(record.started_ms, record.imported, *language);
        canvas.text(&fonts.regular, &date, 32.0, (MARGIN, 176.0), colours.quiet);
        let (brand, size) = (words::brand(*language), 34.0);
        let wide = fonts.bold.width(&brand, size);
        let left = width - MARGIN - wide;
        canvas.text(&fonts.bold, &brand, size, (left, 116.0), colours.green);
        canvas.disc((left - 22.0, 104.0), 7.0, colours.green);
    }

    fn way(&mut self, way: &Way, card: Rect) {
        let Self {
            canvas,
            colours,
            fonts,
            language,
        } = self;
        canvas.card(card, CARD_RADIUS, colours.card);
        canvas.stroke(way.path().as_ref(), LINE, colours.green);
        if let Some((start, end)) = way.ends {
            // The start is a ring, the end a disc: told apart without colours.
            canvas.disc(end, MARK + 7.0, colours.card);
            canvas.disc(end, MARK, colours.green);
            if start != end {
                canvas.disc(start, MARK + 7.0, colours.card);
                canvas.disc(start, MARK, colours.green);
                canvas.disc(start, MARK - 7.0, colours.card);
            }
        }
        let (metres, length) = way.scale(SCALE_MOST);
        let (left, y) = (card.left() + 40.0, card.bottom() - 40.0);
        let mut bar = PathBuilder::new();
        bar.move_to(left, y - 8.0);
        bar.line_to(left, y);
        bar.line_to(left + length, y);
        bar.line_to(left + length, y - 8.0);
        canvas.stroke(bar.finish().as_ref(), 3.0, colours.quiet);
        let text = words::scale(metres, *language);
        canvas.text(
            &fonts.regular,
            &text,
            24.0,
            (left + length + 16.0, y + 2.0),
            colours.quiet,
        );
    }

    /// The one figure that matters.
    fn main_figure(&mut self, record: &Shared, at: (f32, f32), size: f32) {
        let figure = main(record, self.language);
        let Self {
            canvas,
            colours,
            fonts,
            ..
        } = self;
        let end = canvas.text(&fonts.bold, &figure.value, size, at, colours.ink);
        canvas.text(
            &fonts.regular,
            &figure.unit,
            size * 0.32,
            (end + 18.0, at.1),
            colours.quiet,
        );
    }

    /// Without a way the figure stands where that would be.
    fn figure_in_card(&mut self, record: &Shared, card: Rect) {
        let figure = main(record, self.language);
        let Self {
            canvas,
            colours,
            fonts,
            ..
        } = self;
        canvas.card(card, CARD_RADIUS, colours.card);
        let size = 220.0;
        let unit = if figure.unit.is_empty() {
            0.0
        } else {
            24.0 + fonts.regular.width(&figure.unit, 64.0)
        };
        let wide = fonts.bold.width(&figure.value, size) + unit;
        let left = card.left() + (card.width() - wide) / 2.0;
        let y = (card.top() + card.bottom()) / 2.0 + size * 0.32;
        let end = canvas.text(&fonts.bold, &figure.value, size, (left, y), colours.ink);
        canvas.text(&fonts.regular, &figure.unit, 64.0, (end + 24.0, y), colours.quiet);
        let label = fonts.regular.width(&figure.label, 32.0);
        let left = card.left() + (card.width() - label) / 2.0;
        canvas.text(
            &fonts.regular,
            &figure.label,
            32.0,
            (left, y + 84.0),
            colours.quiet,
        );
    }

    /// The others, in columns of the same width.
    fn small_figures(&mut self, record: &Shared, width: f32, y: f32) {
        let figures = others(record, self.language);
        let Self {
            canvas,
            colours,
            fonts,
            ..
        } = self;
        let column = (width - 2.0 * MARGIN) / 3.0;
        let mut left = MARGIN;
        let mut rule = PathBuilder::new();
        rule.move_to(MARGIN, y - RULE_ABOVE);
        rule.line_to(width - MARGIN, y - RULE_ABOVE);
        canvas.stroke(rule.finish().as_ref(), 2.0, colours.hairline);
        for figure in figures {
            canvas.text(
                &fonts.regular,
                &figure.label,
                28.0,
                (left, y - 52.0),
                colours.quiet,
            );
            let end = canvas.text(&fonts.bold, &figure.value, 52.0, (left, y + 8.0), colours.ink);
            canvas.text(
                &fonts.regular,
                &figure.unit,
                28.0,
                (end + 10.0, y + 8.0),
                colours.quiet,
            );
            left += column;
        }
    }
}

/// The distance, or the time where nothing was covered.
fn main(record: &Shared, language: Language) -> Figure {
    if record.distance_m < 10.0 {
        words::time(record.active_ms, language)
    } else {
        words::distance(record.distance_m, record.estimated, language)
    }
}

/// What is left to tell.
fn others(record: &Shared, language: Language) -> Vec<Figure> {
    let mut figures = Vec::new();
    if record.distance_m >= 10.0 {
        figures.push(words::time(record.active_ms, language));
    }
    figures.extend(words::pace(record.active_ms, record.distance_m, language));
    if record.steps > 0 || !record.imported {
        figures.push(words::steps(record.steps, language));
    } else {
        // A file has no steps.
        figures.push(words::climb(record.ascent_m, language));
    }
    figures
}

#[expect(clippy::cast_precision_loss, reason = "some thousand pixels")]
fn side(pixels: u32) -> f32 {
    pixels as f32
}
