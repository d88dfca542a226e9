//! Single numbers against the numbering plans, with libphonenumber as the oracle.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rlibphonenumber::{PHONE_NUMBER_UTIL as RLIB, PhoneNumberFormat, PhoneNumberType};
use snap_port::number::NumberKind;
use snap_port::{NumberProblem as P, PhoneNumber, Region};

const US: Option<Region> = Some(Region::US);

fn number(text: &str) -> PhoneNumber {
    PhoneNumber::from_e164(text).unwrap()
}

fn region(code: &str) -> Option<Region> {
    Some(Region::new(code).unwrap())
}

#[test]
fn numbers_are_read_in_both_forms() {
    for (text, country, expected) in [
        ("+14155552671", None, "+14155552671"),
        ("+1 (415) 555-2671", None, "+14155552671"),
        ("415.555.2671", US, "+14155552671"),
        ("1 415 555 2671", US, "+14155552671"),
        ("800 555 0199", US, "+18005550199"),
        ("(416) 555-0123", US, "+14165550123"),
        ("011 44 20 7183 8750", US, "+442071838750"),
        ("+44 (0)20 7183 8750", US, "+442071838750"),
        ("020 7183 8750", region("GB"), "+442071838750"),
        ("06 698 12345", region("IT"), "+390669812345"),
        ("8 (800) 555-35-35", region("RU"), "+78005553535"),
        ("+800 1234 5678", None, "+80012345678"),
    ] {
        let read = PhoneNumber::parse(text, country);
        assert_eq!(read, Ok(number(expected)), "{text}");
    }
}

/// `phonenumber` calls a fifth of all foreign numbers invalid when it is given a default region.
#[test]
fn the_region_never_matters_after_a_plus() {
    let codes: Vec<_> = RLIB.get_supported_regions().collect();
    for &country in &codes {
        let Ok(example) = RLIB.get_example_number(country) else {
            continue;
        };
        let text = example.format_as(PhoneNumberFormat::E164);
        let alone = PhoneNumber::parse(&text, None);
        for other in ["US", "GB", "IT", "RU", "BR"] {
            assert_eq!(PhoneNumber::parse(&text, region(other)), alone, "{text}");
        }
    }
}

#[test]
fn every_refusal_has_its_reason_and_its_suggestion() {
    for (text, country, problem, suggestion) in [
        ("", US, P::Empty, None),
        ("+1202555017a", US, P::Letters, None),
        (
            "Tel: +1 415 555 2671",
            None,
            P::Letters,
            Some("+14155552671"),
        ),
        (
            "415 555 2671 (office)",
            US,
            P::Letters,
            Some("+14155552671"),
        ),
        ("1-800-FLOWERS", US, P::Letters, Some("+18003569377")),
        (
            "415-555-2671 ext. 12",
            US,
            P::Extension,
            Some("+14155552671"),
        ),
        (
            "+14155552671;ext=12",
            None,
            P::Extension,
            Some("+14155552671"),
        ),
        (
            "+１４１５５５５２６７１",
            None,
            P::ForeignDigits,
            Some("+14155552671"),
        ),
        ("*67 415 555 2671", US, P::Character('*'), None),
        (
            "2. +1 415 555 2671",
            US,
            P::MisplacedPlus,
            Some("+14155552671"),
        ),
        ("415 555 2671 +14155552672", US, P::MisplacedPlus, None),
        (
            "1.4155552671E+10",
            None,
            P::Spreadsheet,
            Some("+14155552671"),
        ),
        ("4.155552671E+09", US, P::Spreadsheet, Some("+14155552671")),
        ("14155552671.0", US, P::Spreadsheet, Some("+14155552671")),
        ("1.41556E+10", US, P::SpreadsheetRounded, None),
        // The zeros at the end of the number are left out.
        (
            "4.4207183875E+11",
            None,
            P::Spreadsheet,
            Some("+442071838750"),
        ),
        ("1,41555528E+10", US, P::Spreadsheet, Some("+14155552800")),
        ("1.4155553E+10", US, P::SpreadsheetRounded, None),
        ("4.4207183875E+15", None, P::SpreadsheetRounded, None),
        ("911", US, P::Emergency, None),
        ("112", None, P::Emergency, None),
        ("72345", US, P::ShortCode, None),
        ("72345", None, P::ShortCode, None),
        ("+1 911", None, P::TooShort, None),
        ("+1 415 555 2671 415 55", None, P::TooLong, None),
        (
            "415 555 2671",
            None,
            P::CountryMissing,
            Some("+14155552671"),
        ),
        ("14155552671", None, P::CountryMissing, Some("+14155552671")),
        (
            "0044 20 7183 8750",
            None,
            P::CountryMissing,
            Some("+442071838750"),
        ),
        ("+999 1234 5678", None, P::UnknownCountryCode, None),
        ("+0 415 555 2671", None, P::UnknownCountryCode, None),
        ("555-2671", US, P::NotInPlan, None),
        ("+1 415 155 2671", None, P::NotInPlan, None),
        ("442071838750", US, P::NotInPlan, Some("+442071838750")),
    ] {
        let error = PhoneNumber::parse(text, country).unwrap_err();
        assert_eq!(error.problem(), problem, "{text}");
        assert_eq!(error.suggestion(), suggestion.map(number), "{text}");
        assert!(error.to_string().contains(problem.advice()), "{error}");
    }
    // The same rules let these pass.
    for text in [
        "911 555 0123",
        "415-555-2671",
        "'4155552671",
        "(1) 415 555 2671",
    ] {
        assert_ne!(
            PhoneNumber::parse(text, US).map_err(|e| e.problem()),
            Err(P::Emergency),
            "{text}"
        );
    }
}

/// Numbers near the valid ones and far from them, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + self.below(10) as u8))
            .collect()
    }

    /// `text` with some of its last digits replaced.
    fn near(&mut self, text: &str) -> String {
        let kept = text.len().saturating_sub(1 + self.below(7) as usize);
        text.char_indices()
            .map(|(i, c)| match c {
                '0'..='9' if i >= kept && i > 4 => char::from(b'0' + self.below(10) as u8),
                _ => c,
            })
            .collect()
    }
}

/// Numbers that the two libraries may judge differently, by their first digits. `phonenumber`
/// 0.3.10 carries the plans of libphonenumber 9.0.33, `rlibphonenumber` 2.2.15 those of 9.0.42.
const DIFFERENCES: &[(&[&str], &str)] = &[
    (
        &[
            "1273", "1274", "220", "221", "228", "233", "247", "255", "263", "267", "290", "4742",
            "4749", "506", "51190", "5925", "597", "675", "677", "679", "86378", "88096", "9639",
        ],
        "opened or closed between the two versions of the plans",
    ),
    (
        &["261", "378", "672"],
        "a local number after the country code: rlibphonenumber adds an area code, we ask",
    ),
    (
        &["98960"],
        "company-wide numbers of six digits, country code included: we take none below seven",
    ),
];

fn documented(number: &str) -> bool {
    DIFFERENCES
        .iter()
        .flat_map(|(codes, _)| codes.iter())
        .any(|code| {
            number
                .strip_prefix('+')
                .is_some_and(|n| n.starts_with(code))
        })
}

fn by_rlib(text: &str, country: Option<rlibphonenumber::Region>) -> Option<String> {
    let read = RLIB.parse(text, country).ok()?;
    read.is_valid()
        .then(|| read.format_as(PhoneNumberFormat::E164).into_owned())
}

/// What numbers can be in a plan, as rlibphonenumber names it.
const KINDS: [PhoneNumberType; 11] = [
    PhoneNumberType::FixedLine,
    PhoneNumberType::Mobile,
    PhoneNumberType::FixedLineOrMobile,
    PhoneNumberType::TollFree,
    PhoneNumberType::PremiumRate,
    PhoneNumberType::SharedCost,
    PhoneNumberType::VoIP,
    PhoneNumberType::PersonalNumber,
    PhoneNumberType::Pager,
    PhoneNumberType::UAN,
    PhoneNumberType::VoiceMail,
];

/// Texts to be read, with the country they are dialled in.
fn generated() -> Vec<(String, Option<rlibphonenumber::Region>)> {
    let mut numbers = Numbers(88_172_645_463_325_252);
    let mut texts = Vec::new();
    for code in RLIB.get_supported_calling_codes() {
        for len in 5..=12 {
            for _ in 0..4 {
                texts.push((format!("+{code}{}", numbers.digits(len)), None));
            }
        }
    }
    // North America tells its countries apart by these three digits.
    for area_code in 200..1000 {
        texts.push((format!("+1{area_code}2{}", numbers.digits(6)), None));
    }
    for country in RLIB.get_supported_regions() {
        for kind in KINDS {
            let Ok(example) = RLIB.get_example_number_for_type_and_region(country, kind) else {
                continue;
            };
            let e164 = example.format_as(PhoneNumberFormat::E164).into_owned();
            let national = example.format_as(PhoneNumberFormat::National).into_owned();
            texts.push((e164.clone(), None));
            texts.push((national.clone(), Some(country)));
            for _ in 0..10 {
                texts.push((numbers.near(&e164), None));
                texts.push((numbers.near(&national), Some(country)));
            }
        }
    }
    assert!(texts.len() > 10_000);
    texts
}

#[test]
fn verdicts_agree_with_libphonenumber() {
    let (mut valid, mut excused, mut differences) = (0, 0, Vec::new());
    for (text, country) in generated() {
        let region = country.map(|country| Region::new(&format!("{country:?}")).unwrap());
        let ours = PhoneNumber::parse(&text, region).ok().map(String::from);
        let theirs = by_rlib(&text, country);
        valid += usize::from(theirs.is_some());
        if ours != theirs {
            let number = ours.as_ref().or(theirs.as_ref());
            if documented(number.map_or("", String::as_str)) {
                excused += 1;
            } else {
                differences.push(format!("{text} in {country:?}: {ours:?}, not {theirs:?}"));
            }
        }
    }
    assert!(valid > 10_000, "{valid}");
    assert!(excused < 100, "{excused}");
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn countries_and_kinds_agree_with_libphonenumber() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let (mut excused, mut differences) = (0, Vec::new());
    for (text, _) in generated() {
        let (Ok(number), Ok(read)) = (PhoneNumber::from_e164(&text), RLIB.parse(&text, None))
        else {
            continue;
        };
        // Some texts it reads as another number, without a trunk prefix or with an area code.
        if read.format_as(PhoneNumberFormat::E164) != text {
            continue;
        }
        let country = read.get_region_code().map(|region| format!("{region:?}"));
        // Its name for numbers of no country.
        let country = country.filter(|name| name != "World");
        let kind = match read.get_type() {
            PhoneNumberType::FixedLine => NumberKind::FixedLine,
            PhoneNumberType::Mobile => NumberKind::Mobile,
            PhoneNumberType::FixedLineOrMobile => NumberKind::FixedOrMobile,
            PhoneNumberType::TollFree => NumberKind::TollFree,
            PhoneNumberType::Unknown => NumberKind::Unknown,
            _ => NumberKind::Other,
        };
        let theirs = (country, kind);
        let ours = (number.region().map(String::from), number.kind());
        *seen.entry(format!("{kind:?}")).or_default() += 1;
        if ours != theirs {
            if documented(&text) {
                excused += 1;
            } else {
                differences.push(format!("{text}: {ours:?}, not {theirs:?}"));
            }
        }
    }
    assert_eq!(seen.len(), 6, "{seen:?}");
    assert!(seen.values().all(|times| *times > 500), "{seen:?}");
    assert!(excused < 100, "{excused}");
    assert!(differences.is_empty(), "{differences:#?}");
}

/// A generous reading takes these: they are a valid number and a digit too many.
#[test]
fn a_digit_too_many_is_seen() {
    for text in [
        "+952234567",
        "+3531359317535",
        "+96112668099",
        "+886202130978",
    ] {
        assert_eq!(by_rlib(text, None), None);
        assert!(PhoneNumber::parse(text, None).is_err(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn every_country_reads_any_digits(digits in "[0-9]{1,20}", at in any::<prop::sample::Index>()) {
        let countries: Vec<_> = RLIB.get_supported_regions().collect();
        let country = region(&format!("{:?}", at.get(&countries)));
        if let Ok(number) = PhoneNumber::parse(&digits, country) {
            prop_assert_eq!(PhoneNumber::parse(number.as_str(), None).ok(), Some(number));
        }
    }
}
