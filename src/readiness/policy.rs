use std::collections::BTreeMap;

use crate::calendar::{BusinessCalendar, Zone};
use crate::request::Rule;

/// What a rule's breach means.
///
/// Exhaustive on purpose: a form must decide how it shows each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// It keeps the request from being sealed and from passing review, unless overridden.
    Binds,
    /// It is shown.
    Warns,
    /// It is not looked at.
    Off,
}

/// What the gaining platform asks beyond the hard rules, and when it loses patience: data, with
/// defaults, each with its source. Days are counted in the zone of its
/// [`calendar`](Self::calendar), by default `America/New_York`.
///
/// The rules of ordinary ports (FOC windows, seven days of lead, 30-day bills, one country) do not
/// govern a snap port, so all but the last only warn by default: a rule that binds without
/// need refuses good ports. The hard rules are not here: no policy lifts them.
///
/// | rule | default | source |
/// |---|---|---|
/// | [`LetterAge`](Rule::LetterAge) | warns over 60 days | 47 CFR 64.1130(j): a letter is used within 60 days of its signing (for carrier changes; borrowed) |
/// | [`ProofAge`](Rule::ProofAge) | warns over 90 days | what resellers accept; Twilio's own 30 days are for ordinary port-ins |
/// | [`ProofDated`](Rule::ProofDated) | warns | a proof without a date cannot be told from an old one |
/// | [`FileKind`](Rule::FileKind) | warns | Twilio, document upload: "an image or PDF document" |
/// | [`FileSize`](Rule::FileSize) | warns over 10 MB | Twilio, document upload: "The maximum size allowed is 10MB" |
/// | [`FileLocked`](Rule::FileLocked) | warns | Twilio, document upload: "should not be password protected" |
/// | [`LosingCarrierAccount`](Rule::LosingCarrierAccount) | warns | Twilio asks for both account SIDs on an internal transfer |
/// | [`MessagingService`](Rule::MessagingService) | warns | process, "Number onboarding": numbers are registered with an approved messaging service |
/// | [`EarliestBusinessDay`](Rule::EarliestBusinessDay) | warns | process, "24-48 business hours" |
/// | [`TollFreeVerification`](Rule::TollFreeVerification) | warns | Twilio 30879: toll-free verification is refused before the port is complete |
/// | [`AddressOrBundle`](Rule::AddressOrBundle) | warns | Twilio 21631, 21649: where the country asks for one, its numbers are not moved to an account without |
/// | [`SlotHours`](Rule::SlotHours) | binds | 47 CFR 52.35: business days and hours (borrowed); only for slots *we* ask for, what a carrier sets is recorded |
///
/// ```
/// use snap_port::{RoutePolicy, Rule, Weight};
///
/// let strict = RoutePolicy::default()
///     .with_weight(Rule::ProofAge, Weight::Binds)
///     .with_proof_age(30);
/// assert_eq!(strict.weight(Rule::ProofAge), Weight::Binds);
/// assert_eq!(strict.weight(Rule::FileSize), Weight::Warns);
/// ```
#[derive(Clone, Debug)]
pub struct RoutePolicy {
    weights: BTreeMap<Rule, Weight>,
    letter_age: u32,
    proof_age: u32,
    file_size: u64,
    timing: Timing,
    calendar: BusinessCalendar,
}

/// When somebody is reminded, when a port is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timing {
    /// Business days after which whoever is awaited is reminded, first and again. Default 2 and 4
    /// (design of this crate).
    pub chase_after: [u32; 2],
    /// Calendar days of silence after which it is an alarm. Default 7: Twilio closes a transfer
    /// ticket after about nine.
    pub alarm_after: u32,
    /// Business days the numbers usually take from the approval. Default 1 to 2 ("typically takes
    /// 24-48 business hours after your provider approves the release").
    pub usual_days: [u32; 2],
    /// Business days from the approval, or from a later agreed slot, after which the move is
    /// overdue. Default 3.
    pub overdue_after: u32,
    /// Calendar days that registering the numbers for texting may take. Default 10 ("can take up
    /// to 10 days").
    pub onboarding_days: u32,
    /// Business days in which staff review what was handed in ("support will take care of verifying
    /// all the details"). Default 1 (design of this crate).
    pub review_days: u32,
    /// Business days in which staff file a reviewed request with the carrier, or find out what
    /// became of it. Default 1 (design of this crate).
    pub filing_days: u32,
    /// Business days in which staff agree a time with the customer ("After the release is approved,
    /// support will contact you to confirm your preferred date and time"). Default 1 (design of
    /// this crate).
    pub agreement_days: u32,
    /// Business days in which the carrier confirms a time that it was asked for, or a cancellation.
    /// Default 2: the upper end of the "24-48 business hours" it takes for a move.
    pub confirmation_days: u32,
    /// Business days in which staff assign, test, look into alerts and confirm. Default 1 ("if any
    /// errors occur, they will address them promptly").
    pub service_days: u32,
    /// Hours after which a test that failed is made again. Default 1 (design of this crate): a call
    /// or text costs money, and what made it fail takes somebody's time to mend.
    pub retest_hours: u32,
    /// Hours after which a text that failed is tried again although the number is not known to be
    /// registered. Default 24: until the ten days are over a blocked text (Twilio 30034) means
    /// wait, and where no API tells of a registration only another text does.
    pub unregistered_retest_hours: u32,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            chase_after: [2, 4],
            alarm_after: 7,
            usual_days: [1, 2],
            overdue_after: 3,
            onboarding_days: 10,
            review_days: 1,
            filing_days: 1,
            agreement_days: 1,
            confirmation_days: 2,
            service_days: 1,
            retest_hours: 1,
            unregistered_retest_hours: 24,
        }
    }
}

impl Default for RoutePolicy {
    /// The defaults, with business days in `America/New_York`.
    fn default() -> Self {
        // A zone read by name is kept even where a build's zone table lacks it.
        Self::new(BusinessCalendar::new(Zone::from(Box::from(
            "America/New_York",
        ))))
    }
}

impl RoutePolicy {
    /// The defaults, with the business days of `calendar`.
    pub fn new(calendar: BusinessCalendar) -> Self {
        Self {
            weights: BTreeMap::new(),
            letter_age: 60,
            proof_age: 90,
            file_size: 10_000_000,
            timing: Timing::default(),
            calendar,
        }
    }

    /// With `rule` binding, warning, or not looked at.
    #[must_use]
    pub fn with_weight(mut self, rule: Rule, weight: Weight) -> Self {
        self.weights.insert(rule, weight);
        self
    }

    /// With another age, in days, up to which a letter is taken as fresh.
    #[must_use]
    pub fn with_letter_age(mut self, days: u32) -> Self {
        self.letter_age = days;
        self
    }

    /// With another age, in days, up to which a proof is taken as fresh.
    #[must_use]
    pub fn with_proof_age(mut self, days: u32) -> Self {
        self.proof_age = days;
        self
    }

    /// With another size, in bytes, up to which a file is taken.
    #[must_use]
    pub fn with_file_size(mut self, bytes: u64) -> Self {
        self.file_size = bytes;
        self
    }

    /// With other times.
    #[must_use]
    pub fn with_timing(mut self, timing: Timing) -> Self {
        self.timing = timing;
        self
    }

    /// What a breach of `rule` means.
    pub fn weight(&self, rule: Rule) -> Weight {
        let default = match rule {
            Rule::SlotHours => Weight::Binds,
            _ => Weight::Warns,
        };
        self.weights.get(&rule).copied().unwrap_or(default)
    }

    /// The age, in days, up to which a letter is taken as fresh.
    pub fn letter_age(&self) -> u32 {
        self.letter_age
    }

    /// The age, in days, up to which a proof is taken as fresh.
    pub fn proof_age(&self) -> u32 {
        self.proof_age
    }

    /// The size, in bytes, up to which a file is taken.
    pub fn file_size(&self) -> u64 {
        self.file_size
    }

    /// When somebody is reminded, when a port is late.
    pub fn timing(&self) -> &Timing {
        &self.timing
    }

    /// The business days in which it counts.
    pub fn calendar(&self) -> &BusinessCalendar {
        &self.calendar
    }
}
