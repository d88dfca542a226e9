//! What is done to a port, by programs and by the pages' forms alike.
//!
//! | `POST /ports/ID/...` | who | fields |
//! |---|---|---|
//! | `form` | customer | the parts, see `form/package.rs` |
//! | `seal` | customer | none |
//! | `review` | support | `attempt`, `verdict` (`pass`, `send_back`); to pass, `letter` (the numbers read in it) or `code`; to send back, `findings` of `field`, `reason`, `remedy`, or these three |
//! | `statements` | staff | see `form/said.rs` |
//! | `slot` | anybody | `begins`, `minutes`, `zone` |
//! | `cancel` | customer, support | `reason` |
//! | `amend` | customer, support | none |
//! | `split` | anybody | `child`, `numbers`, `reason` |
//! | `reverse` | customer | `back`, `platform` |
//! | `claim`, `unclaim` | staff | none |
//! | `stray` | staff | `order`, `how`: what became of an order that is not the port's |
//! | `notes` | anybody | `comment`, `chased` (a party), `asked` (the losing platform was), or `item` and `state` of what does not move with `numbers` |
//! | `overrides` | staff | `rule` and `value` as a concern has them, or `slot_hours` and `BEGIN/END` in UTC, and `reason` |
//! | `waivers` | staff | `number`, `check`, `reason`, `consent` |
//! | `sign-off` | staff | none |
//!
//! Programs say in `by` who acts, `{"name", "role"}`; of a page it is who has logged in.
//!
//! A text has 10,000 characters at most, a form names 50 documents, and what is stated of each number
//! is stated of 1,000 at once.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use snap_port::{
    Actor, Attested, CarryoverItem, CarryoverState, Check, Finding, ListCode, LosingPlatform, Note,
    NumberList, OrderRef, Override, Party, PhoneNumber, PortRequestId, PortSlot, Rule, Statement,
    Waiver,
};

use super::super::form::package::{Files, Filling, files};
use super::super::form::said::{self, Known};
use super::super::form::{Fields, Problem, Problems, actor};
use super::refused::Refused;
use super::{App, papers};

/// What is to be done.
enum Deed {
    Fill(Box<Filling>),
    Seal,
    Pass(u32, NumberList),
    PassByCode(u32, ListCode),
    SendBack(u32, Vec<Finding>),
    State(DateTime<Utc>, Vec<Attested>),
    Slot(PortSlot),
    Cancel(String),
    Amend,
    Split {
        child: PortRequestId,
        numbers: NumberList,
        reason: String,
    },
    Reverse(PortRequestId, LosingPlatform),
    Claim,
    Unclaim,
    Note(Note),
    Waive(Waiver),
    Override(Override),
    SettleStray(OrderRef, String),
    SignOff,
}

/// Does `act` to the port. `person` is who has logged in; without one, the form says who acts.
pub(crate) async fn perform(
    app: &App,
    id: &PortRequestId,
    act: &str,
    form: &Map<String, Value>,
    person: Option<&Actor>,
) -> Result<(), Refused> {
    let files = match act {
        "form" => papers::described(app, files(form)).await?,
        _ => Files::new(),
    };
    // Only a statement leaves something out that the request knows.
    let (request, item) = match act {
        "statements" => (Some(app.desk.get(id).await?), app.desk.work_item(id).await?),
        _ => (None, None),
    };
    let known = request.as_ref().map(|request| Known {
        request,
        gaining: item.as_ref().and_then(|item| item.gaining.as_ref()),
        zone: &app.zone,
        now: app.clock.now(),
    });
    let read = read(app, act, form, person, &files, known.as_ref());
    let (by, deed) = read.ok_or_else(|| {
        let why = format!("a port has no such act; there are: {ACTS}");
        Refused::new(StatusCode::NOT_FOUND, why)
    })??;
    carry_out(app, id, &by, deed).await
}

const ACTS: &str = "form, seal, review, statements, slot, cancel, amend, split, reverse, stray, \
    claim, unclaim, notes, waivers, overrides, sign-off";

/// Who acts, and what is to be done; `None` if there is no such act.
fn read(
    app: &App,
    act: &str,
    form: &Map<String, Value>,
    person: Option<&Actor>,
    files: &Files,
    known: Option<&Known<'_>>,
) -> Option<Result<(Actor, Deed), Vec<Problem>>> {
    let problems = Problems::default();
    let fields = Fields::new(form, &problems);
    let by = match person {
        Some(person) => Some(person.clone()),
        None => actor(&fields),
    };
    let text = |text: &str| Ok::<_, String>(text.trim().to_owned());
    let deed = match act {
        "form" => Some(Deed::Fill(Box::new(Filling::read(&fields, files)))),
        "seal" => Some(Deed::Seal),
        "review" => review(&fields),
        "statements" => known
            .and_then(|known| said::read(&fields, known))
            .map(|(at, said)| Deed::State(at, said)),
        "slot" => said::slot(&fields, &app.zone).map(Deed::Slot),
        "cancel" => fields.needed("reason", text).map(Deed::Cancel),
        "amend" => Some(Deed::Amend),
        "split" => {
            let child = fields.needed("child", PortRequestId::parse);
            let numbers = fields
                .need("numbers")
                .and_then(|_| fields.numbers("numbers"));
            let reason = fields.needed("reason", text);
            child
                .zip(numbers)
                .zip(reason)
                .map(|((child, numbers), reason)| Deed::Split {
                    child,
                    numbers,
                    reason,
                })
        }
        "reverse" => {
            let back = fields.needed("back", PortRequestId::parse);
            let ours = fields.needed("platform", str::parse);
            back.zip(ours).map(|(back, ours)| Deed::Reverse(back, ours))
        }
        "stray" => {
            let order = fields.needed("order", OrderRef::parse);
            let how = fields.needed("how", text);
            order
                .zip(how)
                .map(|(order, how)| Deed::SettleStray(order, how))
        }
        "claim" => Some(Deed::Claim),
        "unclaim" => Some(Deed::Unclaim),
        "notes" => note(&fields).map(Deed::Note),
        "waivers" => waiver(&fields).map(Deed::Waive),
        "overrides" => overriding(&fields).map(Deed::Override),
        "sign-off" => Some(Deed::SignOff),
        _ => return None,
    };
    fields.close();
    Some(problems.or(by.zip(deed)))
}

fn review(fields: &Fields<'_>) -> Option<Deed> {
    let attempt = fields.need("attempt").and_then(|_| fields.whole("attempt"));
    let passes = fields.needed("verdict", |verdict| match verdict {
        "pass" => Ok(true),
        "send_back" => Ok(false),
        _ => Err("this must be one of: pass, send_back"),
    });
    match passes? {
        true if fields.value("code").is_some() => {
            let code = fields.read("code", str::parse);
            Some(Deed::PassByCode(attempt?, code?))
        }
        true => {
            fields.need("letter");
            let numbers = fields.numbers("letter");
            Some(Deed::Pass(attempt?, numbers?))
        }
        false => {
            let findings = match fields.objects("findings") {
                Some(findings) => findings.iter().filter_map(finding).collect(),
                None => finding_of(fields).into_iter().collect(),
            };
            Some(Deed::SendBack(attempt?, findings))
        }
    }
}

fn finding(fields: &Fields<'_>) -> Option<Finding> {
    let read = finding_of(fields);
    fields.close();
    read
}

fn finding_of(fields: &Fields<'_>) -> Option<Finding> {
    let text = |text: &str| Ok::<_, String>(text.trim().to_owned());
    let field = fields.needed("field", text);
    let reason = fields.needed("reason", text);
    let remedy = fields.needed("remedy", text);
    Some(Finding {
        field: field?,
        reason: reason?,
        remedy: remedy?,
    })
}

/// What a note says, each in a field of its own.
const NOTES: [&str; 4] = ["comment", "chased", "asked", "item"];

fn note(fields: &Fields<'_>) -> Option<Note> {
    let comment = fields
        .text("comment")
        .map(|text| Note::Comment(text.trim().to_owned()));
    let chased = fields.one_of("chased", &Party::ALL).map(Note::Chased);
    let asked = fields.text("asked").map(|_| Note::ReleaseRequested);
    let carryover = fields.value("item").and_then(|_| carryover(fields));
    let mut notes = [comment, chased, asked, carryover].into_iter().flatten();
    match (notes.next(), notes.next()) {
        (Some(note), None) => Some(note),
        // What is wrong with the one that was given is told already.
        (None, None) if NOTES.iter().any(|name| fields.value(name).is_some()) => None,
        _ => {
            fields.fail("comment", format!("give one of: {}", NOTES.join(", ")));
            None
        }
    }
}

fn carryover(fields: &Fields<'_>) -> Option<Note> {
    let item = fields.one_of("item", &CarryoverItem::ALL);
    fields.need("state");
    let state = fields.one_of("state", &CarryoverState::ALL);
    let numbers = match fields.value("numbers") {
        Some(_) => Some(fields.numbers("numbers")?),
        None => None,
    };
    Some(Note::Carryover {
        item: item?,
        numbers,
        state: state?,
    })
}

fn overriding(fields: &Fields<'_>) -> Option<Override> {
    let text = |text: &str| Ok::<_, String>(text.trim().to_owned());
    fields.need("rule");
    let rule = fields.one_of("rule", &Rule::ALL);
    let value = fields.needed("value", text);
    let reason = fields.needed("reason", text);
    Some(Override {
        rule: rule?,
        value: value?,
        reason: reason?,
    })
}

fn waiver(fields: &Fields<'_>) -> Option<Waiver> {
    let text = |text: &str| Ok::<_, String>(text.trim().to_owned());
    let number = fields.needed("number", PhoneNumber::from_e164);
    fields.need("check");
    let check = fields.one_of("check", &Check::ALL);
    let reason = fields.needed("reason", text);
    let consent = fields.needed("consent", text);
    Some(Waiver {
        number: number?,
        check: check?,
        reason: reason?,
        consent: consent?,
    })
}

async fn carry_out(app: &App, id: &PortRequestId, by: &Actor, deed: Deed) -> Result<(), Refused> {
    let desk = &app.desk;
    match deed {
        Deed::Fill(filling) => {
            let now = app.clock.now();
            desk.fill(id, |checklist| filling.fill(checklist, by, now))
                .await?;
        }
        Deed::Seal => drop(desk.seal(id, by.permit()?).await?),
        Deed::Pass(attempt, numbers) => {
            let attempt = seen(app, id, attempt).await?;
            desk.pass_review(&attempt, by.permit()?, numbers).await?;
        }
        Deed::PassByCode(attempt, code) => {
            let attempt = seen(app, id, attempt).await?;
            desk.pass_review_by_code(&attempt, by.permit()?, code)
                .await?;
        }
        Deed::SendBack(attempt, findings) => {
            let attempt = seen(app, id, attempt).await?;
            desk.send_back(&attempt, by.permit()?, findings).await?;
        }
        Deed::State(at, said) => {
            // Each is a step of its own: those before one that is refused stand.
            for what in said {
                let statement = Statement::new(by.permit()?, at, what);
                desk.attest(id, statement).await?;
            }
        }
        Deed::Slot(slot) => desk.ask_slot(id, slot, by.permit()?).await?,
        Deed::Cancel(reason) => desk.cancel(id, reason, by.permit()?).await?,
        Deed::Amend => desk.amend(id, by.permit()?).await?,
        Deed::Split {
            child,
            numbers,
            reason,
        } => desk.split(id, child, numbers, reason, by.permit()?).await?,
        Deed::Reverse(back, ours) => desk.reverse(id, back, ours, by.permit()?).await?,
        Deed::SettleStray(order, how) => desk.settle_stray(id, &order, how, by.permit()?).await?,
        Deed::Claim => desk.claim(id, by.permit()?).await?,
        Deed::Unclaim => desk.unclaim(id, by.permit()?).await?,
        Deed::Note(note) => desk.note(id, note, by.permit()?).await?,
        Deed::Override(what) => desk.override_rule(id, what, by.permit()?).await?,
        Deed::Waive(waiver) => desk.waive(id, waiver, by.permit()?).await?,
        Deed::SignOff => desk.sign_off(id, by.permit()?).await?,
    }
    Ok(())
}

/// The attempt under review, if it is the one the reviewer has seen.
async fn seen(
    app: &App,
    id: &PortRequestId,
    number: u32,
) -> Result<snap_port::AttemptKey, Refused> {
    let attempt = app.desk.attempt(id).await?;
    if attempt.number() == number {
        return Ok(attempt);
    }
    let why = format!(
        "attempt {} is under review by now; read that one",
        attempt.number()
    );
    Err(Refused::new(StatusCode::CONFLICT, why))
}
