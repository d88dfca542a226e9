//! A short ASCII text kept inside its owner.

/// At most `N` bytes of ASCII, without allocation. The unused tail is zero, so the derived order
/// and equality are those of the text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Inline<const N: usize> {
    bytes: [u8; N],
    len: u8,
}

impl<const N: usize> Inline<N> {
    pub(super) const fn new() -> Self {
        Self {
            bytes: [0; N],
            len: 0,
        }
    }

    /// Appends `byte`; false (and no change) when the text is full or the byte is not ASCII.
    #[must_use]
    pub(super) fn push(&mut self, byte: u8) -> bool {
        match self.bytes.get_mut(usize::from(self.len)) {
            Some(place) if byte.is_ascii() && byte != 0 => {
                *place = byte;
                self.len += 1;
                true
            }
            _ => false,
        }
    }

    /// `parts` one after the other, or `None` when they do not fit.
    pub(super) fn concat(parts: &[&str]) -> Option<Self> {
        let mut text = Self::new();
        parts
            .iter()
            .flat_map(|part| part.bytes())
            .all(|byte| text.push(byte))
            .then_some(text)
    }

    pub(super) fn len(&self) -> usize {
        usize::from(self.len)
    }

    pub(super) fn as_str(&self) -> &str {
        // Only ASCII is ever pushed and `len` never passes N, so the default is never taken.
        self.bytes
            .get(..self.len())
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }
}

impl Inline<16> {
    /// The text as a number that keeps its order.
    pub(super) fn rank(&self) -> u128 {
        u128::from_be_bytes(self.bytes)
    }
}
