//! Lists of numbers to port.

use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::slice;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use super::{ListError, PhoneNumber, Region, paste, table};

/// Numbers to port: at least one, none twice, in the order given.
///
/// Cheap to clone. Two lists are equal when they hold the same numbers in the same order.
///
/// ```
/// # use snap_port::{NumberList, Region};
/// let list = NumberList::parse("(415) 555-2671\n+44 20 7183 8750", Some(Region::US))?;
/// assert_eq!(list.len(), 2);
/// assert_eq!(list.first().as_str(), "+14155552671");
///
/// let error = NumberList::parse("415 555 2671\n911\n", Some(Region::US)).unwrap_err();
/// assert_eq!(error.lines()[0].line(), 2);
/// # Ok::<_, snap_port::ListError>(())
/// ```
#[derive(Clone, Deserialize)]
#[serde(try_from = "Vec<PhoneNumber>")]
pub struct NumberList {
    in_order: Arc<[PhoneNumber]>,
    sorted: Arc<[PhoneNumber]>,
}

/// Numbers that do not make a list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidList {
    /// There are none.
    #[error("the list has no numbers; name at least one")]
    Empty,
    /// These stand in it more than once; each is named once, in order of its first repetition.
    #[error("the list names {} more than once; keep each number once", FirstFew(.0))]
    Duplicates(Vec<PhoneNumber>),
}

// A list is never empty, so `is_empty` would only ever say no.
#[expect(clippy::len_without_is_empty, reason = "a list is never empty")]
impl NumberList {
    /// Longest text or file read, in bytes.
    pub const MAX_BYTES: usize = 10_000_000;

    /// Most numbers read from one text or file.
    pub const MAX_NUMBERS: usize = 100_000;

    /// Most bad lines reported one by one; further ones are counted.
    pub const MAX_REPORTED: usize = 1_000;

    /// Takes numbers already checked, in their order.
    ///
    /// # Errors
    /// [`InvalidList`] when there are none, or with every number that is repeated.
    pub fn new(numbers: impl IntoIterator<Item = PhoneNumber>) -> Result<Self, InvalidList> {
        let in_order: Arc<[PhoneNumber]> = numbers.into_iter().collect();
        if in_order.is_empty() {
            return Err(InvalidList::Empty);
        }
        let mut sorted: Arc<[PhoneNumber]> = Arc::clone(&in_order);
        if !in_order.is_sorted() {
            let mut copy = in_order.to_vec();
            copy.sort_unstable_by_key(PhoneNumber::rank);
            sorted = copy.into();
        }
        if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(InvalidList::Duplicates(repeated(&in_order)));
        }
        Ok(Self { in_order, sorted })
    }

    /// A list of one number.
    #[must_use]
    pub fn one(number: PhoneNumber) -> Self {
        let in_order: Arc<[PhoneNumber]> = Arc::new([number]);
        Self {
            sorted: Arc::clone(&in_order),
            in_order,
        }
    }

    /// Reads pasted text: numbers on lines, or parted by commas, semicolons or tabs, each as
    /// [`PhoneNumber::parse`] reads it. Empty lines are passed over.
    ///
    /// # Errors
    /// [`ListError`] with every line that cannot be used, numbers given twice included; or when
    /// the text holds no numbers, or more than [`MAX_BYTES`](Self::MAX_BYTES) or
    /// [`MAX_NUMBERS`](Self::MAX_NUMBERS) allow.
    pub fn parse(text: &str, region: Option<Region>) -> Result<Self, ListError> {
        paste::read(text, region)
    }

    /// Reads a CSV text (commas, semicolons or tabs; quotes as usual).
    ///
    /// The numbers are in the column headed `number`, `phone`, `phone_number`, `tn` or `did`, in
    /// any case, with blanks or `-` for `_`. A single column may have no header, and without one
    /// the first column is taken. Other columns are ignored, and so are empty rows.
    ///
    /// # Errors
    /// As [`parse`](Self::parse); and when the header names no number column, or two.
    pub fn from_csv(text: &str, region: Option<Region>) -> Result<Self, ListError> {
        table::read(text.as_bytes(), region)
    }

    /// [`from_csv`](Self::from_csv) for a file as uploaded. The number column must be ASCII or
    /// UTF-8; other columns may be in any 8-bit character set.
    ///
    /// # Errors
    /// As [`from_csv`](Self::from_csv); and when the file is no such text, such as UTF-16.
    pub fn from_csv_bytes(bytes: &[u8], region: Option<Region>) -> Result<Self, ListError> {
        table::read(bytes, region)
    }

    /// How many numbers there are; at least 1.
    #[must_use]
    pub fn len(&self) -> usize {
        self.in_order.len()
    }

    /// The numbers in their order.
    pub fn iter(&self) -> slice::Iter<'_, PhoneNumber> {
        self.in_order.iter()
    }

    /// The numbers in their order.
    #[must_use]
    pub fn as_slice(&self) -> &[PhoneNumber] {
        &self.in_order
    }

    /// The first number.
    #[must_use]
    pub fn first(&self) -> PhoneNumber {
        // Every way to make a list refuses an empty one.
        self.in_order[0]
    }

    /// Whether `number` is in the list. Logarithmic.
    #[must_use]
    pub fn contains(&self, number: &PhoneNumber) -> bool {
        self.sorted.binary_search(number).is_ok()
    }

    /// Whether every number of `other` is in this list.
    #[must_use]
    pub fn contains_all(&self, other: &NumberList) -> bool {
        other.iter().all(|number| self.contains(number))
    }

    /// The numbers of this list that `other` does not have, in this list's order.
    #[must_use]
    pub fn missing_from(&self, other: &NumberList) -> Vec<PhoneNumber> {
        self.iter()
            .filter(|number| !other.contains(number))
            .copied()
            .collect()
    }

    /// The list without the numbers of `other`; `None` when nothing remains.
    #[must_use]
    pub fn without(&self, other: &NumberList) -> Option<NumberList> {
        // A part of a list has no duplicates, so only emptiness can refuse it.
        Self::new(self.missing_from(other)).ok()
    }
}

fn repeated(numbers: &[PhoneNumber]) -> Vec<PhoneNumber> {
    let mut seen = HashSet::with_capacity(numbers.len());
    let mut named = HashSet::new();
    numbers
        .iter()
        .filter(|number| !seen.insert(**number) && named.insert(**number))
        .copied()
        .collect()
}

/// Names a few numbers and counts the rest.
pub(super) struct FirstFew<'a>(pub(super) &'a [PhoneNumber]);

impl fmt::Display for FirstFew<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMED: usize = 10;
        for (i, number) in self.0.iter().take(NAMED).enumerate() {
            write!(f, "{}{number}", if i == 0 { "" } else { ", " })?;
        }
        match self.0.len().saturating_sub(NAMED) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

impl PartialEq for NumberList {
    fn eq(&self, other: &Self) -> bool {
        self.in_order == other.in_order
    }
}

impl Eq for NumberList {}

impl Hash for NumberList {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.in_order.hash(state);
    }
}

impl fmt::Debug for NumberList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NumberList")?;
        f.debug_list().entries(self).finish()
    }
}

impl<'a> IntoIterator for &'a NumberList {
    type Item = &'a PhoneNumber;
    type IntoIter = slice::Iter<'a, PhoneNumber>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<PhoneNumber> for NumberList {
    fn from(number: PhoneNumber) -> Self {
        Self::one(number)
    }
}

impl TryFrom<Vec<PhoneNumber>> for NumberList {
    type Error = InvalidList;
    fn try_from(numbers: Vec<PhoneNumber>) -> Result<Self, InvalidList> {
        Self::new(numbers)
    }
}

impl Serialize for NumberList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(last: u32) -> PhoneNumber {
        PhoneNumber::from_e164(&format!("+1415555{last:04}")).unwrap()
    }

    fn list(lasts: &[u32]) -> NumberList {
        NumberList::new(lasts.iter().copied().map(number)).unwrap()
    }

    #[test]
    fn a_list_is_neither_empty_nor_repetitive() {
        assert_eq!(NumberList::new([]), Err(InvalidList::Empty));
        let error = NumberList::new([3, 1, 3, 2, 1, 3].map(number)).unwrap_err();
        assert_eq!(error, InvalidList::Duplicates(vec![number(3), number(1)]));
        assert!(error.to_string().contains("+14155550003, +14155550001"));
        let many: Vec<_> = (0..20).chain(0..20).map(number).collect();
        let error = NumberList::new(many).unwrap_err().to_string();
        assert!(error.contains("and 10 more"), "{error}");
    }

    #[test]
    fn the_order_given_stays() {
        let list = list(&[3, 1, 2]);
        assert_eq!(list.as_slice(), [number(3), number(1), number(2)]);
        assert_eq!(list.first(), number(3));
        assert!(list.contains(&number(1)) && !list.contains(&number(4)));
        assert_ne!(list, self::list(&[1, 2, 3]));
        assert_eq!(NumberList::one(number(7)), self::list(&[7]));
    }

    #[test]
    fn lists_are_compared_as_sets() {
        let (a, b) = (list(&[3, 1, 2]), list(&[2, 3]));
        assert!(a.contains_all(&b) && !b.contains_all(&a));
        assert_eq!(a.missing_from(&b), [number(1)]);
        assert_eq!(b.missing_from(&a), []);
        assert_eq!(a.without(&b), Some(list(&[1])));
        assert_eq!(b.without(&a), None);
    }
}
