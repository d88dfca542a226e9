//! Requests that show what is told of them, beside those of the journey.

use snap_port::*;

use crate::stub::*;

pub(crate) fn half_filled() -> PortRequest<Draft> {
    let mut draft = draft();
    draft
        .checklist_mut()
        .clear(PackagePart::Ticket)
        .clear(PackagePart::Loa)
        .clear(PackagePart::A2p);
    draft
}

pub(crate) fn empty() -> PortRequest<Draft> {
    let mut draft = draft();
    *draft.checklist_mut() = Checklist::default();
    draft
}

pub(crate) fn noted<S: HasPackage>(
    mut request: PortRequest<S>,
    note: Note,
    when: &str,
) -> PortRequest<S> {
    let permit = support().permit().unwrap();
    request.note(note, permit, at(when)).unwrap();
    request
}

pub(crate) fn with<S: Observable>(mut request: PortRequest<S>, facts: Vec<Fact>) -> PortRequest<S> {
    for fact in facts {
        observe(&mut request, fact);
    }
    request
}

pub(crate) fn cancelling<S: InFlight>(mut request: PortRequest<S>) -> PortRequest<S> {
    let permit = admin().permit().unwrap();
    request.request_cancel("we stay", permit, at(CONFIRMED));
    request
}

pub(crate) fn asked(mut approved: PortRequest<ReleaseApproved>) -> PortRequest<ReleaseApproved> {
    let permit = support().permit().unwrap();
    let _ask = approved
        .ask_slot(slot(SLOT), permit, at(CONFIRMED))
        .unwrap();
    approved
}

pub(crate) fn arrived(index: usize, account: AccountId) -> Fact {
    let number = number(index);
    Fact::Arrived { number, account }
}

pub(crate) fn assigned() -> Vec<Fact> {
    all()
        .iter()
        .map(|number| Fact::Assigned { number: *number })
        .collect()
}

pub(crate) fn registered() -> Vec<Fact> {
    let fact = |number: &PhoneNumber| Fact::Registration {
        number: *number,
        state: Registration::Registered,
    };
    all().iter().map(fact).collect()
}

pub(crate) fn amended() -> PortRequest<Draft> {
    rejected().amend(admin().permit().unwrap(), at(CONFIRMED))
}

pub(crate) fn rescheduled() -> PortRequest<Scheduled> {
    let scheduled = scheduled();
    let later = Schedule::CarrierSet(slot("2026-12-03T20:00:00Z"));
    let newer = confirmation(&scheduled, "2026-11-23T12:00:00Z", later);
    scheduled.rescheduled(newer).unwrap()
}

pub(crate) fn other_time_asked() -> PortRequest<Scheduled> {
    let mut scheduled = scheduled();
    let permit = support().permit().unwrap();
    let wish = slot("2026-12-02T16:00:00Z");
    let _ask = scheduled.ask_slot(wish, permit, at(CONFIRMED)).unwrap();
    scheduled
}

pub(crate) fn carried_over() -> PortRequest<Verified> {
    CarryoverItem::ALL
        .into_iter()
        .fold(verified(), |request, item| {
            let note = Note::Carryover {
                item,
                numbers: None,
                state: CarryoverState::NotUsed,
            };
            noted(request, note, SIGNED)
        })
}

pub(crate) fn split_and_verified() -> PortRequest<Verified> {
    let permit = support().permit().unwrap();
    let split = scheduled().split(id("r-1b"), numbers(&[2]), "a secret fee", permit, at(MOVED));
    let (kept, _child) = split.unwrap();
    let moved = report(&kept).arrived([0, 1].map(|index| arrival(index, gaining())));
    let mut ported = {
        let completion = reached(look(&kept, moved, MOVED).completion(&kept));
        kept.ported(completion).unwrap()
    };
    for index in [0, 1] {
        for fact in proofs_of(number(index)) {
            observe(&mut ported, fact);
        }
    }
    observe(&mut ported, Fact::AlertsRead);
    let report = ported
        .verification(success().permit().unwrap(), at(SIGNED))
        .unwrap();
    ported.verified(report).unwrap()
}

pub(crate) fn way_back() -> PortRequest<Draft> {
    let permit = admin().permit().unwrap();
    let ours = "Aloware".parse().unwrap();
    let back = verified().reverse(id("r-back"), ours, permit, at(SIGNED));
    back.unwrap()
}

pub(crate) fn resumed() -> PortRequest<Submitted> {
    let mut request = held(Hold::new(Reason::FeeDemanded, "$50"));
    let resumed = seen(&request, Fact::Resumed, "2026-11-13T15:00:00Z");
    request.observe(resumed).unwrap();
    request
}

/// One number never texts, as agreed with the customer.
pub(crate) fn waived() -> PortRequest<Verified> {
    let mut ported = ported();
    for number in &all() {
        for fact in proofs_of(*number) {
            let texts = [Test::SmsIn, Test::SmsOut].map(Some);
            let test = match &fact {
                Fact::Tested { test, .. } => Some(*test),
                _ => None,
            };
            if *number != self::number(0) || !texts.contains(&test) {
                observe(&mut ported, fact);
            }
        }
    }
    observe(&mut ported, Fact::AlertsRead);
    for check in [Check::SmsIn, Check::SmsOut] {
        let waiver = Waiver {
            number: number(0),
            check,
            reason: "voice only".to_owned(),
            consent: "Ann, by phone".to_owned(),
        };
        let permit = success().permit().unwrap();
        ported.waive(waiver, permit, at(TESTED)).unwrap();
    }
    let report = ported.verification(success().permit().unwrap(), at(SIGNED));
    ported.verified(report.unwrap()).unwrap()
}

pub(crate) fn held(hold: Hold) -> PortRequest<Submitted> {
    let mut request = submitted();
    let observation = seen(&request, Fact::Held(hold), APPROVED);
    request.observe(observation).unwrap();
    request
}
