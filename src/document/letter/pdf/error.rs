use std::collections::BTreeSet;
use std::fmt;

/// A font cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FontError {
    /// The bytes are no font, or its tables cannot be read.
    #[error("the font cannot be read; give the bytes of an OpenType or TrueType font")]
    Unreadable,
    /// The font has no outlines this crate can embed.
    #[error("the font has no glyf or CFF outlines; give one that has")]
    NoOutlines,
    /// The font's licence field forbids to put it into documents.
    #[error("the font says that it must not be embedded in documents; give one that may be")]
    MayNotBeEmbedded,
}

/// Characters of a letter that cannot be drawn.
///
/// It names characters, sorted and each once, and never the text they come from.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Unprintable {
    pub(super) without_glyph: BTreeSet<char>,
    pub(super) needs_shaping: BTreeSet<char>,
}

impl Unprintable {
    /// Characters that no font has.
    pub fn without_glyph(&self) -> impl Iterator<Item = char> {
        self.without_glyph.iter().copied()
    }

    /// Characters whose form depends on those around them, or that are written from right to left.
    pub fn needs_shaping(&self) -> impl Iterator<Item = char> {
        self.needs_shaping.iter().copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.without_glyph.is_empty() && self.needs_shaping.is_empty()
    }
}

/// The first ten, as code points: a terminal or a log may have no font for them either.
struct CodePoints<'a>(&'a BTreeSet<char>);

impl fmt::Display for CodePoints<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMED: usize = 10;
        for (i, c) in self.0.iter().take(NAMED).enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}U+{:04X}", u32::from(*c))?;
        }
        match self.0.len().saturating_sub(NAMED) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

impl fmt::Display for Unprintable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.without_glyph.is_empty() {
            let these = CodePoints(&self.without_glyph);
            write!(f, "no font has {these}; add one with PdfStyle::with_font")?;
        }
        if !self.needs_shaping.is_empty() {
            let comma = if self.without_glyph.is_empty() {
                ""
            } else {
                "; "
            };
            let these = CodePoints(&self.needs_shaping);
            write!(
                f,
                "{comma}{these} cannot be drawn one by one; write the name in other letters, or \
                 print the letter's plain text"
            )?;
        }
        Ok(())
    }
}

impl fmt::Debug for Unprintable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unprintable({self})")
    }
}

/// A letter could not be made a PDF.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PdfError {
    /// Some characters cannot be drawn.
    #[error("the letter holds characters that cannot be drawn: {0}")]
    Unprintable(Unprintable),
    /// A font is broken.
    #[error(transparent)]
    Font(#[from] FontError),
}
