//! Texts and lines on pages that are filled from top to bottom, in points from the lower left
//! corner.

use std::cell::RefCell;

use unicode_normalization::UnicodeNormalization;

use super::super::wrap::wrap;
use super::Unprintable;
use super::fonts::{Fonts, Weight, needs_shaping};

/// Nothing but the foot of a page stands nearer to the paper's edge.
pub(super) const MARGIN: f32 = 54.0;

/// How a text looks.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Font {
    pub(super) weight: Weight,
    pub(super) size: f32,
    /// From 0, black, to 1.
    pub(super) gray: f32,
}

impl Font {
    pub(super) const TITLE: Self = Self::new(Weight::Bold, 17.0);
    pub(super) const SUBTITLE: Self = Self::new(Weight::Regular, 11.0);
    pub(super) const BODY: Self = Self::new(Weight::Regular, 9.5);
    pub(super) const STRONG: Self = Self::new(Weight::Bold, 9.5);
    pub(super) const LABEL: Self = Self::new(Weight::Regular, 9.5).grey();
    pub(super) const SMALL: Self = Self::new(Weight::Regular, 8.0).grey();

    const fn new(weight: Weight, size: f32) -> Self {
        let gray = 0.0;
        Self { weight, size, gray }
    }

    const fn grey(self) -> Self {
        Self { gray: 0.35, ..self }
    }

    /// From one line to the next: enough for the highest accents over the lowest descenders.
    pub(super) fn leading(self) -> f32 {
        self.size * 1.36
    }
}

pub(super) struct Text {
    pub(super) x: f32,
    /// Of the baseline.
    pub(super) y: f32,
    pub(super) font: Font,
    pub(super) text: String,
}

/// A line from left to right.
pub(super) struct Rule {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
}

#[derive(Default)]
pub(super) struct Page {
    pub(super) texts: Vec<Text>,
    pub(super) rules: Vec<Rule>,
}

/// Measures text, and remembers what cannot be drawn.
pub(super) struct Setter<'a> {
    pub(super) fonts: &'a Fonts<'a>,
    pub(super) problems: RefCell<Unprintable>,
}

impl Setter<'_> {
    pub(super) fn measure(&self, text: &str, font: Font) -> f32 {
        let width = |c| self.fonts.width(font.weight, font.size, c);
        text.chars().map(width).sum()
    }

    /// Every text that comes from people goes through here once.
    pub(super) fn lines(&self, text: &str, room: f32, font: Font) -> Vec<String> {
        let text: String = text.nfc().collect();
        for c in text.chars().filter(|c| !matches!(c, '\t' | '\r' | '\n')) {
            if needs_shaping(c) {
                self.problems.borrow_mut().needs_shaping.insert(c);
            } else if self.fonts.glyph(font.weight, c).is_none() {
                self.problems.borrow_mut().without_glyph.insert(c);
            }
        }
        wrap(&text, room, |c| self.fonts.width(font.weight, font.size, c))
    }
}

/// Fills pages from top to bottom.
pub(super) struct Flow<'a> {
    pub(super) setter: &'a Setter<'a>,
    /// Between the margins.
    pub(super) width: f32,
    pub(super) top: f32,
    pub(super) bottom: f32,
    /// The top of what comes next.
    pub(super) y: f32,
    pub(super) page: Page,
    pub(super) done: Vec<Page>,
}

impl Flow<'_> {
    /// Leaves a gap, unless the page is new.
    pub(super) fn gap(&mut self, height: f32) {
        if self.y < self.top {
            self.y -= height;
        }
    }

    /// Begins a new page if this one has no room for `height`.
    pub(super) fn reserve(&mut self, height: f32) {
        if self.y - height < self.bottom && self.y < self.top {
            self.done.push(std::mem::take(&mut self.page));
            self.y = self.top;
        }
    }

    /// Puts one line whose top is at `top`.
    pub(super) fn put(&mut self, x: f32, top: f32, text: String, font: Font) {
        self.page.texts.push(Text {
            x: MARGIN + x,
            y: top - font.size,
            font,
            text,
        });
    }

    pub(super) fn put_lines(&mut self, x: f32, mut top: f32, lines: Vec<String>, font: Font) {
        for text in lines {
            self.put(x, top, text, font);
            top -= font.leading();
        }
    }

    pub(super) fn rule(&mut self, x: f32, width: f32) {
        self.page.rules.push(Rule {
            x: MARGIN + x,
            y: self.y,
            width,
        });
    }

    pub(super) fn lines(&mut self, lines: Vec<String>, font: Font, indent: f32) {
        for text in lines {
            self.reserve(font.leading());
            self.put(indent, self.y, text, font);
            self.y -= font.leading();
        }
    }

    pub(super) fn block(&mut self, text: &str, font: Font, indent: f32) {
        let lines = self.setter.lines(text, self.width - indent, font);
        self.lines(lines, font, indent);
    }

    pub(super) fn paragraph(&mut self, text: &str, indent: f32) {
        self.block(text, Font::BODY, indent);
    }
}
