//! A gaining platform's office: a desk over Twilio on loopback, and the people who file tickets, read
//! what support writes, and state it.

use std::num::NonZeroU32;
use std::sync::Arc;

use chrono::TimeDelta;
use snap_port::testing::{
    FakeAccount, FakeSupport, FakeTicket, FakeTicketState, FakeTicketStatus, FakeTwilio,
    VirtualClock, sample,
};
use snap_port::twilio::{
    AccountSid, BaseUrls, Credentials, NumberSetup, SmsRoute, StaticCredentials, TestLine,
    TwilioCarrier, TwilioClient, VoiceRoute,
};
use snap_port::{
    Advance, AnyPortRequest, Attested, CarrierClient, CarrierId, CarrierName, CheckState, Clock,
    Fact, Filed, GainingPlatform, Hold, MemoryStore, OrderRef, PhoneNumber, PortDesk,
    PortRequestId, PortSlot, Reason, Refusal, ReleaseGranted, Schedule, Statement, Status,
    WorkItem,
};

pub(crate) const OWNER: &str = "AC00000000000000000000000000000009";
pub(crate) const SERVICE: &str = "MG00000000000000000000000000000001";
const OWNER_TOKEN: &str = "owner-token";

pub(crate) fn sid(text: &str) -> AccountSid {
    AccountSid::parse(text).unwrap()
}

/// The line that tests call and text.
pub(crate) fn line() -> PhoneNumber {
    PhoneNumber::from_e164("+14155559000").unwrap()
}

pub(crate) struct Office {
    pub(crate) fake: FakeTwilio,
    pub(crate) clock: VirtualClock,
    pub(crate) carrier: Arc<TwilioCarrier>,
    pub(crate) desk: PortDesk,
    pub(crate) id: PortRequestId,
    pub(crate) ticket: String,
    held: bool,
}

impl Office {
    /// An office whose package of three numbers passed its review; support will act as told.
    pub(crate) async fn open(support: FakeSupport) -> Self {
        let clock = VirtualClock::at(sample::time());
        let fake = FakeTwilio::start(clock.clone()).await.unwrap();
        let losing = sample::losing_carrier_account();
        let gaining = sample::gaining_account();
        fake.add_account(FakeAccount::new(losing.as_str()).token("losing-token"));
        fake.add_account(FakeAccount::new(OWNER).token(OWNER_TOKEN));
        for ours in [&gaining, &sample::wrong_account()] {
            fake.add_account(
                FakeAccount::new(ours.as_str())
                    .token(format!("token-of-{}", ours.masked()))
                    .parent(OWNER),
            );
        }
        for number in &sample::numbers(3) {
            fake.add_number(*number, losing.as_str());
        }
        fake.add_number(line(), gaining.as_str());
        fake.registered(line());
        fake.add_service(gaining.as_str(), SERVICE);
        fake.set_campaign(SERVICE, "VERIFIED");
        fake.register_after(TimeDelta::days(3));
        fake.support(support);

        let carrier = Arc::new(carrier(&fake, &clock));
        let desk = PortDesk::new(Arc::new(MemoryStore::new()), Arc::new(clock.clone()))
            .with_sender(
                platform(),
                [(
                    CarrierId::parse("twilio").unwrap(),
                    CarrierName::new("Twilio").unwrap(),
                )],
            )
            .with_carrier(carrier.clone());
        let id = PortRequestId::parse("acme-1").unwrap();
        let office = Self {
            fake,
            clock,
            carrier,
            desk,
            id,
            ticket: String::new(),
            held: false,
        };
        office.hand_in().await;
        office
    }

    async fn hand_in(&self) {
        let (admin, support) = (sample::admin(), sample::support());
        let package = sample::package(&sample::numbers(3), self.clock.now());
        let (desk, id) = (&self.desk, &self.id);
        desk.start(id.clone(), self.carrier.id(), admin.permit().unwrap())
            .await
            .unwrap();
        desk.fill(id, |form| *form = (&package).into())
            .await
            .unwrap();
        let attempt = desk.seal(id, admin.permit().unwrap()).await.unwrap();
        let review = desk.pass_review(
            &attempt,
            support.permit().unwrap(),
            package.numbers().clone(),
        );
        review.await.unwrap();
    }

    /// Staff paste what the work list gives them into a ticket, and say which it became.
    pub(crate) async fn file(&mut self) {
        self.advance().await;
        let item = self.work().await;
        let paste = item.paste_ready.expect("there is a text to paste");
        self.ticket = self.fake.file_ticket(FakeTicket {
            subject: paste.subject,
            losing: sample::losing_carrier_account().as_str().to_owned(),
            gaining: sample::gaining_account().as_str().to_owned(),
            numbers: sample::numbers(3).iter().copied().collect(),
            body: paste.body,
        });
        let order = OrderRef::parse(&self.ticket).unwrap();
        self.state(Attested::Filed(Filed(order))).await;
        assert_eq!(self.status().await, Status::Submitted);
    }

    /// Staff read the ticket, and state what support wrote there.
    pub(crate) async fn read_ticket(&mut self) -> FakeTicketStatus {
        let FakeTicketState { status, .. } = self.fake.ticket(&self.ticket).unwrap();
        let submitted = self.status().await == Status::Submitted;
        match &status {
            FakeTicketStatus::OnHold(why) if !self.held => {
                self.held = true;
                let hold = Hold::new(Reason::FeeDemanded, why);
                self.state(Attested::Seen(Fact::Held(hold))).await;
            }
            FakeTicketStatus::Closed if !self.held => {
                self.held = true;
                let hold = Hold::new(Reason::TicketClosed, "no answer from the platform");
                self.state(Attested::Seen(Fact::Held(hold))).await;
            }
            FakeTicketStatus::Approved if submitted => {
                if std::mem::take(&mut self.held) {
                    self.state(Attested::Seen(Fact::Resumed)).await;
                }
                self.state(Attested::Released(granted(&self.clock))).await;
            }
            FakeTicketStatus::Refused(why) => {
                let refusal = Refusal::new(Reason::PlatformClaimsNumber, why);
                self.state(Attested::Refused(refusal)).await;
            }
            _ => {}
        }
        status
    }

    /// Staff agree a time with support, and state it.
    pub(crate) async fn agree(&self, slot: &PortSlot) {
        let permit = sample::support().permit().unwrap();
        self.desk
            .ask_slot(&self.id, slot.clone(), permit)
            .await
            .unwrap();
        assert!(self.fake.agree_time(&self.ticket, slot.begins()));
        let agreed = Schedule::Agreed(slot.clone());
        self.state(Attested::Scheduled(agreed)).await;
    }

    pub(crate) fn slot(&self) -> PortSlot {
        sample::slot(&sample::earliest(sample::time()))
    }

    /// The first hour of business from tomorrow on.
    pub(crate) fn next_slot(&self) -> PortSlot {
        let calendar = self.desk.policy().calendar();
        let tomorrow = self.clock.now() + TimeDelta::days(1);
        calendar
            .slots(tomorrow, TimeDelta::hours(1))
            .next()
            .unwrap()
    }

    /// The office works on, hour by hour, until the request is there.
    pub(crate) async fn until(&mut self, status: Status, hours: usize) {
        for _ in 0..hours {
            if self.status().await == status {
                return;
            }
            self.clock.advance(TimeDelta::hours(1));
            self.read_ticket().await;
            self.advance().await;
        }
        panic!("{} instead of {status}", self.status().await);
    }

    /// Every check is met within `days`, alerts explained, and the port signed off.
    pub(crate) async fn verify(&mut self, days: usize) {
        for _ in 0..days {
            self.explain_alerts().await;
            let AnyPortRequest::Ported(request) = self.get().await else {
                panic!("{}", self.status().await);
            };
            if request.table().complete().is_ok() {
                break;
            }
            self.clock.advance(TimeDelta::days(1));
            self.advance().await;
        }
        let permit = sample::customer_success().permit().unwrap();
        self.desk.sign_off(&self.id, permit).await.unwrap();
        assert_eq!(self.status().await, Status::Verified);
    }

    async fn explain_alerts(&self) {
        let table = self.get().await.table().unwrap();
        for row in table.rows() {
            for (alert, text) in row.open_alerts() {
                assert!(text.contains("30034"), "{text}");
                let explained = Fact::AlertExplained {
                    id: alert.to_owned(),
                    explanation: "it was not registered yet".to_owned(),
                };
                self.state(Attested::Seen(explained)).await;
            }
        }
    }

    pub(crate) async fn state(&self, what: Attested) {
        let permit = sample::support().permit().unwrap();
        let said = Statement::new(permit, self.clock.now(), what);
        self.desk.attest(&self.id, said).await.unwrap();
    }

    pub(crate) async fn advance(&self) -> Advance {
        self.desk.advance(&self.id).await.unwrap()
    }

    pub(crate) async fn get(&self) -> AnyPortRequest {
        self.desk.get(&self.id).await.unwrap()
    }

    pub(crate) async fn status(&self) -> Status {
        self.get().await.status()
    }

    pub(crate) async fn work(&self) -> WorkItem {
        let item = self.desk.work_item(&self.id).await.unwrap();
        item.expect("there is something to do")
    }

    /// The numbers for which a check stands as asked.
    pub(crate) async fn facts(&self, is: impl Fn(&Fact) -> bool) -> usize {
        let request = self.get().await;
        let timeline = request.timeline();
        timeline
            .iter()
            .filter_map(|entry| entry.fact())
            .filter(|fact| is(fact))
            .count()
    }
}

pub(crate) fn failed(state: &CheckState) -> Option<&str> {
    match state {
        CheckState::Failed(why) => Some(why),
        _ => None,
    }
}

fn granted(clock: &VirtualClock) -> ReleaseGranted {
    ReleaseGranted {
        at: clock.now(),
        approver: "porting desk".to_owned(),
        losing_ticket: None,
        gaining_account: sample::gaining_account(),
        numbers: sample::numbers(3),
    }
}

fn platform() -> GainingPlatform {
    GainingPlatform::new("Aloware", "transfers@aloware.test").unwrap()
}

pub(crate) fn client(fake: &FakeTwilio, clock: &VirtualClock) -> TwilioClient {
    let ours = [sample::gaining_account(), sample::wrong_account()];
    let credentials = ours.iter().fold(StaticCredentials::new(), |all, account| {
        let account_sid = sid(account.as_str());
        let token = format!("token-of-{}", account.masked());
        all.with(
            account_sid.clone(),
            Credentials::auth_token(account_sid, token),
        )
    });
    TwilioClient::builder(credentials.with_parent(sid(OWNER), OWNER_TOKEN))
        .base_urls(BaseUrls::all(&fake.url()).unwrap())
        // The clock is the timer's too: what throttles would move it.
        .rate(NonZeroU32::MAX)
        .timer(clock.clone())
        .seed(7)
        .build()
        .unwrap()
}

pub(crate) fn carrier(fake: &FakeTwilio, clock: &VirtualClock) -> TwilioCarrier {
    let setup = NumberSetup::new(
        VoiceRoute::url("https://aloware.test/voice").unwrap(),
        SmsRoute::MessagingService,
    );
    TwilioCarrier::builder(client(fake, clock), platform())
        .clock(clock.clone())
        .timer(clock.clone())
        .owner(sid(OWNER))
        .setup(setup)
        .test_line(TestLine::new(
            sid(sample::gaining_account().as_str()),
            line(),
        ))
        .build()
}
