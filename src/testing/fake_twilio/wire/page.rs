//! Lists, page by page, in both of Twilio's ways.

use form_urlencoded::Serializer;
use serde_json::{Value, json};

use crate::testing::fake_twilio::wire::answer::{Answer, Refused};
use crate::testing::fake_twilio::wire::params::Params;

/// The parameters every list takes.
pub(crate) const PAGING: [&str; 3] = ["PageSize", "Page", "PageToken"];

/// Which page is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    number: usize,
    size: usize,
}

impl Page {
    /// `cap` is the most this server puts on a page.
    pub(crate) fn asked(query: &Params, cap: usize) -> Result<Self, Refused> {
        let size = match query.integer("PageSize", 1, u64::MAX)? {
            Some(size) if size > 1000 => return Err(Refused::code(20007)),
            size => size.unwrap_or(50),
        };
        let number = query.integer("Page", 0, 1_000_000)?.unwrap_or(0);
        // Both are small, by the checks above.
        let number = usize::try_from(number).unwrap_or(0);
        let size = usize::try_from(size).unwrap_or(50).clamp(1, cap.max(1));
        Ok(Self { number, size })
    }

    fn cut<T>(self, items: Vec<T>) -> (Vec<T>, bool) {
        let start = self.number.saturating_mul(self.size);
        let more = items.len() > start.saturating_add(self.size);
        let items = items.into_iter().skip(start).take(self.size);
        (items.collect(), more)
    }

    fn link(self, path: &str, query: &Params, number: usize) -> String {
        let mut link = Serializer::new(String::new());
        let kept = query
            .0
            .iter()
            .filter(|(name, _)| !PAGING.contains(&name.as_str()));
        kept.for_each(|(name, value)| {
            link.append_pair(name, value);
        });
        link.append_pair("PageSize", &self.size.to_string());
        link.append_pair("Page", &number.to_string());
        if number > 0 {
            link.append_pair("PageToken", &format!("PA{number:032x}"));
        }
        format!("{path}?{}", link.finish())
    }

    fn links(self, path: &str, query: &Params, more: bool) -> [Value; 4] {
        let link = |number| Value::String(self.link(path, query, number));
        let next = if more {
            link(self.number + 1)
        } else {
            Value::Null
        };
        let before = self.number.checked_sub(1);
        [
            link(0),
            link(self.number),
            before.map_or(Value::Null, link),
            next,
        ]
    }

    /// As the 2010-04-01 API: links beside the list, relative to its host.
    pub(crate) fn classic(
        self,
        key: &str,
        items: Vec<Value>,
        path: &str,
        query: &Params,
    ) -> Answer {
        let (items, more) = self.cut(items);
        let [first, this, previous, next] = self.links(path, query, more);
        let start = self.number.saturating_mul(self.size);
        Answer::shows(json!({
            "end": (start + items.len()).saturating_sub(1),
            "first_page_uri": first,
            key: items,
            "next_page_uri": next,
            "page": self.number,
            "page_size": self.size,
            "previous_page_uri": previous,
            "start": start,
            "uri": this,
        }))
    }

    /// As every other API: whole URLs in `meta`.
    pub(crate) fn meta(self, key: &str, items: Vec<Value>, url: &str, query: &Params) -> Answer {
        let (items, more) = self.cut(items);
        let [first, this, previous, next] = self.links(url, query, more);
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
