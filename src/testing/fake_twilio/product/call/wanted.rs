//! What a call shall do, and what its caller wants to hear of it.

use crate::testing::fake_twilio::callback::letter::Thread;
use crate::testing::fake_twilio::wire::answer::Refused;
use crate::testing::fake_twilio::wire::door::Ask;
use crate::testing::fake_twilio::wire::params::{Params, invalid, is_sid, is_url};

const EVENTS: [&str; 4] = ["initiated", "ringing", "answered", "completed"];

/// Where a caller wants to hear of a call's progress.
#[derive(Clone, Debug)]
pub(super) struct Callback {
    pub(super) url: String,
    pub(super) get: bool,
    pub(super) events: Vec<String>,
    pub(super) thread: Thread,
    /// How many were sent.
    pub(super) sent: u32,
}

/// Something must say what the call shall do.
pub(super) fn check_instructions(form: &Params) -> Result<(), Refused> {
    let urls = ["Url", "FallbackUrl"];
    if let Some(name) = urls
        .into_iter()
        .find(|name| form.get(name).is_some_and(|u| !is_url(u)))
    {
        return Err(if name == "Url" {
            Refused::code(21205)
        } else {
            invalid(name)
        });
    }
    let wrong = |code| move |_| Refused::code(code);
    for name in ["Method", "FallbackMethod", "StatusCallbackMethod"] {
        form.one_of(name, &["GET", "POST"]).map_err(wrong(21209))?;
    }
    form.one_of("Record", &["true", "false"])?;
    form.integer("Timeout", 1, 600).map_err(wrong(21208))?;
    form.integer("TimeLimit", 1, 14_400)?;
    if form.get("SendDigits").is_some_and(|keys| !are_keys(keys)) {
        return Err(Refused::code(21206));
    }
    if form
        .get("ApplicationSid")
        .is_some_and(|sid| !is_sid(sid, "AP"))
    {
        return Err(Refused::code(21218));
    }
    if form
        .get("Twiml")
        .is_some_and(|twiml| twiml.chars().count() > 4000)
    {
        return Err(invalid("Twiml"));
    }
    let said = ["Url", "Twiml", "ApplicationSid"];
    let said = said
        .into_iter()
        .any(|name| form.get(name).is_some_and(|text| !text.is_empty()));
    said.then_some(()).ok_or_else(|| Refused::code(21205))
}

/// What a phone can dial, `w` and `W` for pauses.
fn are_keys(keys: &str) -> bool {
    let dialled = |key: u8| b"0123456789ABCD#*wW".contains(&key);
    keys.len() <= 32 && keys.bytes().all(dialled)
}

pub(super) fn callback_of(ask: &Ask) -> Result<Option<Callback>, Refused> {
    let mut events: Vec<String> = ask
        .form
        .all("StatusCallbackEvent")
        .map(str::to_owned)
        .collect();
    if events.iter().any(|event| !EVENTS.contains(&event.as_str())) {
        return Err(Refused::code(21626));
    }
    let Some(url) = ask.form.get("StatusCallback") else {
        return Ok(None);
    };
    if !is_url(url) {
        return Err(Refused::code(21609));
    }
    if events.is_empty() {
        events.push("completed".to_owned());
    }
    Ok(Some(Callback {
        url: url.to_owned(),
        get: ask.form.get("StatusCallbackMethod") == Some("GET"),
        events,
        thread: Thread::new(ask.manner),
        sent: 0,
    }))
}
