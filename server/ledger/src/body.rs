//! A journal's body: its postings and links as bytes.
//!
//! A byte with the form's number (1), then as [postcard](https://postcard.jamesmunns.com/wire-format) the postings, the
//! links, and the texts that occur in the postings (rules, names of figures, figures that are texts), each once: the
//! postings have their places in that list. A bill's 18 postings name 20 texts 110 times.

use std::cell::RefCell;

use serde::ser::{SerializeSeq as _, SerializeTuple as _};
use serde::{Deserialize, Serialize, Serializer};

use crate::{Entry, Fact, Figure, LedgerError, Link, Posting, Reason, Rule};

const FORM: u8 = 1;
/// More than most bodies have.
const USUAL: usize = 2_048;

/// Encodes postings and links for storage: the journal's body.
///
/// # Errors
/// [`LedgerError::Unreadable`], which can't happen with postings that a draft made.
pub fn encode(postings: &[Posting], links: &[Link]) -> Result<Vec<u8>, LedgerError> {
    let mut body = Vec::with_capacity(USUAL);
    body.push(FORM);
    postcard::to_extend(&Body { postings, links }, body).map_err(|_| LedgerError::Unreadable(0))
}

/// Decodes the stored body of journal `seq`.
///
/// # Errors
/// [`LedgerError::Unreadable`] if the bytes aren't postings and links, or more than them.
pub fn decode(seq: i64, body: &[u8]) -> Result<(Vec<Posting>, Vec<Link>), LedgerError> {
    let unreadable = LedgerError::Unreadable(seq);
    let Some((&FORM, packed)) = body.split_first() else {
        return Err(unreadable);
    };
    let Ok((
        Packed {
            postings,
            links,
            texts,
        },
        [],
    )) = postcard::take_from_bytes::<Packed>(packed)
    else {
        return Err(unreadable);
    };
    let unpacked = postings.into_iter().map(|posting| posting.unpack(&texts));
    let postings = unpacked.collect::<Option<_>>().ok_or(unreadable)?;
    Ok((postings, links))
}

struct Body<'b> {
    postings: &'b [Posting],
    links: &'b [Link],
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let texts = Texts::default();
        let mut body = to.serialize_tuple(3)?;
        body.serialize_element(&Postings(self.postings, &texts))?;
        body.serialize_element(self.links)?;
        body.serialize_element(&*texts.0.borrow())?;
        body.end()
    }
}

/// The texts so far, each once.
#[derive(Default)]
struct Texts<'b>(RefCell<Vec<&'b str>>);

impl<'b> Texts<'b> {
    /// The text's place, from 0.
    fn place(&self, text: &'b str) -> usize {
        let mut texts = self.0.borrow_mut();
        // Most of them are the very same bytes of this program.
        let same = |known: &&str| std::ptr::eq(*known, text);
        let found = texts.iter().position(same);
        found
            .or_else(|| texts.iter().position(|known| *known == text))
            .unwrap_or_else(|| {
                texts.push(text);
                texts.len() - 1
            })
    }
}

struct Postings<'b, 't>(&'b [Posting], &'t Texts<'b>);

impl Serialize for Postings<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(|posting| PackingPosting(posting, self.1)))
    }
}

struct PackingPosting<'b, 't>(&'b Posting, &'t Texts<'b>);

impl Serialize for PackingPosting<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(posting, texts) = self;
        let mut packed = to.serialize_tuple(4)?;
        packed.serialize_element(&texts.place(posting.reason.rule.id()))?;
        packed.serialize_element(&Figures(&posting.reason, texts))?;
        packed.serialize_element(&posting.entries)?;
        packed.serialize_element(&posting.fact)?;
        packed.end()
    }
}

struct Figures<'b, 't>(&'b Reason, &'t Texts<'b>);

impl Serialize for Figures<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(reason, texts) = self;
        let mut figures = to.serialize_seq(Some(reason.figures.len()))?;
        for (name, figure) in &reason.figures {
            let packed = match figure {
                Figure::Number(units, decimals) => PackedFigure::Number(*units, *decimals),
                Figure::Text(text) => PackedFigure::Text(texts.place(text)),
            };
            figures.serialize_element(&(texts.place(name), packed))?;
        }
        figures.end()
    }
}

#[derive(Deserialize)]
struct Packed {
    postings: Vec<PackedPosting>,
    links: Vec<Link>,
    texts: Vec<String>,
}

#[derive(Deserialize)]
struct PackedPosting {
    rule: usize,
    figures: Vec<(usize, PackedFigure)>,
    entries: Vec<Entry>,
    fact: Option<Fact>,
}

#[derive(Serialize, Deserialize)]
enum PackedFigure {
    Number(i64, u8),
    Text(usize),
}

impl PackedPosting {
    /// None if a text isn't in the list.
    fn unpack(self, texts: &[String]) -> Option<Posting> {
        let text = |place: usize| texts.get(place).cloned();
        let mut reason = Reason::new(Rule::named(text(self.rule)?));
        reason.figures.reserve(self.figures.len());
        for (name, figure) in self.figures {
            let figure = match figure {
                PackedFigure::Number(units, decimals) => Figure::Number(units, decimals),
                PackedFigure::Text(place) => Figure::Text(text(place)?.into()),
            };
            reason.figures.push((text(name)?.into(), figure));
        }
        Some(Posting {
            reason,
            entries: self.entries,
            fact: self.fact,
        })
    }
}
