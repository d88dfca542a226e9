//! Reading lists of 1,000 numbers, against `rlibphonenumber` and a plain `phonenumber` loop.
//!
//! `cargo bench --bench number_list`

use std::fmt::Write;
use std::hint::black_box;

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher};
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};
use snap_port::{NumberList, Region};

#[global_allocator]
static ALLOC: AllocProfiler = AllocProfiler::system();

const NUMBERS: usize = 1_000;

/// A country code and the first digits of its mobile numbers, and how many digits follow.
const COUNTRIES: [(&str, usize); 20] = [
    ("1415555", 4),
    ("1416555", 4),
    ("447400", 6),
    ("491512", 7),
    ("33612", 6),
    ("34612", 6),
    ("39312", 7),
    ("316123", 5),
    ("61412", 6),
    ("55119612", 5),
    ("525512", 6),
    ("919812", 6),
    ("8190123", 5),
    ("8210201", 5),
    ("27711", 6),
    ("46701", 6),
    ("48512", 6),
    ("9725023", 5),
    ("971501", 6),
    ("6421123", 4),
];

#[derive(Clone, Copy, Debug)]
enum Input {
    UnitedStates,
    TwentyCountriesSorted,
    TwentyCountriesShuffled,
}

const INPUTS: [Input; 3] = [
    Input::UnitedStates,
    Input::TwentyCountriesSorted,
    Input::TwentyCountriesShuffled,
];

fn main() {
    // The tables of both libraries are built on first use.
    for input in INPUTS {
        let text = text(input);
        assert_eq!(ours(&text), NUMBERS);
        assert_eq!(rlib(&text), NUMBERS);
    }
    divan::main();
}

/// The list as pasted text, a number a line.
fn text(input: Input) -> String {
    let countries = match input {
        Input::UnitedStates => &COUNTRIES[..1],
        _ => &COUNTRIES[..],
    };
    let mut numbers: Vec<String> = (0..NUMBERS)
        .map(|i| {
            let (prefix, digits) = countries[i % countries.len()];
            format!("+{prefix}{:0digits$}", 1_000 + i)
        })
        .collect();
    match input {
        Input::TwentyCountriesSorted => numbers.sort_unstable(),
        _ => shuffle(&mut numbers),
    }
    numbers.iter().fold(String::new(), |mut text, number| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{number}");
        text
    })
}

fn shuffle(numbers: &mut [String]) {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for i in (1..numbers.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        numbers.swap(i, (state % (i as u64 + 1)) as usize);
    }
}

fn ours(text: &str) -> usize {
    NumberList::parse(text, None).map_or(0, |list| list.len())
}

fn rlib(text: &str) -> usize {
    text.lines()
        .filter_map(|line| PHONE_NUMBER_UTIL.parse(line, None).ok())
        .filter(|number| number.is_valid())
        .map(|number| number.format_as(PhoneNumberFormat::E164).into_owned())
        .collect::<Vec<_>>()
        .len()
}

fn plain(text: &str) -> usize {
    text.lines()
        .filter_map(|line| phonenumber::parse(None, line).ok())
        .filter(phonenumber::is_valid)
        .map(|number| number.format().mode(phonenumber::Mode::E164).to_string())
        .collect::<Vec<_>>()
        .len()
}

fn bench(bencher: Bencher, input: Input, read: fn(&str) -> usize) {
    bench_text(bencher, &text(input), read);
}

fn bench_text(bencher: Bencher, text: &str, read: fn(&str) -> usize) {
    bencher
        .counter(ItemsCount::new(NUMBERS))
        .bench_local(|| read(black_box(text)));
}

/// `NumberList::parse`: syntax, plan, duplicates, order.
#[divan::bench(args = INPUTS)]
fn number_list(bencher: Bencher, input: Input) {
    bench(bencher, input, ours);
}

/// `rlibphonenumber`: parse, is_valid, format.
#[divan::bench(args = INPUTS)]
fn rlibphonenumber_loop(bencher: Bencher, input: Input) {
    bench(bencher, input, rlib);
}

/// `phonenumber`: parse, is_valid, format, in the order given.
#[divan::bench(args = INPUTS, sample_count = 3, sample_size = 1)]
fn phonenumber_loop(bencher: Bencher, input: Input) {
    bench(bencher, input, plain);
}

/// National form with a region, which `phonenumber` reads.
#[divan::bench]
fn number_list_national(bencher: Bencher) {
    let text = text(Input::UnitedStates).replace("+1", "");
    let read = |text: &str| NumberList::parse(text, Some(Region::US)).map_or(0, |list| list.len());
    assert_eq!(read(&text), NUMBERS);
    bench_text(bencher, &text, read);
}
