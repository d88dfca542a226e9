//! Turns of a request whose numbers are all in the gaining account.

use super::*;

impl World {
    pub(super) fn ported(&mut self, mut r: PortRequest<Ported>) -> After {
        match self.dice.below(13) {
            12 => {
                let back = PortRequestId::parse("back").unwrap();
                let ours = "Aloware".parse().unwrap();
                let _ = r.reverse(back, ours, self.anyone(), self.now);
            }
            0 => return (self.noted(r), None),
            1 => return self.parted(r),
            2 => self.waive(&mut r),
            3 => {
                let id = "A-1".to_owned();
                let explanation = format!("settled {}", self.words());
                self.observe(&mut r, Fact::AlertExplained { id, explanation });
            }
            4..=6 => self.one_fact(&mut r),
            7 => self.alerts(&mut r),
            _ => {
                self.all_by_api(&mut r);
                return (self.sign_off(r), None);
            }
        }
        (self.sign_off(r), None)
    }

    /// Verified if every check is met; otherwise as it was.
    fn sign_off(&mut self, r: PortRequest<Ported>) -> Any {
        match r.verification(self.anyone(), self.now) {
            Ok(report) => r.verified(report).unwrap().into(),
            Err(_) => r.into(),
        }
    }

    fn waive(&mut self, r: &mut PortRequest<Ported>) {
        let waiver = Waiver {
            number: self.dice.pick(r.numbers().as_slice()),
            check: self.dice.pick(&Check::ALL),
            reason: self.words(),
            consent: self.words(),
        };
        // A blank reason or consent is refused.
        let _ = r.waive(waiver, self.anyone(), self.now);
    }

    fn one_fact(&mut self, r: &mut PortRequest<Ported>) {
        let number = self.dice.pick(r.numbers().as_slice());
        let words = self.words();
        let state = self.dice.pick(&[
            Registration::Pending,
            Registration::Failed(words.clone()),
            Registration::Registered,
        ]);
        let outcome = self.dice.pick(&[Outcome::Passed, Outcome::Failed(words)]);
        let test = self.dice.pick(&Test::ALL);
        let service = MessagingService::parse("MG-1").unwrap();
        let fact = self.dice.pick(&[
            Fact::Assigned { number },
            Fact::JoinedMessaging { number, service },
            Fact::Registration { number, state },
            Fact::Tested {
                number,
                test,
                outcome,
            },
            Fact::AlertsRead,
        ]);
        self.observe(r, fact);
    }

    fn alerts(&mut self, r: &mut PortRequest<Ported>) {
        let alert = AlertReport {
            id: "A-1".to_owned(),
            number: self.dice.pick(r.numbers().as_slice()),
            at: self.now,
            text: self.words(),
        };
        let carrier = Says {
            alerts: vec![alert],
            ..Says::silent()
        };
        for seen in now_or_never(carrier.read_alerts(r, &self.clock())).unwrap() {
            r.observe(seen).unwrap();
        }
    }

    /// Puts every number into service, as far as the carrier's API does it.
    fn all_by_api(&mut self, r: &mut PortRequest<Ported>) {
        let (carrier, clock) = (Says::silent(), self.clock());
        let numbers = r.numbers().clone();
        for number in numbers.iter().copied() {
            if self.dice.chance(8) {
                continue;
            }
            let assigned = now_or_never(carrier.assign_number(r, number, &clock)).unwrap();
            r.observe(assigned).unwrap();
            if let Some(joined) = now_or_never(carrier.add_to_messaging(r, number, &clock)).unwrap()
            {
                r.observe(joined).unwrap();
            }
            let state = now_or_never(carrier.check_registration(r, number, &clock)).unwrap();
            r.observe(state).unwrap();
            for test in Test::ALL {
                let seen = now_or_never(carrier.test_number(r, number, test, &clock)).unwrap();
                r.observe(seen).unwrap();
            }
        }
        for seen in now_or_never(carrier.read_alerts(r, &clock)).unwrap() {
            r.observe(seen).unwrap();
        }
    }
}
