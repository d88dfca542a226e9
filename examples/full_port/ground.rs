//! The ground a port runs on: the carrier, and what people do about it outside this program.

use std::sync::Arc;

use chrono::TimeDelta;
use snap_port::testing::{
    FakeAccount, FakeSupport, FakeTicket, FakeTicketState, FakeTicketStatus, FakeTwilio,
    ReleasePlan, Script, SimCarrier, VirtualClock,
};
use snap_port::twilio::{
    AccountSid, BaseUrls, Credentials, NumberSetup, SmsRoute, StaticCredentials, TestLine,
    TwilioCarrier, TwilioClient, VoiceRoute,
};
use snap_port::{
    Actor, AnyPortRequest, Attested, CarrierClient, Clock, Fact, Filed, GainingPlatform, Hold,
    NumberList, OrderRef, PhoneNumber, PortSlot, Reason, ReleaseGranted, Schedule, Statement,
    Status,
};

use crate::Result;
use crate::table::shown::Shown;
use crate::telling::Port;

pub(crate) const LOSING: &str = "AC11111111111111111111111111111111";
pub(crate) const GAINING: &str = "AC22222222222222222222222222222222";
pub(crate) const SERVICE: &str = "MG33333333333333333333333333333333";
const TOKEN: &str = "a-token-of-the-gaining-account";
/// Longer than the policy waits before the losing platform is reminded.
const ANSWERS_AFTER: TimeDelta = TimeDelta::hours(50);
const FEE: &str = "transfer fee of $25 is due";

/// Who moves the numbers.
pub(crate) enum Ground {
    /// A carrier in memory, which does every step by API.
    Simulated(SimCarrier),
    /// Twilio's wire on loopback, with support people who read tickets.
    Twilio(Box<Twilio>),
}

pub(crate) struct Twilio {
    fake: FakeTwilio,
    carrier: Arc<TwilioCarrier>,
    ticket: String,
    held: bool,
}

impl Ground {
    pub(crate) fn simulated(clock: &VirtualClock) -> Self {
        let fee = Hold::new(Reason::FeeDemanded, FEE);
        let paid = Some(TimeDelta::hours(120));
        let script = Script::default()
            .release(ReleasePlan::After(ANSWERS_AFTER))
            .hold(fee, ANSWERS_AFTER, paid);
        Self::Simulated(SimCarrier::new(clock.clone(), 7).with_script(script))
    }

    pub(crate) async fn twilio(
        clock: &VirtualClock,
        ours: &GainingPlatform,
        numbers: &NumberList,
    ) -> Result<Self> {
        let fake = FakeTwilio::start(clock.clone()).await?;
        let line = PhoneNumber::from_e164("+14155559000")?;
        fake.add_account(FakeAccount::new(LOSING));
        fake.add_account(FakeAccount::new(GAINING).token(TOKEN));
        for number in numbers {
            fake.add_number(*number, LOSING);
        }
        fake.add_number(line, GAINING);
        fake.registered(line);
        fake.add_service(GAINING, SERVICE);
        fake.set_campaign(SERVICE, "VERIFIED");
        fake.register_after(TimeDelta::days(3));
        fake.support(
            FakeSupport::smooth()
                .holds(FEE)
                .answers_after(ANSWERS_AFTER),
        );

        let gaining = AccountSid::parse(GAINING)?;
        let token = Credentials::auth_token(gaining.clone(), TOKEN);
        let client = TwilioClient::builder(StaticCredentials::new().with(gaining.clone(), token))
            .base_urls(BaseUrls::all(&fake.url())?)
            .timer(clock.clone())
            .build()?;
        let setup = NumberSetup::new(
            VoiceRoute::url("https://aloware.test/voice")?,
            SmsRoute::MessagingService,
        );
        let carrier = TwilioCarrier::builder(client, ours.clone())
            .clock(clock.clone())
            .timer(clock.clone())
            .setup(setup)
            .test_line(TestLine::new(gaining, line))
            .build();
        println!("  Twilio is played by {}", fake.url());
        Ok(Self::Twilio(Box::new(Twilio {
            fake,
            carrier: Arc::new(carrier),
            ticket: String::new(),
            held: false,
        })))
    }

    pub(crate) fn carrier(&self) -> Arc<dyn CarrierClient> {
        match self {
            Self::Simulated(carrier) => Arc::new(carrier.clone()),
            Self::Twilio(twilio) => twilio.carrier.clone(),
        }
    }

    /// How often the carrier was asked to move these numbers.
    pub(crate) fn orders(&self, port: &Port) -> usize {
        match self {
            Self::Simulated(carrier) => carrier.submissions_of(&port.id),
            Self::Twilio(twilio) => twilio.fake.tickets().len(),
        }
    }

    /// Staff paste the text of the work list into a ticket, where nobody files by API.
    pub(crate) async fn file(&mut self, port: &mut Port, by: &Actor) -> Result<()> {
        let Self::Twilio(twilio) = self else {
            return Ok(());
        };
        let item = port.desk.work_item(&port.id).await?.ok_or("work to do")?;
        let paste = item.paste_ready.ok_or("a text to paste")?;
        let request = port.desk.get(&port.id).await?;
        twilio.ticket = twilio.fake.file_ticket(FakeTicket {
            subject: paste.subject,
            losing: LOSING.to_owned(),
            gaining: GAINING.to_owned(),
            numbers: request
                .numbers()
                .ok_or("numbers")?
                .iter()
                .copied()
                .collect(),
            body: paste.body,
        });
        println!(
            "\n  {by} files it with Twilio's support: ticket {}",
            Shown(&twilio.ticket)
        );
        let order = OrderRef::parse(&twilio.ticket)?;
        state(port, by, Attested::Filed(Filed(order))).await?;
        port.tell().await
    }

    /// Staff read what support wrote in the ticket, and state it.
    pub(crate) async fn read_ticket(&mut self, port: &Port, by: &Actor) -> Result<()> {
        let Self::Twilio(twilio) = self else {
            return Ok(());
        };
        let ticket = twilio.fake.ticket(&twilio.ticket).ok_or("a ticket")?;
        match (&ticket.status, port.status().await?) {
            (FakeTicketStatus::OnHold(why), _) if !twilio.held => {
                twilio.held = true;
                let hold = Hold::new(Reason::FeeDemanded, why);
                state(port, by, Attested::Seen(Fact::Held(hold))).await
            }
            (FakeTicketStatus::Approved, Status::Submitted) => {
                if std::mem::take(&mut twilio.held) {
                    state(port, by, Attested::Seen(Fact::Resumed)).await?;
                }
                let granted = granted(port, &ticket).await?;
                state(port, by, Attested::Released(granted)).await
            }
            _ => Ok(()),
        }
    }

    /// The fee is paid; somebody says so in the ticket.
    pub(crate) fn reply(&self) {
        if let Self::Twilio(twilio) = self {
            twilio.fake.reply_to_ticket(&twilio.ticket);
        }
    }

    /// Staff agree the slot with support, where no API takes it.
    pub(crate) async fn agree(&self, port: &Port, by: &Actor, slot: &PortSlot) -> Result<()> {
        let Self::Twilio(twilio) = self else {
            return Ok(());
        };
        twilio.fake.agree_time(&twilio.ticket, slot.begins());
        let agreed = Schedule::Agreed(slot.clone());
        state(port, by, Attested::Scheduled(agreed)).await
    }

    /// Staff look into what the carrier's error log shows, and explain it.
    pub(crate) async fn explain_alerts(&self, port: &Port, by: &Actor) -> Result<()> {
        let AnyPortRequest::Ported(request) = port.desk.get(&port.id).await? else {
            return Ok(());
        };
        for row in request.table().rows() {
            for (alert, _) in row.open_alerts() {
                let explained = Fact::AlertExplained {
                    id: alert.to_owned(),
                    explanation: "the number was not registered yet; texts pass now".to_owned(),
                };
                state(port, by, Attested::Seen(explained)).await?;
            }
        }
        Ok(())
    }
}

async fn state(port: &Port, by: &Actor, what: Attested) -> Result<()> {
    let said = Statement::new(by.permit()?, port.clock.now(), what);
    Ok(port.desk.attest(&port.id, said).await?)
}

/// What the ticket says of the losing platform's approval.
async fn granted(port: &Port, ticket: &FakeTicketState) -> Result<ReleaseGranted> {
    let request = port.desk.get(&port.id).await?;
    let approved = ticket.log.last().ok_or("an entry")?.0;
    Ok(ReleaseGranted {
        at: approved,
        approver: "porting desk of JustCall".to_owned(),
        losing_ticket: Some(ticket.id.clone()),
        gaining_account: snap_port::AccountId::parse(GAINING)?,
        numbers: request.numbers().ok_or("numbers")?.clone(),
    })
}
