//! What is done with a number after the move, rule by rule.

mod alerts;
mod check;
mod registration;
mod sms;
mod voice;

use snap_port::testing::{FakeAccount, FakeFault, FakeRoute, FakeTwilio, VirtualClock, sample};
use snap_port::twilio::{
    AccountSid, BaseUrls, CallbackMethod, CallbackUrl, Credentials, NumberSetup, NumberSid,
    NumberUpdate, ServiceSid, SmsRoute, StaticCredentials, TestLine, TwilioCarrier, TwilioClient,
    TwilioCode, TwilioError, VoiceRoute, WebhookUrl,
};
use snap_port::{
    AccountId, CarrierClient, CarrierError, CarrierErrorKind, GainingPlatform, MessagingService,
    NumberTask, PhoneNumber,
};

const OURS: &str = "AC00000000000000000000000000000002";
const LAB: &str = "AC00000000000000000000000000000003";
const POOL: &str = "MG00000000000000000000000000000001";
const OTHER_POOL: &str = "MG00000000000000000000000000000002";
const TOKEN: &str = "ours-token";

fn number(text: &str) -> PhoneNumber {
    PhoneNumber::from_e164(text).unwrap()
}

/// The number that has moved.
fn ported() -> PhoneNumber {
    number("+14155552671")
}

/// The test line's.
fn lab() -> PhoneNumber {
    number("+12125550123")
}

/// A Twilio where one number has arrived, and a carrier over it.
struct Place {
    clock: VirtualClock,
    twilio: FakeTwilio,
    client: TwilioClient,
    carrier: TwilioCarrier,
}

fn setup() -> NumberSetup {
    let voice = VoiceRoute::url("https://ours.example/voice").unwrap();
    let sms = SmsRoute::url("https://ours.example/sms").unwrap();
    let named = NumberSetup::new(voice, sms).named("Acme {number}");
    named.unwrap()
}

impl Place {
    async fn new() -> Self {
        Self::with(setup()).await
    }

    async fn with(setup: NumberSetup) -> Self {
        let clock = VirtualClock::at(sample::time());
        let twilio = FakeTwilio::start(clock.clone()).await.unwrap();
        twilio.add_account(FakeAccount::new(OURS).token(TOKEN));
        twilio.add_account(FakeAccount::new(LAB).token("lab-token"));
        twilio.add_number(ported(), OURS);
        twilio.add_number(lab(), LAB);
        twilio.registered(lab());
        twilio.add_service(OURS, POOL);
        let client = client(&twilio, &clock);
        let ours = GainingPlatform::new("Ours", "transfers@ours.example").unwrap();
        let carrier = TwilioCarrier::builder(client.clone(), ours)
            .clock(clock.clone())
            .timer(clock.clone())
            .setup(setup)
            .test_line(TestLine::new(account(LAB), lab()))
            .build();
        Self {
            clock,
            twilio,
            client,
            carrier,
        }
    }

    fn sid(&self) -> NumberSid {
        NumberSid::parse(&self.twilio.sid_of(ported()).unwrap()).unwrap()
    }
}

fn account(sid: &str) -> AccountSid {
    AccountSid::parse(sid).unwrap()
}

fn client(twilio: &FakeTwilio, clock: &VirtualClock) -> TwilioClient {
    let token = |sid: &str, token: &str| Credentials::auth_token(account(sid), token.to_owned());
    let credentials = StaticCredentials::new()
        .with(account(OURS), token(OURS, TOKEN))
        .with(account(LAB), token(LAB, "lab-token"));
    TwilioClient::builder(credentials)
        .base_urls(BaseUrls::all(&twilio.url()).unwrap())
        .timer(clock.clone())
        .seed(7)
        .build()
        .unwrap()
}

/// The ported number, without a messaging service.
fn task() -> NumberTask {
    NumberTask::new(ported(), AccountId::parse(OURS).unwrap(), None)
}

/// The ported number, to be in a messaging service.
fn task_in(pool: &str) -> NumberTask {
    let pool = MessagingService::parse(pool).unwrap();
    NumberTask::new(ported(), AccountId::parse(OURS).unwrap(), Some(pool))
}

/// The error and what lies under it, as a log shows them.
fn words(error: &CarrierError) -> String {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        words.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    words
}

fn code(error: &CarrierError) -> Option<TwilioCode> {
    let source = std::error::Error::source(error)?;
    source.downcast_ref::<TwilioError>()?.code()
}

#[tokio::test]
async fn a_number_is_configured_once_however_often_it_is_asked_for() {
    let place = Place::new().await;
    place.carrier.assign(&task()).await.unwrap();
    let held = place
        .client
        .number(&account(OURS), &place.sid())
        .await
        .unwrap();
    assert_eq!(
        held.voice_url.as_deref(),
        Some("https://ours.example/voice")
    );
    assert_eq!(held.sms_url.as_deref(), Some("https://ours.example/sms"));
    assert_eq!(held.friendly_name.as_deref(), Some("Acme +14155552671"));
    place.carrier.assign(&task()).await.unwrap();
    assert_eq!(place.twilio.asked(FakeRoute::UpdateNumber), 1);
    // What differs is written, and only that.
    let odd = CallbackUrl::parse("https://theirs.example/voice").unwrap();
    let odd = NumberUpdate::new().voice_url(odd, CallbackMethod::Post);
    let (client, sid) = (&place.client, place.sid());
    client
        .update_number(&account(OURS), &sid, &odd)
        .await
        .unwrap();
    place.carrier.assign(&task()).await.unwrap();
    let requests = place.twilio.requests();
    let last = requests.iter().rfind(|request| request.method == "POST");
    let names: Vec<&str> = last
        .unwrap()
        .form
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["VoiceUrl", "VoiceMethod"]);
}

#[tokio::test]
async fn a_url_that_is_right_and_called_by_get_is_set_again() {
    let left = |url: &str| CallbackUrl::parse(url).unwrap();
    let ended = WebhookUrl::parse("https://ours.example/ended").unwrap();
    let place = Place::with(setup().status_callback(ended)).await;
    place.carrier.assign(&task()).await.unwrap();
    let (client, sid) = (&place.client, place.sid());
    let by_get = NumberUpdate::new()
        .voice_url(left("https://ours.example/voice"), CallbackMethod::Get)
        .sms_url(left("https://ours.example/sms"), CallbackMethod::Get)
        .status_callback(left("https://ours.example/ended"), CallbackMethod::Get);
    client
        .update_number(&account(OURS), &sid, &by_get)
        .await
        .unwrap();
    place.carrier.assign(&task()).await.unwrap();
    let requests = place.twilio.requests();
    let last = requests.iter().rfind(|request| request.method == "POST");
    let methods: Vec<(&str, &str)> = last
        .unwrap()
        .form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| name.ends_with("Method"))
        .collect();
    assert_eq!(
        methods,
        [
            ("VoiceMethod", "POST"),
            ("SmsMethod", "POST"),
            ("StatusCallbackMethod", "POST"),
        ]
    );
    let asked = place.twilio.asked(FakeRoute::UpdateNumber);
    place.carrier.assign(&task()).await.unwrap();
    assert_eq!(place.twilio.asked(FakeRoute::UpdateNumber), asked);
}

#[tokio::test]
async fn what_would_override_the_setup_is_taken_off() {
    let (application, trunk) = (format!("AP{:032}", 1), format!("TK{:032}", 1));
    let left = NumberUpdate::new()
        .voice_application_sid(&application)
        .sms_application_sid(&application)
        .trunk_sid(&trunk);
    let place = Place::new().await;
    let sid = place.sid();
    place
        .client
        .update_number(&account(OURS), &sid, &left)
        .await
        .unwrap();
    place.carrier.assign(&task()).await.unwrap();
    let held = place.client.number(&account(OURS), &sid).await.unwrap();
    assert_eq!(
        (
            held.voice_application_sid,
            held.sms_application_sid,
            held.trunk_sid
        ),
        (None, None, None)
    );

    let by_application = NumberSetup::new(
        VoiceRoute::application(&application).unwrap(),
        SmsRoute::application(&application).unwrap(),
    );
    let place = Place::with(by_application).await;
    let left = NumberUpdate::new().trunk_sid(&trunk);
    place
        .client
        .update_number(&account(OURS), &place.sid(), &left)
        .await
        .unwrap();
    place.carrier.assign(&task()).await.unwrap();
    let held = place
        .client
        .number(&account(OURS), &place.sid())
        .await
        .unwrap();
    assert_eq!(
        held.voice_application_sid.as_deref(),
        Some(application.as_str())
    );
    assert_eq!(
        held.sms_application_sid.as_deref(),
        Some(application.as_str())
    );
    assert_eq!(held.trunk_sid, None);

    let by_trunk = NumberSetup::new(
        VoiceRoute::trunk(&trunk).unwrap(),
        SmsRoute::MessagingService,
    );
    let place = Place::with(by_trunk).await;
    place.carrier.assign(&task_in(POOL)).await.unwrap();
    let held = place
        .client
        .number(&account(OURS), &place.sid())
        .await
        .unwrap();
    assert_eq!(held.trunk_sid.as_deref(), Some(trunk.as_str()));
}

#[tokio::test]
async fn calls_do_not_wait_for_a_messaging_service_nobody_named() {
    let voice = VoiceRoute::url("https://ours.example/voice").unwrap();
    let place = Place::with(NumberSetup::new(voice, SmsRoute::MessagingService)).await;
    place.carrier.assign(&task()).await.unwrap();
    let (client, sid) = (&place.client, place.sid());
    let held = client.number(&account(OURS), &sid).await.unwrap();
    let voice = held.voice_url.as_deref();
    assert_eq!(voice, Some("https://ours.example/voice"));
    assert_eq!(held.sms_url.unwrap_or_default(), "", "as it was");
}

#[tokio::test]
async fn a_number_that_is_not_there_yet_is_neither_configured_nor_joined() {
    let place = Place::new().await;
    // Twilio's filter finds parts of numbers: this one is another.
    place.twilio.add_number(number("+141555526711"), OURS);
    place.twilio.add_number(ported(), LAB);
    for result in [
        place.carrier.assign(&task()).await,
        place.carrier.join_messaging(&task_in(POOL)).await,
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), CarrierErrorKind::NotFound);
        assert!(
            words(&error).contains("not in the account's inventory yet"),
            "{error}"
        );
    }
    assert_eq!(place.twilio.asked(FakeRoute::UpdateNumber), 0);
    assert_eq!(place.twilio.asked(FakeRoute::JoinService), 0);
}

#[tokio::test]
async fn an_unknown_outcome_is_settled_by_looking() {
    for (fault, done) in [(FakeFault::CutAfter, true), (FakeFault::CutBefore, false)] {
        let place = Place::new().await;
        place.twilio.fault(FakeRoute::UpdateNumber, fault);
        let assigned = place.carrier.assign(&task()).await;
        assert_eq!(assigned.is_ok(), done, "{fault:?}: {assigned:?}");
        assert_eq!(place.twilio.asked(FakeRoute::UpdateNumber), 1);
        assert!(assigned.err().is_none_or(|error| error.outcome_unknown()));

        place.twilio.fault(FakeRoute::JoinService, fault);
        let joined = place.carrier.join_messaging(&task_in(POOL)).await;
        assert_eq!(joined.is_ok(), done, "{fault:?}: {joined:?}");
        assert_eq!(place.twilio.asked(FakeRoute::JoinService), 1);
        assert!(joined.err().is_none_or(|error| error.outcome_unknown()));
        // Either may be asked for again.
        place.carrier.assign(&task()).await.unwrap();
        place.carrier.join_messaging(&task_in(POOL)).await.unwrap();
        assert_eq!(place.twilio.effects(FakeRoute::JoinService), 1);
    }
}

#[tokio::test]
async fn joining_is_success_the_first_time_and_every_other() {
    let place = Place::new().await;
    place.carrier.join_messaging(&task_in(POOL)).await.unwrap();
    place.carrier.join_messaging(&task_in(POOL)).await.unwrap();
    place.twilio.rejoining_is_ok(true);
    place.carrier.join_messaging(&task_in(POOL)).await.unwrap();
    let pool = ServiceSid::parse(POOL).unwrap();
    let held = place.client.service_numbers(&account(OURS), &pool).await;
    assert_eq!(held.unwrap().len(), 1);
    let asked = place.twilio.requests().len();
    place.carrier.join_messaging(&task()).await.unwrap();
    assert_eq!(
        place.twilio.requests().len(),
        asked,
        "there is nothing to join"
    );
}

#[tokio::test]
async fn a_number_that_cannot_join_says_why_and_what_to_do() {
    async fn refused(place: &Place, pool: &str, expected: TwilioCode, todo: &str) {
        let error = place
            .carrier
            .join_messaging(&task_in(pool))
            .await
            .unwrap_err();
        assert_eq!(code(&error), Some(expected), "{error}");
        assert!(!error.is_retryable() && !error.outcome_unknown(), "{error}");
        let words = words(&error);
        assert!(
            words.contains(todo) && words.contains(ported().as_str()),
            "{words}"
        );
    }
    let place = Place::new().await;
    place.twilio.add_service(OURS, OTHER_POOL);
    place
        .carrier
        .join_messaging(&task_in(OTHER_POOL))
        .await
        .unwrap();
    refused(
        &place,
        POOL,
        TwilioCode::InAnotherService,
        "take it out there",
    )
    .await;

    let place = Place::new().await;
    place.twilio.service_limit(1);
    place.twilio.fill_service(POOL, 1);
    refused(&place, POOL, TwilioCode::ServiceFull, "more room").await;

    let place = Place::new().await;
    place.twilio.without_texts(ported());
    refused(
        &place,
        POOL,
        TwilioCode::NoMessagingCapability,
        "ask Twilio why",
    )
    .await;

    let place = Place::new().await;
    let fault = FakeFault::Refuse(400, 21421);
    place.twilio.fault(FakeRoute::JoinService, fault);
    refused(&place, POOL, TwilioCode::InvalidNumberSid, "one account").await;
}

#[tokio::test]
async fn nothing_is_sent_for_what_is_no_sid() {
    let place = Place::new().await;
    let nobody = NumberTask::new(ported(), AccountId::parse("acme").unwrap(), None);
    let before = place.twilio.requests().len();
    for error in [
        place.carrier.assign(&nobody).await.unwrap_err(),
        place.carrier.registration(&nobody).await.unwrap_err(),
        place
            .carrier
            .join_messaging(&task_in("our pool"))
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error.kind(), CarrierErrorKind::InvalidRequest, "{error}");
        assert!(!error.outcome_unknown(), "{error}");
    }
    assert_eq!(place.twilio.requests().len(), before);
}
