//! Numbers and lists of numbers as people send them.

use std::collections::BTreeMap;
use std::fmt::Write;

use proptest::prelude::*;
use rlibphonenumber::{PHONE_NUMBER_UTIL as RLIB, PhoneNumberFormat};
use snap_port::{
    InvalidList, LineProblem, ListProblem, NumberList, NumberProblem as P, PhoneNumber, Region,
};

const US: Option<Region> = Some(Region::US);

fn number(text: &str) -> PhoneNumber {
    PhoneNumber::from_e164(text).unwrap()
}

fn region(code: &str) -> Option<Region> {
    Some(Region::new(code).unwrap())
}

fn texts(list: &NumberList) -> Vec<&str> {
    list.iter().map(PhoneNumber::as_str).collect()
}

/// The lines of the error: number, problem, suggestion.
fn bad(text: &str, region: Option<Region>) -> Vec<(usize, LineProblem, Option<String>)> {
    describe(NumberList::parse(text, region))
}

fn describe(
    read: Result<NumberList, snap_port::ListError>,
) -> Vec<(usize, LineProblem, Option<String>)> {
    let error = read.unwrap_err();
    assert_eq!(error.problem(), ListProblem::BadLines);
    assert_eq!(error.bad_lines(), error.lines().len());
    error
        .lines()
        .iter()
        .map(|line| {
            let suggestion = line.suggestion().map(String::from);
            (line.line(), line.problem(), suggestion)
        })
        .collect()
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

#[test]
fn a_paste_is_read_whatever_parts_it() {
    let list = NumberList::parse(
        "\u{feff}(415) 555-2671, +1 415 555 2672;415.555.2673\t+442071838750 \r\n\r\n \
         \"4155552674\"\r+14155552675\n\n",
        US,
    )
    .unwrap();
    let expected = [
        "+14155552671",
        "+14155552672",
        "+14155552673",
        "+442071838750",
        "+14155552674",
        "+14155552675",
    ];
    assert_eq!(texts(&list), expected);
    for empty in ["", "\u{feff}", " \r\n,;\t\n"] {
        let error = NumberList::parse(empty, US).unwrap_err();
        assert_eq!(error.problem(), ListProblem::Empty, "{empty:?}");
        assert!(error.lines().is_empty());
    }
}

#[test]
fn every_bad_line_is_told_at_once() {
    let text = "415 555 2671\r\n\r\nabc\r+1 415 555 2671\n911, 4155552672 x5\n+14155552673";
    let number = number("+14155552671");
    assert_eq!(
        bad(text, US),
        [
            (3, LineProblem::Number(P::Letters), None),
            (
                4,
                LineProblem::Duplicate {
                    number,
                    first_line: 1
                },
                None
            ),
            (5, LineProblem::Number(P::Emergency), None),
            (
                5,
                LineProblem::Number(P::Extension),
                Some("+14155552672".into())
            ),
        ]
    );
    let shown = NumberList::parse(text, US).unwrap_err().to_string();
    assert!(shown.starts_with("4 entries of the list cannot be used\nline 3, \"abc\": "));
    assert!(shown.contains("line 4, \"+1 415 555 2671\": +14155552671 is already on line 1"));
    assert!(shown.contains("did you mean +14155552672?"), "{shown}");
}

#[test]
fn a_csv_is_read_by_its_number_column() {
    let expected = ["+14155552671", "+14155552672"];
    for text in [
        "+14155552671\n+14155552672",
        "\u{feff}number\r\n(415) 555-2671\r\n\"(415) 555-2672\"  \r\n\r\n",
        "Name,PHONE,City\nAcme,4155552671,\"Oakland, CA\"\n\"Bell \"\"B\"\"\",'4155552672,911\n",
        "name;Phone Number\nAcme;415 555 2671\nBell;415 555 2672\n;;\n",
        "tn\tname\n4155552671\tAcme\n4155552672\tBell\n",
        "name,did\nAcme,4155552671\nBell,4155552672,one cell too many\n",
        "4155552671,Acme\n4155552672,Bell\n",
        "name,address,phone\nAcme,\"1 Main St\nOakland, CA 94105-1234\",4155552671\nB,C,4155552672",
    ] {
        let list = NumberList::from_csv(text, US).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(texts(&list), expected, "{text}");
    }
    // A name in Windows-1252, as spreadsheets save it.
    let bytes = b"name,phone\nJos\xe9,4155552671\nBell,4155552672\n";
    assert_eq!(
        texts(&NumberList::from_csv_bytes(bytes, US).unwrap()),
        expected
    );
}

#[test]
fn a_csv_that_cannot_be_read_says_why() {
    for (text, problem) in [
        (&b""[..], ListProblem::Empty),
        (b"name,phone\n", ListProblem::Empty),
        (
            b"name,mobile\nAcme,4155552671\n",
            ListProblem::NoNumberColumn,
        ),
        (b"phone,number\n1,2\n", ListProblem::TwoNumberColumns),
        (b"\xff\xfep\0h\0o\0n\0e\0", ListProblem::NotText),
    ] {
        let error = NumberList::from_csv_bytes(text, US).unwrap_err();
        assert_eq!(error.problem(), problem);
    }
    let text =
        "name,phone\r\n\r\nAcme,4155552671\r\n\"B\nC\",1.41556E+10\r\nDell,\r\nEve,4155552671";
    let number = number("+14155552671");
    assert_eq!(
        describe(NumberList::from_csv(text, US)),
        [
            (4, LineProblem::Number(P::SpreadsheetRounded), None),
            (6, LineProblem::Number(P::Empty), None),
            (
                7,
                LineProblem::Duplicate {
                    number,
                    first_line: 3
                },
                None
            ),
        ]
    );
}

/// Without this the rows between two stray quotation marks would be lost in silence.
#[test]
fn an_open_quote_does_not_swallow_numbers() {
    let text = "phone,name\n4155552671,\"Acme\n4155552672,Bell\n4155552673,\"Cole\n4155552674,D\n";
    let lost = LineProblem::OpenQuote { last_line: 4 };
    assert_eq!(describe(NumberList::from_csv(text, US)), [(2, lost, None)]);
    let text = "phone\n\"4155552671\n4155552672\n";
    assert!(matches!(
        describe(NumberList::from_csv(text, US))[..],
        [(2, LineProblem::OpenQuote { .. }, None)]
    ));
}

#[test]
fn bad_bytes_in_the_number_column_are_bad_lines() {
    let bytes = b"phone,name\n415\xa0555\xa02671,Acme\n4155552672,Bell\n";
    let read = describe(NumberList::from_csv_bytes(bytes, US));
    assert_eq!(
        read,
        [(2, LineProblem::Number(P::Character('\u{fffd}')), None)]
    );
}

#[test]
fn lists_are_stored_as_arrays_and_checked_when_read_back() {
    let list = NumberList::parse("+442071838750\n+14155552671", None).unwrap();
    let json = serde_json::to_string(&list).unwrap();
    assert_eq!(json, r#"["+442071838750","+14155552671"]"#);
    assert_eq!(serde_json::from_str::<NumberList>(&json).unwrap(), list);
    // No plan has this number (any more); the record stays readable.
    assert!("+15550000000".parse::<PhoneNumber>().is_err());
    assert!(serde_json::from_str::<NumberList>(r#"["+15550000000"]"#).is_ok());
    for (json, why) in [
        ("[]", "no numbers"),
        (r#"["+14155552671","+14155552671"]"#, "more than once"),
        (r#"["415 555 2671"]"#, "7 to 15 digits"),
        ("[14155552671]", "E.164"),
    ] {
        let error = serde_json::from_str::<NumberList>(json).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
    assert_eq!(NumberList::new([]), Err(InvalidList::Empty));
    assert_eq!(serde_json::to_string(&Region::US).unwrap(), "\"US\"");
    assert!(serde_json::from_str::<Region>("\"ZZ\"").is_err());
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
            "1274", "220", "221", "228", "233", "247", "255", "263", "267", "290", "4742", "4749",
            "506", "51190", "597", "675", "677", "679", "86378", "9639",
        ],
        "opened or closed between the two versions of the plans",
    ),
    (
        &["261", "378", "672"],
        "a local number after the country code: rlibphonenumber adds an area code, we ask",
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

#[test]
fn verdicts_agree_with_libphonenumber() {
    let mut numbers = Numbers(88_172_645_463_325_252);
    let mut texts: Vec<(String, Option<rlibphonenumber::Region>)> = Vec::new();
    for code in RLIB.get_supported_calling_codes() {
        for len in 5..=12 {
            for _ in 0..4 {
                texts.push((format!("+{code}{}", numbers.digits(len)), None));
            }
        }
    }
    for country in RLIB.get_supported_regions() {
        let Ok(example) = RLIB.get_example_number(country) else {
            continue;
        };
        let e164 = example.format_as(PhoneNumberFormat::E164).into_owned();
        let national = example.format_as(PhoneNumberFormat::National).into_owned();
        texts.push((e164.clone(), None));
        texts.push((national.clone(), Some(country)));
        for _ in 0..20 {
            texts.push((numbers.near(&e164), None));
            texts.push((numbers.near(&national), Some(country)));
        }
    }
    assert!(texts.len() > 10_000);
    let (mut valid, mut differences) = (0, BTreeMap::new());
    for (text, country) in &texts {
        let region = country.map(|country| Region::new(&format!("{country:?}")).unwrap());
        let ours = PhoneNumber::parse(text, region).ok().map(String::from);
        let theirs = by_rlib(text, *country);
        valid += usize::from(theirs.is_some());
        if ours != theirs {
            let number = ours
                .as_ref()
                .or(theirs.as_ref())
                .cloned()
                .unwrap_or_default();
            if !documented(&number) {
                differences.insert(text, (country, ours, theirs));
            }
        }
    }
    assert!(valid > 4_000, "{valid}");
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

#[test]
fn ten_megabytes_of_garbage_get_a_clear_answer_soon() {
    let fits = |unit: &str| unit.repeat(NumberList::MAX_BYTES / unit.len());
    for (text, problem) in [
        (fits("x"), ListProblem::BadLines),
        (fits("1"), ListProblem::BadLines),
        (fits("\""), ListProblem::BadLines),
        (fits(" \n"), ListProblem::Empty),
        (fits("é\n"), ListProblem::TooManyNumbers),
        (fits("1,"), ListProblem::TooManyNumbers),
        (
            fits(&format!("{}\n", "+1 4 ".repeat(40))),
            ListProblem::BadLines,
        ),
        (
            fits(&format!("+1 {}\n", "x ".repeat(100))),
            ListProblem::BadLines,
        ),
        (
            "1".repeat(NumberList::MAX_BYTES + 1),
            ListProblem::TooManyBytes,
        ),
    ] {
        type Reader = fn(&str, Option<Region>) -> Result<NumberList, snap_port::ListError>;
        for read in [NumberList::parse as Reader, NumberList::from_csv as Reader] {
            let Err(error) = read(&text, US) else {
                panic!("garbage was read");
            };
            assert!(error.lines().len() <= NumberList::MAX_REPORTED);
            assert!(error.to_string().len() < 2_000);
            let start: String = text.chars().take(10).collect();
            let answered = error.problem();
            // A CSV counts rows, so only some of these have too many.
            assert!(
                answered == problem || answered == ListProblem::BadLines,
                "{start:?}: {answered:?}"
            );
        }
    }
}

#[test]
fn bad_lines_are_reported_up_to_a_limit_and_counted_beyond() {
    let error = NumberList::parse(&"911\n".repeat(5_000), US).unwrap_err();
    assert_eq!(error.lines().len(), NumberList::MAX_REPORTED);
    assert_eq!(error.bad_lines(), 5_000);
    assert!(error.to_string().ends_with("and 4995 more"));
}

fn numberish() -> impl Strategy<Value = String> {
    "[-+0-9 ().xXeE#*;,'\"=\\t\\r\\n/１é\u{feff}a-c]{0,60}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_text_panics(text in prop_oneof![any::<String>(), numberish()]) {
        for country in [None, US, region("GB"), region("BR"), region("AR")] {
            match PhoneNumber::parse(&text, country) {
                // What is read reads the same again, by either door.
                Ok(number) => {
                    prop_assert_eq!(PhoneNumber::parse(number.as_str(), None).ok(), Some(number));
                    prop_assert_eq!(PhoneNumber::from_e164(number.as_str()).ok(), Some(number));
                }
                Err(error) => {
                    let _ = error.to_string();
                    // A suggestion is a number that would be taken.
                    if let Some(meant) = error.suggestion() {
                        prop_assert_eq!(PhoneNumber::parse(meant.as_str(), None).ok(), Some(meant));
                    }
                }
            }
            for read in [NumberList::parse(&text, country), NumberList::from_csv(&text, country)] {
                if let Err(error) = read {
                    let _ = format!("{error} {error:?}");
                }
            }
        }
        let _ = PhoneNumber::from_e164(&text);
        let _ = Region::new(&text);
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = NumberList::from_csv_bytes(&bytes, US);
    }

    #[test]
    fn every_country_reads_any_digits(digits in "[0-9]{1,20}", at in any::<prop::sample::Index>()) {
        let countries: Vec<_> = RLIB.get_supported_regions().collect();
        let country = region(&format!("{:?}", at.get(&countries)));
        if let Ok(number) = PhoneNumber::parse(&digits, country) {
            prop_assert_eq!(PhoneNumber::parse(number.as_str(), None).ok(), Some(number));
        }
    }

    #[test]
    fn a_list_that_is_read_is_written_and_read_the_same(
        last in prop::collection::hash_set(0_u32..10_000, 1..50)
    ) {
        let mut text = String::new();
        for last in &last {
            let _ = writeln!(text, "(415) 555-{last:04}");
        }
        let list = NumberList::parse(&text, US).unwrap();
        prop_assert_eq!(list.len(), last.len());
        let again = texts(&list).join(", ");
        prop_assert_eq!(NumberList::parse(&again, None).ok(), Some(list.clone()));
        prop_assert_eq!(&NumberList::from_csv(&text, US).unwrap(), &list);
        let (head, tail) = list.as_slice().split_at(list.len() / 2);
        if let Ok(head) = NumberList::new(head.iter().copied()) {
            prop_assert!(list.contains_all(&head));
            let without = list.without(&head).unwrap();
            prop_assert_eq!(without.as_slice(), tail);
        }
    }
}
