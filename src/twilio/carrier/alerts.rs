//! The error log, as far as it is about our numbers.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::TimeDelta;

use super::TwilioCarrier;
use super::line::before;
use crate::carrier::{AlertQuery, AlertReport, CarrierError, CarrierErrorKind};
use crate::document::Sha256Digest;
use crate::number::PhoneNumber;
use crate::twilio::client::mask::{said, said_decoded};
use crate::twilio::client::{Alert, TwilioCode};
use crate::twilio::sid::MessageSid;

/// Twilio's error log reaches back so far.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Calls, texts and numbers looked up in one reading, to learn whom an alert is about.
pub(super) const LOOKUPS: u32 = 100;

/// Why Twilio blocks texts of numbers that are not registered (10DLC) or verified (toll-free) yet.
const BLOCKED: [u32; 3] = [30032, 30034, 30035];

/// The longest text passed on, in characters.
const LONGEST: usize = 300;

impl TwilioCarrier {
    /// The alerts about these numbers.
    ///
    /// An alert names a number, a call or a text; which number that is about must be looked up, at
    /// most [`LOOKUPS`] of them in one reading. If some are left, the reading fails as one to be
    /// repeated: what was found is remembered, and the next goes on from there. So a reading that
    /// succeeds has left nothing out but our own test texts, and what is about a call or text that
    /// Twilio does not show yet, which is looked for every ten minutes for an hour.
    ///
    /// A test text to the test line that was blocked ([`BLOCKED`]) is on record as the test that
    /// failed; its alert is left out, as nobody has anything to explain about it.
    pub(super) async fn alerts(
        &self,
        query: &AlertQuery,
    ) -> Result<Vec<AlertReport>, CarrierError> {
        let account = self.account(&query.account)?;
        let now = self.clock.now();
        let since = query.since.max(before(now, KEPT));
        if since > now {
            return Ok(Vec::new());
        }
        let alerts = self
            .client
            .alerts(&account, since, now)
            .await
            .map_err(|error| self.failed(error))?;
        let mut reports = Vec::new();
        let mut left = LOOKUPS;
        let mut unmatched = 0_usize;
        for alert in &alerts {
            let said = Said::read(&alert.text);
            let mut about: BTreeSet<PhoneNumber> = said.numbers;
            about.retain(|number| query.numbers.contains(number));
            let line = self.test_line.as_ref().filter(|_| of_blocked_text(alert));
            if (about.is_empty() || line.is_some())
                && let Some(resource) = &alert.resource_sid
            {
                let parties = match self
                    .parties(&account, resource, alert.at, &mut left)
                    .await?
                {
                    Some(parties) => parties,
                    None => {
                        unmatched += 1;
                        continue;
                    }
                };
                if let ([Some(from), Some(to)], Some(line)) = (parties, line)
                    && to == line.number
                    && query.numbers.contains(&from)
                {
                    continue;
                }
                if about.is_empty() {
                    about.extend(parties.into_iter().flatten());
                    about.retain(|number| query.numbers.contains(number));
                }
            }
            let (id, text) = (id(alert), text(alert, &said.words));
            reports.extend(about.into_iter().map(|number| AlertReport {
                id: id.clone(),
                number,
                at: alert.at,
                text: text.clone(),
            }));
        }
        if unmatched > 0 {
            let detail = format!(
                "{unmatched} alerts are still to be matched to numbers after {LOOKUPS} look-ups; \
                 read again, it goes on from there"
            );
            return Err(self
                .error(CarrierErrorKind::RateLimited, detail)
                .with_retry_after(Duration::from_secs(10)));
        }
        Ok(reports)
    }
}

/// Whether it is about a text that was blocked.
fn of_blocked_text(alert: &Alert) -> bool {
    let code = alert.error_code.map(TwilioCode::number);
    let resource = alert.resource_sid.as_deref();
    code.is_some_and(|code| BLOCKED.contains(&code))
        && resource.is_some_and(|sid| MessageSid::parse(sid).is_ok())
}

/// The same for the same alert, every time it is read.
fn id(alert: &Alert) -> String {
    if !alert.sid.is_empty() {
        return alert.sid.clone();
    }
    let code = alert.error_code.map_or(0, TwilioCode::number);
    let about = alert.resource_sid.as_deref().unwrap_or("-");
    // Not the time: an alert without one bears the time of the reading.
    // Nor the text, whose URLs may hold secrets.
    let text = Sha256Digest::of(alert.text.as_bytes());
    format!("{code}/{about}/{text}")
}

fn text(alert: &Alert, words: &str) -> String {
    let code = alert.error_code.map(|code| format!("{}: ", code.number()));
    said(&(code.unwrap_or_default() + words), LONGEST)
}

/// What an alert's text says: either words, or pairs as in a form. The words may be shown; the
/// numbers are found in URLs too.
#[derive(Debug)]
struct Said {
    words: String,
    numbers: BTreeSet<PhoneNumber>,
}

impl Said {
    fn read(text: &str) -> Self {
        let mut numbers = numbers_in(text);
        if !is_form(text) {
            return Self {
                words: said_decoded(text, usize::MAX),
                numbers,
            };
        }
        for (_, value) in form_urlencoded::parse(text.as_bytes()) {
            numbers.extend(numbers_in(&value));
        }
        // A URL that nobody encoded would be taken for more pairs.
        let text = said(text, usize::MAX);
        // Of the encoding only `+` is undone yet, as a blank that ends no URL would.
        let pairs: Vec<_> = text
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name, said_decoded(&value.replace('+', " "), usize::MAX)))
            .collect();
        let told = [
            "parsermessage",
            "msg",
            "message",
            "errormessage",
            "description",
        ];
        let message = told.iter().find_map(|key| {
            let mut held = pairs.iter();
            let (_, value) = held.find(|(name, _)| name.eq_ignore_ascii_case(key))?;
            (!value.is_empty()).then(|| value.clone())
        });
        Self {
            words: message.unwrap_or_else(|| rest(&pairs)),
            numbers,
        }
    }
}

/// The pairs as words, without URLs.
fn rest(pairs: &[(&str, String)]) -> String {
    let said = pairs
        .iter()
        .filter(|(name, value)| is_name(name) && !value.is_empty() && !value.contains("://"))
        .map(|(name, value)| format!("{name} {value}"));
    said.collect::<Vec<_>>().join(", ")
}

/// Whether the text is `name=value&name=value` rather than a sentence.
fn is_form(text: &str) -> bool {
    let names = text.split('&').map(|pair| pair.split_once('='));
    let mut names = names.map(|pair| pair.map(|(name, _)| name));
    names.next().flatten().is_some_and(is_name)
}

fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
    !name.is_empty() && name.bytes().all(plain)
}

/// Every number written with a plus, or with a plus encoded once more.
fn numbers_in(text: &str) -> BTreeSet<PhoneNumber> {
    let after = |mark: &'static str| {
        text.match_indices(mark)
            .map(move |(at, _)| &text[at + mark.len()..])
    };
    let tails = after("+").chain(after("%2B")).chain(after("%2b"));
    tails
        .filter_map(|tail| {
            let end = tail.bytes().take_while(u8::is_ascii_digit).count();
            PhoneNumber::from_e164(&format!("+{}", &tail[..end])).ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<String> {
        let said = Said::read(text);
        said.numbers.into_iter().map(String::from).collect()
    }

    #[test]
    fn an_alert_without_a_sid_is_the_same_at_every_reading() {
        let mut alert = Alert {
            sid: String::new(),
            account_sid: None,
            error_code: Some(TwilioCode::from_number(11200)),
            log_level: None,
            text: "HTTP retrieval failure".to_owned(),
            resource_sid: None,
            at: "2026-11-02T15:00:00Z".parse().unwrap(),
        };
        let first = id(&alert);
        alert.at += TimeDelta::hours(1);
        assert_eq!(id(&alert), first);
        alert.text = "HTTP connection failure".to_owned();
        assert_ne!(id(&alert), first);
        alert.text = "at https://h.example/?key=canary".to_owned();
        assert!(!id(&alert).contains("canary"), "{}", id(&alert));
    }

    #[test]
    fn a_form_is_read_into_words() {
        for (text, words) in [
            (
                "Msg=Attempt+to+retrieve+content+from+https%3A%2F%2Fa.example%2F+failed&httpResponse=502",
                "Attempt to retrieve content from https://a.example/ failed",
            ),
            (
                "parserMessage=Content%20is%20not%20allowed&Msg=other&LogLevel=ERROR",
                "Content is not allowed",
            ),
            (
                "sourceComponent=14100&httpResponse=502&url=https%3A%2F%2Fa.example%2F%3Fkey%3Dcanary&x=",
                "sourceComponent 14100, httpResponse 502",
            ),
            (
                "  The call could not be completed  ",
                "The call could not be completed",
            ),
            (
                "Msg=Attempt+to+retrieve+https%3A%2F%2Fme%3Apw%40h.example%2Fv%3Ftoken%3Dcanary&httpResponse=502",
                "Attempt to retrieve https://h.example/v?…",
            ),
            (
                "HTTP failure at https://me:pw@h.example/?k=canary",
                "HTTP failure at https://h.example/?…",
            ),
            (
                "url=https%253A%252F%252Fh%252F%253Fkey%253Dcanary&x=1",
                "x 1",
            ),
            // Nobody encoded it, or not all of it.
            (
                "Msg=at+https://me:pw@h/?k=a%20canary&token=canary",
                "at https://h/?…",
            ),
            ("Msg=at+https%3A//h/?k=a%20canary", "at https://h/?…"),
            ("url=https://h/?k=1&token=canary", ""),
            ("a=1&https%3A%2F%2Fh%2F%3Ftoken=canary", "a 1"),
            ("x = y is no form", "x = y is no form"),
            ("a+b=c & d", "a+b=c & d"),
            ("", ""),
        ] {
            assert_eq!(Said::read(text).words, words, "{text}");
        }
    }

    #[test]
    fn a_number_is_found_however_it_is_written() {
        let one = ["+14155552671".to_owned()];
        for text in [
            "Message from unregistered number +14155552671.",
            "From=%2B14155552671&Msg=x",
            "Msg=blocked&from=+14155552671",
            "url=https%3A%2F%2Fa.example%2F%3FFrom%3D%252B14155552671",
            "url=https%3A%2F%2Fa.example%2F%3FFrom%3D%2B14155552671%26x%3D1",
        ] {
            assert_eq!(numbers(text), one, "{text}");
        }
        for text in ["14155552671", "+141555526710000000", "é+é", "%2B", "+", ""] {
            assert_eq!(numbers(text), [""; 0], "{text}");
        }
    }
}
