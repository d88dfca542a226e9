use std::fmt;

use super::{PlatformFact, PlatformGuide};
use crate::calendar::EarliestPortDate;
use crate::document::{
    CarrierName, Checklist, Destination, GainingPlatform, LosingAccount, LosingPlatform,
    MissingParts, PackagePart, ReleaseTicket,
};
use crate::id::{AccountId, OrderRef};
use crate::number::NumberList;

/// The message in which the customer asks the losing platform to approve the transfer, ready to
/// send: "Request number release - ask them to release your numbers back to Twilio".
///
/// It says "approve the transfer" and never "release": a number that is literally released goes
/// back to the carrier's pool and may be lost. It asks for the ticket ID or confirmation number
/// that a submission needs ("once the release request is received, your provider will issue a
/// ticket ID or confirmation number"). The text is plain English, one paragraph a line; an
/// application that has its own words finds the parts in the accessors. Names and accounts stand
/// in it as they were given.
///
/// Shown, it is the subject, an empty line and the body. `Debug` shows neither.
///
/// ```
/// # use snap_port::testing::sample;
/// # use snap_port::document::CarrierName;
/// # use snap_port::{Checklist, GainingPlatform, ReleaseRequest};
/// let ours = GainingPlatform::new("Aloware", "transfers@aloware.test")?;
/// let twilio = CarrierName::new("Twilio")?;
/// let mut checklist = Checklist::default();
/// let missing = ReleaseRequest::compose(&checklist, &ours, &twilio).unwrap_err();
/// assert_eq!(missing.parts(), ReleaseRequest::NEEDS);
///
/// checklist
///     .set_numbers(sample::numbers(2))
///     .set_losing(sample::losing())
///     .set_destination(sample::destination());
/// let request = ReleaseRequest::compose(&checklist, &ours, &twilio)?;
/// assert_eq!(
///     request.subject(),
///     "Please approve the transfer of 2 phone numbers from Aircall to Aloware"
/// );
/// println!("To {}\n{}", request.ask_at(), request.body());
///
/// let reminder = request.chase(&sample::ticket(), 2)?;
/// assert!(reminder.subject().contains("your ticket 98765"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ReleaseRequest {
    numbers: NumberList,
    losing: LosingAccount,
    gaining: GainingPlatform,
    destination: Destination,
    carrier: CarrierName,
    earliest: Option<EarliestPortDate>,
    signer: Option<Box<str>>,
    order: Option<OrderRef>,
    reminder: Option<Reminder>,
}

#[derive(Clone, PartialEq, Eq)]
struct Reminder {
    ticket: ReleaseTicket,
    business_days: u32,
}

/// The ticket to quote is of another platform than the one that is reminded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the release ticket is of {ticket}, the request goes to {losing}; quote a ticket of {losing}"
)]
pub struct OtherPlatformsTicket {
    ticket: LosingPlatform,
    losing: LosingPlatform,
}

impl ReleaseRequest {
    /// What a checklist must hold for a request: the numbers, the losing and the gaining account.
    pub const NEEDS: [PackagePart; 3] = [
        PackagePart::Numbers,
        PackagePart::Losing,
        PackagePart::Destination,
    ];

    /// The request from what a form holds so far, where `carrier` is under both platforms. The
    /// earliest port date and the signer of the letter go into it where they are there.
    ///
    /// # Errors
    /// [`MissingParts`] names what is missing of [`NEEDS`](Self::NEEDS).
    pub fn compose(
        checklist: &Checklist,
        gaining: &GainingPlatform,
        carrier: &CarrierName,
    ) -> Result<Self, MissingParts> {
        let (Some(numbers), Some(losing), Some(destination)) = (
            checklist.numbers(),
            checklist.losing(),
            checklist.destination(),
        ) else {
            return Err(checklist.lacking(&Self::NEEDS));
        };
        Ok(Self {
            numbers: numbers.clone(),
            losing: losing.clone(),
            gaining: gaining.clone(),
            destination: destination.clone(),
            carrier: carrier.clone(),
            earliest: checklist.earliest().cloned(),
            signer: checklist.loa().map(|loa| loa.signer().into()),
            order: None,
            reminder: None,
        })
    }

    /// With the carrier's own ticket for the transfer, once there is one.
    #[must_use]
    pub fn with_order(mut self, order: OrderRef) -> Self {
        self.order = Some(order);
        self
    }

    /// The same request as a reminder that quotes the losing platform's `ticket`, for an approval
    /// that is late: `business_days` have passed since the platform was asked.
    ///
    /// # Errors
    /// [`OtherPlatformsTicket`] if another platform issued the ticket.
    pub fn chase(
        &self,
        ticket: &ReleaseTicket,
        business_days: u32,
    ) -> Result<Self, OtherPlatformsTicket> {
        if ticket.platform() != self.platform() {
            return Err(OtherPlatformsTicket {
                ticket: ticket.platform().clone(),
                losing: self.platform().clone(),
            });
        }
        let mut reminder = self.clone();
        reminder.reminder = Some(Reminder {
            ticket: ticket.clone(),
            business_days,
        });
        Ok(reminder)
    }

    /// The subject: one line.
    pub fn subject(&self) -> String {
        let Self {
            gaining, reminder, ..
        } = self;
        let (count, from) = (Count(self.numbers.len()), self.platform());
        match reminder {
            None => format!("Please approve the transfer of {count} from {from} to {gaining}"),
            Some(Reminder { ticket, .. }) => format!(
                "Reminder: please approve the transfer of {count} from {from} to {gaining} (your \
                 ticket {ticket})"
            ),
        }
    }

    /// The body: plain text, a line per paragraph, a line per number at its end.
    pub fn body(&self) -> String {
        Body(self).to_string()
    }

    /// Where to send it, as far as is known.
    pub fn ask_at(&self) -> &'static PlatformFact {
        self.guide().ask_at()
    }

    /// What is known of asking this platform.
    pub fn guide(&self) -> &'static PlatformGuide {
        PlatformGuide::of(self.platform())
    }

    /// The platform that is asked.
    pub fn platform(&self) -> &LosingPlatform {
        self.losing.platform()
    }

    /// The numbers to transfer.
    pub fn numbers(&self) -> &NumberList {
        &self.numbers
    }

    /// The account the numbers leave.
    pub fn losing(&self) -> &LosingAccount {
        &self.losing
    }

    /// The platform the numbers move to.
    pub fn gaining(&self) -> &GainingPlatform {
        &self.gaining
    }

    /// Its account at the carrier, and what that holds for regulators.
    pub fn destination(&self) -> &Destination {
        &self.destination
    }

    /// The carrier under both platforms.
    pub fn carrier(&self) -> &CarrierName {
        &self.carrier
    }

    /// The first day the numbers may move, if chosen.
    pub fn earliest(&self) -> Option<&EarliestPortDate> {
        self.earliest.as_ref()
    }

    /// Who signed the letter of authorization, if it is signed.
    pub fn signer(&self) -> Option<&str> {
        self.signer.as_deref()
    }

    /// The carrier's ticket for the transfer, if known.
    pub fn order(&self) -> Option<&OrderRef> {
        self.order.as_ref()
    }

    /// For a reminder, the ticket it quotes and the business days since the platform was asked.
    pub fn reminds_of(&self) -> Option<(&ReleaseTicket, u32)> {
        let reminder = self.reminder.as_ref()?;
        Some((&reminder.ticket, reminder.business_days))
    }
}

impl fmt::Display for ReleaseRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n\n{}", self.subject(), Body(self))
    }
}

impl fmt::Debug for ReleaseRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.reminder {
            None => "ReleaseRequest",
            Some(_) => "ReleaseRequest(reminder)",
        };
        let count = Count(self.numbers.len());
        write!(f, "{name}({count} from {})", self.platform())
    }
}

struct Count(usize);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        write!(f, "{} phone number{plural}", self.0)
    }
}

struct Body<'a>(&'a ReleaseRequest);

const KEEP: &str = "Until we tell you that every number has arrived and works, keep our account \
                    active and every number on it.";

impl Body<'_> {
    fn request(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ReleaseRequest {
            gaining, carrier, ..
        } = self.0;
        let count = Count(self.0.numbers.len());
        writeln!(
            f,
            "Please approve the transfer of {count} to {gaining}; the list is below. Nothing \
             leaves {carrier}: the transfer is from one account at {carrier} to another."
        )?;
        if let Some(sentence) = self.0.guide().in_its_words() {
            writeln!(f, "{sentence}")?;
        }
        writeln!(
            f,
            "\nWhat we ask of you:\n\
             1. Reply with your ticket ID or confirmation number for this request. {gaining} needs \
             it to file the transfer with {carrier}.\n\
             2. Open the transfer with {carrier}, or approve it there when asked, and name the \
             gaining account below.\n\
             3. Have it approved by a user who is listed on the account at {carrier} that holds \
             the numbers. No other approval counts, so we cannot give it for you.\n\
             4. {KEEP}\n\
             5. If a fee, an open balance or anything else is in the way, tell us now."
        )?;
        writeln!(
            f,
            "\nYou need not send a PIN, a passcode or a customer service record (CSR): those serve \
             a move to another carrier."
        )
    }

    fn reminder(&self, f: &mut fmt::Formatter<'_>, reminder: &Reminder) -> fmt::Result {
        let ReleaseRequest {
            gaining, carrier, ..
        } = self.0;
        let (count, ticket) = (Count(self.0.numbers.len()), &reminder.ticket);
        let asked = match reminder.business_days {
            0 => "earlier today".to_owned(),
            1 => "1 business day ago".to_owned(),
            days => format!("{days} business days ago"),
        };
        writeln!(
            f,
            "We asked you {asked} to approve the transfer of {count} to {gaining}. It is not \
             approved yet. Your ticket: {ticket}"
        )?;
        writeln!(
            f,
            "\nWhat is missing: a user who is listed on the account at {carrier} that holds the \
             numbers approves the transfer with {carrier} and names the gaining account below. No \
             other approval counts."
        )?;
        writeln!(
            f,
            "If a fee, an open balance or anything else is in the way, tell us what it is. \
             Otherwise tell us when it is done."
        )?;
        writeln!(f, "{KEEP}")
    }

    /// From where to where, and when.
    fn transfer(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ReleaseRequest {
            losing,
            gaining,
            carrier,
            ..
        } = self.0;
        // In full, not masked: whoever acts on the request needs all of an account.
        let (platform, account) = (losing.platform(), losing.account().as_str());
        writeln!(f, "Our account with {platform}: {account}")?;
        match losing.carrier_account().map(AccountId::as_str) {
            Some(account) => writeln!(f, "Losing account at {carrier}: {account}")?,
            None => writeln!(
                f,
                "Losing account at {carrier}: yours; please tell us its ID"
            )?,
        }
        let account = self.0.destination.account().as_str();
        writeln!(f, "Gaining account at {carrier}, of {gaining}: {account}")?;
        for held in self.0.destination.regulatory() {
            write!(f, "Held there for numbers of {}:", held.country())?;
            let mut comma = "";
            if let Some(bundle) = held.bundle_id() {
                write!(f, " regulatory bundle {bundle}")?;
                comma = ",";
            }
            if let Some(address) = held.address_id() {
                write!(f, "{comma} address {address}")?;
            }
            f.write_str("\n")?;
        }
        if let Some(order) = &self.0.order {
            writeln!(f, "Ticket of {carrier}: {order}")?;
        }
        f.write_str("Time frame: please approve now. The numbers move ")?;
        if let Some(earliest) = &self.0.earliest {
            write!(f, "on or after {earliest}, ")?;
        }
        writeln!(f, "when {gaining} has agreed the time with {carrier}.")
    }
}

impl fmt::Display for Body<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Hello {},\n", self.0.platform())?;
        match &self.0.reminder {
            None => self.request(f)?,
            Some(reminder) => self.reminder(f, reminder)?,
        }
        f.write_str("\n")?;
        self.transfer(f)?;
        let gaining = &self.0.gaining;
        writeln!(f, "Questions to {gaining}: {}", gaining.contact())?;
        writeln!(f, "\nThank you")?;
        if let Some(signer) = &self.0.signer {
            writeln!(f, "{signer}")?;
        }
        // Last, because there may be thousands.
        writeln!(f, "\nThe list ({}):", Count(self.0.numbers.len()))?;
        for number in self.0.numbers.iter() {
            writeln!(f, "{number}")?;
        }
        Ok(())
    }
}
