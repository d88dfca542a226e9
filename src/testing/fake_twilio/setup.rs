//! How a test says what shall be so.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    FakeAccount, FakeAlert, FakeLeg, FakeOutcome, FakePortability, FakeSupport, FakeTicket,
    FakeTicketState, FakeTwilio,
};
use crate::number::PhoneNumber;
use crate::testing::fake_twilio::product::registration::Registration;

/// The world: accounts, numbers, services. An account that is named but was never added is a
/// stranger's, and has no credentials.
impl FakeTwilio {
    /// Adds an account, or replaces the one of its SID.
    pub fn add_account(&self, account: FakeAccount) {
        self.world()
            .accounts
            .insert(account.sid().to_owned(), account);
    }

    /// Changes an account's status: `active`, `suspended` or `closed`. `false` if there is none.
    #[allow(clippy::must_use_candidate, reason = "setting it is the point")]
    pub fn set_account_status(&self, account: &str, status: &str) -> bool {
        let mut world = self.world();
        let found = world.accounts.get_mut(account);
        found.map(|account| account.set_status(status)).is_some()
    }

    /// Puts `number` into `account` with nothing set, out of any it was in, and gives its SID.
    #[allow(clippy::must_use_candidate, reason = "adding it is the point")]
    pub fn add_number(&self, number: PhoneNumber, account: &str) -> String {
        self.world().place_number(number, account)
    }

    /// The same for a number that is hosted: Twilio has its texts, another carrier its voice.
    #[allow(clippy::must_use_candidate, reason = "adding it is the point")]
    pub fn add_hosted_number(&self, number: PhoneNumber, account: &str) -> String {
        let mut world = self.world();
        let sid = world.place_number(number, account);
        if let Some(placed) = world.numbers.get_mut(&sid) {
            placed.hosted = true;
        }
        sid
    }

    /// Takes the capability to text from a number: joining a service is answered 21715.
    pub fn without_texts(&self, number: PhoneNumber) {
        let mut world = self.world();
        let sid = world.sids.get(&number).cloned();
        if let Some(found) = sid.and_then(|sid| world.numbers.get_mut(&sid)) {
            found.texts = false;
        }
    }

    /// Adds an empty messaging service without a campaign. `service` is `MG` and 32 hexadecimal
    /// digits.
    pub fn add_service(&self, account: &str, service: &str) {
        self.world().open_service(account, service);
    }

    /// Sets the status of a service's first campaign: `PENDING`, `IN_PROGRESS`, `VERIFIED`, `FAILED`, or
    /// anything else. Once it is `VERIFIED` the numbers in the service begin to register. `false`
    /// if there is no such service.
    #[allow(clippy::must_use_candidate, reason = "setting it is the point")]
    pub fn set_campaign(&self, service: &str, status: &str) -> bool {
        self.world().set_campaign(service, status)
    }

    /// Adds a campaign to a service, with its `status` as above and what it is for, such as
    /// `SOLE_PROPRIETOR`. `false` if there is no such service.
    #[allow(clippy::must_use_candidate, reason = "adding it is the point")]
    pub fn add_campaign(&self, service: &str, status: &str, use_case: &str) -> bool {
        self.world().add_campaign(service, status, use_case)
    }

    /// Puts `count` made-up numbers into the service and its account, at most 10,000 in all.
    pub fn fill_service(&self, service: &str, count: usize) {
        self.world().fill_service(service, count);
    }

    /// The most numbers a service takes: 400 unless told otherwise.
    pub fn service_limit(&self, count: usize) {
        self.world().rules.service_cap = count;
    }

    /// Whether joining a service a number is in already is answered 200; it is 409 with 21710
    /// unless told otherwise. Twilio has been seen to do both.
    pub fn rejoining_is_ok(&self, ok: bool) {
        self.world().rules.rejoin_is_ok = ok;
    }

    /// The most entries a page holds, whatever is asked for: 1,000 unless told otherwise.
    pub fn page_limit(&self, count: usize) {
        self.world().rules.page_cap = count;
    }

    /// Whether a number keeps its SID when it changes accounts. It gets a new one unless told
    /// otherwise; Twilio does not say.
    pub fn keep_number_sids(&self, keep: bool) {
        self.world().rules.keep_sids = keep;
    }
}

/// Portability and moves by API.
impl FakeTwilio {
    /// `number` is not on Twilio: portability answers `portable: true`, as it does for every
    /// number nobody told of.
    pub fn off_twilio(&self, number: PhoneNumber) {
        let mut world = self.world();
        world.remove_number(number);
        world.rules.portability.remove(&number);
    }

    /// Portability answers `code` for `number` from now on, whatever is so.
    pub fn portability_says(&self, number: PhoneNumber, code: u32) {
        self.world().rules.portability.insert(number, Some(code));
    }

    /// Portability answers what is so again.
    pub fn portability_tells_the_truth(&self, number: PhoneNumber) {
        self.world().rules.portability.remove(&number);
    }

    /// How portability says no.
    pub fn portability_style(&self, style: FakePortability) {
        self.world().rules.portability_style = style;
    }

    /// A move of `number` by API is refused with `code`, unless the request brings what the code
    /// asks for: an `AddressSid` for 21613, 21615 and 21631, a `BundleSid` for 21649, an
    /// `IdentitySid` for 21650 and 21651.
    pub fn transfer_says(&self, number: PhoneNumber, code: u32) {
        self.world().rules.transfers.insert(number, code);
    }
}

/// Registrations, calls, messages, alerts.
impl FakeTwilio {
    /// How long registrations take: an hour unless told otherwise. A local number of North America
    /// begins to register when it is in a service with a `VERIFIED` campaign.
    pub fn register_after(&self, delay: TimeDelta) {
        self.world().rules.registration = delay;
    }

    /// How long the registration of this number takes.
    pub fn register_number_after(&self, number: PhoneNumber, delay: TimeDelta) {
        self.world().rules.registrations.insert(number, delay);
    }

    /// The registration of this number fails when it ends.
    pub fn fail_registration(&self, number: PhoneNumber, reason: &str) {
        self.world()
            .rules
            .unregistrable
            .insert(number, reason.to_owned());
    }

    /// `number` is registered as of now, without a service and without an event: a number that
    /// texts are sent to and from in a test, say.
    pub fn registered(&self, number: PhoneNumber) {
        let mut world = self.world();
        let sid = world.sids.get(&number).cloned();
        if let Some(found) = sid.and_then(|sid| world.numbers.get_mut(&sid)) {
            found.registration = Registration::Registered;
        }
    }

    /// Whether `number` is registered now.
    pub fn is_registered(&self, number: PhoneNumber) -> bool {
        let world = self.world();
        let found = world.number(number);
        found.is_some_and(|found| matches!(found.registration, Registration::Registered))
    }

    /// Where registration events go: as a signed JSON array of CloudEvents, one to an array. Only
    /// URLs of this machine are called.
    pub fn status_callbacks_to(&self, url: &str) {
        self.world().rules.sink = Some(url.to_owned());
    }

    /// How calls end. Without it they are taken.
    pub fn call_outcome(&self, leg: impl Into<FakeLeg>, outcome: FakeOutcome) {
        self.world().rules.calls.set(leg.into(), outcome);
    }

    /// How messages end. Without it they are delivered, but those from local numbers of North
    /// America that are not registered are blocked (30034).
    pub fn message_outcome(&self, leg: impl Into<FakeLeg>, outcome: FakeOutcome) {
        self.world().rules.messages.set(leg.into(), outcome);
    }

    /// A phone somewhere calls `to`. The SID of the call its account sees; `None` if `to` is not on
    /// Twilio.
    #[allow(clippy::must_use_candidate, reason = "calling is the point")]
    pub fn call_from_outside(&self, from: PhoneNumber, to: PhoneNumber) -> Option<String> {
        self.world().call_in(from, to)
    }

    /// A phone somewhere texts `to`. The SID of the message its account sees; `None` if `to` is
    /// not on Twilio, or takes no texts.
    #[allow(clippy::must_use_candidate, reason = "texting is the point")]
    pub fn text_from_outside(
        &self,
        from: PhoneNumber,
        to: PhoneNumber,
        body: &str,
    ) -> Option<String> {
        self.world().text_in(from, to, body.to_owned())
    }

    /// Puts an entry into the account's error log and gives its SID.
    #[allow(clippy::must_use_candidate, reason = "adding it is the point")]
    pub fn add_alert(&self, account: &str, alert: FakeAlert) -> String {
        self.world().raise_alert(account, alert)
    }
}

/// Support people.
impl FakeTwilio {
    /// What they do with every ticket from now on; [`FakeSupport::smooth`] unless told otherwise.
    pub fn support(&self, support: FakeSupport) {
        self.world().rules.support = support;
    }

    /// What they do with the next ticket; repeated, in turn.
    pub fn support_next(&self, support: FakeSupport) {
        self.world().rules.next_support.push_back(support);
    }

    /// Files a ticket and gives its ID.
    #[allow(clippy::must_use_candidate, reason = "filing it is the point")]
    pub fn file_ticket(&self, ticket: FakeTicket) -> String {
        self.world().file_ticket(ticket)
    }

    /// Replies to a ticket: a hold is lifted, a closed one is open again. `false` if there is none.
    #[allow(clippy::must_use_candidate, reason = "replying is the point")]
    pub fn reply_to_ticket(&self, id: &str) -> bool {
        self.world().reply_to_ticket(id)
    }

    /// Agrees with the support people when (UTC) the numbers of an approved ticket move; `false` if
    /// there is no such ticket, or none that is approved.
    #[allow(clippy::must_use_candidate, reason = "agreeing is the point")]
    pub fn agree_time(&self, id: &str, at: DateTime<Utc>) -> bool {
        self.world().agree_time(id, at)
    }

    /// Where a ticket stands now; `None` if there is none.
    pub fn ticket(&self, id: &str) -> Option<FakeTicketState> {
        self.world()
            .tickets
            .get(id)
            .map(|ticket| ticket.state().clone())
    }

    /// Every ticket, oldest first.
    pub fn tickets(&self) -> Vec<FakeTicketState> {
        self.world()
            .tickets
            .values()
            .map(|ticket| ticket.state().clone())
            .collect()
    }
}
