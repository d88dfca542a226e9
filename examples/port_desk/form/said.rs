//! Statements: what a person read in a ticket, saw, or was told, as a flat form.
//!
//! | `what` | fields |
//! |---|---|
//! | `filed` | `ticket` |
//! | `not_filed` | `why` |
//! | `released` | `approver`, `losing_ticket`, `gaining_account`, `numbers` |
//! | `scheduled` | `begins`, `minutes`, `zone`, `set_by` (`agreed`, `carrier`) |
//! | `cut_over` | none: the numbers were seen to move `at` |
//! | `refused` | `reason`, `words` |
//! | `cancelled` | none |
//! | `held` | `reason`, `words`, `on` |
//! | `resumed`, `slot_withdrawn`, `cancel_under_way`, `alerts_read` | none |
//! | `counter_offered` | `begins`, `minutes`, `zone` |
//! | `cancel_refused`, `ended_after_move` | `words` |
//! | `arrived` | `numbers`, `account` |
//! | `assigned` | `numbers` |
//! | `joined` | `numbers`, `service` |
//! | `registered` | `numbers`, `state` (`pending`, `registered`, `failed`), `why` |
//! | `tested` | `numbers`, `test`, `outcome` (`passed`, `failed`), `why` |
//! | `alert_explained` | `alert`, `why` |
//!
//! Each may say when it occurred, `at`: without it, now. `numbers` left out are all of the
//! request's, accounts left out are the gaining one. What is stated of each number by itself, from
//! `arrived` to `tested`, is stated of 1,000 numbers at most.

use chrono::{DateTime, TimeDelta, Utc};
use snap_port::{
    AccountId, AnyPortRequest, Attested, Fact, Filed, Hold, MessagingService, NotFiled, NumberList,
    OrderCancelled, OrderRef, Outcome, Party, PortSlot, Reason, Refusal, Registration,
    ReleaseGranted, Schedule, Test, Zone,
};

use super::Fields;

/// What can be stated.
const WHATS: &str = "filed, not_filed, released, scheduled, cut_over, refused, cancelled, held, \
    resumed, counter_offered, slot_withdrawn, cancel_under_way, cancel_refused, ended_after_move, \
    arrived, assigned, joined, registered, tested, alert_explained, alerts_read";

/// So many numbers are stated of at once, each by itself: for each the record is read and written
/// again, and it grows.
const AT_ONCE: usize = 1_000;

/// What is known where a statement leaves something out.
pub(crate) struct Known<'a> {
    pub(crate) request: &'a AnyPortRequest,
    pub(crate) gaining: Option<&'a AccountId>,
    /// The desk's zone.
    pub(crate) zone: &'a Zone,
    /// UTC.
    pub(crate) now: DateTime<Utc>,
}

/// What is stated, and when it occurred (UTC): one statement, or one for each number.
pub(crate) fn read(form: &Fields<'_>, known: &Known<'_>) -> Option<(DateTime<Utc>, Vec<Attested>)> {
    let dated = form.value("at").is_some();
    let at = match form.instant("at", known.zone) {
        None if !dated => Some(known.now),
        at => at,
    };
    let what = form.needed("what", Ok::<_, String>);
    let said = what.and_then(|what| of(what, form, known, at));
    form.close();
    Some((at?, said?))
}

fn of(
    what: &str,
    form: &Fields<'_>,
    known: &Known<'_>,
    at: Option<DateTime<Utc>>,
) -> Option<Vec<Attested>> {
    let seen = |fact| Some(vec![Attested::Seen(fact)]);
    match what {
        "filed" => {
            let ticket = form.needed("ticket", OrderRef::parse)?;
            Some(vec![Attested::Filed(Filed(ticket))])
        }
        "released" => released(form, known, at),
        "not_filed" => Some(vec![Attested::NotFiled(NotFiled(words(form, "why")?))]),
        "scheduled" => {
            let carriers = form.read("set_by", |by| match by {
                "agreed" => Ok(false),
                "carrier" => Ok(true),
                _ => Err("this must be one of: agreed, carrier"),
            });
            let slot = slot(form, known.zone)?;
            Some(vec![Attested::Scheduled(match carriers {
                Some(true) => Schedule::CarrierSet(slot),
                _ => Schedule::Agreed(slot),
            })])
        }
        "cut_over" => Some(vec![Attested::Scheduled(Schedule::ObservedCutover(at?))]),
        "refused" => {
            let (reason, words) = (reason(form), words(form, "words"));
            Some(vec![Attested::Refused(Refusal::new(reason?, words?))])
        }
        "cancelled" => Some(vec![Attested::Cancelled(OrderCancelled)]),
        "held" => {
            let (reason, words) = (reason(form), words(form, "words"));
            let on = form.one_of("on", &Party::ALL);
            let hold = Hold::new(reason?, words?);
            seen(Fact::Held(match on {
                Some(party) => hold.on(party),
                None => hold,
            }))
        }
        "resumed" => seen(Fact::Resumed),
        "slot_withdrawn" => seen(Fact::SlotWithdrawn),
        "cancel_under_way" => seen(Fact::CancelUnderWay),
        "alerts_read" => seen(Fact::AlertsRead),
        "counter_offered" => seen(Fact::CounterOffered(slot(form, known.zone)?)),
        "cancel_refused" => seen(Fact::CancelRefused(words(form, "words")?)),
        "ended_after_move" => seen(Fact::EndedAfterMove(words(form, "words")?)),
        "alert_explained" => {
            let id = form.needed("alert", |id| Ok::<_, String>(id.to_owned()));
            let explanation = words(form, "why");
            seen(Fact::AlertExplained {
                id: id?,
                explanation: explanation?,
            })
        }
        "arrived" | "assigned" | "joined" | "registered" | "tested" => {
            of_numbers(what, form, known)
        }
        _ => {
            form.fail("what", format!("this must be one of: {WHATS}"));
            None
        }
    }
}

/// What is said of several numbers at once.
fn of_numbers(what: &str, form: &Fields<'_>, known: &Known<'_>) -> Option<Vec<Attested>> {
    let numbers = numbers(form, known);
    let fact: Box<dyn Fn(_) -> Fact> = match what {
        "arrived" => {
            let account = account(form, "account", known)?;
            Box::new(move |number| Fact::Arrived {
                number,
                account: account.clone(),
            })
        }
        "assigned" => Box::new(|number| Fact::Assigned { number }),
        "joined" => {
            let service = form.needed("service", MessagingService::parse)?;
            Box::new(move |number| Fact::JoinedMessaging {
                number,
                service: service.clone(),
            })
        }
        "registered" => {
            let state = form.needed("state", |state| match state {
                "pending" => Ok(Registration::Pending),
                "registered" => Ok(Registration::Registered),
                "failed" => Ok(Registration::Failed(String::new())),
                _ => Err("this must be one of: pending, registered, failed"),
            });
            let state = match state? {
                Registration::Failed(_) => Registration::Failed(words(form, "why")?),
                state => state,
            };
            Box::new(move |number| Fact::Registration {
                number,
                state: state.clone(),
            })
        }
        _ => {
            let test = form
                .need("test")
                .and_then(|_| form.one_of("test", &Test::ALL));
            let passed = form.needed("outcome", |outcome| match outcome {
                "passed" => Ok(true),
                "failed" => Ok(false),
                _ => Err("this must be one of: passed, failed"),
            });
            let outcome = match passed? {
                true => Outcome::Passed,
                false => Outcome::Failed(words(form, "why")?),
            };
            let test = test?;
            Box::new(move |number| Fact::Tested {
                number,
                test,
                outcome: outcome.clone(),
            })
        }
    };
    let numbers = numbers?;
    if numbers.len() > AT_ONCE {
        let why = format!(
            "these are {} numbers; name {AT_ONCE} at most, and the others in further statements",
            numbers.len()
        );
        form.fail("numbers", why);
        return None;
    }
    let facts = numbers.iter().map(|number| Attested::Seen(fact(*number)));
    Some(facts.collect())
}

fn released(
    form: &Fields<'_>,
    known: &Known<'_>,
    at: Option<DateTime<Utc>>,
) -> Option<Vec<Attested>> {
    let approver = words(form, "approver");
    let losing_ticket = form.text("losing_ticket").map(|id| id.trim().to_owned());
    let gaining_account = account(form, "gaining_account", known);
    let numbers = numbers(form, known);
    Some(vec![Attested::Released(ReleaseGranted {
        at: at?,
        approver: approver?,
        losing_ticket,
        gaining_account: gaining_account?,
        numbers: numbers?,
    })])
}

/// The slot that begins at the field `begins` and takes the field `minutes`, an hour without it.
pub(crate) fn slot(form: &Fields<'_>, default: &Zone) -> Option<PortSlot> {
    form.need("begins");
    let begins = form.instant("begins", default);
    let minutes = form.whole("minutes").unwrap_or(60);
    let begins = begins?;
    let ends = begins.checked_add_signed(TimeDelta::minutes(minutes.into()));
    let slot = PortSlot::new(begins, ends.unwrap_or(begins), form.zone(default));
    slot.map_err(|why| form.fail("begins", why)).ok()
}

fn reason(form: &Fields<'_>) -> Option<Reason> {
    form.need("reason")?;
    form.one_of("reason", &Reason::ALL)
}

fn words(form: &Fields<'_>, name: &'static str) -> Option<String> {
    form.needed(name, |words| Ok::<_, String>(words.trim().to_owned()))
}

/// The numbers named, or all of the request's.
fn numbers(form: &Fields<'_>, known: &Known<'_>) -> Option<NumberList> {
    if form.value("numbers").is_some() {
        return form.numbers("numbers");
    }
    let all = known.request.numbers().cloned();
    if all.is_none() {
        form.fail("numbers", "this is missing");
    }
    all
}

/// The account named, or the one that gains the numbers.
fn account(form: &Fields<'_>, name: &'static str, known: &Known<'_>) -> Option<AccountId> {
    if form.value(name).is_some() {
        return form.read(name, AccountId::parse);
    }
    let gaining = known.gaining.cloned();
    if gaining.is_none() {
        form.fail(name, "this is missing");
    }
    gaining
}
