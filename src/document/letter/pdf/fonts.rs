//! Which glyph a character is, in which font, and how wide.

use std::sync::Arc;

use ttf_parser::{GlyphId, Permissions, Tag};
use unicode_script::{Script, UnicodeScript};

use super::FontError;

/// The units of a PDF font: its em is a thousand of them.
const EM: f32 = 1000.0;

/// The place of the built-in font of that weight among [`Fonts::faces`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Weight {
    Regular = 0,
    Bold = 1,
}

pub(super) struct Face<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) index: u32,
    pub(super) parsed: ttf_parser::Face<'a>,
    /// Outlines are CFF, not glyf.
    pub(super) is_cff: bool,
}

impl<'a> Face<'a> {
    pub(super) fn read(bytes: &'a [u8], index: u32) -> Result<Self, FontError> {
        let unreadable = |_| FontError::Unreadable;
        let parsed = ttf_parser::Face::parse(bytes, index).map_err(unreadable)?;
        let has = |tag| parsed.raw_face().table(Tag::from_bytes(tag)).is_some();
        let (glyf, is_cff) = (has(b"glyf"), has(b"CFF "));
        let cmap = parsed.raw_face().table(Tag::from_bytes(b"cmap"));
        if cmap.is_some_and(overruns) {
            Err(FontError::Unreadable)
        } else if parsed.permissions() == Some(Permissions::Restricted) {
            Err(FontError::MayNotBeEmbedded)
        } else if glyf || is_cff {
            let is_cff = is_cff && !glyf;
            Ok(Self {
                bytes,
                index,
                parsed,
                is_cff,
            })
        } else {
            Err(FontError::NoOutlines)
        }
    }

    /// A length in the font's own units, in those of a PDF.
    pub(super) fn units(&self, own: impl Into<f32>) -> f32 {
        // The parser refuses a font of less than 16 units.
        own.into() * EM / f32::from(self.parsed.units_per_em())
    }

    fn advance(&self, glyph: GlyphId) -> f32 {
        self.units(self.parsed.glyph_hor_advance(glyph).unwrap_or(0))
    }
}

/// Whether a subtable of the table `cmap` claims more entries than its bytes hold. The parser
/// multiplies such a count before it looks, and panics where debug assertions are on.
fn overruns(cmap: &[u8]) -> bool {
    let tables = number::<2>(cmap, 2).unwrap_or(0);
    (0..tables).any(|i| {
        // Each record has eight bytes, and its offset is the last four.
        let from = number::<4>(cmap, 4 + i * 8 + 4);
        let Some(table) = from.and_then(|from| cmap.get(from..)) else {
            return false;
        };
        // Where the count stands, and how many bytes each entry after it has.
        let (at, each) = match number::<2>(table, 0) {
            Some(10) => (16, 2),
            Some(12 | 13) => (12, 12),
            Some(14) => (6, 11),
            _ => return false,
        };
        let room = table.len().saturating_sub(at + 4) / each;
        number::<4>(table, at).is_some_and(|count| count > room)
    })
}

/// The big-endian number of `N` bytes, four at most, at `at`.
fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<usize> {
    let digits: &[u8; N] = bytes.get(at..)?.first_chunk()?;
    Some(digits.iter().fold(0, |n, &b| n << 8 | usize::from(b)))
}

#[derive(Clone, Copy)]
pub(super) struct Glyph {
    /// The font, among [`Fonts::faces`].
    pub(super) face: usize,
    /// The glyph, in that font.
    pub(super) id: u16,
    /// How far it reaches, in the units of a PDF.
    pub(super) advance: f32,
}

/// Noto Sans, regular and bold, then the fonts that were added.
pub(super) struct Fonts<'a> {
    pub(super) faces: Vec<Face<'a>>,
    /// Of ASCII, in regular and bold: a long list looks digits up a million times.
    ascii: [Vec<Option<Glyph>>; 2],
}

impl<'a> Fonts<'a> {
    pub(super) fn new(added: &'a [(Arc<[u8]>, u32)]) -> Result<Self, FontError> {
        let built_in = [notosans::REGULAR_TTF, notosans::BOLD_TTF];
        let built_in = built_in.into_iter().map(|bytes| (bytes, 0));
        let added = added.iter().map(|(bytes, index)| (bytes.as_ref(), *index));
        let mut fonts = Self {
            faces: built_in
                .chain(added)
                .map(|(bytes, index)| Face::read(bytes, index))
                .collect::<Result<_, _>>()?,
            ascii: [Vec::new(), Vec::new()],
        };
        fonts.ascii = [Weight::Regular, Weight::Bold]
            .map(|weight| ('\0'..='\x7f').map(|c| fonts.find(weight, c)).collect());
        Ok(fonts)
    }

    /// `None` when no font has the character.
    pub(super) fn glyph(&self, weight: Weight, c: char) -> Option<Glyph> {
        match self.ascii[weight as usize].get(c as usize) {
            Some(known) => *known,
            None => self.find(weight, c),
        }
    }

    fn find(&self, weight: Weight, c: char) -> Option<Glyph> {
        std::iter::once(weight as usize)
            .chain(2..self.faces.len())
            .find_map(|face| {
                let font = self.faces.get(face)?;
                let id = font.parsed.glyph_index(c).filter(|id| id.0 != 0)?;
                let advance = font.advance(id);
                Some(Glyph {
                    face,
                    id: id.0,
                    advance,
                })
            })
    }

    /// How far the character reaches at `size` points.
    pub(super) fn width(&self, weight: Weight, size: f32, c: char) -> f32 {
        self.glyph(weight, c).map_or(0.0, |glyph| glyph.advance) * size / EM
    }
}

/// Whether the character's form depends on others, or its line runs from right to left.
pub(super) fn needs_shaping(c: char) -> bool {
    match c.script() {
        Script::Latin
        | Script::Greek
        | Script::Cyrillic
        | Script::Armenian
        | Script::Georgian
        | Script::Han
        | Script::Hiragana
        | Script::Katakana
        | Script::Bopomofo
        | Script::Common
        | Script::Unknown => false,
        // Letters that have to be joined to a syllable.
        Script::Hangul => {
            matches!(c, '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}' | '\u{d7b0}'..='\u{d7ff}')
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noto_sans_is_there_in_both_weights() {
        let fonts = Fonts::new(&[]).unwrap();
        for weight in [Weight::Regular, Weight::Bold] {
            for c in "AZaz09+ŁukaszĐặngЖΩ€№".chars() {
                assert!(fonts.glyph(weight, c).is_some(), "{c}");
            }
            for c in "田한ب\u{1f600}".chars() {
                assert!(fonts.glyph(weight, c).is_none(), "{c}");
            }
            // Digits of one width: numbers stand in columns.
            let widths = ('0'..='9').map(|c| fonts.width(weight, 10.0, c));
            for width in widths {
                assert!((width - 5.72).abs() < 0.01, "{weight:?} {width}");
            }
        }
        let bold = fonts.glyph(Weight::Bold, 'A').unwrap().face;
        assert_ne!(bold, fonts.glyph(Weight::Regular, 'A').unwrap().face);
    }

    #[test]
    fn writing_that_needs_shaping_is_told_from_writing_that_does_not() {
        for c in "aŁặЖΩԱა田ひカㄅ한-’。 \u{a0}\u{1f600}".chars() {
            assert!(!needs_shaping(c), "{c}");
        }
        for c in "بשกक்ᄒ\u{301}\u{200d}".chars() {
            assert!(needs_shaping(c), "{c}");
        }
    }

    #[test]
    fn what_is_no_font_is_refused() {
        let refused = |bytes: &[u8], index| Face::read(bytes, index).err();
        assert_eq!(refused(b"", 0), Some(FontError::Unreadable));
        assert_eq!(refused(b"%PDF-1.7", 0), Some(FontError::Unreadable));
        assert_eq!(
            refused(&notosans::REGULAR_TTF[..99], 0),
            Some(FontError::Unreadable)
        );
        assert_eq!(refused(notosans::REGULAR_TTF, 0), None);

        // The table directory names each table by four letters.
        let renamed = |tag: &[u8; 4]| {
            let mut bytes = notosans::REGULAR_TTF.to_vec();
            let at = bytes.windows(4).position(|four| four == tag).unwrap();
            bytes[at] = b'x';
            bytes
        };
        assert_eq!(refused(&renamed(b"glyf"), 0), Some(FontError::NoOutlines));

        // The licence field: eight bytes into the table OS/2, whose offset follows its name.
        let mut bytes = notosans::REGULAR_TTF.to_vec();
        let at = bytes.windows(4).position(|four| four == b"OS/2").unwrap();
        let offset = u32::from_be_bytes(bytes[at + 8..at + 12].try_into().unwrap()) as usize;
        bytes[offset + 9] = 2;
        assert_eq!(refused(&bytes, 0), Some(FontError::MayNotBeEmbedded));
    }

    #[test]
    fn a_font_that_claims_more_characters_than_it_holds_is_refused() {
        let mut font = notosans::REGULAR_TTF.to_vec();
        let at = font.windows(4).position(|four| four == b"cmap").unwrap();
        let cmap = number::<4>(&font, at + 8).unwrap();
        let table = cmap + number::<4>(&font, cmap + 8).unwrap();
        for (format, count) in [(10, 16), (12, 12), (13, 12), (14, 6)] {
            font[table..table + 2].copy_from_slice(&[0, format]);
            for (claimed, refused) in [
                (1_u32, None),
                (0x1555_5555, Some(FontError::Unreadable)),
                (u32::MAX, Some(FontError::Unreadable)),
            ] {
                let count = table + count;
                font[count..count + 4].copy_from_slice(&claimed.to_be_bytes());
                let read = Face::read(&font, 0).err();
                assert_eq!(read, refused, "format {format}, {claimed}");
            }
        }
    }
}
