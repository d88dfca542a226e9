use std::collections::BTreeSet;
use std::fmt::Write;

use super::*;
use crate::number::NumberList;

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

/// Twenty countries, among them those of codes that many share.
const COUNTRIES: [&str; 20] = [
    "US", "CA", "JM", "GB", "GG", "FR", "DE", "IT", "NL", "ES", "RU", "KZ", "AU", "PL", "BR", "AR",
    "MX", "IN", "JP", "ZA",
];

/// Fifty numbers of each country, one after the other.
fn of_twenty_countries() -> Vec<String> {
    let numbers = |country| {
        let metadata = DATABASE.by_id(country).unwrap();
        let mobile = metadata.descriptors().mobile();
        let example = mobile.and_then(Descriptor::example).unwrap();
        let (start, _) = example.split_at(example.len() - 2);
        let code = metadata.country_code();
        (0..50).map(move |end| format!("+{code}{start}{end:02}"))
    };
    COUNTRIES.into_iter().flat_map(numbers).collect()
}

/// How many patterns reading a list compiles on this thread.
fn compiled_by(numbers: &[String]) -> usize {
    let before = COMPILED.get();
    let mut text = String::new();
    for number in numbers {
        writeln!(text, "{number}").unwrap();
    }
    let read = NumberList::parse(&text, None);
    assert_eq!(read.unwrap().len(), numbers.len());
    COMPILED.get() - before
}

/// Compiling a pattern costs a thousand times what matching one does. So a shuffled list costs what a
/// sorted one does if neither compiles a pattern twice.
#[test]
fn a_shuffled_list_compiles_no_pattern_twice() {
    let sorted = of_twenty_countries();
    let mut shuffled = sorted.clone();
    // 1000 is no multiple of 37, so this takes each number once, and the next from elsewhere.
    for (at, number) in shuffled.iter_mut().enumerate() {
        number.clone_from(&sorted[at * 37 % sorted.len()]);
    }
    assert_eq!(BTreeSet::from_iter(&shuffled), BTreeSet::from_iter(&sorted));
    let codes: BTreeSet<_> = COUNTRIES
        .into_iter()
        .map(|country| DATABASE.by_id(country).unwrap().country_code())
        .collect();
    let territories: usize = codes.iter().map(|code| PLANS[code].0.len()).sum();
    // How it begins, the general pattern, and one for each kind.
    let patterns = territories * (1 + 1 + 11);
    let first = compiled_by(&shuffled);
    assert!(first <= patterns, "{first} of {patterns}");
    assert_eq!(compiled_by(&shuffled), 0);
    assert_eq!(compiled_by(&sorted), 0);
}
