//! The request to transfer numbers between two accounts, for a ticket with a carrier's support.

use std::fmt::{self, Write};

use super::ask::TransferOrder;
use crate::document::{CarrierName, DocumentFile, GainingPlatform};
use crate::id::{AccountId, AttemptKey};
use crate::number::NumberList;

/// A transfer request as it is pasted into a ticket with the carrier's support, in English:
/// "Aloware submits a formal Snap Port request to Twilio, including: the ticket ID or confirmation
/// number, the full list of numbers to be ported, the destination account SID".
///
/// It does not say "port", because a carrier's support sends ports another way. It names accounts
/// and documents, so `Debug` shows none of it. Shown, it is the subject, an empty line and the body.
#[derive(Clone, PartialEq, Eq)]
pub struct TransferRequest {
    key: AttemptKey,
    subject: String,
    body: String,
    losing: Option<AccountId>,
    gaining: AccountId,
    numbers: NumberList,
    attachments: Vec<DocumentFile>,
}

impl TransferRequest {
    /// The request that asks `carrier` for what `order` is about, from `sender`.
    pub fn compose(order: &TransferOrder, sender: &GainingPlatform, carrier: &CarrierName) -> Self {
        let package = order.package();
        let attachments: Vec<DocumentFile> = package
            .files()
            .chain(order.added_documents())
            .cloned()
            .collect();
        let count = count(order.numbers());
        Self {
            key: order.key().clone(),
            subject: format!("Transfer of {count} between two accounts ({})", order.key()),
            body: body(order, sender, carrier, &count, &attachments),
            losing: package.losing().carrier_account().cloned(),
            gaining: package.destination().account().clone(),
            numbers: order.numbers().clone(),
            attachments,
        }
    }

    /// The correlation key. It is in the subject, where the ticket can be found by it.
    pub fn key(&self) -> &AttemptKey {
        &self.key
    }

    /// One line.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Plain text.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The carrier account the numbers are in, if it is known.
    pub fn losing_account(&self) -> Option<&AccountId> {
        self.losing.as_ref()
    }

    /// The account the numbers move to.
    pub fn gaining_account(&self) -> &AccountId {
        &self.gaining
    }

    /// The numbers.
    pub fn numbers(&self) -> &NumberList {
        &self.numbers
    }

    /// The documents to attach, in the order the body lists them. A
    /// [`DocumentSource`](crate::DocumentSource) has their bytes.
    pub fn attachments(&self) -> &[DocumentFile] {
        &self.attachments
    }
}

impl fmt::Display for TransferRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n\n{}", self.subject, self.body)
    }
}

impl fmt::Debug for TransferRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransferRequest")
            .field("key", &self.key)
            .field("numbers", &self.numbers.len())
            .finish_non_exhaustive()
    }
}

fn count(numbers: &NumberList) -> String {
    match numbers.len() {
        1 => "1 phone number".to_owned(),
        n => format!("{n} phone numbers"),
    }
}

fn body(
    order: &TransferOrder,
    sender: &GainingPlatform,
    carrier: &CarrierName,
    count: &str,
    attachments: &[DocumentFile],
) -> String {
    let package = order.package();
    let (losing, destination) = (package.losing(), package.destination());
    let platform = losing.platform();
    let ticket = order.release_ticket();
    let from = match losing.carrier_account() {
        Some(account) => account.as_str().to_owned(),
        None => format!("that of {platform} which holds the numbers; please tell us its ID"),
    };
    let to = destination.account().as_str();
    let mut text = format!(
        "Hello {carrier} support,\n\n\
         Please transfer the {count} below from one {carrier} account to another.\n\n\
         Losing account: {from} ({platform})\n",
    );
    // Writing to a String cannot fail.
    let _ = if order.is_way_back() {
        // Who sends it loses the numbers this time; who gains them is known by account only.
        writeln!(
            text,
            "Gaining account: {to}\n\
             Approval: {sender} approves it with this message; its ticket is {ticket}.",
        )
    } else {
        writeln!(
            text,
            "Gaining account: {to} ({sender})\n\
             Approval: {platform} was asked to approve the transfer; its ticket is {ticket}. \
             {sender} approves it with this message.",
        )
    };
    let _ = writeln!(
        text,
        "Time: not before {}; we agree the exact time with you once the transfer is approved.",
        package.earliest()
    );
    for held in destination.regulatory() {
        let ids = [
            held.bundle_id().map(ToString::to_string),
            held.address_id().map(ToString::to_string),
        ];
        let ids: Vec<String> = ids.into_iter().flatten().collect();
        let _ = writeln!(text, "Regulatory, {}: {}", held.country(), ids.join(", "));
    }
    let _ = write!(
        text,
        "Our reference: {}; please keep it in the subject.\n\
         Contact at {sender}: {}\n\
         Authorised by: {}, in a letter signed on {}\n\n\
         Attached:\n",
        order.key(),
        sender.contact(),
        package.loa().signer(),
        package.loa().signed_on(),
    );
    for file in attachments {
        let (name, size, digest) = (file.name(), file.size(), file.sha256());
        let _ = writeln!(text, "- {name}, {size} bytes, SHA-256 {digest}");
    }
    let _ = writeln!(text, "\nThe {count}:");
    for number in order.numbers() {
        let _ = writeln!(text, "{number}");
    }
    text
}
