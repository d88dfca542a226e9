//! Registrations of numbers for 10DLC, and the events that tell of them.

use serde_json::json;

use crate::testing::fake_twilio::callback::letter::{Letter, Thread};
use crate::testing::fake_twilio::wire::fault::Manner;
use crate::testing::fake_twilio::wire::params::iso;
use crate::testing::fake_twilio::world::{Event, World};

/// Where a number stands.
#[derive(Clone, Debug)]
pub(crate) enum Registration {
    None,
    Pending(u64, Thread),
    Registered,
    Failed,
}

/// A registration comes to its end, unless it was given up since.
#[derive(Clone, Debug)]
pub(crate) struct RegistrationStep {
    number: String,
    turn: u64,
}

/// What an event tells of.
#[derive(Clone, Copy, Debug)]
enum News<'a> {
    Pending,
    Successful,
    Failed(&'a str),
    Gone,
}

impl World {
    /// Begins the registration of a number in a service with an approved campaign.
    pub(crate) fn begin_registration(&mut self, sid: &str, manner: Manner) {
        let verified = self
            .services
            .values()
            .any(|s| s.has(sid) && s.is_verified());
        let Some(found) = self.numbers.get(sid) else {
            return;
        };
        if !verified || !found.is_10dlc() || !matches!(found.registration, Registration::None) {
            return;
        }
        let own = self.rules.registrations.get(&found.number).copied();
        let delay = own.unwrap_or(self.rules.registration);
        self.turns += 1;
        let turn = self.turns;
        let mut thread = Thread::new(manner);
        self.tell(sid, News::Pending, &mut thread);
        if let Some(found) = self.numbers.get_mut(sid) {
            found.registration = Registration::Pending(turn, thread);
        }
        let number = sid.to_owned();
        self.plan(
            delay,
            Event::Registration(RegistrationStep { number, turn }),
        );
    }

    pub(crate) fn step_registration(&mut self, step: RegistrationStep) {
        let Some(found) = self.numbers.get_mut(&step.number) else {
            return;
        };
        let mut thread = match &found.registration {
            Registration::Pending(turn, thread) if *turn == step.turn => thread.clone(),
            _ => return,
        };
        let why = self.rules.unregistrable.get(&found.number).cloned();
        found.registration = match why {
            Some(_) => Registration::Failed,
            None => Registration::Registered,
        };
        let news = why.as_deref().map_or(News::Successful, News::Failed);
        self.tell(&step.number, news, &mut thread);
    }

    /// Gives up what registration a number has.
    pub(crate) fn deregister(&mut self, sid: &str) {
        let Some(found) = self.numbers.get_mut(sid) else {
            return;
        };
        let old = std::mem::replace(&mut found.registration, Registration::None);
        if let Registration::Pending(..) | Registration::Registered = old {
            self.tell(sid, News::Gone, &mut Thread::new(Manner::default()));
        }
    }

    /// Sends an event to the sink, as a batch of one.
    fn tell(&mut self, sid: &str, news: News<'_>, thread: &mut Thread) {
        let Some(url) = self.rules.sink.clone() else {
            return;
        };
        let Some(found) = self.numbers.get(sid) else {
            return;
        };
        let (kind, schema, status, why) = match news {
            News::Pending => (
                "registration.pending",
                "RegistrationPending",
                "PENDING_REGISTRATION",
                None,
            ),
            News::Successful => (
                "registration.successful",
                "RegistrationSuccessful",
                "REGISTERED",
                None,
            ),
            News::Failed(why) => (
                "registration.failed",
                "RegistrationFailed",
                "FAILURE",
                Some(why),
            ),
            News::Gone => (
                "deregistration.successful",
                "DeregistrationSuccessful",
                "UNREGISTERED",
                None,
            ),
        };
        let service = self.services.iter().find(|(_, service)| service.has(sid));
        let campaign = service.and_then(|(_, service)| service.campaign_sid());
        let millis = self.now.timestamp_millis();
        let account = found.account.clone();
        let mut event = json!({
            "data": {
                "accountsid": account,
                "campaignsid": campaign,
                "externalstatus": status,
                "messagingservicesid": service.map(|(sid, _)| sid),
                "phonenumber": found.number.as_str(),
                "phonenumbersid": sid,
                "timestamp": millis,
                "updateddate": millis,
            },
            "datacontenttype": "application/json",
            "dataschema": format!("https://events-schemas.twilio.com/A2P.Number{schema}/2"),
            "source": account,
            "specversion": "1.0",
            "time": iso(self.now),
            "type": format!("com.twilio.messaging.compliance.number-{kind}"),
        });
        let id = self.mint("EZ");
        event["id"] = json!(id);
        event["data"]["id"] = json!(id);
        if let Some(why) = why {
            event["data"]["failurereason"] = json!(why);
        }
        let body = json!([event]).to_string();
        let letter = Letter::json(self.now, &account, url, body, id);
        let last = !matches!(news, News::Pending);
        self.outbox.extend(thread.post(letter, last));
    }
}
