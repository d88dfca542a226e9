//! Pages as the bytes of a PDF.

use std::collections::BTreeMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;
use ttf_parser::{RawFace, Tag};

use super::flow::{Font, Page};
use super::fonts::{Face, Fonts, Glyph};
use super::{FontError, PaperSize};

/// What a PDF says of itself.
pub(super) struct About<'a> {
    pub(super) title: &'a str,
    pub(super) subject: &'a str,
    pub(super) language: &'a str,
    pub(super) paper: PaperSize,
}

const IDENTITY: SystemInfo<'_> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

pub(super) fn write(
    about: &About<'_>,
    pages: &[Page],
    fonts: Fonts<'_>,
) -> Result<Vec<u8>, FontError> {
    let mut embedded: Vec<_> = fonts.faces.iter().map(Embedded::new).collect();
    let contents: Vec<_> = pages
        .iter()
        .map(|page| content(page, &fonts, &mut embedded))
        .collect();

    let mut next = Ref::new(1);
    let (catalog, tree, info) = (next.bump(), next.bump(), next.bump());
    let names: Vec<_> = (0..embedded.len()).map(|face| format!("F{face}")).collect();
    let used: Vec<_> = embedded
        .iter()
        .zip(&names)
        .filter(|(font, _)| !font.glyphs.is_empty())
        .map(|(font, name)| (font, name, next.bump()))
        .collect();

    let mut pdf = Pdf::new();
    // Two documents with the same pages are the same document.
    let id = contents
        .iter()
        .fold(Sha256::new(), |hash, content| hash.chain_update(content));
    let id = id.finalize()[..16].to_vec();
    pdf.set_file_id((id.clone(), id));
    pdf.document_info(info)
        .title(TextStr(about.title))
        .subject(TextStr(about.subject))
        .producer(TextStr("snap-port"));
    let mut root = pdf.catalog(catalog);
    root.pages(tree).lang(TextStr(about.language));
    root.viewer_preferences().display_doc_title(true);
    root.finish();

    let places: Vec<_> = contents
        .iter()
        .map(|_| (next.bump(), next.bump()))
        .collect();
    // A list has at most a hundred thousand numbers, so there are far fewer pages.
    let count = i32::try_from(places.len()).unwrap_or(i32::MAX);
    pdf.pages(tree)
        .kids(places.iter().map(|(page, _)| *page))
        .count(count);
    let (width, height) = about.paper.points();
    for ((page, stream), content) in places.into_iter().zip(&contents) {
        pdf.stream(stream, content);
        let mut page = pdf.page(page);
        page.parent(tree)
            .media_box(Rect::new(0.0, 0.0, width, height))
            .contents(stream);
        let mut resources = page.resources();
        let mut dict = resources.fonts();
        for (_, name, font) in &used {
            dict.pair(Name(name.as_bytes()), *font);
        }
    }
    for (font, _, id) in &used {
        font.write(&mut pdf, *id, &mut next)?;
    }
    Ok(pdf.finish())
}

/// A page's drawing instructions.
fn content(page: &Page, fonts: &Fonts<'_>, embedded: &mut [Embedded<'_, '_>]) -> Vec<u8> {
    let mut content = Content::new();
    content.set_line_width(0.6);
    for rule in &page.rules {
        content
            .move_to(round(rule.x), round(rule.y))
            .line_to(round(rule.x + rule.width), round(rule.y))
            .stroke();
    }
    content.begin_text();
    let mut gray = 0.0;
    let mut current = None;
    let (mut x, mut y) = (0.0, 0.0);
    for text in &page.texts {
        if text.font.gray != gray {
            gray = text.font.gray;
            content.set_fill_gray(gray);
        }
        // From where the last text began. What is rounded there is made good here, so nothing
        // adds up over a page.
        let (right, up) = (round(text.x - x), round(text.y - y));
        content.next_line(right, up);
        (x, y) = (x + right, y + up);
        for (face, codes) in runs(&text.text, text.font, fonts, embedded) {
            if current != Some((face, text.font.size)) {
                current = Some((face, text.font.size));
                content.set_font(Name(format!("F{face}").as_bytes()), text.font.size);
            }
            content.show(Str(&codes));
        }
    }
    content.end_text();
    content.finish().into_vec()
}

/// `text` in parts that each are of one font, as the codes of their glyphs.
fn runs(
    text: &str,
    font: Font,
    fonts: &Fonts<'_>,
    embedded: &mut [Embedded<'_, '_>],
) -> Vec<(usize, Vec<u8>)> {
    let mut runs: Vec<(usize, Vec<u8>)> = Vec::new();
    for c in text.chars() {
        // The layout has refused characters without a glyph.
        let Some(glyph) = fonts.glyph(font.weight, c) else {
            continue;
        };
        let Some(face) = embedded.get_mut(glyph.face) else {
            continue;
        };
        let code = face.code(glyph, c).to_be_bytes();
        match runs.last_mut() {
            Some((same, codes)) if *same == glyph.face => codes.extend(code),
            _ => runs.push((glyph.face, code.to_vec())),
        }
    }
    runs
}

/// To hundredths of a point, which keeps numbers short.
fn round(length: f32) -> f32 {
    (length * 100.0).round() / 100.0
}

/// The part of a font that a document uses.
struct Embedded<'f, 'a> {
    face: &'f Face<'a>,
    remapper: GlyphRemapper,
    /// By code: the character it stands for, and its width.
    glyphs: BTreeMap<u16, (char, f32)>,
}

impl<'f, 'a> Embedded<'f, 'a> {
    fn new(face: &'f Face<'a>) -> Self {
        Self {
            face,
            remapper: GlyphRemapper::new(),
            glyphs: BTreeMap::new(),
        }
    }

    /// The code of a glyph in this document: its place in the subset.
    fn code(&mut self, glyph: Glyph, c: char) -> u16 {
        let code = self.remapper.remap(glyph.id);
        self.glyphs.entry(code).or_insert((c, glyph.advance));
        code
    }

    fn write(&self, pdf: &mut Pdf, id: Ref, next: &mut Ref) -> Result<(), FontError> {
        let face = self.face;
        let (cid, descriptor, file, to_unicode) =
            (next.bump(), next.bump(), next.bump(), next.bump());
        let subset = subsetter::subset(face.bytes, face.index, &self.remapper)
            .map_err(|_| FontError::Unreadable)?;
        let name = self.name(&subset);
        let base = match face.is_cff {
            true => format!("{name}-Identity-H"),
            false => name.clone(),
        };
        pdf.type0_font(id)
            .base_font(Name(base.as_bytes()))
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(to_unicode);

        let mut font = pdf.cid_font(cid);
        font.subtype(match face.is_cff {
            true => CidFontType::Type0,
            false => CidFontType::Type2,
        })
        .base_font(Name(name.as_bytes()))
        .system_info(IDENTITY)
        .font_descriptor(descriptor)
        .default_width(0.0);
        if !face.is_cff {
            font.cid_to_gid_map_predefined(Name(b"Identity"));
        }
        let mut widths = font.widths();
        for (code, (_, width)) in &self.glyphs {
            widths.same(*code, *code, round(*width));
        }
        widths.finish();
        font.finish();

        self.descriptor(pdf, descriptor, file, &name);
        if face.is_cff {
            let table = RawFace::parse(&subset, 0).ok();
            let cff = table.and_then(|font| font.table(Tag::from_bytes(b"CFF ")));
            pdf.stream(file, cff.ok_or(FontError::Unreadable)?)
                .pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
        } else {
            let length = i32::try_from(subset.len()).unwrap_or(i32::MAX);
            pdf.stream(file, &subset).pair(Name(b"Length1"), length);
        }

        let mut cmap = UnicodeCmap::<u16>::new(Name(b"Letter"), IDENTITY);
        for (code, (c, _)) in &self.glyphs {
            cmap.pair(*code, *c);
        }
        pdf.cmap(to_unicode, &cmap.finish());
        Ok(())
    }

    fn descriptor(&self, pdf: &mut Pdf, id: Ref, file: Ref, name: &str) {
        let (face, parsed) = (self.face, &self.face.parsed);
        let bounds = parsed.global_bounding_box();
        let ascent = face.units(parsed.ascender());
        let mut flags = FontFlags::SYMBOLIC;
        flags.set(FontFlags::FIXED_PITCH, parsed.is_monospaced());
        let mut descriptor = pdf.font_descriptor(id);
        descriptor
            .name(Name(name.as_bytes()))
            .flags(flags)
            .bbox(Rect::new(
                face.units(bounds.x_min),
                face.units(bounds.y_min),
                face.units(bounds.x_max),
                face.units(bounds.y_max),
            ))
            .italic_angle(parsed.italic_angle())
            .ascent(ascent)
            .descent(face.units(parsed.descender()))
            .cap_height(
                parsed
                    .capital_height()
                    .map_or(ascent, |own| face.units(own)),
            )
            .stem_v(80.0);
        match face.is_cff {
            true => descriptor.font_file3(file),
            false => descriptor.font_file2(file),
        };
    }

    /// The font's name after six capitals that tell its subsets apart.
    fn name(&self, subset: &[u8]) -> String {
        let digest = Sha256::digest(subset);
        let tag = digest
            .iter()
            .take(6)
            .map(|byte| char::from(b'A' + byte % 26));
        let post_script = self
            .face
            .parsed
            .names()
            .into_iter()
            .filter(|name| name.name_id == ttf_parser::name_id::POST_SCRIPT_NAME)
            .find_map(|name| name.to_string());
        tag.chain(['+'])
            .chain(post_script.unwrap_or_else(|| "Font".into()).chars())
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-'))
            .collect()
    }
}
