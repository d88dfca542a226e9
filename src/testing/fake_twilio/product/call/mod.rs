mod wanted;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::number::PhoneNumber;
use crate::testing::fake_twilio::callback::letter::{Content, Letter};
use crate::testing::fake_twilio::outcome::{End, FakeOutcome};
use crate::testing::fake_twilio::product::alert::FakeAlert;
use crate::testing::fake_twilio::wire::answer::{Answer, Refused};
use crate::testing::fake_twilio::wire::door::Ask;
use crate::testing::fake_twilio::wire::page::{PAGING, Page};
use crate::testing::fake_twilio::wire::params::{e164, rfc2822};
use crate::testing::fake_twilio::wire::span::Span;
use crate::testing::fake_twilio::world::{Event, World};
use wanted::{Callback, callback_of, check_instructions};

/// A call as its account sees it.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    sid: String,
    account: String,
    from: PhoneNumber,
    to: PhoneNumber,
    direction: &'static str,
    status: String,
    created: DateTime<Utc>,
    started: Option<DateTime<Utc>>,
    ended: Option<DateTime<Utc>>,
    updated: DateTime<Utc>,
    /// The same call as the receiving account sees it.
    far: Option<String>,
    heard: bool,
    callback: Option<Callback>,
}

/// A call gets another status.
#[derive(Clone, Debug)]
pub(crate) struct CallStep {
    sid: String,
    status: String,
    error: Option<u32>,
}

const PARAMETERS: [&str; 17] = [
    "To",
    "From",
    "Url",
    "Twiml",
    "ApplicationSid",
    "Method",
    "FallbackUrl",
    "FallbackMethod",
    "StatusCallback",
    "StatusCallbackEvent",
    "StatusCallbackMethod",
    "SendDigits",
    "Timeout",
    "Record",
    "CallerId",
    "TimeLimit",
    "MachineDetection",
];
const STATUSES: [&str; 8] = [
    "queued",
    "ringing",
    "in-progress",
    "completed",
    "busy",
    "failed",
    "no-answer",
    "canceled",
];
/// What a call that is `failed` without a code of its own raises.
const NOT_PUT_THROUGH: u32 = 13224;

impl Call {
    fn is_over(&self) -> bool {
        self.ended.is_some()
    }

    fn shows(&self) -> Value {
        let uri = format!("/2010-04-01/Accounts/{}/Calls/{}", self.account, self.sid);
        let talk = self
            .ended
            .zip(self.started)
            .map(|(end, start)| (end - start).num_seconds());
        json!({
            "account_sid": self.account,
            "answered_by": null,
            "api_version": "2010-04-01",
            "caller_name": null,
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(self.updated),
            "direction": self.direction,
            "duration": talk.map(|seconds| seconds.to_string()),
            "end_time": self.ended.map(rfc2822),
            "from": self.from.as_str(),
            "from_formatted": self.from.as_str(),
            "parent_call_sid": null,
            "price": null,
            "price_unit": "USD",
            "queue_time": "0",
            "sid": self.sid,
            "start_time": self.started.map(rfc2822),
            "status": self.status,
            "subresource_uris": { "events": format!("{uri}/Events.json") },
            "to": self.to.as_str(),
            "to_formatted": self.to.as_str(),
            "trunk_sid": null,
            "uri": format!("{uri}.json"),
        })
    }
}

impl World {
    pub(crate) fn place_call(&mut self, ask: &Ask) -> Result<Answer, Refused> {
        ask.form.only(&PARAMETERS)?;
        self.reach(&ask.caller, ask.sid(0))?;
        self.must_be_active(ask.sid(0))?;
        let to = ask.form.get("To").ok_or_else(|| Refused::code(21201))?;
        let from = ask.form.get("From").ok_or_else(|| Refused::code(21213))?;
        let (to, from) = (self.possible(to, 21211)?, e164(from, 21212)?);
        if to == from {
            return Err(Refused::code(21211));
        }
        if self.account_of(from) != Some(ask.sid(0)) {
            return Err(Refused::code(21210));
        }
        self.may_reach(ask.sid(0), to, 21219)?;
        check_instructions(&ask.form)?;
        let callback = callback_of(ask)?;
        let outcome = self.rules.calls.between(from, to).cloned();
        let outcome = outcome.unwrap_or_else(FakeOutcome::completed);
        if let End::Refused(code) = outcome.end {
            return Err(Refused::code(code));
        }
        let sid = self.begin_call(ask.sid(0), from, to, "outbound-api");
        if let Some(call) = self.calls.get_mut(&sid) {
            call.callback = callback;
            call.heard = outcome.heard;
        }
        let shown = self.calls.get(&sid).map_or(Value::Null, Call::shows);
        self.report_call(&sid, "initiated", "initiated", false);
        self.plan_call(&sid, &outcome);
        Ok(Answer::did(201, shown))
    }

    fn begin_call(
        &mut self,
        account: &str,
        from: PhoneNumber,
        to: PhoneNumber,
        direction: &'static str,
    ) -> String {
        let sid = self.mint("CA");
        let call = Call {
            sid: sid.clone(),
            account: account.to_owned(),
            from,
            to,
            direction,
            status: "queued".to_owned(),
            created: self.now,
            started: None,
            ended: None,
            updated: self.now,
            far: None,
            heard: true,
            callback: None,
        };
        self.calls.insert(sid.clone(), call);
        sid
    }

    /// Rings after a second, is taken after four, ends after nine, unless told otherwise.
    fn plan_call(&mut self, sid: &str, outcome: &FakeOutcome) {
        let (end, error, usual) = match &outcome.end {
            End::Status(status, error) => (Some(status.as_str()), *error, usual_end(status)),
            End::Never | End::Refused(_) => (None, None, 0),
        };
        let last = outcome.after.unwrap_or(TimeDelta::seconds(usual));
        let mut steps = Vec::new();
        if end != Some("failed") {
            steps.push((TimeDelta::seconds(1), "ringing", None));
        }
        if end == Some("completed") {
            steps.push((TimeDelta::seconds(4), "in-progress", None));
        }
        if let Some(end) = end {
            steps.iter_mut().for_each(|step| step.0 = step.0.min(last));
            steps.push((last, end, error));
        }
        for (delay, status, error) in steps {
            let step = CallStep {
                sid: sid.to_owned(),
                status: status.to_owned(),
                error,
            };
            self.plan(delay, Event::Call(step));
        }
    }

    pub(crate) fn step_call(&mut self, step: CallStep) {
        let Some(call) = self
            .calls
            .get(&step.sid)
            .filter(|call| !call.is_over())
            .cloned()
        else {
            return;
        };
        let over = !["ringing", "in-progress"].contains(&step.status.as_str());
        if step.status == "ringing" && call.direction != "inbound" && call.heard {
            self.ring_far_end(&call);
        }
        self.set_call_status(&step.sid, &step.status, over);
        let far = self.calls.get(&step.sid).and_then(|call| call.far.clone());
        if let Some(far) = far {
            self.set_call_status(&far, &step.status, over);
        }
        let event = match step.status.as_str() {
            "ringing" => "ringing",
            "in-progress" => "answered",
            _ => "completed",
        };
        self.report_call(&step.sid, event, &step.status, over);
        let error = step
            .error
            .or((step.status == "failed").then_some(NOT_PUT_THROUGH));
        if let Some(error) = error.filter(|_| over) {
            let alert = FakeAlert::new(error, format!("errorCode={error}&callSid={}", step.sid));
            self.raise_alert(&call.account, alert.resource(step.sid));
        }
    }

    fn ring_far_end(&mut self, call: &Call) {
        let Some(account) = self.account_of(call.to).map(str::to_owned) else {
            return;
        };
        let far = self.begin_call(&account, call.from, call.to, "inbound");
        if let Some(call) = self.calls.get_mut(&call.sid) {
            call.far = Some(far);
        }
    }

    fn set_call_status(&mut self, sid: &str, status: &str, over: bool) {
        let now = self.now;
        if let Some(call) = self.calls.get_mut(sid) {
            status.clone_into(&mut call.status);
            call.updated = now;
            call.started = call.started.or(Some(now));
            call.ended = over.then_some(now);
        }
    }

    /// Sends `event` where the caller asked for it.
    fn report_call(&mut self, sid: &str, event: &str, status: &str, last: bool) {
        let now = self.now;
        let Some(call) = self.calls.get_mut(sid) else {
            return;
        };
        let fields = vec![
            ("AccountSid", call.account.clone()),
            ("ApiVersion", "2010-04-01".to_owned()),
            ("CallSid", call.sid.clone()),
            ("CallStatus", status.to_owned()),
            ("CallbackSource", "call-progress-events".to_owned()),
            ("Called", call.to.into()),
            ("Caller", call.from.into()),
            ("Direction", call.direction.to_owned()),
            ("From", call.from.into()),
            ("Timestamp", rfc2822(now)),
            ("To", call.to.into()),
        ];
        let account = call.account.clone();
        let Some(callback) = &mut call.callback else {
            return;
        };
        if !callback.events.iter().any(|wanted| wanted == event) {
            return;
        }
        let mut fields = fields;
        fields.push(("SequenceNumber", callback.sent.to_string()));
        callback.sent += 1;
        let token = format!("{sid}-{event}");
        let content = if callback.get {
            Content::Query(fields)
        } else {
            Content::Form(fields)
        };
        let letter = Letter {
            at: now,
            account,
            url: callback.url.clone(),
            content,
            token,
        };
        self.outbox.extend(callback.thread.post(letter, last));
    }

    /// A call from a line that is not of this world, to a number that is. `None` if it is not.
    pub(crate) fn call_in(&mut self, from: PhoneNumber, to: PhoneNumber) -> Option<String> {
        let account = self.account_of(to)?.to_owned();
        let outcome = self.rules.calls.between(from, to).cloned();
        let outcome = outcome.unwrap_or_else(FakeOutcome::completed);
        let sid = self.begin_call(&account, from, to, "inbound");
        self.plan_call(&sid, &outcome);
        Some(sid)
    }

    pub(crate) fn fetch_call(&self, ask: &Ask) -> Result<Answer, Refused> {
        ask.query.only(&[])?;
        self.reach(&ask.caller, ask.sid(0))?;
        let call = self
            .calls
            .get(ask.sid(1))
            .filter(|call| call.account == ask.sid(0));
        call.map(|call| Answer::shows(call.shows()))
            .ok_or_else(|| Refused::code(20404))
    }

    pub(crate) fn list_calls(&self, ask: &Ask) -> Result<Answer, Refused> {
        let own = [
            "To",
            "From",
            "ParentCallSid",
            "Status",
            "StartTime",
            "StartTime<",
            "StartTime>",
            "EndTime",
            "EndTime<",
            "EndTime>",
        ];
        ask.query.only(&[&PAGING[..], &own].concat())?;
        self.reach(&ask.caller, ask.sid(0))?;
        let page = Page::asked(ask, self.rules.page_cap)?;
        let status = ask.query.one_of("Status", &STATUSES)?;
        ask.query.sid("ParentCallSid", "CA")?;
        let start = Span::asked(&ask.query, ["StartTime", "StartTime<", "StartTime>"])?;
        let end = Span::asked(&ask.query, ["EndTime", "EndTime<", "EndTime>"])?;
        let (to, from) = (ask.query.get("To"), ask.query.get("From"));
        let found = self.calls.values().rev().filter(|call| {
            call.account == ask.sid(0)
                && to.is_none_or(|to| call.to.as_str() == to)
                && from.is_none_or(|from| call.from.as_str() == from)
                && status.is_none_or(|status| call.status == status)
                && ask.query.get("ParentCallSid").is_none()
                && start.holds(Some(call.started.unwrap_or(call.created)))
                && end.holds(call.ended)
        });
        let found = found.map(Call::shows).collect();
        Ok(page.classic("calls", found))
    }
}

fn usual_end(status: &str) -> i64 {
    match status {
        "completed" => 9,
        "busy" => 3,
        "no-answer" => 31,
        _ => 2,
    }
}
