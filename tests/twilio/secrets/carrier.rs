//! A carrier's whole run over HTTP, with and without faults: nothing it shows, and nothing anybody
//! logs meanwhile, has a secret in it.

use std::error::Error;
use std::fmt::Debug;
use std::time::Duration;

use chrono::TimeDelta;
use snap_port::testing::{FakeAlert, FakeFault, FakeOutcome, FakeRoute, sample};
use snap_port::twilio::{
    AccountSid, CallbackMethod, CallbackUrl, NumberSetup, NumberUpdate, PreflightAsk, SmsRoute,
    TestLine, TwilioCarrier, VoiceRoute, WebhookUrl,
};
use snap_port::{
    AccountId, AlertQuery, AttemptQuery, CarrierClient, Clock, GainingPlatform, MessagingService,
    NumberList, NumberTask, OrderQuery, OrderRef, PhoneNumber, PortRequestId, Test,
};

use super::{LINES, URL_SECRET, clean, keep_log};
use crate::wire::world::{World, phone};

fn astray() -> PhoneNumber {
    phone("+14155550101")
}

fn awaited() -> PhoneNumber {
    phone("+14155550102")
}

fn line() -> PhoneNumber {
    phone("+12125550123")
}

/// The URL of a careless person.
fn url() -> String {
    format!("https://user:{URL_SECRET}@example.com/v?key={URL_SECRET}")
}

fn id(account: &AccountSid) -> AccountId {
    AccountId::parse(account.as_str()).unwrap()
}

fn order(numbers: NumberList, account: &AccountSid) -> OrderQuery {
    OrderQuery::new(OrderRef::parse("T-1").unwrap(), numbers, id(account))
}

/// A number that has arrived, one that is astray, one that is awaited, and alerts about the first.
async fn world() -> World {
    let world = World::new().await;
    let (fake, ours) = (&world.fake, world.sub.as_str());
    fake.add_number(astray(), world.other_sub.as_str());
    fake.add_number(awaited(), world.stranger.as_str());
    fake.add_number(line(), world.parent.as_str());
    fake.registered(line());
    let hook = CallbackUrl::parse(&url()).unwrap();
    let update = NumberUpdate::new()
        .sms_url(hook.clone(), CallbackMethod::Get)
        .status_callback(hook, CallbackMethod::Get);
    let client = &world.client;
    client
        .update_number(&world.sub, &world.sid, &update)
        .await
        .unwrap();
    fake.message_outcome(world.number, FakeOutcome::undelivered(30034));
    let encoded =
        |text: &str| -> String { form_urlencoded::byte_serialize(text.as_bytes()).collect() };
    let once = encoded(&url());
    for text in [
        format!("HTTP failure at {}", url()),
        format!("Msg=Attempt+to+retrieve+{once}&httpResponse=502"),
        format!("httpResponse=502&url={}", encoded(&once)),
        format!("HTTP failure at {}", encoded(&encoded(&once))),
    ] {
        let alert = FakeAlert::new(11200, text).resource(world.sid.as_str());
        fake.add_alert(ours, alert);
    }
    world
}

fn carrier(world: &World) -> TwilioCarrier {
    let client = world
        .builder()
        .timeout(Duration::from_millis(100))
        .retries(0)
        .build()
        .unwrap();
    let platform = GainingPlatform::new("Ours", "porting@ours.example").unwrap();
    // A setup takes no password.
    let url = format!("https://example.com/v?key={URL_SECRET}");
    let setup = NumberSetup::new(VoiceRoute::url(&url).unwrap(), SmsRoute::url(&url).unwrap());
    TwilioCarrier::builder(client, platform)
        .clock(world.clock.clone())
        .timer(world.clock.clone())
        .owner(world.parent.clone())
        .setup(setup.status_callback(WebhookUrl::parse(&url).unwrap()))
        .test_line(TestLine::new(world.parent.clone(), line()))
        .build()
}

/// What is shown of a result: all of it, and of an error its causes too.
fn shown<T: Debug, E: Error>(result: Result<T, E>) -> String {
    let error = match &result {
        Ok(value) => return format!("{value:?} {value:#?}"),
        Err(error) => error,
    };
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        shown.push_str(&format!(" {error} {error:?}"));
        cause = error.source();
    }
    shown
}

/// Everything a carrier does for a port, and everything that shows of it. How much of it failed.
async fn run(world: &World, what: &str) -> usize {
    let carrier = carrier(world);
    let mut failures = 0;
    let mut see = |part: &str, shown: String, failed: bool| {
        failures += usize::from(failed);
        assert!(
            std::panic::catch_unwind(|| clean(&shown)).is_ok(),
            "{what}, {part}: {shown}"
        );
    };
    see("itself", format!("{carrier:?} {carrier:#?}"), false);
    let sub = &world.sub;
    let numbers = NumberList::new([world.number, astray(), awaited()]).unwrap();
    let pool = MessagingService::parse(world.service.as_str()).unwrap();
    let ask = PreflightAsk::new(numbers.clone(), id(sub))
        .with_losing(id(&world.stranger))
        .with_messaging(pool.clone());
    let preflight = carrier.preflight(&ask).await;
    let ready = preflight.is_ready();
    let shows = format!("{ask:?} {preflight} {preflight:?} {preflight:#?}");
    see("preflight", shows, !ready);

    let query = order(numbers.clone(), sub);
    let status = carrier.status(&query).await;
    let failed = status.is_err();
    see("status", format!("{query:?} {}", shown(status)), failed);
    let elsewhere = order(NumberList::one(astray()), &world.stranger);
    let statuses = carrier.statuses(&[query, elsewhere]).await;
    let failed = statuses.is_err();
    see("statuses", shown(statuses), failed);
    for number in [astray(), awaited()] {
        let told = carrier.watch().told(number, sub);
        let alarm = carrier.watch().alarm(&[number], sub);
        see("watch", format!("{told:?} {alarm:?}"), false);
    }
    see("watch", format!("{:?}", carrier.watch()), false);
    let request = PortRequestId::parse("acme-1").unwrap();
    let asked = sample::order(request, carrier.id(), numbers.clone(), world.clock.now());
    let handed = carrier.submit(&asked).await;
    see("submit", format!("{asked:?} {}", shown(handed)), false);
    let attempt = AttemptQuery::new(asked.key().clone(), numbers.clone(), id(sub));
    let found = carrier.find(&attempt).await;
    let failed = found.is_err();
    see("find", format!("{attempt:?} {}", shown(found)), failed);

    for to in [sub, &world.stranger] {
        let report = carrier.move_within_owner(&numbers, to).await;
        let done = report.as_ref().is_ok_and(|report| report.is_done());
        let words = report.as_ref().map(ToString::to_string).ok();
        see("move", format!("{words:?} {}", shown(report)), !done);
    }

    let task = NumberTask::new(world.number, id(sub), Some(pool));
    see("task", format!("{task:?}"), false);
    let assigned = carrier.assign(&task).await;
    let failed = assigned.is_err();
    see("assign", shown(assigned), failed);
    let joined = carrier.join_messaging(&task).await;
    let failed = joined.is_err();
    see("join", shown(joined), failed);
    for test in Test::ALL {
        let outcome = carrier.test(&task, test).await;
        let failed = outcome.is_err();
        see("test", shown(outcome), failed);
    }
    let registration = carrier.registration(&task).await;
    let failed = registration.is_err();
    see("registration", shown(registration), failed);
    let since = world.clock.now() - TimeDelta::days(7);
    let query = AlertQuery::new(id(sub), numbers, since);
    let alerts = carrier.alerts(&query).await;
    if let Ok(alerts) = &alerts {
        assert!(alerts.len() >= 4, "{what}: {alerts:?}");
    }
    let failed = alerts.is_err();
    see("alerts", format!("{query:?} {}", shown(alerts)), failed);
    failures
}

#[tokio::test]
async fn no_run_of_a_carrier_shows_a_secret() {
    keep_log();
    let calm = run(&world().await, "nothing fails").await;
    // Numbers that arrived are no longer ready to, one is not ours to move, and none of ours moves
    // to a stranger.
    assert_eq!(calm, 3);
    let mut runs = tokio::task::JoinSet::new();
    for fault in [
        FakeFault::Refuse(401, 20003),
        FakeFault::Problem(403, 20403),
        FakeFault::TooMany { retry_after: None },
        FakeFault::ErrorBefore(500),
        FakeFault::CutAfter,
        FakeFault::Hang,
        FakeFault::Malformed,
        FakeFault::Html,
    ] {
        runs.spawn(async move {
            let world = world().await;
            for route in FakeRoute::ALL {
                world.fake.fault_always(route, fault);
            }
            let failures = run(&world, &format!("{fault:?} everywhere")).await;
            assert!(failures > calm, "{fault:?}");
        });
    }
    for route in FakeRoute::ALL {
        for fault in [FakeFault::Refuse(401, 20003), FakeFault::CutAfter] {
            runs.spawn(async move {
                let world = world().await;
                world.fake.fault_always(route, fault);
                run(&world, &format!("{fault:?} at {route}")).await;
            });
        }
    }
    for writes in [
        FakeRoute::UpdateNumber,
        FakeRoute::JoinService,
        FakeRoute::PlaceCall,
        FakeRoute::SendMessage,
    ] {
        runs.spawn(async move {
            let world = world().await;
            world.fake.fault_always(writes, FakeFault::HangAfter);
            run(&world, &format!("no answer at {writes}")).await;
        });
    }
    for done in runs.join_all().await {
        let () = done;
    }
    let lines = LINES.0.lock().unwrap();
    assert!(!lines.is_empty(), "the HTTP client logs its connections");
    for line in lines.iter() {
        clean(line);
    }
}
