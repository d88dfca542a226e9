//! Lists, page by page, in both of Twilio's ways.

use form_urlencoded::Serializer;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::testing::fake_twilio::wire::answer::{Answer, Refused};
use crate::testing::fake_twilio::wire::door::Ask;
use crate::testing::fake_twilio::wire::params::Params;

/// The parameters every list takes.
pub(crate) const PAGING: [&str; 3] = ["PageSize", "Page", "PageToken"];

/// Which page is asked for, and of what list.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    ask: &'a Ask,
    /// The client's own count of pages.
    number: usize,
    size: usize,
    /// How many entries come before it.
    start: usize,
}

impl<'a> Page<'a> {
    /// `cap` is the most this server puts on a page.
    pub(crate) fn asked(ask: &'a Ask, cap: usize) -> Result<Self, Refused> {
        let size = match ask.query.integer("PageSize", 1, u64::MAX)? {
            Some(size) if size > 1000 => return Err(Refused::code(20007)),
            size => size.unwrap_or(50),
        };
        let number = ask.query.integer("Page", 0, 1_000_000)?.unwrap_or(0);
        let start = match ask.query.get("PageToken") {
            Some(token) => start_of(token, ask).ok_or_else(|| Refused::code(21481))?,
            None if number == 0 => 0,
            None => return Err(Refused::says(20001, "PageToken is required for paging.")),
        };
        // Both are small, by the checks above.
        let number = usize::try_from(number).unwrap_or(0);
        let size = usize::try_from(size).unwrap_or(50).clamp(1, cap.max(1));
        Ok(Self {
            ask,
            number,
            size,
            start,
        })
    }

    fn cut<T>(&self, items: Vec<T>) -> (Vec<T>, bool) {
        let more = items.len() > self.start.saturating_add(self.size);
        let items = items.into_iter().skip(self.start).take(self.size);
        (items.collect(), more)
    }

    fn link(&self, base: &str, number: usize, start: usize) -> Value {
        let mut link = Serializer::new(String::new());
        for (name, value) in filters(&self.ask.query) {
            link.append_pair(name, value);
        }
        link.append_pair("PageSize", &self.size.to_string());
        link.append_pair("Page", &number.to_string());
        if start > 0 {
            link.append_pair("PageToken", &token(start, self.ask));
        }
        json!(format!("{base}{}?{}", self.ask.path, link.finish()))
    }

    /// The first page, this one, the one before and the one after.
    fn links(&self, base: &str, more: bool) -> [Value; 4] {
        let link = |number, start| self.link(base, number, start);
        let (number, start, size) = (self.number, self.start, self.size);
        let before =
            (start > 0).then(|| link(number.saturating_sub(1), start.saturating_sub(size)));
        let after = more.then(|| link(number.saturating_add(1), start.saturating_add(size)));
        [
            link(0, 0),
            link(number, start),
            before.unwrap_or_default(),
            after.unwrap_or_default(),
        ]
    }

    /// As the 2010-04-01 API: links beside the list, relative to its host.
    pub(crate) fn classic(&self, key: &str, items: Vec<Value>) -> Answer {
        let (items, more) = self.cut(items);
        let [first, this, previous, next] = self.links("", more);
        Answer::shows(json!({
            "end": (self.start + items.len()).saturating_sub(1),
            "first_page_uri": first,
            key: items,
            "next_page_uri": next,
            "page": self.number,
            "page_size": self.size,
            "previous_page_uri": previous,
            "start": self.start,
            "uri": this,
        }))
    }

    /// As every other API: whole URLs, at `base`, in `meta`.
    pub(crate) fn meta(&self, key: &str, items: Vec<Value>, base: &str) -> Answer {
        let (items, more) = self.cut(items);
        let [first, this, previous, next] = self.links(base, more);
        Answer::shows(json!({
            key: items,
            "meta": {
                "first_page_url": first,
                "key": key,
                "next_page_url": next,
                "page": self.number,
                "page_size": self.size,
                "previous_page_url": previous,
                "url": this,
            },
        }))
    }
}

/// What a list was asked for beside its page.
fn filters(query: &Params) -> impl Iterator<Item = &(String, String)> {
    let all = query.0.iter();
    all.filter(|(name, _)| !PAGING.contains(&name.as_str()))
}

/// What leads to the entries from `start` on: of this list, filtered so, and of no other.
fn token(start: usize, ask: &Ask) -> String {
    let list: Vec<_> = filters(&ask.query).collect();
    let digest = Sha256::digest(format!("{start} {} {list:?}", ask.path));
    let digest: String = digest.iter().take(12).map(|b| format!("{b:02x}")).collect();
    format!("PA{start:08x}{digest}")
}

/// Where `given` leads, if it is a token of the list that is asked for.
fn start_of(given: &str, ask: &Ask) -> Option<usize> {
    let start = usize::from_str_radix(given.get(2..10)?, 16).ok()?;
    (token(start, ask) == given).then_some(start)
}
