//! Lists, page by page.

use std::collections::HashSet;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::answer::Answer;
use super::error::TwilioError;
use super::request::Request;
use super::transport::Transport;

/// As many rows on a page as Twilio gives.
pub(super) const PAGE_SIZE: (&str, &str) = ("PageSize", "1000");
/// How many pages a list may have.
const PAGES: usize = 1000;
/// How many rows a list may have.
const ROWS: usize = 250_000;

/// A list, page by page.
pub(super) struct Pages<'a> {
    transport: &'a Transport,
    /// What asks for the next page; none after the last.
    request: Option<Request>,
    key: &'a str,
    seen: HashSet<String>,
    rows: usize,
}

/// The rows of a page.
pub(super) struct Rows {
    answer: Answer,
    items: Vec<Value>,
}

impl Rows {
    /// Every row, read as `T`.
    pub(super) fn read<T: DeserializeOwned>(self) -> Result<Vec<T>, TwilioError> {
        let read = |item| self.answer.part(item);
        self.items.into_iter().map(read).collect()
    }
}

impl Transport {
    /// The pages of a list, whose rows are under `key`.
    pub(super) fn pages<'a>(&'a self, request: Request, key: &'a str) -> Pages<'a> {
        Pages {
            transport: self,
            seen: HashSet::from([request.query.clone()]),
            request: Some(request),
            key,
            rows: 0,
        }
    }

    /// All rows under `key`, from all pages.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        request: Request,
        key: &str,
    ) -> Result<Vec<T>, TwilioError> {
        let mut pages = self.pages(request, key);
        let mut rows = Vec::new();
        while let Some(page) = pages.next().await? {
            rows.extend(page.read::<T>()?);
        }
        Ok(rows)
    }

    /// As [`list`](Self::list), without the rows that cannot be read: one odd row hides no other.
    /// Where there are rows and none can be read, it is an error, and no empty list.
    pub(super) async fn list_of_readable<T: DeserializeOwned>(
        &self,
        request: Request,
        key: &str,
    ) -> Result<Vec<T>, TwilioError> {
        let mut pages = self.pages(request, key);
        let (mut rows, mut unread) = (Vec::new(), None);
        while let Some(page) = pages.next().await? {
            for item in page.items {
                match page.answer.part(item) {
                    Ok(row) => rows.push(row),
                    Err(error) => unread = Some(error),
                }
            }
        }
        match unread {
            Some(error) if rows.is_empty() => Err(error),
            _ => Ok(rows),
        }
    }
}

impl Pages<'_> {
    /// The next page, if there is one.
    ///
    /// It is asked for at the same host and path as the first, whatever the link says: credentials
    /// go nowhere else.
    pub(super) async fn next(&mut self) -> Result<Option<Rows>, TwilioError> {
        let Some(request) = self.request.take() else {
            return Ok(None);
        };
        let answer = self.transport.send(&request).await?;
        let mut page: Map<String, Value> = answer.json()?;
        let Some(Value::Array(items)) = page.remove(self.key) else {
            return Err(answer.protocol(format!("the answer has no list of {}", self.key)));
        };
        self.rows += items.len();
        let Ok(link) = next(&page) else {
            return Err(answer.protocol("the link to the next page cannot be read"));
        };
        if let Some(link) = link {
            let base = self.transport.base_urls().of(request.product);
            let Some(query) = query_of(link, base, &request.path) else {
                return Err(answer.protocol("the link to the next page leads somewhere else"));
            };
            if !self.seen.insert(query.clone()) {
                return Err(answer.protocol("the pages lead round in a circle"));
            }
            self.request = Some(Request { query, ..request });
        }
        if let Some(words) = too_long(self.seen.len(), self.rows) {
            return Err(answer.protocol(words));
        }
        Ok(Some(Rows { answer, items }))
    }
}

/// In words, whether a list is longer than is read.
fn too_long(pages: usize, rows: usize) -> Option<String> {
    let more = |most, what| format!("the list has more than {most} {what}, and no more are read");
    if pages > PAGES {
        return Some(more(PAGES, "pages"));
    }
    (rows > ROWS).then(|| more(ROWS, "rows"))
}

/// There is a link that is no text. A list that ended there would be cut short.
#[derive(Debug, PartialEq, Eq)]
struct NoText;

/// The link to the next page: relative in version 2010-04-01, absolute under `meta` elsewhere.
fn next(page: &Map<String, Value>) -> Result<Option<&str>, NoText> {
    let meta = match page.get("meta") {
        Some(Value::Object(meta)) => meta.get("next_page_url"),
        None | Some(Value::Null) => None,
        Some(_) => return Err(NoText),
    };
    for link in [page.get("next_page_uri"), meta].into_iter().flatten() {
        match link {
            Value::Null => {}
            Value::String(link) if link.is_empty() => {}
            Value::String(link) => return Ok(Some(link)),
            _ => return Err(NoText),
        }
    }
    Ok(None)
}

/// The query of `link` if it is of the list at `path`, at our host or one of Twilio's own.
fn query_of(link: &str, base: &reqwest::Url, path: &str) -> Option<String> {
    let url = base.join(link).ok()?;
    let host = url.host_str()?;
    let prefix = base.path().trim_end_matches('/');
    let same_host = Some(host) == base.host_str() || host.ends_with(".twilio.com");
    let same_path = url.path() == path || url.path().strip_prefix(prefix) == Some(path);
    (same_host && same_path)
        .then(|| url.query().map(str::to_owned))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "/v1/Services/MG1/PhoneNumbers";

    fn query(base: &str, link: &str) -> Option<String> {
        query_of(link, &reqwest::Url::parse(base).unwrap(), PATH)
    }

    #[test]
    fn the_next_page_is_where_the_first_was() {
        let next = Some("Page=1&PageToken=PA".to_owned());
        for (base, link) in [
            ("https://messaging.twilio.com", ""),
            (
                "https://messaging.twilio.com",
                "https://messaging.twilio.com",
            ),
            // A proxy or an edge hands on what Twilio wrote.
            ("http://127.0.0.1:4010", "https://messaging.twilio.com"),
            ("https://proxy.example.com/twilio", ""),
            ("https://proxy.example.com/twilio", "/twilio"),
            (
                "https://proxy.example.com/twilio/",
                "https://proxy.example.com/twilio",
            ),
        ] {
            let link = format!("{link}{PATH}?Page=1&PageToken=PA");
            assert_eq!(query(base, &link), next, "{base} {link}");
        }
    }

    #[test]
    fn a_page_elsewhere_is_no_page() {
        let base = "https://messaging.twilio.com";
        for link in [
            "https://evil.example.com/v1/Services/MG1/PhoneNumbers?Page=1",
            "//evil.example.com/v1/Services/MG1/PhoneNumbers?Page=1",
            "https://eviltwilio.com/v1/Services/MG1/PhoneNumbers?Page=1",
            "https://messaging.twilio.com@evil.example.com/v1/Services/MG1/PhoneNumbers?Page=1",
            "/v1/Services/MG2/PhoneNumbers?Page=1",
            "/v1/Services/MG1/../MG2/PhoneNumbers?Page=1",
            "/v1/Services/MG1/PhoneNumbers",
            "https://",
        ] {
            assert_eq!(query(base, link), None, "{link}");
        }
    }

    #[test]
    fn no_list_is_read_without_an_end() {
        assert_eq!(too_long(PAGES, ROWS), None);
        assert!(too_long(PAGES + 1, 0).is_some_and(|words| words.contains("1000 pages")));
        assert!(too_long(1, ROWS + 1).is_some_and(|words| words.contains("250000 rows")));
    }

    #[test]
    fn a_list_ends_where_there_is_no_link() {
        for page in [
            serde_json::json!({}),
            serde_json::json!({"next_page_uri": null}),
            serde_json::json!({"next_page_uri": ""}),
            serde_json::json!({"meta": {"next_page_url": null}}),
            serde_json::json!({"meta": null}),
        ] {
            assert_eq!(next(page.as_object().unwrap()), Ok(None), "{page}");
        }
    }

    #[test]
    fn a_list_does_not_end_where_a_link_cannot_be_read() {
        for page in [
            serde_json::json!({"next_page_uri": 2}),
            serde_json::json!({"next_page_uri": true}),
            serde_json::json!({"next_page_uri": {"href": "/x"}}),
            serde_json::json!({"next_page_uri": null, "meta": {"next_page_url": ["/x"]}}),
            serde_json::json!({"meta": {"next_page_url": 2}}),
            serde_json::json!({"meta": "/x"}),
            serde_json::json!({"meta": []}),
        ] {
            assert_eq!(next(page.as_object().unwrap()), Err(NoText), "{page}");
        }
        let both = serde_json::json!({"next_page_uri": "", "meta": {"next_page_url": "/x"}});
        assert_eq!(next(both.as_object().unwrap()), Ok(Some("/x")));
    }
}
