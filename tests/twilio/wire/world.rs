//! A small Twilio to call: a parent, its subaccount with a number, a service and a campaign, and a
//! stranger.

use snap_port::PhoneNumber;
use snap_port::testing::{FakeAccount, FakeRoute, FakeTwilio, VirtualClock, sample};
use snap_port::twilio::{
    AccountSid, ApiKeySid, BaseUrls, CallSid, Credentials, MessageSid, NewCall, NewMessage,
    NumberSid, NumberUpdate, ServiceSid, StaticCredentials, TrafficFilter, TwilioClient,
    TwilioClientBuilder, TwilioError,
};

pub(crate) const PARENT_TOKEN: &str = "canary4parent4token0123456789abc";
pub(crate) const SUB_TOKEN: &str = "canary4sub4token0123456789abcdef";
pub(crate) const KEY_SECRET: &str = "canary4key4secret0123456789abcde";

pub(crate) struct World {
    pub(crate) clock: VirtualClock,
    pub(crate) fake: FakeTwilio,
    pub(crate) client: TwilioClient,
    pub(crate) parent: AccountSid,
    pub(crate) sub: AccountSid,
    pub(crate) other_sub: AccountSid,
    pub(crate) stranger: AccountSid,
    pub(crate) number: PhoneNumber,
    pub(crate) sid: NumberSid,
    pub(crate) service: ServiceSid,
    pub(crate) call: CallSid,
    pub(crate) message: MessageSid,
}

pub(crate) fn account(last: u128) -> AccountSid {
    AccountSid::parse(&format!("ACca{last:030x}")).unwrap()
}

pub(crate) fn key() -> ApiKeySid {
    ApiKeySid::parse(&format!("SKca{:030x}", 7)).unwrap()
}

pub(crate) fn phone(text: &str) -> PhoneNumber {
    PhoneNumber::from_e164(text).unwrap()
}

/// The parent's token for all, the subaccount's own for what needs it.
pub(crate) fn credentials() -> StaticCredentials {
    StaticCredentials::new()
        .with_parent(account(1), PARENT_TOKEN)
        .with(account(2), Credentials::auth_token(account(2), SUB_TOKEN))
}

impl World {
    pub(crate) async fn new() -> Self {
        let clock = VirtualClock::at(sample::time());
        let fake = FakeTwilio::start(clock.clone()).await.unwrap();
        let [parent, sub, other_sub, stranger] = [1, 2, 3, 4].map(account);
        let of_parent = |sid: &AccountSid| FakeAccount::new(sid.as_str()).parent(parent.as_str());
        fake.add_account(FakeAccount::new(parent.as_str()).token(PARENT_TOKEN));
        fake.add_account(
            of_parent(&sub)
                .token(SUB_TOKEN)
                .key(key().as_str(), KEY_SECRET)
                .friendly_name("Acme"),
        );
        fake.add_account(of_parent(&other_sub));
        fake.add_account(FakeAccount::new(stranger.as_str()).token("stranger-token"));
        let number = phone("+14155550100");
        let sid = fake.add_number(number, sub.as_str());
        let service = ServiceSid::parse(&format!("MG{:032x}", 5)).unwrap();
        fake.add_service(sub.as_str(), service.as_str());
        fake.set_campaign(service.as_str(), "VERIFIED");
        let client = builder(&fake, &clock).build().unwrap();
        let from_outside = phone("+14155550199");
        let call = fake.call_from_outside(from_outside, number).unwrap();
        let message = fake
            .text_from_outside(from_outside, number, "hello")
            .unwrap();
        Self {
            clock,
            client,
            parent,
            sub,
            other_sub,
            stranger,
            number,
            sid: NumberSid::parse(&sid).unwrap(),
            service,
            call: CallSid::parse(&call).unwrap(),
            message: MessageSid::parse(&message).unwrap(),
            fake,
        }
    }

    pub(crate) fn builder(&self) -> TwilioClientBuilder {
        builder(&self.fake, &self.clock)
    }

    /// Makes the call of this route, and shows what came of it.
    pub(crate) async fn call_on(
        &self,
        client: &TwilioClient,
        route: FakeRoute,
    ) -> Result<String, TwilioError> {
        let (sub, sid, service) = (&self.sub, &self.sid, &self.service);
        fn shown(answer: impl std::fmt::Debug) -> String {
            format!("{answer:?}")
        }
        match route {
            FakeRoute::Account => client.account(sub).await.map(shown),
            FakeRoute::Accounts => client.accounts(&self.parent).await.map(shown),
            FakeRoute::Portability => client.portability(self.number, sub).await.map(shown),
            FakeRoute::Eligibility => client.eligibility(sub, self.number).await.map(shown),
            FakeRoute::Numbers => client.numbers(sub).await.map(shown),
            FakeRoute::Number => client.number(sub, sid).await.map(shown),
            FakeRoute::UpdateNumber => {
                let update = NumberUpdate::new().friendly_name("Front desk");
                client.update_number(sub, sid, &update).await.map(shown)
            }
            FakeRoute::ServiceNumbers => client.service_numbers(sub, service).await.map(shown),
            FakeRoute::ServiceNumber => client.service_number(sub, service, sid).await.map(shown),
            FakeRoute::JoinService => client.add_to_service(sub, service, sid).await.map(shown),
            FakeRoute::LeaveService => {
                let left = client.remove_from_service(sub, service, sid).await;
                left.map(shown)
            }
            FakeRoute::Campaigns => client.campaigns(sub, service).await.map(shown),
            FakeRoute::PlaceCall => {
                let call = NewCall::new(self.number, phone("+14155550188"), "<Response/>");
                client.place_call(sub, &call).await.map(shown)
            }
            FakeRoute::Call => client.call(sub, &self.call).await.map(shown),
            FakeRoute::Calls => client.calls(sub, &TrafficFilter::new()).await.map(shown),
            FakeRoute::SendMessage => {
                let message = NewMessage::new(self.number, phone("+14155550188"), "test 1");
                client.send_message(sub, &message).await.map(shown)
            }
            FakeRoute::Message => client.message(sub, &self.message).await.map(shown),
            FakeRoute::Messages => {
                let all = TrafficFilter::new();
                client.messages(sub, &all).await.map(shown)
            }
            FakeRoute::Alerts => {
                let (since, until) = (sample::time(), sample::time());
                client.alerts(sub, since, until).await.map(shown)
            }
            other => unreachable!("no call for {other}"),
        }
    }
}

fn builder(fake: &FakeTwilio, clock: &VirtualClock) -> TwilioClientBuilder {
    TwilioClient::builder(credentials())
        .base_urls(BaseUrls::all(&fake.url()).unwrap())
        .timer(clock.clone())
        .seed(7)
}
