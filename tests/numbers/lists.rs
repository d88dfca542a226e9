//! Lists of numbers as people send them: pastes and CSV files.

use std::fmt::Write;

use proptest::prelude::*;
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
    // Repetition alone is found as well.
    let first_line = 1;
    assert_eq!(
        bad("415 555 2671\n+14155552671", US),
        [(2, LineProblem::Duplicate { number, first_line }, None)]
    );
    let shown = NumberList::parse(text, US).unwrap_err().to_string();
    assert!(shown.starts_with("4 entries of the list cannot be used\nline 3, \"abc\": "));
    assert!(shown.contains("line 4, \"+1 415 555 2671\": +14155552671 is already on line 1"));
    assert!(shown.contains("did you mean +14155552672?"), "{shown}");
}

#[test]
fn a_paste_of_a_thousand_lines_is_read_and_its_bad_lines_found() {
    let mut lines: Vec<String> = (0..1_000).map(|i| format!("(415) 555-{i:04}")).collect();
    assert_eq!(
        NumberList::parse(&lines.join("\r\n"), US).unwrap().len(),
        1_000
    );
    lines[499] = "415 555 0499 x7".into();
    lines[999] = "+1 415 555 0000".into();
    let first_line = 1;
    let number = number("+14155550000");
    assert_eq!(
        bad(&lines.join("\r\n"), US),
        [
            (
                500,
                LineProblem::Number(P::Extension),
                Some("+14155550499".into())
            ),
            (1_000, LineProblem::Duplicate { number, first_line }, None),
        ]
    );
}

/// Mixed countries and toll-free numbers are no mistake; what they need is told beside.
#[test]
fn a_mixed_list_is_read_and_says_what_its_numbers_need() {
    let text = "number\n+44 20 7183 8750\n800 555 0199\n415 555 2671\n+33 6 12 34 56 78\n";
    let list = NumberList::from_csv(text, US).unwrap();
    let needs: Vec<String> = list.needs().iter().map(ToString::to_string).collect();
    assert_eq!(needs.len(), 3);
    assert!(needs[0].starts_with("+18005550199: file toll-free verification"));
    assert!(needs[1].starts_with("+33612345678: look up what FR asks for"));
    assert!(needs[2].starts_with("+442071838750: look up what GB asks for"));
    assert_eq!(NumberList::parse("415 555 2671", US).unwrap().needs(), []);
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
    for (text, line, last_line) in [
        (
            "phone,name\n4155552671,\"Acme\n4155552672,Bell\n4155552673,\"Cole\n4155552674,D\n",
            2,
            4,
        ),
        (
            "phone,name\r4155552671,\"Acme\r4155552672,Bell\r4155552673,\"Cole\r4155552674,D\r",
            2,
            4,
        ),
        // The number stands on the line where the mark was left open.
        (
            "name,number\n\"Acme,+14155552671\n\"Bell\",+14155552672\n",
            2,
            3,
        ),
        // Or right of where the next stray mark closes it, in a column that nobody reads.
        (
            "name,phone,city\nAcme,4155552671,\"Oakland\r\n\"Bell,4155552672,Napa\n",
            2,
            3,
        ),
        // Or in the header.
        ("phone,\"name\n4155552671,\"Acme\n4155552672,Bell\n", 1, 2),
        (
            "name,phone,\"city\n\"Acme,4155552671,Napa\nBell,4155552672,\n",
            1,
            2,
        ),
    ] {
        let lost = LineProblem::OpenQuote { last_line };
        let read = describe(NumberList::from_csv(text, US));
        assert_eq!(read, [(line, lost, None)], "{text:?}");
    }
    for end in ["\n", "\r", "\r\n"] {
        let text = format!("phone{end}\"4155552671{end}4155552672{end}");
        assert!(matches!(
            describe(NumberList::from_csv(&text, US))[..],
            [(2, LineProblem::OpenQuote { .. }, None)]
        ));
    }
}

#[test]
fn a_cell_may_have_several_lines_where_no_number_is_lost() {
    for text in [
        "address,phone\n\"1 Main St\nOakland, CA 94105-1234\",4155552671\n",
        "address,phone\r\"1 Main St\rOakland, CA 94105-1234\",4155552671\r",
        "address,phone\n\"Suite 4, 1 Main St\nOakland\",4155552671\n",
        "\"phone\n(E.164)\",number\n,4155552671\n",
        // A fax in a column of its own.
        "phone,address,fax\n4155552671,\"1 Main St\nOakland\",4155552679\n",
    ] {
        let list = NumberList::from_csv(text, US).unwrap_or_else(|e| panic!("{text:?}: {e}"));
        assert_eq!(texts(&list), ["+14155552671"], "{text:?}");
    }
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
