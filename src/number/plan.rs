//! Numbering plans: does this number exist at all?
//!
//! The plans are `phonenumber`'s, and so is the reading of national forms. Its `is_valid` does not
//! give the verdict: it matches patterns at the start only, so in dozens of countries it takes a
//! number with a digit too many; and it keeps 100 compiled patterns for the whole world, so a list
//! that jumps between countries has it compile them anew for every number. Here each country's
//! patterns are compiled once, when first needed; all of them take about 15 MB.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use phonenumber::metadata::{DATABASE, Descriptor, Metadata};
use regex::{Regex, RegexBuilder};

use super::inline::Inline;
use super::{NumberKind, NumberProblem, PhoneNumber, Region};

/// More digits than any way of dialling a number has: 15, and an international prefix.
pub(super) type Digits = Inline<20>;

/// The number that `digits`, typed after a `+`, stand for.
///
/// `phonenumber::parse` is not asked: it strips what looks like a trunk prefix even where it is
/// the number's own first digit, and twice; and with a default region it reads what follows the
/// country code by the rules of the wrong country.
pub(super) fn international(digits: &str) -> Result<PhoneNumber, NumberProblem> {
    as_it_stands(digits)
        .or_else(|| without_trunk_prefix(digits))
        .ok_or(match digits.len() {
            0..7 => NumberProblem::TooShort,
            16.. => NumberProblem::TooLong,
            _ if split(digits).is_none() => NumberProblem::UnknownCountryCode,
            _ => NumberProblem::NotInPlan,
        })
}

/// The number that `digits`, dialled within `region`, reach.
pub(super) fn national(digits: &str, region: Region) -> Result<PhoneNumber, NumberProblem> {
    let metadata = region.metadata().ok_or(NumberProblem::CountryMissing)?;
    if let Some(abroad) = after_international_prefix(metadata, digits) {
        return international(abroad);
    }
    let code = metadata.country_code().to_string();
    let with_code =
        |national: &str| as_it_stands(Inline::<24>::concat(&[&code, national])?.as_str());
    let prefix = metadata.national_prefix().unwrap_or_default();
    let once = digits.strip_prefix(prefix);
    // `phonenumber` strips the prefix twice where what follows begins with the same digit.
    let twice = once.and_then(|rest| rest.strip_prefix(prefix));
    let read = phonenumber::parse(region.id(), digits)
        .ok()
        .and_then(|read| {
            let national = read.national().to_string();
            let intact = prefix.is_empty() || Some(national.as_str()) != twice;
            intact.then(|| with_code(&national)).flatten()
        });
    read.or_else(|| with_code(once?))
        .or_else(|| with_code(digits))
        .ok_or(match digits.len() {
            0..7 => NumberProblem::ShortCode,
            18.. => NumberProblem::TooLong,
            _ => NumberProblem::NotInPlan,
        })
}

/// The one number that `digits` could stand for when read as international, or as North American
/// without its 1; `None` when there is none or a choice.
pub(super) fn guess(digits: &str) -> Option<PhoneNumber> {
    let north_american = (digits.len() == 10).then(|| Digits::concat(&["1", digits]));
    let mut found = [
        as_it_stands(digits),
        digits.strip_prefix("00").and_then(as_it_stands),
        digits.strip_prefix("011").and_then(as_it_stands),
        north_american
            .flatten()
            .and_then(|d| as_it_stands(d.as_str())),
    ]
    .into_iter()
    .flatten();
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// The country whose plan `digits` (country code first) belong to; `None` when they belong to none,
/// or the plans of a shared code do not know them.
pub(super) fn region(digits: &str) -> Option<Region> {
    let (plan, national) = split(digits)?;
    plan.find(national)?.0.region()
}

/// The country that lends the country code its main plan, whether it has the number or not.
pub(super) fn main_region(digits: &str) -> Option<Region> {
    let (plan, _) = split(digits)?;
    plan.0.first()?.region()
}

/// What the plan says `digits` (country code first) are.
pub(super) fn kind(digits: &str) -> NumberKind {
    split(digits)
        .and_then(|(plan, national)| Some((plan.find(national)?.0, national)))
        .map_or(NumberKind::Unknown, |(territory, national)| {
            territory.kind(national)
        })
}

/// `digits` (country code first) as a number, if the plan has it.
fn as_it_stands(digits: &str) -> Option<PhoneNumber> {
    let (plan, national) = split(digits)?;
    plan.has(national).then_some(())?;
    PhoneNumber::from_e164(Inline::<16>::concat(&["+", digits])?.as_str()).ok()
}

/// The number without a trunk prefix that belongs to national form: `+44 (0)20 7183 8750`.
fn without_trunk_prefix(digits: &str) -> Option<PhoneNumber> {
    let (plan, national) = split(digits)?;
    let code = digits.strip_suffix(national)?;
    let bare = national.strip_prefix(plan.national_prefix()?)?;
    as_it_stands(Digits::concat(&[code, bare])?.as_str())
}

fn after_international_prefix<'a>(metadata: &Metadata, digits: &'a str) -> Option<&'a str> {
    let prefix = metadata.international_prefix()?.find(digits)?;
    let abroad = digits.get(prefix.end()..)?;
    // A country code never begins with 0; such digits are national.
    (prefix.start() == 0 && !abroad.is_empty() && !abroad.starts_with('0')).then_some(abroad)
}

/// The plan of the country code that `digits` begin with, and the rest. No code is the beginning
/// of another.
fn split(digits: &str) -> Option<(&'static Plan, &str)> {
    // "041" is no way to write 41.
    if digits.starts_with('0') {
        return None;
    }
    (1..=3).find_map(|len| {
        let (code, national) = digits.split_at_checked(len)?;
        Some((PLANS.get(&code.parse().ok()?)?, national))
    })
}

static PLANS: LazyLock<HashMap<u16, Plan>> = LazyLock::new(|| {
    // By code, since `iter` passes over all but one of the codes that belong to no country.
    (1..1000)
        .filter_map(|code| Some((code, Plan::new(&DATABASE.by_code(&code)?))))
        .collect()
});

/// The territories that share a country code.
struct Plan(Vec<Territory>);

impl Plan {
    /// The main territory comes first.
    fn new(territories: &[&'static Metadata]) -> Self {
        Self(
            territories
                .iter()
                .map(|metadata| Territory::new(metadata))
                .collect(),
        )
    }

    fn national_prefix(&self) -> Option<&'static str> {
        self.0.first()?.metadata.national_prefix()
    }

    /// The territory that the national number belongs to, and whether it has the number. A
    /// territory with the code to itself is the only place a number can belong to.
    fn find(&self, national: &str) -> Option<(&Territory, bool)> {
        let alone = self.0.len() == 1;
        self.0.iter().find_map(|territory| {
            let owns = territory.owns(national);
            if owns == Some(false) {
                return None;
            }
            let has = territory.has(national);
            (has || alone || owns == Some(true)).then_some((territory, has))
        })
    }

    fn has(&self, national: &str) -> bool {
        self.find(national).is_some_and(|(_, has)| has)
    }
}

/// One territory's patterns, each compiled once, when first needed.
struct Territory {
    metadata: &'static Metadata,
    leading_digits: OnceLock<Option<Regex>>,
    general: OnceLock<Shape>,
    kinds: OnceLock<Vec<(Kind, Shape)>>,
}

/// The kinds a plan tells apart, as far as they matter here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Fixed,
    Mobile,
    FixedOrMobile,
    TollFree,
    Premium,
    Other,
}

impl Territory {
    fn new(metadata: &'static Metadata) -> Self {
        Self {
            metadata,
            leading_digits: OnceLock::new(),
            general: OnceLock::new(),
            kinds: OnceLock::new(),
        }
    }

    /// Whether the number begins like this territory's; `None` when the territory has no such mark,
    /// or has the code to itself.
    fn owns(&self, national: &str) -> Option<bool> {
        let source = self.metadata.leading_digits()?;
        self.leading_digits
            .get_or_init(|| compile(&format!(r"\A(?:{})", source.as_str())))
            .as_ref()
            .map(|leading| leading.is_match(national))
    }

    fn region(&self) -> Option<Region> {
        // Plans of no country have the id 001, which is no region.
        Region::new(self.metadata.id()).ok()
    }

    fn has(&self, national: &str) -> bool {
        self.fitting(national).next().is_some()
    }

    /// As libphonenumber decides between kinds whose patterns overlap.
    fn kind(&self, national: &str) -> NumberKind {
        let fitting: Vec<Kind> = self.fitting(national).collect();
        let fits = |kind| fitting.contains(&kind);
        if fits(Kind::Premium) {
            NumberKind::Other
        } else if fits(Kind::TollFree) {
            NumberKind::TollFree
        } else if fits(Kind::Other) {
            NumberKind::Other
        } else if fits(Kind::FixedOrMobile) || (fits(Kind::Fixed) && fits(Kind::Mobile)) {
            NumberKind::FixedOrMobile
        } else if fits(Kind::Fixed) {
            NumberKind::FixedLine
        } else if fits(Kind::Mobile) {
            NumberKind::Mobile
        } else {
            NumberKind::Unknown
        }
    }

    /// The kinds whose patterns the number fits; none unless it fits the general one.
    fn fitting(&self, national: &str) -> impl Iterator<Item = Kind> {
        let general = self
            .general
            .get_or_init(|| Shape::new(self.metadata.descriptors().general()));
        let kinds = if general.fits(national) {
            self.kinds()
        } else {
            &[]
        };
        kinds
            .iter()
            .filter(move |(_, shape)| shape.fits(national))
            .map(|(kind, _)| *kind)
    }

    fn kinds(&self) -> &[(Kind, Shape)] {
        let all = self.metadata.descriptors();
        self.kinds.get_or_init(|| {
            let same = |a: &Descriptor, b: &Descriptor| {
                a.national_number().as_str() == b.national_number().as_str()
            };
            // In North America fixed and mobile share one pattern of 3 KB.
            let (fixed, mobile, both) = match (all.fixed_line(), all.mobile()) {
                (Some(fixed), Some(mobile)) if same(fixed, mobile) => (None, None, Some(fixed)),
                (fixed, mobile) => (fixed, mobile, None),
            };
            [
                (Kind::FixedOrMobile, both),
                (Kind::Fixed, fixed),
                (Kind::Mobile, mobile),
                (Kind::TollFree, all.toll_free()),
                (Kind::Premium, all.premium_rate()),
                (Kind::Other, all.shared_cost()),
                (Kind::Other, all.personal_number()),
                (Kind::Other, all.voip()),
                (Kind::Other, all.pager()),
                (Kind::Other, all.uan()),
                (Kind::Other, all.voicemail()),
            ]
            .into_iter()
            .filter_map(|(kind, descriptor)| Some((kind, Shape::new(descriptor?))))
            .collect()
        })
    }
}

/// The lengths and the pattern of one kind of number.
struct Shape {
    descriptor: &'static Descriptor,
    whole: Option<Regex>,
}

impl Shape {
    fn new(descriptor: &'static Descriptor) -> Self {
        let pattern = descriptor.national_number().as_str();
        Self {
            descriptor,
            whole: compile(&format!(r"\A(?:{pattern})\z")),
        }
    }

    fn fits(&self, national: &str) -> bool {
        let lengths = self.descriptor.possible_length();
        let length_fits = lengths.is_empty()
            || lengths
                .iter()
                .any(|&len| usize::from(len) == national.len());
        length_fits
            && match &self.whole {
                Some(whole) => whole.is_match(national),
                None => self.descriptor.is_match(national),
            }
    }
}

/// ASCII only (the input is digits), which keeps `\d` at ten characters instead of hundreds.
fn compile(pattern: &str) -> Option<Regex> {
    #[cfg(test)]
    COMPILED.set(COMPILED.get() + 1);
    RegexBuilder::new(pattern)
        .unicode(false)
        .ignore_whitespace(true)
        .build()
        .ok()
}

#[cfg(test)]
thread_local! {
    /// How many patterns this thread compiled.
    static COMPILED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

#[cfg(test)]
mod tests;
