//! Post office boxes, as people write them.

/// How post office boxes begin in English, German, French, Spanish and Portuguese.
const BOXES: [&[&str]; 10] = [
    &["PO", "BOX"],
    &["P", "O", "BOX"],
    &["POBOX"],
    &["POB"],
    &["POST", "OFFICE", "BOX"],
    &["POSTFACH"],
    &["BOITE", "POSTALE"],
    &["BOÎTE", "POSTALE"],
    &["APARTADO", "POSTAL"],
    &["CAIXA", "POSTAL"],
];

pub(super) fn is_in(line: &str) -> bool {
    let words = words(line);
    BOXES
        .iter()
        .any(|name| words.windows(name.len()).any(|words| words == *name))
}

/// The words of `line` in capitals; a number is a word of its own, so "POB12" has two.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut last = None;
    for c in line.chars().flat_map(char::to_uppercase) {
        let kind = (c.is_alphabetic(), c.is_numeric());
        if kind != (false, false) {
            match words.last_mut() {
                Some(word) if last == Some(kind) => String::push(word, c),
                _ => words.push(c.to_string()),
            }
        }
        last = Some(kind);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_noticed_and_a_street_is_not() {
        for street in [
            "PO Box 12",
            "p.o. box 12",
            "P. O. Box 12",
            "POB 12",
            "POB12",
            "P.O.Box12",
            "PO-Box 12",
            "Post Office Box 12",
            "Postfach 12",
            "Boîte postale 12",
            "Apartado Postal 12",
            "c/o Acme, PO BOX 12",
        ] {
            assert!(is_in(street), "{street}");
        }
        for street in [
            "12 Box Hill Road",
            "12 Poboxer Lane",
            "Post Office Road 3",
            "P.O.W. Memorial Drive 1",
            "Postal Way 1",
        ] {
            assert!(!is_in(street), "{street}");
        }
    }
}
