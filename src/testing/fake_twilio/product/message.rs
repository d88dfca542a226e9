use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::number::PhoneNumber;
use crate::testing::fake_twilio::callback::letter::{Content, Letter, Thread};
use crate::testing::fake_twilio::outcome::{End, FakeOutcome};
use crate::testing::fake_twilio::product::alert::FakeAlert;
use crate::testing::fake_twilio::product::registration::Registration;
use crate::testing::fake_twilio::wire::answer::{Answer, Refused};
use crate::testing::fake_twilio::wire::door::Ask;
use crate::testing::fake_twilio::wire::page::{PAGING, Page};
use crate::testing::fake_twilio::wire::params::{Params, e164, is_url, rfc2822};
use crate::testing::fake_twilio::wire::span::Span;
use crate::testing::fake_twilio::world::{Event, World};

/// A message as its account sees it.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    sid: String,
    account: String,
    from: PhoneNumber,
    to: PhoneNumber,
    body: String,
    direction: &'static str,
    status: String,
    error: Option<u32>,
    service: Option<String>,
    created: DateTime<Utc>,
    sent: Option<DateTime<Utc>>,
    updated: DateTime<Utc>,
    heard: bool,
    callback: Option<(String, Thread)>,
}

/// A message gets another status.
#[derive(Clone, Debug)]
pub(crate) struct MessageStep {
    sid: String,
    status: String,
    error: Option<u32>,
    last: bool,
}

const PARAMETERS: [&str; 11] = [
    "To",
    "From",
    "MessagingServiceSid",
    "Body",
    "MediaUrl",
    "StatusCallback",
    "ValidityPeriod",
    "SmartEncoded",
    "ProvideFeedback",
    "ContentRetention",
    "AddressRetention",
];
/// What becomes of messages from numbers that are not registered.
const UNREGISTERED: u32 = 30034;
const MOST_MEDIA: usize = 10;

impl Message {
    fn shows(&self) -> Value {
        let uri = format!(
            "/2010-04-01/Accounts/{}/Messages/{}",
            self.account, self.sid
        );
        json!({
            "account_sid": self.account,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": rfc2822(self.created),
            "date_sent": self.sent.map(rfc2822),
            "date_updated": rfc2822(self.updated),
            "direction": self.direction,
            "error_code": self.error,
            "error_message": self.error.map(|code| format!("Error {code}")),
            "from": self.from.as_str(),
            "messaging_service_sid": self.service,
            "num_media": "0",
            "num_segments": "1",
            "price": null,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": { "media": format!("{uri}/Media.json") },
            "to": self.to.as_str(),
            "uri": format!("{uri}.json"),
        })
    }
}

impl World {
    pub(crate) fn send_message(&mut self, ask: &Ask) -> Result<Answer, Refused> {
        ask.form.only(&PARAMETERS)?;
        self.reach(&ask.caller, ask.sid(0))?;
        self.must_be_active(ask.sid(0))?;
        let to = ask.form.get("To").ok_or_else(|| Refused::code(21604))?;
        let to = self.possible(to, 21211)?;
        let service = ask
            .form
            .sid("MessagingServiceSid", "MG")?
            .map(str::to_owned);
        let from = self.sender(ask, service.as_deref())?;
        if to == from {
            return Err(Refused::code(21211));
        }
        self.may_reach(ask.sid(0), to, 21608)?;
        let nothing_said = if service.is_some() { 21619 } else { 21602 };
        let body = body_of(&ask.form, nothing_said)?;
        let callback = match ask.form.get("StatusCallback") {
            Some(url) if !is_url(url) => return Err(Refused::code(21609)),
            url => url.map(|url| (url.to_owned(), Thread::new(ask.manner))),
        };
        let outcome = self.message_outcome(from, to);
        if let End::Refused(code) = outcome.end {
            return Err(Refused::code(code));
        }
        let mut message = self.new_message(ask.sid(0), from, to, body, "outbound-api");
        message.service = service;
        message.callback = callback;
        message.heard = outcome.heard;
        if message.service.is_some() && ask.form.get("From").is_none() {
            "accepted".clone_into(&mut message.status);
        }
        let (sid, shown) = (message.sid.clone(), message.shows());
        self.messages.insert(sid.clone(), message);
        self.plan_message(&sid, &outcome);
        Ok(Answer::did(201, shown))
    }

    /// The number a message goes out from: the one that is named, or one of the service's pool.
    fn sender(&self, ask: &Ask, service: Option<&str>) -> Result<PhoneNumber, Refused> {
        let named = ask
            .form
            .get("From")
            .map(|from| e164(from, 21212))
            .transpose()?;
        let Some(service) = service else {
            let from = named.ok_or_else(|| Refused::code(21603))?;
            let own = self
                .number(from)
                .filter(|n| n.account == ask.sid(0) && n.texts);
            return own.map(|_| from).ok_or_else(|| Refused::code(21606));
        };
        let service = self
            .services
            .get(service)
            .filter(|found| found.belongs_to(ask.sid(0)));
        let service = service.ok_or_else(|| Refused::code(20404))?;
        let mut pool = service
            .members()
            .filter_map(|sid| Some(self.numbers.get(sid)?.number));
        match named {
            Some(from) => pool
                .find(|number| *number == from)
                .ok_or_else(|| Refused::code(21606)),
            None => pool.next().ok_or_else(|| Refused::code(21703)),
        }
    }

    /// What was told, or else what Twilio does: texts from local numbers of North America that
    /// are not registered are blocked.
    fn message_outcome(&self, from: PhoneNumber, to: PhoneNumber) -> FakeOutcome {
        if let Some(told) = self.rules.messages.between(from, to) {
            return told.clone();
        }
        let sender = self.number(from).filter(|number| number.is_10dlc());
        let registered =
            sender.is_none_or(|number| matches!(number.registration, Registration::Registered));
        if registered || !to.as_str().starts_with("+1") {
            FakeOutcome::delivered()
        } else {
            FakeOutcome::undelivered(UNREGISTERED)
        }
    }

    fn new_message(
        &mut self,
        account: &str,
        from: PhoneNumber,
        to: PhoneNumber,
        body: String,
        direction: &'static str,
    ) -> Message {
        Message {
            sid: self.mint("SM"),
            account: account.to_owned(),
            from,
            to,
            body,
            direction,
            status: "queued".to_owned(),
            error: None,
            service: None,
            created: self.now,
            sent: None,
            updated: self.now,
            heard: true,
            callback: None,
        }
    }

    /// Sent after a second, ended after three, unless told otherwise.
    fn plan_message(&mut self, sid: &str, outcome: &FakeOutcome) {
        let last = outcome.after.unwrap_or(TimeDelta::seconds(3));
        let step = |status: &str, error, last| MessageStep {
            sid: sid.to_owned(),
            status: status.to_owned(),
            error,
            last,
        };
        let end = match &outcome.end {
            End::Status(status, error) => Some(step(status, *error, true)),
            End::Never | End::Refused(_) => None,
        };
        if end.as_ref().is_none_or(|end| end.status != "failed") {
            let first = TimeDelta::seconds(1).min(last);
            self.plan(first, Event::Message(step("sent", None, false)));
        }
        if let Some(end) = end {
            self.plan(last, Event::Message(end));
        }
    }

    pub(crate) fn step_message(&mut self, step: MessageStep) {
        let now = self.now;
        let Some(message) = self.messages.get_mut(&step.sid) else {
            return;
        };
        step.status.clone_into(&mut message.status);
        message.error = step.error;
        message.updated = now;
        message.sent = message.sent.or(Some(now));
        let message = message.clone();
        self.report_message(&message, step.last);
        if ["delivered", "read"].contains(&step.status.as_str()) && message.heard {
            self.text_in(message.from, message.to, message.body.clone());
        }
        if let Some(error) = step.error {
            let text = format!("errorCode={error}&messageSid={}", message.sid);
            let alert = FakeAlert::new(error, text).resource(message.sid);
            self.raise_alert(&message.account, alert);
        }
    }

    /// A message arrives at a number of this world. `None` if it is not one.
    pub(crate) fn text_in(
        &mut self,
        from: PhoneNumber,
        to: PhoneNumber,
        body: String,
    ) -> Option<String> {
        let number = self.number(to).filter(|number| number.texts)?;
        let account = number.account.clone();
        let service = self
            .services
            .iter()
            .find(|(_, service)| service.has(&number.sid));
        let service = service.map(|(sid, _)| sid.clone());
        let mut message = self.new_message(&account, from, to, body, "inbound");
        message.service = service;
        "received".clone_into(&mut message.status);
        message.sent = Some(self.now);
        let sid = message.sid.clone();
        self.messages.insert(sid.clone(), message);
        Some(sid)
    }

    fn report_message(&mut self, message: &Message, last: bool) {
        let Some((url, _)) = &message.callback else {
            return;
        };
        let mut fields = vec![
            ("AccountSid", message.account.clone()),
            ("ApiVersion", "2010-04-01".to_owned()),
            ("From", message.from.into()),
            ("MessageSid", message.sid.clone()),
            ("MessageStatus", message.status.clone()),
            ("SmsSid", message.sid.clone()),
            ("SmsStatus", message.status.clone()),
            ("To", message.to.into()),
        ];
        fields.extend(message.error.map(|code| ("ErrorCode", code.to_string())));
        fields.extend(
            message
                .service
                .clone()
                .map(|sid| ("MessagingServiceSid", sid)),
        );
        let letter = Letter {
            at: self.now,
            account: message.account.clone(),
            url: url.clone(),
            content: Content::Form(fields),
            token: format!("{}-{}", message.sid, message.status),
        };
        let kept = self
            .messages
            .get_mut(&message.sid)
            .and_then(|m| m.callback.as_mut());
        if let Some((_, thread)) = kept {
            self.outbox.extend(thread.post(letter, last));
        }
    }

    pub(crate) fn fetch_message(&self, ask: &Ask) -> Result<Answer, Refused> {
        ask.query.only(&[])?;
        self.reach(&ask.caller, ask.sid(0))?;
        let found = self.messages.get(ask.sid(1));
        let found = found.filter(|message| message.account == ask.sid(0));
        found
            .map(|message| Answer::shows(message.shows()))
            .ok_or_else(|| Refused::code(20404))
    }

    pub(crate) fn list_messages(&self, ask: &Ask) -> Result<Answer, Refused> {
        let own = ["To", "From", "DateSent", "DateSent<", "DateSent>"];
        ask.query.only(&[&PAGING[..], &own].concat())?;
        self.reach(&ask.caller, ask.sid(0))?;
        let page = Page::asked(ask, self.rules.page_cap)?;
        let sent = Span::asked(&ask.query, ["DateSent", "DateSent<", "DateSent>"])?;
        let (to, from) = (ask.query.get("To"), ask.query.get("From"));
        let found = self.messages.values().rev().filter(|message| {
            message.account == ask.sid(0)
                && to.is_none_or(|to| message.to.as_str() == to)
                && from.is_none_or(|from| message.from.as_str() == from)
                && sent.holds(Some(message.sent.unwrap_or(message.created)))
        });
        let found = found.map(Message::shows).collect();
        Ok(page.classic("messages", found))
    }
}

/// `nothing_said` is the code for a message without content.
fn body_of(form: &Params, nothing_said: u32) -> Result<String, Refused> {
    form.one_of("ContentRetention", &["retain", "discard"])?;
    form.one_of("AddressRetention", &["retain", "obfuscate"])?;
    form.one_of("SmartEncoded", &["true", "false"])?;
    form.one_of("ProvideFeedback", &["true", "false"])?;
    form.integer("ValidityPeriod", 1, 36_000)
        .map_err(|_| Refused::code(21624))?;
    if form.all("MediaUrl").any(|url| !is_url(url)) {
        return Err(Refused::code(21620));
    }
    if form.all("MediaUrl").count() > MOST_MEDIA {
        return Err(Refused::code(21623));
    }
    let body = form.get("Body").unwrap_or_default();
    if body.is_empty() && form.get("MediaUrl").is_none() {
        return Err(Refused::code(nothing_said));
    }
    if body.chars().count() > 1600 {
        return Err(Refused::code(21617));
    }
    Ok(body.to_owned())
}
