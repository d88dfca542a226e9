//! One request, from its head to its reply.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::testing::fake_twilio::FakeRoute;
use crate::testing::fake_twilio::books::FakeRequest;
use crate::testing::fake_twilio::product::account::Caller;
use crate::testing::fake_twilio::wire::answer::{Answer, Refused};
use crate::testing::fake_twilio::wire::fault::{FakeFault, Manner, Reply};
use crate::testing::fake_twilio::wire::params::Params;
use crate::testing::fake_twilio::wire::route::{self, Matched};
use crate::testing::fake_twilio::world::World;

/// A request as the connection brings it.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) method: String,
    /// Percent-encoded, without the query.
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) authorization: Option<String>,
    pub(crate) content_type: Option<String>,
    /// `None` if it was larger than is taken.
    pub(crate) body: Option<Vec<u8>>,
}

/// A request that leads somewhere, from somebody.
#[derive(Debug)]
pub(crate) struct Ask {
    captured: Vec<String>,
    pub(crate) path: String,
    pub(crate) query: Params,
    pub(crate) form: Params,
    pub(crate) json: Option<Value>,
    pub(crate) caller: Caller,
    pub(crate) manner: Manner,
}

impl Ask {
    /// What stands in the braces of the route's path, from 0 on.
    pub(crate) fn sid(&self, index: usize) -> &str {
        self.captured
            .get(index)
            .map(String::as_str)
            .unwrap_or_default()
    }
}

impl World {
    /// Lets happen what is due, and takes the request.
    pub(crate) fn receive(&mut self, now: DateTime<Utc>, incoming: &Incoming) -> Reply {
        self.catch_up(now);
        if incoming.path.starts_with("/_fake/") {
            return Reply::Answer(self.side_door(incoming));
        }
        let found = route::find(&incoming.method, &incoming.path);
        let route = match &found {
            Matched::Route(route, _) => Some(*route),
            Matched::OtherMethod | Matched::Nothing => None,
        };
        let caller = self.caller(incoming.authorization.as_deref());
        let account = caller.as_ref().ok().map(|caller| caller.account.clone());
        let fault = route.and_then(|route| {
            self.books.ask(route);
            self.faults.take(route)
        });
        let reply = match fault.and_then(FakeFault::before) {
            Some(reply) => reply,
            None => {
                let manner = fault.map(FakeFault::manner).unwrap_or_default();
                let answer = self.answer(incoming, found, caller, manner);
                if let (Some(route), true) = (route, answer.effect) {
                    self.books.effect(route);
                }
                fault.map_or(Reply::Answer(answer.clone()), |fault| fault.after(answer))
            }
        };
        let form = incoming
            .body
            .as_deref()
            .filter(|_| is_form(incoming))
            .unwrap_or_default();
        self.books.enter(FakeRequest {
            at: now,
            method: incoming.method.clone(),
            path: incoming.path.clone(),
            query: Params::parse(incoming.query.as_bytes()).0,
            form: Params::parse(form).0,
            route,
            account,
            status: match &reply {
                Reply::Answer(answer) | Reply::Late(_, answer) => Some(answer.status),
                Reply::Hang | Reply::Cut => None,
            },
        });
        // What was begun may be due at once.
        self.catch_up(now);
        reply
    }

    fn answer(
        &mut self,
        incoming: &Incoming,
        found: Matched,
        caller: Result<Caller, Refused>,
        manner: Manner,
    ) -> Answer {
        let answer = match (found, caller) {
            (_, Err(refused)) => Err(refused),
            (Matched::Nothing, _) => Err(Refused::says(20404, not_found(&incoming.path))),
            (Matched::OtherMethod, _) => Err(Refused::code(20004)),
            (Matched::Route(route, captured), Ok(caller)) => {
                let ask = read(incoming, route, captured, caller, manner);
                ask.and_then(|ask| self.dispatch(route, &ask))
            }
        };
        answer.unwrap_or_else(|refused| refused.answer())
    }

    fn dispatch(&mut self, route: FakeRoute, ask: &Ask) -> Result<Answer, Refused> {
        match route {
            FakeRoute::Account => self.fetch_account(ask),
            FakeRoute::Accounts => self.list_accounts(ask),
            FakeRoute::Portability => self.portability(ask),
            FakeRoute::Eligibility => self.eligibility(ask),
            FakeRoute::Numbers => self.list_numbers(ask),
            FakeRoute::Number => self.fetch_number(ask),
            FakeRoute::UpdateNumber => self.update_number(ask),
            FakeRoute::ServiceNumbers => self.list_service_numbers(ask),
            FakeRoute::ServiceNumber => self.fetch_service_number(ask),
            FakeRoute::JoinService => self.join_service(ask),
            FakeRoute::LeaveService => self.leave_service(ask),
            FakeRoute::Campaigns => self.list_campaigns(ask),
            FakeRoute::PlaceCall => self.place_call(ask),
            FakeRoute::Call => self.fetch_call(ask),
            FakeRoute::Calls => self.list_calls(ask),
            FakeRoute::SendMessage => self.send_message(ask),
            FakeRoute::Message => self.fetch_message(ask),
            FakeRoute::Messages => self.list_messages(ask),
            FakeRoute::Alerts => self.list_alerts(ask),
        }
    }
}

fn not_found(path: &str) -> String {
    format!("The requested resource {path} was not found")
}

/// Reads the parameters a route takes, in the form it takes them in.
fn read(
    incoming: &Incoming,
    route: FakeRoute,
    captured: Vec<String>,
    caller: Caller,
    manner: Manner,
) -> Result<Ask, Refused> {
    let too_large = || Refused::with(413, None, "The request body is larger than 1 MB");
    let body = incoming.body.as_deref().ok_or_else(too_large)?;
    let query = Params::parse(incoming.query.as_bytes());
    let (mut form, mut json) = (Params::default(), None);
    if incoming.method == "POST" {
        query.only(&[])?;
        if route.takes_json() {
            media_type(incoming, "application/json")?;
            let parsed = serde_json::from_slice(body);
            json = Some(parsed.map_err(|_| Refused::says(20001, "The body is not JSON"))?);
        } else {
            media_type(incoming, FORM)?;
            form = Params::parse(body);
        }
    }
    let path = incoming.path.clone();
    Ok(Ask {
        captured,
        path,
        query,
        form,
        json,
        caller,
        manner,
    })
}

const FORM: &str = "application/x-www-form-urlencoded";

fn is_form(incoming: &Incoming) -> bool {
    media_type(incoming, FORM).is_ok()
}

fn media_type(incoming: &Incoming, expected: &str) -> Result<(), Refused> {
    let given = incoming.content_type.as_deref().unwrap_or_default();
    let given = given.split(';').next().unwrap_or_default().trim();
    let right = given.eq_ignore_ascii_case(expected);
    let words = || format!("The content type must be {expected}");
    right
        .then_some(())
        .ok_or_else(|| Refused::with(415, None, words()))
}
