//! Makes a world of a scenario.

use snap_port::testing::{FakeAccount, FakeOutcome, FakeSupport, FakeTicket, FakeTwilio};

use super::{Account, E164, Kind, Number, Outcome, Scenario, Span, Status, Support, Ticket};

impl Scenario {
    pub(crate) fn set_up(&self, fake: &FakeTwilio) {
        if let Some(url) = &self.status_callback {
            fake.status_callbacks_to(url);
        }
        if let Some(Span(delay)) = self.registration_takes {
            fake.register_after(delay);
        }
        for account in &self.accounts {
            fake.add_account(account.fake());
        }
        for number in &self.numbers {
            number.set_up(fake);
        }
        for service in &self.services {
            fake.add_service(&service.account, &service.sid);
            fake.fill_service(&service.sid, service.filled);
            if let Some(status) = &service.campaign {
                fake.set_campaign(&service.sid, status);
            }
        }
        for outcome in &self.outcomes {
            outcome.set_up(fake);
        }
        if let Some(support) = &self.support {
            fake.support(support.fake());
        }
        for ticket in &self.tickets {
            fake.file_ticket(ticket.fake());
        }
    }
}

impl Account {
    fn fake(&self) -> FakeAccount {
        let mut account = FakeAccount::new(&self.sid);
        if let Some(token) = &self.token {
            account = account.token(token);
        }
        if let Some(parent) = &self.parent {
            account = account.parent(parent);
        }
        if self.trial {
            account = account.trial();
        }
        account = match self.status {
            None | Some(Status::Active) => account,
            Some(Status::Suspended) => account.status("suspended"),
            Some(Status::Closed) => account.status("closed"),
        };
        if let Some(name) = &self.friendly_name {
            account = account.friendly_name(name);
        }
        self.keys.iter().fold(account, |account, key| {
            if key.main {
                account.main_key(&key.sid, &key.secret)
            } else {
                account.key(&key.sid, &key.secret)
            }
        })
    }
}

impl Number {
    fn set_up(&self, fake: &FakeTwilio) {
        let E164(number) = self.number;
        if self.hosted {
            fake.add_hosted_number(number, &self.account);
        } else {
            fake.add_number(number, &self.account);
        }
        if self.registered {
            fake.registered(number);
        }
        if let Some(Span(delay)) = self.registers_after {
            fake.register_number_after(number, delay);
        }
        if let Some(why) = &self.registration_fails {
            fake.fail_registration(number, why);
        }
        if let Some(code) = self.portability {
            fake.portability_says(number, code);
        }
    }
}

impl Outcome {
    fn set_up(&self, fake: &FakeTwilio) {
        let Ok(leg) = self.leg() else {
            return;
        };
        let mut outcome = match (&self.ends, self.code) {
            (Some(status), Some(code)) => FakeOutcome::fails(status, code),
            (Some(status), None) => FakeOutcome::ends(status),
            (None, Some(code)) => FakeOutcome::refused(code),
            (None, None) => FakeOutcome::never_ends(),
        };
        if let Some(Span(delay)) = self.after {
            outcome = outcome.after(delay);
        }
        if self.unheard {
            outcome = outcome.unheard();
        }
        match self.of {
            Kind::Call => fake.call_outcome(leg, outcome),
            Kind::Message => fake.message_outcome(leg, outcome),
        }
    }
}

impl Support {
    fn fake(&self) -> FakeSupport {
        let mut support = FakeSupport::smooth();
        if let Some(reason) = &self.holds {
            support = support.holds(reason);
        }
        if let Some(reason) = &self.refuses {
            support = support.refuses(reason);
        }
        if self.silent {
            support = support.silent();
        }
        if let Some(Span(delay)) = self.answers_after {
            support = support.answers_after(delay);
        }
        if let Some(Span(delay)) = self.moves_after {
            support = support.moves_after(delay);
        }
        if self.moves_early {
            support = support.moves_early();
        }
        if let Some(some) = &self.moves_some {
            support = support.moves_some(some.count, some.rest_after.0);
        }
        if let Some(account) = &self.moves_into {
            support = support.moves_into(account);
        }
        if let Some(some) = &self.moves_some_into {
            support = support.moves_some_into(some.count, &some.account);
        }
        self.deletes
            .iter()
            .fold(support, |support, number| support.deletes(number.0))
    }
}

impl Ticket {
    fn fake(&self) -> FakeTicket {
        FakeTicket {
            subject: self.subject.clone(),
            losing: self.losing.clone(),
            gaining: self.gaining.clone(),
            numbers: self.numbers.iter().map(|number| number.0).collect(),
            body: self.body.clone(),
        }
    }
}
