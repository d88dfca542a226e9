//! After the numbers arrived: assignment, registration, tests, alerts.

use chrono::TimeDelta;
use snap_port::testing::{RegistrationPlan, Script, sample};
use snap_port::{
    Attested, CarrierClient, CarrierClientExt, CarrierErrorKind, Check, CheckState, Fact,
    Registration, Statement, Test,
};

use super::{Stage, may};

#[tokio::test]
async fn texts_fail_until_the_number_is_registered() {
    let plan = RegistrationPlan::RegisteredAfter(TimeDelta::days(10));
    let stage = Stage::new(Script::default().registration(plan));
    let mut request = stage.ported(1).await;
    let number = request.numbers().first();
    stage.assign(&mut request).await;
    stage.clock.advance(TimeDelta::days(9));
    stage.check_all(&mut request).await;
    let row = request.table().row(number).cloned().unwrap();
    assert_eq!(row.check(Check::Registered), &CheckState::Open);
    assert!(row.check(Check::VoiceOut).is_met() && row.check(Check::VoiceIn).is_met());
    for check in [Check::SmsOut, Check::SmsIn] {
        let CheckState::Failed(why) = row.check(check) else {
            panic!("{check} did not fail");
        };
        assert!(why.contains("30034"), "{why}");
    }
    stage.clock.advance(TimeDelta::days(1));
    stage.check_all(&mut request).await;
    assert_eq!(request.table().complete(), Ok(()));
}

#[tokio::test]
async fn the_registry_may_refuse() {
    let plan = RegistrationPlan::Failed {
        after: TimeDelta::days(1),
        why: "campaign full".to_owned(),
    };
    let stage = Stage::new(Script::default().registration(plan));
    let mut request = stage.ported(1).await;
    stage.assign(&mut request).await;
    stage.clock.advance(TimeDelta::days(30));
    stage.check_all(&mut request).await;
    let row = request.table().rows()[0].clone();
    let failed = CheckState::Failed("campaign full".to_owned());
    assert_eq!(row.check(Check::Registered), &failed);
    assert!(!row.check(Check::SmsOut).is_met());
}

#[tokio::test]
async fn a_number_that_joined_nothing_stays_unregistered_and_unassigned_it_fails_every_test() {
    let stage = Stage::new(Script::default());
    let mut request = stage.ported(1).await;
    stage.clock.advance(TimeDelta::days(30));
    stage.check_all(&mut request).await;
    let row = request.table().rows()[0].clone();
    assert_eq!(row.check(Check::Registered), &CheckState::Open);
    assert!(matches!(row.check(Check::VoiceIn), CheckState::Failed(_)));
}

#[tokio::test]
async fn voice_tests_may_fail_a_few_times() {
    let stage = Stage::new(Script::default().voice_failures(2));
    let mut request = stage.ported(1).await;
    let number = request.numbers().first();
    stage.assign(&mut request).await;
    let mut passed = Vec::new();
    for _ in 0..3 {
        stage.test(&mut request, number, Test::VoiceOut).await;
        let row = request.table().row(number).cloned().unwrap();
        passed.push(row.check(Check::VoiceOut).is_met());
    }
    assert_eq!(passed, [false, false, true]);
}

#[tokio::test]
async fn alerts_come_after_arrival_and_stay_open_until_explained() {
    let script = Script::default().alert(1, TimeDelta::hours(2), "11200: no answer from the app");
    let stage = Stage::new(script.alert(9, TimeDelta::zero(), "about no number"));
    let mut request = stage.ported(2).await;
    let number = request.numbers().as_slice()[1];
    let read = stage.sim.read_alerts(&request, &stage.clock).await.unwrap();
    assert_eq!(read.len(), 1, "nothing yet but that the log was read");
    stage.clock.advance(TimeDelta::hours(2));
    for seen in stage.sim.read_alerts(&request, &stage.clock).await.unwrap() {
        request.observe(seen).unwrap();
    }
    let row = request.table().row(number).cloned().unwrap();
    let (alert, text) = row.open_alerts().next().unwrap();
    assert_eq!(text, "11200: no answer from the app");

    let explained = Fact::AlertExplained {
        id: alert.to_owned(),
        explanation: "the app was being deployed".to_owned(),
    };
    let said = Statement::new(may(&sample::support()), stage.now(), explained);
    let seen = stage.sim.attest_fact(&request, said.clone(), &stage.clock);
    request.observe(seen.unwrap()).unwrap();
    for seen in stage.sim.read_alerts(&request, &stage.clock).await.unwrap() {
        request.observe(seen).unwrap();
    }
    let row = request.table().row(number).cloned().unwrap();
    assert!(row.check(Check::Alerts).is_met());
    assert!(matches!(
        Statement::<Attested>::from(said).what(),
        Attested::Seen(_)
    ));
}

#[tokio::test]
async fn nothing_is_done_with_a_number_that_is_not_there() {
    let stage = Stage::new(Script::default());
    let request = stage.ported(1).await;
    let number = request.numbers().first();
    // The same request, asked of a carrier where the number never moved.
    let other = Stage::new(Script::default());
    let refused = other
        .sim
        .assign_number(&request, number, &other.clock)
        .await;
    assert_eq!(refused.unwrap_err().kind(), CarrierErrorKind::NotFound);
    assert_eq!(other.sim.owner_of(number), None);
}

#[tokio::test]
async fn the_log_is_read_for_the_numbers_and_the_time_that_are_asked_for() {
    let script = Script::default().alert(0, TimeDelta::hours(2), "11200");
    let stage = Stage::new(script);
    let request = stage.ported(2).await;
    stage.clock.advance(TimeDelta::hours(2));
    let count = async |numbers: snap_port::NumberList, since| {
        let query = sample::alert_query(numbers, since);
        stage.sim.alerts(&query).await.unwrap().len()
    };
    let all = request.numbers().clone();
    let arrived = request.completion().arrivals()[0].at;
    let logged = arrived + TimeDelta::hours(2);
    assert_eq!(count(all.clone(), arrived).await, 1);
    assert_eq!(count(all.clone(), logged).await, 1);
    assert_eq!(count(all, logged + TimeDelta::seconds(1)).await, 0);
    assert_eq!(count(sample::numbers_from(1, 1), arrived).await, 0);
}

#[tokio::test]
async fn without_a_messaging_service_registration_begins_with_the_assignment() {
    let stage = Stage::new(Script::default());
    let request = stage.ported(1).await;
    let mut task = sample::task(request.numbers().first());
    task.messaging = None;
    stage.sim.assign(&task).await.unwrap();
    stage.clock.advance(TimeDelta::days(3));
    let state = stage.sim.registration(&task).await.unwrap();
    assert_eq!(state, Registration::Registered);
}
