//! What the customer and staff read, for every state, hold and party: snapshots in `tests/rules/told`.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test rules customer_updates` writes them anew; read what changed.

mod words;

use std::fmt::Write;
use std::sync::Arc;

use crate::stub::*;
use crate::told::is_told;
use crate::told::scenes::*;
use chrono::TimeDelta;
use snap_port::desk::{DeskView, English, Phrases, customer_update, work_item};
use snap_port::document::CarrierName;
use snap_port::testing::{ReleasePlan, Script, SimCarrier, VirtualClock, sample};
use snap_port::*;

/// What the customer and staff read of `request` at `now`, in the words of `phrases`.
fn read(request: &AnyPortRequest, now: DateTime<Utc>, phrases: &dyn Phrases) -> String {
    let (can, policy) = (Capabilities::default(), RoutePolicy::default());
    let ours = GainingPlatform::new("Aloware", "transfers@aloware.test").unwrap();
    let twilio = CarrierName::new("Twilio").unwrap();
    let view = DeskView::new(&can, &policy, now).with_sender(&ours, &twilio);
    let update = customer_update(request, &view);
    let mut text = format!("{}\n", update.message(phrases));
    if let Some(item) = work_item(request, &view) {
        let _ = write!(text, "\n--- staff\n{}\n", item.text(phrases));
        if let Some(paste) = &item.paste_ready {
            let _ = write!(text, "\n--- to paste\n{paste}\n");
        }
    }
    assert!(update == customer_update(request, &view), "a pure function");
    assert!(work_item(request, &view) == work_item(request, &view));
    text
}

/// One scene: what it shows, the request, and when it is read.
type Scene = (&'static str, AnyPortRequest, &'static str);

fn scene(what: &'static str, request: impl Into<AnyPortRequest>, now: &'static str) -> Scene {
    (what, request.into(), now)
}

fn tell(scenes: &[Scene]) -> String {
    let mut text = String::new();
    for (what, request, now) in scenes {
        let now = at(now);
        let shown = zone().show(now);
        let _ = write!(
            text,
            "===== {what} ({shown})\n{}\n",
            read(request, now, &English)
        );
    }
    text
}

#[test]
fn before_the_carrier_has_it() {
    let [mut cancelled_draft, fixed] = [half_filled(), send_back(sealed())];
    cancelled_draft.checklist_mut().clear(PackagePart::Losing);
    let mut unwanted = sealed();
    unwanted.request_cancel("we stay", admin().permit().unwrap(), at(REVIEWED));
    let mut unfiled = in_phase(AttemptPhase::HandedOver);
    unfiled.request_cancel("we stay", admin().permit().unwrap(), at(TAKEN));
    let scenes = [
        scene("draft, empty", empty(), OPENED),
        scene(
            "draft, half-filled, a week later",
            half_filled(),
            "2026-11-09T15:00:00Z",
        ),
        scene("draft, complete", draft(), OPENED),
        scene("sent back", fixed, SENT),
        scene("reopened after a refusal", amended(), CONFIRMED),
        scene("sealed, under review", sealed(), REVIEWED),
        scene(
            "sealed again, review late",
            seal(send_back(sealed())),
            "2026-11-04T15:00:00Z",
        ),
        scene("sealed, reviewed", cleared(), SENT),
        scene(
            "sealed, to be filed by hand",
            in_phase(AttemptPhase::HandedOver),
            TAKEN,
        ),
        scene("sealed, sent", sent(), TAKEN),
        scene("sealed, in doubt", in_phase(AttemptPhase::InDoubt), TAKEN),
        scene(
            "sealed, in doubt, for a person",
            in_phase(AttemptPhase::NeedsPerson),
            TAKEN,
        ),
        scene("sealed, no longer wanted", unwanted, SENT),
        scene(
            "sealed, to be filed by hand, no longer wanted",
            unfiled,
            TAKEN,
        ),
        scene(
            "cancelled before it was sealed",
            cancelled_draft.withdrawn(admin().permit().unwrap(), "we stay", at(SENT)),
            SENT,
        ),
    ];
    is_told("before_filing", &tell(&scenes));
}

#[test]
fn until_it_has_a_time() {
    let chased = Note::Chased(Party::LosingPlatform);
    let once = noted(submitted(), chased.clone(), "2026-11-04T20:00:00Z");
    let twice = noted(once, chased, "2026-11-06T20:00:00Z");
    let offer = Fact::CounterOffered(slot("2026-12-02T15:00:00Z"));
    let refused = Fact::CancelRefused("too late".to_owned());
    let claimed = noted(submitted(), Note::Claimed, APPROVED);
    let scenes = [
        scene("submitted", submitted(), TAKEN),
        scene("submitted, to be reminded; claimed", claimed, APPROVED),
        scene("submitted, reminded twice", twice, "2026-11-08T12:00:00Z"),
        scene(
            "submitted, silent for a week",
            submitted(),
            "2026-11-09T18:00:00Z",
        ),
        scene(
            "submitted, and on after a hold",
            resumed(),
            "2026-11-13T18:00:00Z",
        ),
        scene(
            "submitted, to be cancelled",
            cancelling(submitted()),
            CONFIRMED,
        ),
        scene(
            "submitted, and the carrier does not cancel",
            with(cancelling(submitted()), vec![refused]),
            TESTED,
        ),
        scene("approved", approved(), APPROVED),
        scene("approved, time asked for", asked(approved()), CONFIRMED),
        scene(
            "approved, another time offered",
            with(asked(approved()), vec![offer]),
            TESTED,
        ),
        scene(
            "approved, a time before the earliest date",
            with(
                approved(),
                vec![Fact::SlotTooEarly(slot("2026-11-30T15:00:00Z"))],
            ),
            TESTED,
        ),
        scene("cancelled", cancelled(), CONFIRMED),
        scene(
            "cancelled, and a number came after that",
            with(cancelled(), vec![arrived(0, gaining())]),
            TESTED,
        ),
        scene("refused", rejected(), CONFIRMED),
        scene(
            "refused, and a number is in a wrong account",
            with(rejected(), vec![arrived(0, wrong())]),
            TESTED,
        ),
        scene(
            "refused before there was an order",
            rejected_unfiled(),
            SENT,
        ),
    ];
    is_told("until_scheduled", &tell(&scenes));
}

#[test]
fn the_move_and_after() {
    let two = vec![arrived(0, gaining()), arrived(1, gaining())];
    let held = Fact::Held(Hold::new(Reason::WhatsAppSender, "sender on …70"));
    let ended = Fact::EndedAfterMove("ticket closed".to_owned());
    let then = |mut facts: Vec<Fact>, more: Vec<Fact>| {
        facts.extend(more);
        facts
    };
    let test = |index, test, outcome| tested(number(index), test, outcome);
    let mut half = then(
        assigned(),
        vec![Fact::Registration {
            number: number(0),
            state: Registration::Registered,
        }],
    );
    half.extend(Test::ALL.map(|each| test(0, each, Outcome::Passed)));
    half.extend([Test::VoiceIn, Test::VoiceOut].map(|each| test(1, each, Outcome::Passed)));
    let alert = Fact::Alert {
        number: number(1),
        id: "NO1".to_owned(),
        text: "30034 unregistered number".to_owned(),
    };
    let unregistered = Fact::Registration {
        number: number(1),
        state: Registration::Failed("brand refused".to_owned()),
    };
    let scenes = [
        scene("scheduled", scheduled(), CONFIRMED),
        scene("scheduled anew", rescheduled(), "2026-11-24T12:00:00Z"),
        scene(
            "scheduled, another time asked for",
            other_time_asked(),
            CONFIRMED,
        ),
        scene(
            "scheduled, at the time",
            scheduled(),
            "2026-12-01T15:02:00Z",
        ),
        scene(
            "scheduled, the hour is over",
            scheduled(),
            "2026-12-01T17:00:00Z",
        ),
        scene("scheduled, overdue", scheduled(), "2026-12-07T17:00:00Z"),
        scene("one number missing", with(scheduled(), two.clone()), TESTED),
        scene(
            "one number missing, on hold, overdue",
            with(scheduled(), then(two.clone(), vec![held])),
            "2026-12-07T17:00:00Z",
        ),
        scene(
            "one number left behind",
            with(scheduled(), then(two.clone(), vec![ended])),
            TESTED,
        ),
        scene(
            "in a wrong account",
            with(scheduled(), vec![arrived(0, wrong())]),
            TESTED,
        ),
        scene(
            "all have arrived, and no more is on record",
            with(scheduled(), then(two.clone(), vec![arrived(2, gaining())])),
            TESTED,
        ),
        scene("ported", ported(), TESTED),
        scene(
            "ported, registration under way",
            with(ported(), half.clone()),
            TESTED,
        ),
        scene(
            "ported, registration late",
            with(ported(), half.clone()),
            "2026-12-14T12:00:00Z",
        ),
        scene(
            "ported, a registration refused",
            with(ported(), then(half.clone(), vec![unregistered])),
            TESTED,
        ),
        scene(
            "ported, to be tested",
            with(ported(), then(assigned(), registered())),
            TESTED,
        ),
        scene(
            "ported, an alert",
            with(ported(), then(half, vec![alert.clone()])),
            TESTED,
        ),
        scene("ported, to be signed off", proven(), SIGNED),
        scene("verified", verified(), SIGNED),
        scene("verified, all carried over", carried_over(), SIGNED),
        scene(
            "verified, an alert since",
            with(carried_over(), vec![alert]),
            SIGNED,
        ),
        scene("the way back, opened", way_back(), SIGNED),
        scene("verified, texting waived", waived(), SIGNED),
        scene(
            "verified, one number split off",
            split_and_verified(),
            SIGNED,
        ),
    ];
    is_told("move_and_after", &tell(&scenes));
}

#[test]
fn every_hold() {
    let scenes = Reason::ALL.map(|reason| {
        let what: &'static str = Box::leak(reason.to_string().into_boxed_str());
        scene(
            what,
            held(Hold::new(reason, "in their words")),
            "2026-11-06T15:00:00Z",
        )
    });
    is_told("holds", &tell(&scenes));
}

#[test]
fn every_refusal() {
    let scenes = Reason::ALL.map(|reason| {
        let what: &'static str = Box::leak(reason.to_string().into_boxed_str());
        let submitted = submitted();
        let said = says(APPROVED, Refusal::new(reason, "in their words"));
        let notice = StubCarrier::new().attest_refusal(&submitted, said, &clock(APPROVED));
        scene(what, submitted.refused(notice.unwrap()).unwrap(), CONFIRMED)
    });
    is_told("refusals", &tell(&scenes));
}

const PARTIES: [Party; 5] = [
    Party::Customer,
    Party::LosingPlatform,
    Party::Carrier,
    Party::Staff,
    Party::Registry,
];

#[test]
fn every_party() {
    let scenes = PARTIES.map(|party| {
        let what: &'static str = Box::leak(party.to_string().into_boxed_str());
        let hold = Hold::new(Reason::FeeDemanded, "$50 each").on(party);
        scene(what, held(hold), "2026-11-17T15:00:00Z")
    });
    let mut text = tell(&scenes);
    text.push_str("===== what each is to do\n");
    let platform = LosingPlatform::Aircall;
    let request = held(Hold::new(Reason::Other, "x"));
    let (can, policy) = (Capabilities::default(), RoutePolicy::default());
    let update = customer_update(&request.into(), &DeskView::new(&can, &policy, at(APPROVED)));
    assert_eq!(update.names().losing, Some(&platform));
    for reason in Reason::ALL {
        for party in PARTIES {
            let _ = writeln!(text, "{}", English.remedy(reason, party, update.names()));
        }
    }
    is_told("parties", &text);
}

#[tokio::test]
async fn a_whole_port_is_told_in_order() {
    let clock = VirtualClock::at(sample::time());
    let fee = Hold::new(Reason::FeeDemanded, "$25 each");
    let script = Script::default()
        .release(ReleasePlan::After(TimeDelta::days(4)))
        .hold(fee, TimeDelta::hours(20), Some(TimeDelta::hours(50)));
    let carrier = SimCarrier::new(clock.clone(), 7).with_script(script);
    let desk = PortDesk::new(Arc::new(MemoryStore::new()), Arc::new(clock.clone()))
        .with_carrier(Arc::new(carrier.clone()));
    let id = id("acme-1");
    let mut heard = String::new();
    let mut last = String::new();
    let mut listen = async |desk: &PortDesk| {
        let request = desk.get(&id).await.unwrap();
        let now = clock.now();
        let (can, policy) = (carrier.capabilities(), RoutePolicy::default());
        let update = customer_update(&request, &DeskView::new(&can, &policy, now));
        let message = update.message(&English).to_string();
        if message != last {
            let _ = write!(heard, "===== {}\n{message}\n\n", zone().show(now));
            last = message;
        }
    };

    let package = sample::package(&sample::numbers(3), clock.now());
    let start = desk.start(id.clone(), carrier.id(), sample::admin().permit().unwrap());
    start.await.unwrap();
    listen(&desk).await;
    let fill = desk.fill(&id, |form| *form = (&package).into());
    fill.await.unwrap();
    listen(&desk).await;
    let attempt = desk
        .seal(&id, sample::admin().permit().unwrap())
        .await
        .unwrap();
    listen(&desk).await;
    clock.advance(TimeDelta::hours(1));
    let permit = sample::support().permit().unwrap();
    desk.pass_review(&attempt, permit, package.numbers().clone())
        .await
        .unwrap();
    listen(&desk).await;
    let mut asked = false;
    while desk.get(&id).await.unwrap().status() != Status::Verified {
        desk.advance(&id).await.unwrap();
        listen(&desk).await;
        match desk.get(&id).await.unwrap() {
            AnyPortRequest::ReleaseApproved(_) if !asked => {
                let slot = sample::slot(package.earliest());
                let permit = sample::support().permit().unwrap();
                desk.ask_slot(&id, slot, permit).await.unwrap();
                listen(&desk).await;
                asked = true;
            }
            AnyPortRequest::Ported(request) if request.table().complete().is_ok() => {
                let permit = sample::customer_success().permit().unwrap();
                desk.sign_off(&id, permit).await.unwrap();
                listen(&desk).await;
            }
            _ => {}
        }
        clock.advance(TimeDelta::hours(4));
    }
    is_told("whole_port", &heard);
}
