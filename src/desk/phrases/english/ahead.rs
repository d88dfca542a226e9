//! What is next, and what still works, told to the customer.

use super::told::time;
use super::{English, Phrases, begin, carrier, count, old, old_account};
use crate::desk::update::{CustomerUpdate, NotMoved, Stage, WhyNot};
use crate::people::Party;
use crate::request::Reason;

pub(super) fn next(update: &CustomerUpdate) -> String {
    let names = update.names();
    let (old, carrier) = (old(names), carrier(names));
    let said = match &update.stage {
        Stage::Draft {
            missing, concerns, ..
        } if missing.is_empty() && concerns.is_empty() => {
            "please check the form and hand it in.".to_owned()
        }
        Stage::Draft { missing, .. } if missing.is_empty() => {
            "please look at this, and hand the form in:".to_owned()
        }
        Stage::Draft { .. } => "please add what is missing, and hand the form in:".to_owned(),
        Stage::PleaseFix { .. } => "please fix this, and hand the form in again:".to_owned(),
        Stage::Received { .. } => format!(
            "we check that everything is in order. Then we file the transfer with {carrier}, or \
             tell you what to fix."
        ),
        Stage::BeingFiled => format!(
            "we file the transfer with {carrier}: the ticket ID from {old}, the full list of your \
             numbers, and the account they move to."
        ),
        Stage::Filed { ticket, .. } => format!(
            "{carrier} reviews it and needs {old} to approve the transfer. If {old} asks you, \
             please tell it to approve the transfer, and quote its ticket {ticket}. We tell you \
             when it is approved."
        ),
        Stage::WaitingForProvider { ticket, .. } => format!(
            "please ask {old} to approve the transfer with {carrier}, and quote its ticket \
             {ticket}. Only {old} can: {carrier} takes it neither from you nor from us."
        ),
        Stage::OnHold {
            party: Party::LosingPlatform,
            ticket,
            ..
        } => format!("please write to {old} too, and quote its ticket {ticket}."),
        Stage::OnHold { ticket, .. } => {
            format!("when you write to {old} about it, quote its ticket {ticket}.")
        }
        Stage::ChooseTime { earliest, first } => {
            let first = first.as_ref().map_or_else(String::new, |slot| {
                format!(
                    " The first we can ask for is {}.",
                    time(update, slot.begins())
                )
            });
            format!(
                "please choose the date and time of the move: not before {}, the earliest date you \
                 gave us.{first} We contact you to agree it.",
                English.day(earliest.date())
            )
        }
        Stage::TimeAsked { .. } => format!("{carrier} confirms it, or offers another time."),
        Stage::TimeOffered { .. } => "we contact you to hear whether it suits you.".to_owned(),
        Stage::TooEarly { .. } => {
            "we have it stopped, and agree a later time. You need do nothing.".to_owned()
        }
        Stage::Scheduled { .. } => format!(
            "{carrier} moves the numbers then. After that we assign them to your account, and test \
             calls and texts."
        ),
        Stage::Moving { not_moved, .. } if not_moved.is_empty() => {
            "we see to it that everything is in its place.".to_owned()
        }
        Stage::Moving { not_moved, .. } if any(not_moved, WhyNot::Ended) => {
            "we contact you about what stays behind.".to_owned()
        }
        Stage::Moving { not_moved, .. } if any(not_moved, WhyNot::Misplaced) => {
            "we put in its place what is not, and tell you.".to_owned()
        }
        Stage::Moving {
            arrived, overdue, ..
        } => {
            let they = if *arrived == 0 { "them" } else { "the others" };
            match overdue {
                true => format!("we ask {carrier} what keeps {they}, and tell you."),
                false => format!("we watch for {they}, and tell you."),
            }
        }
        Stage::Moved { checked: true, .. } => {
            "your customer success manager confirms to you that the transfer is complete."
                .to_owned()
        }
        Stage::Moved { .. } => {
            "we assign the numbers to your account, register them for texting, test calls and \
             texts both ways, and watch for errors. Then we confirm that the transfer is complete."
                .to_owned()
        }
        Stage::Done { cleared: true, .. } => {
            "you can launch campaigns from these numbers.".to_owned()
        }
        Stage::Done {
            untested,
            open,
            failing,
            ..
        } => {
            let mut said = match failing {
                0 => String::new(),
                n => format!("We look into the errors of {}. ", count(*n, "number")),
            };
            said.push_str(&match untested {
                0 => String::new(),
                n => format!(
                    "Texting was left out for {}, as agreed with you. ",
                    count(*n, "number")
                ),
            });
            said.push_str(match open.is_empty() {
                true => "Please talk to us before you launch campaigns.",
                false => {
                    "Please settle with us, before you launch campaigns, what does not move with a \
                     number:"
                }
            });
            said
        }
        stage if has_strays(stage) => "we contact you about the numbers that moved.".to_owned(),
        Stage::Refused { .. } => {
            "after that the request is corrected and handed in again; what you gave us is kept."
                .to_owned()
        }
        Stage::Cancelling { filed: true } => {
            "we tell you when it is certain; until then the numbers may still move.".to_owned()
        }
        Stage::Cancelling { .. } => "it is not filed any more, and nothing moves.".to_owned(),
        Stage::Cancelled { .. } => {
            format!("if you asked {old} to approve the transfer, tell it that it need not.")
        }
    };
    begin(&said)
}

/// Whether numbers moved although the transfer has ended.
fn has_strays(stage: &Stage) -> bool {
    match stage {
        Stage::Refused {
            arrived, elsewhere, ..
        }
        | Stage::Cancelled { arrived, elsewhere } => arrived + elsewhere > 0,
        _ => false,
    }
}

fn any(numbers: &[NotMoved], why: WhyNot) -> bool {
    numbers.iter().any(|number| number.why == why)
}

pub(super) fn turn(update: &CustomerUpdate) -> Option<String> {
    let names = update.names();
    let who = update.who?;
    let whose = match who {
        Party::Customer => "It is your turn".to_owned(),
        Party::Staff => "It is our turn".to_owned(),
        Party::LosingPlatform => format!("It is {}'s turn", old(names)),
        Party::Carrier => format!("It is {}'s turn", carrier(names)),
        Party::Registry => "It is the campaign registry's turn".to_owned(),
    };
    let Some(by) = update.by.map(|by| time(update, by)) else {
        return Some(format!("{whose}."));
    };
    Some(match (&update.stage, who) {
        (Stage::Filed { .. } | Stage::WaitingForProvider { .. }, _) => format!(
            "{whose}. If we hear nothing by {by}, we remind {}.",
            old(names)
        ),
        (_, Party::Customer) if update.late => format!("{whose}. It was to be done by {by}."),
        (_, Party::Customer) => format!("{whose}. Please act by {by}."),
        (_, Party::Staff) if update.late => {
            format!("{whose}. It should have been done by {by}; we are sorry for the delay.")
        }
        (Stage::ChooseTime { .. } | Stage::TimeOffered { .. }, Party::Staff) => {
            format!("{whose}: we contact you by {by}. You can also write to us now.")
        }
        (_, Party::Staff) => format!("{whose}. It should be done by {by}."),
        // By when texting is expected was said with what happened.
        (Stage::Moved { .. }, Party::Registry) => format!("{whose}."),
        _ if update.late => format!("{whose}. It was expected by {by}."),
        _ => format!("{whose}. We expect it by {by}."),
    })
}

pub(super) fn still_works(update: &CustomerUpdate) -> String {
    let names = update.names();
    let (old, account) = (old(names), old_account(names));
    let before = format!("Calls and texts work with {old} as before.");
    let keep = format!(
        "Keep {account} open, and every number in it, until we say that the transfer is done."
    );
    // On the way back the numbers leave us.
    let with_us = if update.way_back { "there" } else { "with us" };
    match &update.stage {
        stage if has_strays(stage) => format!(
            "Numbers that have not moved work with {old}. Keep {account} open; we contact you about \
             the others."
        ),
        Stage::OnHold { reason, .. } | Stage::Refused { reason, .. } => match reason {
            Reason::NumberDeleted => format!(
                "A number that was taken off {account} may not work until it is taken back; the \
                 others work as before. {keep}"
            ),
            Reason::AccountNotActive => {
                format!("Numbers of an account that is not active may not work. {keep}")
            }
            _ => format!("{before} {keep}"),
        },
        Stage::Draft { .. }
        | Stage::PleaseFix { .. }
        | Stage::Received { .. }
        | Stage::BeingFiled
        | Stage::Filed { .. }
        | Stage::WaitingForProvider { .. }
        | Stage::ChooseTime { .. }
        | Stage::TimeAsked { .. }
        | Stage::TimeOffered { .. }
        | Stage::TooEarly { .. }
        | Stage::Cancelling { .. } => format!("{before} {keep}"),
        Stage::Scheduled { .. } => format!(
            "Until then calls and texts work with {old}. From then on texts may pause until the numbers \
             are registered {with_us}, which can take up to 10 days. {keep}"
        ),
        Stage::Moving { not_moved, .. } if not_moved.is_empty() => {
            format!("Texts of a number pause until it is registered {with_us}. {keep}")
        }
        Stage::Moving { .. } => format!(
            "Numbers that have not moved work with {old}. Texts of the numbers that have moved pause \
             until these are registered {with_us}. {keep}"
        ),
        Stage::Moved { texting, .. } if !texting.is_complete() => format!(
            "What is ready works {with_us}. Texts of a number pause until it is registered. {keep}"
        ),
        Stage::Moved { .. } => format!("What is ready works {with_us}. {keep}"),
        Stage::Done {
            apart,
            open,
            failing,
            back,
            ..
        } => {
            let works = match failing {
                0 => format!("Everything that was tested works {with_us}."),
                n => format!(
                    "Calls or texts of {} may fail; what was tested of the others works {with_us}.",
                    count(*n, "number")
                ),
            };
            // An opt-out list, say, can be had from the old account only.
            let keep = if let Some(back) = back {
                format!("Keep {account} open: request {back} moves the numbers back.")
            } else if !apart.is_empty() {
                format!("Keep {account} open for the numbers that go on as a request of their own.")
            } else if !open.is_empty() || *failing > 0 {
                format!("Keep {account} open until this is settled.")
            } else {
                format!("You no longer need {account} for these numbers.")
            };
            format!("{works} {keep}")
        }
        Stage::Cancelled { .. } => {
            format!("Your numbers stay with {old}, and calls and texts work there as before.")
        }
    }
}
