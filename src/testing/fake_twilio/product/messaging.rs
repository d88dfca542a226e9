use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::number::PhoneNumber;
use crate::testing::fake_twilio::wire::answer::{Answer, Refused};
use crate::testing::fake_twilio::wire::door::Ask;
use crate::testing::fake_twilio::wire::fault::Manner;
use crate::testing::fake_twilio::wire::page::{PAGING, Page};
use crate::testing::fake_twilio::wire::params::{is_sid, iso};
use crate::testing::fake_twilio::world::World;

/// A messaging service with its pool of senders.
#[derive(Debug)]
pub(crate) struct Service {
    sid: String,
    account: String,
    members: Vec<Member>,
    campaigns: Vec<Campaign>,
}

#[derive(Debug)]
struct Member {
    sid: String,
    joined: DateTime<Utc>,
}

#[derive(Debug)]
pub(crate) struct Campaign {
    sid: String,
    status: String,
    use_case: String,
    since: DateTime<Utc>,
}

impl Campaign {
    fn is_verified(&self) -> bool {
        self.status == "VERIFIED"
    }
}

/// What a campaign is for unless told otherwise.
const USE_CASE: &str = "CUSTOMER_CARE";

impl Service {
    pub(crate) fn has(&self, number: &str) -> bool {
        self.members.iter().any(|member| member.sid == number)
    }

    pub(crate) fn leave(&mut self, number: &str) -> bool {
        let before = self.members.len();
        self.members.retain(|member| member.sid != number);
        self.members.len() < before
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|member| member.sid.as_str())
    }

    pub(crate) fn belongs_to(&self, account: &str) -> bool {
        self.account == account
    }

    pub(crate) fn is_verified(&self) -> bool {
        self.campaigns.iter().any(Campaign::is_verified)
    }

    /// The campaign's SID as registration events give it.
    pub(crate) fn campaign_sid(&self) -> Option<String> {
        let mut all = self.campaigns.iter();
        let verified = all.clone().find(|campaign| campaign.is_verified());
        let sid = &verified.or_else(|| all.next())?.sid;
        Some(sid.replacen("QE", "CM", 1))
    }
}

impl World {
    pub(crate) fn open_service(&mut self, account: &str, sid: &str) {
        self.know_account(account);
        let service = Service {
            sid: sid.to_owned(),
            account: account.to_owned(),
            members: Vec::new(),
            campaigns: Vec::new(),
        };
        self.services.insert(sid.to_owned(), service);
    }

    /// Sets the status of a service's first campaign, and begins the registrations that waited for
    /// it.
    pub(crate) fn set_campaign(&mut self, sid: &str, status: &str) -> bool {
        let service = self.services.get_mut(sid);
        match service.and_then(|service| service.campaigns.first_mut()) {
            Some(campaign) => status.clone_into(&mut campaign.status),
            None => return self.add_campaign(sid, status, USE_CASE),
        }
        self.begin_registrations(sid);
        true
    }

    /// Adds a campaign to a service, and begins the registrations that waited for it.
    pub(crate) fn add_campaign(&mut self, sid: &str, status: &str, use_case: &str) -> bool {
        let campaign = Campaign {
            sid: self.mint("QE"),
            status: status.to_owned(),
            use_case: use_case.to_owned(),
            since: self.now,
        };
        let Some(service) = self.services.get_mut(sid) else {
            return false;
        };
        service.campaigns.push(campaign);
        self.begin_registrations(sid);
        true
    }

    fn begin_registrations(&mut self, service: &str) {
        let members = self.services.get(service).into_iter();
        let members: Vec<String> = members
            .flat_map(Service::members)
            .map(str::to_owned)
            .collect();
        for member in members {
            self.begin_registration(&member, Manner::default());
        }
    }

    /// Puts a number into a service's pool, whatever is there.
    pub(crate) fn join(&mut self, service: &str, number: &str, manner: Manner) {
        let joined = self.now;
        if let Some(service) = self.services.get_mut(service) {
            let sid = number.to_owned();
            service.members.push(Member { sid, joined });
            self.begin_registration(number, manner);
        }
    }

    /// The service a path names. A parent's credentials do not reach a subaccount's service.
    fn service_of(&self, ask: &Ask) -> Result<&Service, Refused> {
        let found = self
            .services
            .get(ask.sid(0))
            .ok_or_else(|| Refused::code(20404))?;
        if found.account == ask.caller.account {
            return Ok(found);
        }
        let of_a_subaccount = self.reaches(&ask.caller, &found.account);
        Err(Refused::code(if of_a_subaccount { 20003 } else { 20404 }))
    }

    pub(crate) fn list_service_numbers(&self, ask: &Ask) -> Result<Answer, Refused> {
        ask.query.only(&PAGING)?;
        let service = self.service_of(ask)?;
        let page = Page::asked(ask, self.rules.page_cap)?;
        let members = service.members.iter();
        let shown = members
            .map(|member| self.shows_member(service, member))
            .collect();
        Ok(page.meta("phone_numbers", shown, &self.base))
    }

    pub(crate) fn fetch_service_number(&self, ask: &Ask) -> Result<Answer, Refused> {
        ask.query.only(&[])?;
        let service = self.service_of(ask)?;
        let member = service
            .members
            .iter()
            .find(|member| member.sid == ask.sid(1));
        let member = member.ok_or_else(|| Refused::code(20404))?;
        Ok(Answer::shows(self.shows_member(service, member)))
    }

    pub(crate) fn join_service(&mut self, ask: &Ask) -> Result<Answer, Refused> {
        ask.form.only(&["PhoneNumberSid"])?;
        let service = self.service_of(ask)?;
        self.must_be_active(&service.account)?;
        let sid = ask.form.get("PhoneNumberSid");
        let sid = sid.ok_or_else(|| Refused::says(20001, "PhoneNumberSid is required"))?;
        if !is_sid(sid, "PN") {
            return Err(Refused::code(21421));
        }
        let number = self
            .numbers
            .get(sid)
            .filter(|found| found.account == service.account);
        let number = number.ok_or_else(|| Refused::code(20404))?;
        if !number.texts {
            return Err(Refused::code(21715));
        }
        if let Some(member) = service.members.iter().find(|member| member.sid == sid) {
            return if self.rules.rejoin_is_ok {
                Ok(Answer::shows(self.shows_member(service, member)))
            } else {
                Err(Refused::code(21710))
            };
        }
        if self.services.values().any(|other| other.has(sid)) {
            return Err(Refused::code(21712));
        }
        if service.members.len() >= self.rules.service_cap {
            return Err(Refused::code(21714));
        }
        self.join(ask.sid(0), sid, ask.manner);
        let service = self.service_of(ask)?;
        let member = Member {
            sid: sid.to_owned(),
            joined: self.now,
        };
        Ok(Answer::did(201, self.shows_member(service, &member)))
    }

    pub(crate) fn leave_service(&mut self, ask: &Ask) -> Result<Answer, Refused> {
        ask.query.only(&[])?;
        let service = self.service_of(ask)?;
        self.must_be_active(&service.account)?;
        if !service.has(ask.sid(1)) {
            return Err(Refused::code(20404));
        }
        self.deregister(ask.sid(1));
        if let Some(service) = self.services.get_mut(ask.sid(0)) {
            service.leave(ask.sid(1));
        }
        Ok(Answer::gone())
    }

    fn shows_member(&self, service: &Service, member: &Member) -> Value {
        let number = self.numbers.get(&member.sid);
        let region = number.and_then(|number| number.number.region());
        let url = format!(
            "{}/v1/Services/{}/PhoneNumbers/{}",
            self.base, service.sid, member.sid
        );
        json!({
            "account_sid": service.account,
            "capabilities": ["MMS", "SMS", "Voice"],
            "country_code": region.map(|region| region.to_string()),
            "date_created": iso(member.joined),
            "date_updated": iso(member.joined),
            "phone_number": number.map(|number| number.number.as_str()),
            "service_sid": service.sid,
            "sid": member.sid,
            "url": url,
        })
    }

    pub(crate) fn list_campaigns(&self, ask: &Ask) -> Result<Answer, Refused> {
        ask.query.only(&PAGING)?;
        let service = self.service_of(ask)?;
        let page = Page::asked(ask, self.rules.page_cap)?;
        let shown = service.campaigns.iter();
        let shown = shown
            .map(|campaign| self.shows_campaign(service, campaign))
            .collect();
        Ok(page.meta("compliance", shown, &self.base))
    }

    fn shows_campaign(&self, service: &Service, campaign: &Campaign) -> Value {
        let failed = campaign.status == "FAILED";
        let why = json!({
            "error_code": 30896,
            "error_message": "The campaign was rejected",
            "fields": ["MESSAGE_FLOW"],
            "url": "https://www.twilio.com/docs/errors/30896",
        });
        let errors = if failed { json!([why]) } else { json!([]) };
        json!({
            "account_sid": service.account,
            "age_gated": false,
            "brand_registration_sid": campaign.sid.replacen("QE", "BN", 1),
            "campaign_id": format!("C{}", campaign.sid.get(27..).unwrap_or_default()),
            "campaign_status": campaign.status,
            "date_created": iso(campaign.since),
            "date_updated": iso(campaign.since),
            "description": "Answers to customers who wrote first.",
            "direct_lending": false,
            "errors": errors,
            "has_embedded_links": false,
            "has_embedded_phone": false,
            "is_externally_registered": false,
            "message_flow": "Customers write first.",
            "message_samples": ["Thank you, we will call you back today."],
            "messaging_service_sid": service.sid,
            "mock": false,
            "sid": campaign.sid,
            "subscriber_opt_in": true,
            "url": format!(
                "{}/v1/Services/{}/Compliance/Usa2p/{}",
                self.base, service.sid, campaign.sid
            ),
            "us_app_to_person_usecase": campaign.use_case,
        })
    }
}

impl World {
    /// Puts made-up numbers into a service and its account.
    pub(crate) fn fill_service(&mut self, service: &str, count: usize) {
        let Some(account) = self
            .services
            .get(service)
            .map(|found| found.account.clone())
        else {
            return;
        };
        for _ in 0..count {
            let number = format!("+1989555{:04}", self.fillers % 10_000);
            self.fillers += 1;
            // `+` and eleven digits.
            if let Ok(number) = PhoneNumber::from_e164(&number) {
                let sid = self.place_number(number, &account);
                self.join(service, &sid, Manner::default());
            }
        }
    }
}
