//! The forms there are: what the ticket says, what was agreed, what was seen.

use snap_port::{
    AnyPortRequest, AttemptPhase, Awaited, CarryoverItem, CarryoverState, Cause, Check, Concern,
    OrderRef, PackagePart, Party, Reason, Registration, Test,
};

use super::super::super::form::stored_name;
use super::sheet::{Kind, Sheet};

fn options<T: serde::Serialize + ToString>(all: &[T]) -> Vec<(String, String)> {
    let option = |one: &T| (stored_name(one), one.to_string());
    all.iter().map(option).collect()
}

fn parties() -> Vec<(String, String)> {
    options(&Party::ALL)
}

fn filed() -> Sheet {
    Sheet::says("It was filed", "filed").line("ticket", "The carrier's ticket")
}

fn not_filed() -> Sheet {
    Sheet::says("It was not filed", "not_filed").line("why", "Why not, and how you know")
}

fn released() -> Sheet {
    Sheet::says("The release was approved", "released")
        .line("approver", "Who approved, at the losing platform")
        .maybe("losing_ticket", "The losing side's ticket with the carrier")
        .numbers("Numbers it covers, one a line (left blank: all)")
}

fn held() -> Sheet {
    Sheet::says("It is on hold", "held")
        .pick("reason", "Why", options(&Reason::ALL))
        .line("words", "What the ticket says")
}

fn resumed() -> Sheet {
    Sheet::says("The hold is over", "resumed")
}

fn refused() -> Sheet {
    Sheet::says("It was refused", "refused")
        .pick("reason", "Why", options(&Reason::ALL))
        .line("words", "What the ticket says")
}

fn cancelled() -> Sheet {
    Sheet::says("The carrier cancelled it", "cancelled")
}

fn cancel_refused() -> Sheet {
    Sheet::says("The carrier will not cancel", "cancel_refused").line("words", "What it says")
}

fn ask_slot() -> Sheet {
    Sheet::new("Ask for a time", "slot").slot()
}

fn scheduled() -> Sheet {
    let set_by = [
        ("agreed", "agreed with the customer"),
        ("carrier", "set by the carrier"),
    ];
    let set_by = set_by.map(|(value, shown)| (value.to_owned(), shown.to_owned()));
    Sheet::says("A time is confirmed", "scheduled").slot().pick(
        "set_by",
        "How it came about",
        set_by.to_vec(),
    )
}

fn counter_offered() -> Sheet {
    Sheet::says("The carrier offers another time", "counter_offered").slot()
}

fn slot_withdrawn() -> Sheet {
    Sheet::says("The early time is stopped", "slot_withdrawn")
}

fn arrived() -> Sheet {
    Sheet::says("Numbers have arrived", "arrived")
        .numbers("Numbers, one a line (left blank: all)")
        .maybe("account", "In which account, if not the gaining one")
}

fn chased(party: &'static str) -> Sheet {
    let of_them = parties().into_iter();
    let (first, others): (Vec<_>, Vec<_>) = of_them.partition(|(name, _)| name == party);
    let all = first.into_iter().chain(others).collect();
    Sheet::new("Somebody was reminded", "notes").pick("chased", "Who", all)
}

fn comment() -> Sheet {
    Sheet::new("Write a note", "notes").lines("comment", "Note")
}

fn cancel() -> Sheet {
    Sheet::new("Cancel this port", "cancel").line("reason", "Why")
}

fn split() -> Sheet {
    Sheet::new("Split numbers off", "split")
        .line("child", "Name of the new request")
        .lines("numbers", "Numbers it takes, one a line")
        .line("reason", "Why")
}

fn tested() -> Sheet {
    let outcomes = ["passed", "failed"].map(|one| (one.to_owned(), one.to_owned()));
    Sheet::says("A number was tested", "tested")
        .numbers("Numbers, one a line (left blank: all)")
        .pick("test", "Test", options(&Test::ALL))
        .pick("outcome", "How it went", outcomes.to_vec())
        .maybe("why", "Why, if it failed")
}

fn settle_stray(order: &OrderRef) -> Sheet {
    let label = format!("What became of order {order}, and how you know");
    Sheet::new("What became of the other order", "stray")
        .with("order", "", true, Kind::Hidden(order.to_string()))
        .line("how", &label)
}

fn registered() -> Sheet {
    let states = [
        (Registration::Registered, "registered"),
        (Registration::Pending, "pending"),
    ];
    let mut states: Vec<_> = states
        .into_iter()
        .map(|(state, shown)| (stored_name(&state), shown.to_owned()))
        .collect();
    states.push(("failed".to_owned(), "failed".to_owned()));
    Sheet::says("What the registry says", "registered")
        .numbers("Numbers, one a line (left blank: all)")
        .pick("state", "State", states)
        .maybe("why", "Why, if it failed")
}

fn waive() -> Sheet {
    Sheet::new("Waive a check", "waivers")
        .line("number", "Number, such as +14155550100")
        .pick("check", "Check", options(&Check::ALL))
        .line("reason", "Why")
        .line("consent", "Who at the customer consented, and how")
}

fn carried_over() -> Sheet {
    Sheet::new("What does not move with the numbers", "notes")
        .pick("item", "What", options(&CarryoverItem::ALL))
        .pick("state", "How far it is", options(&CarryoverState::ALL))
        .numbers("Numbers, one a line (left blank: all)")
}

/// Overrides what `concern` is about, if that is a rule of the policy and stands in the way.
pub(super) fn overriding(concern: &Concern) -> Option<Sheet> {
    let (Cause::Policy { rule, value }, true) = (concern.cause(), concern.blocks()) else {
        return None;
    };
    let sheet = Sheet::new("Override this rule", "overrides")
        .with("rule", "", true, Kind::Hidden(stored_name(rule)))
        .with("value", "", true, Kind::Hidden(value.clone()))
        .line("reason", "Why");
    Some(sheet)
}

fn pass(attempt: u32) -> Sheet {
    review("Pass the review", "pass", attempt)
        .with(
            "letter",
            "The numbers you read in the letter, one a line",
            false,
            Kind::Lines(String::new()),
        )
        .maybe("code", "Or the code on each page of a letter we wrote")
}

fn send_back(attempt: u32) -> Sheet {
    let parts = PackagePart::ALL.map(|part| (part.to_string(), part.to_string()));
    review("Send it back", "send_back", attempt)
        .pick("field", "The part at fault", parts.to_vec())
        .line("reason", "What is wrong with it")
        .line("remedy", "What the customer is asked to do")
}

fn review(title: &'static str, verdict: &str, attempt: u32) -> Sheet {
    let hidden = |text: String| Kind::Hidden(text);
    Sheet::new(title, "review")
        .with("verdict", "", true, hidden(verdict.to_owned()))
        .with("attempt", "", true, hidden(attempt.to_string()))
}

/// What is likely to be said next, for the work list.
pub(super) fn next(awaited: &Awaited) -> Vec<Sheet> {
    match awaited {
        Awaited::StrayOrder(order) => vec![settle_stray(order)],
        Awaited::Filing | Awaited::OutcomeByHand => vec![filed(), not_filed()],
        Awaited::NotFiling => vec![not_filed(), filed()],
        Awaited::Hold(_) => vec![resumed(), refused(), chased("customer")],
        Awaited::Cancellation => vec![cancelled(), cancel_refused()],
        Awaited::Release => vec![released(), held(), refused(), chased("losing_platform")],
        Awaited::Slot => vec![ask_slot(), scheduled(), held()],
        Awaited::SlotConfirmation => vec![scheduled(), counter_offered(), chased("carrier")],
        Awaited::CounterOffer(_) => vec![ask_slot(), scheduled()],
        Awaited::EarlySlot(_) => vec![slot_withdrawn(), scheduled()],
        Awaited::Cutover(_) | Awaited::MissingNumbers(_) | Awaited::WrongAccount(_) => {
            vec![arrived(), chased("carrier")]
        }
        Awaited::Package => vec![chased("customer")],
        Awaited::Registration(_) => vec![registered()],
        Awaited::Tests(_) => vec![tested()],
        Awaited::SignOff => vec![Sheet::new("Sign off", "sign-off")],
        Awaited::Completion => vec![Sheet::says("The numbers moved", "cut_over")],
        Awaited::Review
        | Awaited::SendBack
        | Awaited::Submission
        | Awaited::Outcome
        | Awaited::ArrivedAfterEnd(_)
        | Awaited::Assignment(_)
        | Awaited::Failures(_)
        | Awaited::Alerts(_)
        | Awaited::Amendment(_) => Vec::new(),
    }
}

/// Everything that can be done to a request in its state.
pub(super) fn all(request: &AnyPortRequest) -> Vec<Sheet> {
    let on_its_way = || vec![held(), resumed(), refused(), cancelled(), cancel_refused()];
    let mut sheets = match request {
        AnyPortRequest::Draft(_) => vec![
            Sheet::new("The losing platform was asked", "notes").with(
                "asked",
                "",
                true,
                Kind::Hidden("yes".to_owned()),
            ),
            chased("customer"),
            cancel(),
        ],
        AnyPortRequest::Sealed(sealed) => {
            let attempt = sealed.attempt().key().number();
            let mut sheets = match sealed.phase() {
                AttemptPhase::UnderReview => vec![pass(attempt), send_back(attempt)],
                AttemptPhase::Cleared => vec![send_back(attempt)],
                AttemptPhase::Sent
                | AttemptPhase::HandedOver
                | AttemptPhase::InDoubt
                | AttemptPhase::NeedsPerson => vec![filed(), not_filed(), refused()],
            };
            sheets.push(cancel());
            sheets
        }
        AnyPortRequest::Submitted(_) => {
            let mut sheets = vec![released()];
            sheets.extend(on_its_way());
            sheets.extend([chased("losing_platform"), arrived(), split(), cancel()]);
            sheets
        }
        AnyPortRequest::ReleaseApproved(_) | AnyPortRequest::Scheduled(_) => {
            let mut sheets = vec![ask_slot(), scheduled(), counter_offered(), slot_withdrawn()];
            sheets.extend([arrived(), Sheet::says("The numbers moved", "cut_over")]);
            sheets.extend(on_its_way());
            sheets.extend([chased("carrier"), split(), cancel()]);
            sheets
        }
        AnyPortRequest::Ported(_) => vec![
            tested(),
            registered(),
            Sheet::says("Numbers were assigned", "assigned")
                .numbers("Numbers, one a line (left blank: all)"),
            Sheet::says("Explain an alert", "alert_explained")
                .line("alert", "The alert's ID")
                .line("why", "Why it is no concern any more"),
            Sheet::says("The error log was read", "alerts_read"),
            waive(),
            carried_over(),
            Sheet::new("Sign off", "sign-off"),
            split(),
        ],
        AnyPortRequest::Rejected(_) => {
            vec![Sheet::new("Reopen it to be amended", "amend"), cancel()]
        }
        AnyPortRequest::Verified(_) => vec![carried_over()],
        AnyPortRequest::Cancelled(_) => Vec::new(),
    };
    if !matches!(request, AnyPortRequest::Cancelled(_)) {
        sheets.push(comment());
    }
    let strays = request.stray_orders();
    let settle = strays.iter().map(|stray| settle_stray(&stray.order));
    settle.chain(sheets).collect()
}
