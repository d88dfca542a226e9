//! Looks at the pages of a PDF: what is drawn where, and what it looks like.
//!
//! Lengths are points from the upper left corner of the page.

mod font;

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, interpret_page,
};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{BezPath, Rect, Shape};
use hayro::{PixmapSettings, RenderCache, RenderSettings};

pub(crate) use font::boxes;

/// A page, read back.
pub(crate) struct Seen {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// Texts, as they were put down: each on one line, with nothing between its letters.
    pub(crate) texts: Vec<Piece>,
    /// Lines that were drawn.
    pub(crate) rules: Vec<Rect>,
    /// How dark each point of the page is, from 0 to 255, row by row.
    dark: Vec<u8>,
}

/// A text on a line.
pub(crate) struct Piece {
    pub(crate) text: String,
    /// What its letters cover.
    pub(crate) ink: Rect,
    /// Where it begins, and its baseline.
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// Where the next letter would begin.
    end: f64,
}

/// The pages of `bytes`. Each is drawn, too, if `paint`.
pub(crate) fn read(bytes: &[u8], paint: bool) -> Vec<Seen> {
    let pdf = Pdf::new(bytes.to_vec()).expect("a PDF");
    let pages = pdf.pages();
    pages.iter().map(|page| seen(page, paint)).collect()
}

fn seen(page: &Page<'_>, paint: bool) -> Seen {
    let (width, height) = page.render_dimensions();
    let [a, b, c, d, e, f] = page.initial_transform(true).as_coeffs();
    let transform = hayro::kurbo::Affine::new([a, b, c, d, e, f]);
    let frame = Rect::new(0.0, 0.0, width.into(), height.into());
    let cache = InterpreterCache::new();
    let settings = InterpreterSettings::default();
    let mut context = Context::new(transform, frame, &cache, page.xref(), settings);
    let mut reader = Reader::default();
    interpret_page(page, &mut context, &mut reader);
    Seen {
        width: width.into(),
        height: height.into(),
        texts: reader.texts,
        rules: reader.rules,
        dark: if paint { darkness(page) } else { Vec::new() },
    }
}

fn darkness(page: &Page<'_>) -> Vec<u8> {
    let settings = PixmapSettings {
        bg_color: hayro::vello_cpu::color::palette::css::WHITE,
        ..PixmapSettings::default()
    };
    let image = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &settings,
    );
    image.data().iter().map(|pixel| 255 - pixel.g).collect()
}

impl Seen {
    /// The texts with a line for each baseline, from top to bottom; what stands apart on a line is
    /// parted by a tab.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut pieces: Vec<_> = self.texts.iter().collect();
        pieces.sort_by(|a, b| (a.y, a.x).partial_cmp(&(b.y, b.x)).unwrap());
        let mut lines: Vec<(f64, String)> = Vec::new();
        for piece in pieces {
            match lines.last_mut() {
                Some((y, line)) if (*y - piece.y).abs() < 0.5 => {
                    *line += &format!("\t{}", piece.text)
                }
                _ => lines.push((piece.y, piece.text.clone())),
            }
        }
        lines.into_iter().map(|(_, line)| line).collect()
    }

    /// The text that says `text`.
    pub(crate) fn find(&self, text: &str) -> Option<&Piece> {
        self.texts.iter().find(|piece| piece.text == text)
    }

    /// How many points within `area` are as dark as `least` or darker.
    pub(crate) fn dark_points(&self, area: Rect, least: u8) -> usize {
        let width = self.width as usize;
        let within = |(at, dark): (usize, &u8)| {
            let (x, y) = ((at % width) as f64 + 0.5, (at / width) as f64 + 0.5);
            *dark >= least && area.contains((x, y))
        };
        assert!(!self.dark.is_empty(), "the page was not painted");
        self.dark
            .iter()
            .enumerate()
            .filter(|point| within(*point))
            .count()
    }
}

#[derive(Default)]
struct Reader {
    texts: Vec<Piece>,
    rules: Vec<Rect>,
}

impl<'a> Device<'a> for Reader {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, _: &DrawMode) {
        self.rules
            .push((props.transform * path.clone()).bounding_box());
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for positioned in run.glyphs() {
            let Glyph::Outline(glyph) = &**positioned else {
                panic!("a font without outlines");
            };
            let place = props.transform * positioned.transform();
            let text = match glyph.as_unicode().expect("a letter that can be copied") {
                BfString::Char(c) => c.to_string(),
                BfString::String(text) => text,
            };
            let outline = place * glyph.outline();
            let at = place * hayro::kurbo::Point::ORIGIN;
            let advance = f64::from(glyph.advance_width().expect("a width"));
            let end = (place * hayro::kurbo::Point::new(advance, 0.0)).x;
            let blank = outline.elements().is_empty();
            assert_eq!(
                blank,
                text.trim().is_empty(),
                "{text:?} has no form, or a blank has one"
            );
            let ink = (!blank).then(|| outline.bounding_box());
            match self.texts.last_mut() {
                Some(piece) if (piece.y - at.y).abs() < 0.01 && (piece.end - at.x).abs() < 0.1 => {
                    piece.text += &text;
                    piece.ink = ink.map_or(piece.ink, |ink| piece.ink.union(ink));
                    piece.end = end;
                }
                _ => self.texts.push(Piece {
                    text,
                    ink: ink.unwrap_or(Rect::new(at.x, at.y, at.x, at.y)),
                    x: at.x,
                    y: at.y,
                    end,
                }),
            }
        }
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {
        panic!("a letter has no images");
    }
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
