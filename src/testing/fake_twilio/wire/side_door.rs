//! Doors that Twilio does not have, under `/_fake/`: for clients in other languages.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::number::PhoneNumber;
use crate::testing::fake_twilio::FakeRoute;
use crate::testing::fake_twilio::support::ticket::FakeTicket;
use crate::testing::fake_twilio::support::ticket::Ticket;
use crate::testing::fake_twilio::wire::answer::{Answer, Refused};
use crate::testing::fake_twilio::wire::door::Incoming;
use crate::testing::fake_twilio::wire::fault::FakeFault;
use crate::testing::fake_twilio::wire::params::Params;
use crate::testing::fake_twilio::world::World;

/// `POST /_fake/tickets`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewTicket {
    subject: String,
    losing: String,
    gaining: String,
    numbers: Vec<String>,
    #[serde(default)]
    body: String,
}

/// `POST /_fake/faults`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewFault {
    route: String,
    fault: String,
    status: Option<u16>,
    /// A Twilio code, seconds of `TooMany`, or milliseconds of `Slow`.
    number: Option<u32>,
    #[serde(default)]
    always: bool,
}

impl World {
    pub(crate) fn side_door(&mut self, incoming: &Incoming) -> Answer {
        let answer = match (incoming.method.as_str(), incoming.path.as_str()) {
            ("GET", "/_fake/books") => Ok(self.shows_books()),
            ("GET", "/_fake/tickets") => Ok(self.shows_tickets(&incoming.query)),
            ("POST", "/_fake/tickets") => body(incoming).and_then(|new| self.take_ticket(new)),
            ("POST", "/_fake/faults") => body(incoming).and_then(|new| self.take_fault(&new)),
            ("DELETE", "/_fake/faults") => {
                self.faults.clear();
                Ok(Answer::gone())
            }
            (method, path) => self.one_ticket(method, path),
        };
        answer.unwrap_or_else(|refused| refused.answer())
    }

    /// `GET /_fake/tickets/{id}` and `POST /_fake/tickets/{id}/reply`.
    fn one_ticket(&mut self, method: &str, path: &str) -> Result<Answer, Refused> {
        let rest = path
            .strip_prefix("/_fake/tickets/")
            .ok_or_else(|| Refused::code(20404))?;
        let id = match (method, rest.strip_suffix("/reply")) {
            ("POST", Some(id)) => {
                self.reply_to_ticket(id);
                id
            }
            ("GET", None) => rest,
            _ => return Err(Refused::code(20004)),
        };
        let found = self.tickets.get(id).ok_or_else(|| Refused::code(20404))?;
        Ok(Answer::shows(found.shows()))
    }

    /// All tickets, or those with `subject` in their subject.
    fn shows_tickets(&self, query: &str) -> Answer {
        let asked = Params::parse(query.as_bytes());
        let subject = asked.get("subject");
        let meant = |ticket: &&Ticket| {
            let of = &ticket.state().ticket.subject;
            subject.is_none_or(|words| of.contains(words))
        };
        let tickets = self.tickets.values().filter(meant);
        let tickets: Vec<Value> = tickets.map(Ticket::shows).collect();
        Answer::shows(json!({ "tickets": tickets }))
    }

    fn shows_books(&self) -> Answer {
        let mut books = self.books.shows();
        let numbers = self.numbers.values();
        let numbers = numbers.map(|n| (String::from(n.number), Value::from(n.account.clone())));
        books["numbers"] = Value::Object(numbers.collect());
        Answer::shows(books)
    }

    fn take_ticket(&mut self, new: NewTicket) -> Result<Answer, Refused> {
        let numbers = new.numbers.iter().map(|text| {
            let refused = |_| Refused::with(400, None, format!("{text:?} is not in E.164 form"));
            PhoneNumber::from_e164(text).map_err(refused)
        });
        let numbers = numbers.collect::<Result<Vec<_>, _>>()?;
        let NewTicket {
            subject,
            losing,
            gaining,
            body,
            ..
        } = new;
        let id = self.file_ticket(FakeTicket {
            subject,
            losing,
            gaining,
            numbers,
            body,
        });
        let filed = self.tickets.get(&id).map_or(Value::Null, Ticket::shows);
        Ok(Answer::did(201, filed))
    }

    fn take_fault(&mut self, new: &NewFault) -> Result<Answer, Refused> {
        let route = FakeRoute::named(&new.route).ok_or_else(|| {
            let routes = FakeRoute::ALL.map(|route| route.to_string()).join(", ");
            Refused::with(
                400,
                None,
                format!("no route {}; there are: {routes}", new.route),
            )
        })?;
        let fault = FakeFault::named(&new.fault, new.status, new.number).ok_or_else(|| {
            let words = format!(
                "no fault {} with this status and number; there are: {}",
                new.fault,
                FakeFault::DOOR
            );
            Refused::with(400, None, words)
        })?;
        if new.always {
            self.faults.always(route, fault);
        } else {
            self.faults.next(route, fault);
        }
        Ok(Answer::did(
            201,
            json!({ "route": new.route, "fault": new.fault }),
        ))
    }
}

fn body<'a, T: Deserialize<'a>>(incoming: &'a Incoming) -> Result<T, Refused> {
    let body = incoming.body.as_deref().unwrap_or_default();
    serde_json::from_slice(body).map_err(|why| Refused::with(400, None, why.to_string()))
}
