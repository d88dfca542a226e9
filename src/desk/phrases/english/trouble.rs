//! What stands in the way, and what is to be done about it, told to the customer.

use super::{PartyNames, begin, carrier, old};
use crate::desk::update::{NotMoved, WhyNot};
use crate::people::Party;
use crate::request::Reason;

pub(super) fn reason(reason: Reason, names: PartyNames<'_>) -> String {
    let (old, carrier) = (old(names), carrier(names));
    let said = match reason {
        Reason::FeeDemanded => format!("{old} asks a fee before it approves the transfer."),
        Reason::BalanceUnpaid => format!("a balance with {old} is unpaid."),
        Reason::AccountNotActive => {
            "one of the two accounts is suspended, closed or on trial.".to_owned()
        }
        Reason::ApproverNotListed => format!(
            "whoever approved the transfer for {old} is not listed as a user of its account with \
             {carrier}."
        ),
        Reason::WrongLosingAccount => {
            "the account that was named is not the one the numbers are in.".to_owned()
        }
        Reason::NumberNotOnAccount => {
            "at least one number is not in the account that was named.".to_owned()
        }
        Reason::TicketUnknown => {
            format!("the ticket ID from {old} does not belong to this transfer.")
        }
        Reason::TicketClosed => {
            format!("{carrier} closed its ticket, because nobody answered on it for days.")
        }
        Reason::PlatformSilent => format!("{old} does not answer."),
        Reason::PlatformClaimsNumber => {
            format!("{old} says that at least one number is not yours to move.")
        }
        Reason::WhatsAppSender => {
            "a WhatsApp sender is attached to at least one number.".to_owned()
        }
        Reason::HostedNumber => format!(
            "at least one number is hosted: another company than {carrier} carries its calls."
        ),
        Reason::BundleMissing => {
            "some numbers need an address or papers on our side that are not there yet.".to_owned()
        }
        Reason::NumberDeleted => format!(
            "at least one number was taken off the {old} account, which is no transfer: it can be \
             taken back for 10 days."
        ),
        Reason::RegionRestricted => {
            "at least one number may not move to the region our account is in.".to_owned()
        }
        Reason::Paperwork => {
            "a paper is missing, cannot be read or does not match; we tell you which.".to_owned()
        }
        Reason::Other => "something else stands in the way; we find out what.".to_owned(),
    };
    begin(&said)
}

pub(super) fn remedy(reason: Reason, party: Party, names: PartyNames<'_>) -> String {
    match party {
        Party::Customer => format!(
            "Please {}, and tell us when it is done.",
            to_do(reason, names)
        ),
        Party::Staff => format!("We {}.", to_do(reason, names)),
        Party::LosingPlatform => begin(&format!(
            "{} has to {}.",
            old(names),
            platform_does(reason, names)
        )),
        Party::Carrier => begin(&format!(
            "{} has to {}.",
            carrier(names),
            carrier_does(reason, names)
        )),
        Party::Registry => format!("The campaign registry has to {}.", to_do(reason, names)),
    }
}

/// What is to be done, as one says it of the customer or of us.
fn to_do(reason: Reason, names: PartyNames<'_>) -> String {
    let (old, carrier) = (old(names), carrier(names));
    match reason {
        Reason::FeeDemanded => format!("settle the fee with {old}"),
        Reason::BalanceUnpaid => format!("settle the balance with {old}"),
        Reason::AccountNotActive => "get the account active again and keep it active".to_owned(),
        Reason::ApproverNotListed => format!(
            "have a user who is listed on the account of {old} with {carrier} approve the transfer"
        ),
        Reason::WrongLosingAccount => {
            format!("find out from {old} which account the numbers are in")
        }
        Reason::NumberNotOnAccount => {
            format!("check with {old} which of the numbers are in the account")
        }
        Reason::TicketUnknown => format!("get the right ticket ID from {old}"),
        Reason::TicketClosed => {
            format!("open the ticket again with a reply, and remind {old}")
        }
        Reason::PlatformSilent => format!("remind {old} to approve the transfer"),
        Reason::PlatformClaimsNumber => format!("settle with {old} whose number it is"),
        Reason::WhatsAppSender => {
            "have the WhatsApp sender moved first, or taken off the number and registered anew \
             after the transfer"
                .to_owned()
        }
        Reason::HostedNumber => {
            format!("have {carrier} move the hosted number, or leave it out of this transfer")
        }
        Reason::BundleMissing => "get the address or papers into our account".to_owned(),
        Reason::NumberDeleted => {
            format!("have {old} take the number back at once, and approve the transfer after that")
        }
        Reason::RegionRestricted => {
            "choose an account in a region the numbers may move to".to_owned()
        }
        Reason::Paperwork => "put the paper right".to_owned(),
        Reason::Other => "settle what stands in the way".to_owned(),
    }
}

/// What the losing platform is to do, where that is another thing or said in other words.
fn platform_does(reason: Reason, names: PartyNames<'_>) -> String {
    match reason {
        Reason::FeeDemanded => "settle the fee with you".to_owned(),
        Reason::BalanceUnpaid => "settle the balance with you".to_owned(),
        Reason::ApproverNotListed => format!(
            "have a user who is listed on its account with {} approve the transfer",
            carrier(names)
        ),
        Reason::WrongLosingAccount => "say which account the numbers are in".to_owned(),
        Reason::NumberNotOnAccount => "say which of the numbers are in the account".to_owned(),
        Reason::TicketUnknown => "give you the right ticket ID".to_owned(),
        Reason::TicketClosed => "reply on the ticket".to_owned(),
        Reason::PlatformSilent => "answer and approve the transfer".to_owned(),
        Reason::PlatformClaimsNumber => "settle with you whose number it is".to_owned(),
        Reason::NumberDeleted => {
            "take the number back at once, and approve the transfer after that".to_owned()
        }
        Reason::AccountNotActive
        | Reason::WhatsAppSender
        | Reason::HostedNumber
        | Reason::BundleMissing
        | Reason::RegionRestricted
        | Reason::Paperwork
        | Reason::Other => to_do(reason, names),
    }
}

/// The same of the carrier.
fn carrier_does(reason: Reason, names: PartyNames<'_>) -> String {
    match reason {
        Reason::WhatsAppSender => "move the WhatsApp sender first; or it is taken off the number \
                                   and registered anew after the transfer"
            .to_owned(),
        Reason::HostedNumber => "move the hosted number".to_owned(),
        other => to_do(other, names),
    }
}

pub(super) fn not_moved(number: &NotMoved, names: PartyNames<'_>) -> String {
    let old = old(names);
    let why = match number.why {
        WhyNot::NotYet => "has not arrived yet".to_owned(),
        WhyNot::Misplaced => "has left, and is not in its place on our side yet".to_owned(),
        WhyNot::Held(reason) => format!("waits ({})", held(reason)),
        WhyNot::Ended => format!("does not move with this request and stays with {old}"),
    };
    format!("{} {why}", number.number)
}

/// The trouble in a few words.
fn held(reason: Reason) -> &'static str {
    match reason {
        Reason::FeeDemanded => "a fee is asked",
        Reason::BalanceUnpaid => "a balance is unpaid",
        Reason::AccountNotActive => "an account is not active",
        Reason::ApproverNotListed => "the right user has not approved",
        Reason::WrongLosingAccount => "it is in another account",
        Reason::NumberNotOnAccount => "it is not in the account named",
        Reason::TicketUnknown => "the ticket ID does not fit",
        Reason::TicketClosed => "the ticket was closed",
        Reason::PlatformSilent => "no answer",
        Reason::PlatformClaimsNumber => "it is not clear whose it is",
        Reason::WhatsAppSender => "a WhatsApp sender is attached",
        Reason::HostedNumber => "it is hosted elsewhere",
        Reason::BundleMissing => "an address or papers are missing",
        Reason::NumberDeleted => "it was taken off the account",
        Reason::RegionRestricted => "it may not move to our region",
        Reason::Paperwork => "a paper is not right",
        Reason::Other => "we find out why",
    }
}
