//! How much is taken at once, and that no more work is done for it than there is to it.

use super::port_desk::web::page::{plain, words};

/// What `words` shows, told the slow way: for each word that turns, the whole rest is searched.
fn slowly(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{10800}'..='\u{10fff}');
    let shown = |text: &str| maud::html! { (text) }.into_string();
    let mut rest: Vec<char> = plain(text).chars().collect();
    let mut page = String::new();
    while let Some(first) = rest.iter().position(|c| turns(*c)) {
        let latin = |at: &usize| {
            rest[..*at]
                .iter()
                .skip(first)
                .any(char::is_ascii_alphanumeric)
        };
        let last = (first..rest.len()).filter(|at| turns(rest[*at]) && !latin(at));
        let after = rest.split_off(last.max().unwrap() + 1);
        let turned: String = rest.split_off(first).iter().collect();
        let before: String = rest.iter().collect();
        page += &format!("{}<bdi>{}</bdi>", shown(&before), shown(&turned));
        rest = after;
    }
    page + &shown(&rest.iter().collect::<String>())
}

#[test]
fn words_that_turn_stand_alone_in_every_text() {
    // One and three more bytes that turn, one that ends a word, others that do not.
    let letters = ["\u{5d0}", "\u{10800}", "a", " ", "\u{e9}", "<"];
    let mut texts = vec![String::new()];
    for _ in 0..=6 {
        for text in &texts {
            assert_eq!(words(text).into_string(), slowly(text), "{text:?}");
        }
        let longer = texts
            .iter()
            .flat_map(|text| letters.map(|one| format!("{text}{one}")));
        texts = longer.collect();
    }
}

#[test]
fn a_text_of_many_words_that_turn_is_gone_through_once() {
    // Searched to its end for each word, this would keep the test for many minutes.
    let many = 200_000;
    let text = "\u{5d0}a".repeat(many) + &"a".repeat(3 * many);
    let page = words(text).into_string();
    assert_eq!(page.matches("<bdi>\u{5d0}</bdi>a").count(), many);
}
