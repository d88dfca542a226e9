//! A letter as PDF pages.
//!
//! Each character is one glyph, placed after the one before: that is right for Latin, Greek,
//! Cyrillic and East Asian writing. Writing that needs more (Arabic, Hebrew, Thai, the scripts of
//! India) is refused by name, because drawn this way it would be wrong.

mod error;
mod flow;
mod fonts;
mod layout;
mod write;

use std::fmt;
use std::sync::Arc;

use super::sheet::Sheet;
use super::{LetterOfAuthorization, LetterWording};
use fonts::{Face, Fonts};

pub use error::{FontError, PdfError, Unprintable};

/// The paper a PDF is made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PaperSize {
    /// US Letter, 8.5 by 11 inches.
    #[default]
    UsLetter,
    /// A4, 210 by 297 millimetres.
    A4,
}

impl PaperSize {
    /// Width and height in points, 72 to the inch.
    fn points(self) -> (f32, f32) {
        match self {
            Self::UsLetter => (612.0, 792.0),
            Self::A4 => (595.28, 841.89),
        }
    }
}

/// How a PDF of a letter looks: its paper and its fonts.
///
/// Noto Sans is built in: Latin with Vietnamese, Greek and Cyrillic. For customers whose names are
/// in other letters, add fonts that have them.
///
/// ```
/// use snap_port::document::{PaperSize, PdfStyle};
///
/// let style = PdfStyle::new(PaperSize::A4);
/// let no_font = style.clone().with_font(*b"not a font", 0).unwrap_err();
/// assert!(no_font.to_string().contains("OpenType"));
/// ```
#[derive(Clone, Default)]
pub struct PdfStyle {
    paper: PaperSize,
    fonts: Vec<(Arc<[u8]>, u32)>,
}

impl PdfStyle {
    /// On `paper`, in Noto Sans.
    #[must_use]
    pub fn new(paper: PaperSize) -> Self {
        Self {
            paper,
            fonts: Vec::new(),
        }
    }

    /// With a font for characters that Noto Sans and the fonts added before do not have: the bytes
    /// of a TrueType or OpenType font, or of a collection of which it is number `index`, counted
    /// from 0. Of a variable font, the default weight is used.
    ///
    /// Only the glyphs a letter uses go into its PDF.
    ///
    /// # Errors
    /// [`FontError`] if the bytes are no such font, or its licence field forbids embedding.
    pub fn with_font(mut self, bytes: impl Into<Arc<[u8]>>, index: u32) -> Result<Self, FontError> {
        let bytes = bytes.into();
        Face::read(&bytes, index)?;
        self.fonts.push((bytes, index));
        Ok(self)
    }
}

impl fmt::Debug for PdfStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "PdfStyle({:?}, {} fonts added)",
            self.paper,
            self.fonts.len()
        )
    }
}

impl LetterOfAuthorization {
    /// The letter as a PDF, ready to print and sign.
    ///
    /// It says what [`text`](Self::text) says. A long list runs over as many pages as it needs;
    /// every page shows the list code and its place among the pages, and the lines to sign on stay
    /// together on the last. The same letter, wording and style give the same bytes, whenever and
    /// wherever: it holds no date.
    ///
    /// # Errors
    /// [`PdfError::Unprintable`] with every character that no font has, or that this renderer
    /// cannot draw right; [`PdfError::Font`] if a font turns out to be broken.
    #[cfg_attr(docsrs, doc(cfg(feature = "pdf")))]
    pub fn pdf(&self, wording: &dyn LetterWording, style: &PdfStyle) -> Result<Vec<u8>, PdfError> {
        let sheet = Sheet::new(self, wording);
        let fonts = Fonts::new(&style.fonts)?;
        let pages = layout::lay_out(&sheet, wording, style.paper, &fonts)?;
        let about = write::About {
            title: &sheet.title,
            subject: &sheet.code,
            language: &wording.language(),
            paper: style.paper,
        };
        Ok(write::write(&about, &pages, fonts)?)
    }
}
