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
use super::{NumberProblem, PhoneNumber, Region};

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

    /// Whether the plan has the national number: the territory it belongs to decides.
    fn has(&self, national: &str) -> bool {
        for territory in &self.0 {
            match territory.owns(national) {
                Some(true) => return territory.has(national),
                Some(false) => {}
                None if territory.has(national) => return true,
                None => {}
            }
        }
        false
    }
}

/// One territory's patterns, each compiled once, when first needed.
struct Territory {
    metadata: &'static Metadata,
    leading_digits: OnceLock<Option<Regex>>,
    general: OnceLock<Shape>,
    kinds: OnceLock<Vec<Shape>>,
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

    fn has(&self, national: &str) -> bool {
        let all = self.metadata.descriptors();
        let general = self.general.get_or_init(|| Shape::new(all.general()));
        if !general.fits(national) {
            return false;
        }
        self.kinds
            .get_or_init(|| {
                let mut kinds: Vec<&'static Descriptor> = [
                    all.fixed_line(),
                    all.mobile(),
                    all.toll_free(),
                    all.premium_rate(),
                    all.shared_cost(),
                    all.personal_number(),
                    all.voip(),
                    all.pager(),
                    all.uan(),
                    all.voicemail(),
                ]
                .into_iter()
                .flatten()
                .collect();
                // In North America fixed and mobile share one pattern of 3 KB.
                kinds.dedup_by(|a, b| a.national_number().as_str() == b.national_number().as_str());
                kinds.into_iter().map(Shape::new).collect()
            })
            .iter()
            .any(|kind| kind.fits(national))
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
    RegexBuilder::new(pattern)
        .unicode(false)
        .ignore_whitespace(true)
        .build()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        for metadata in DATABASE.iter() {
            let all = metadata.descriptors();
            assert!(
                Shape::new(all.general()).whole.is_some(),
                "{}",
                metadata.id()
            );
            Territory::new(metadata).has("1234567890");
            for example in [all.fixed_line(), all.mobile(), all.toll_free()]
                .into_iter()
                .flatten()
                .filter_map(Descriptor::example)
            {
                let digits = format!("{}{example}", metadata.country_code());
                assert!(international(&digits).is_ok(), "{digits}");
            }
        }
    }
}
