//! How each rule is judged, and in which words.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::{Bearing, Cause, Concern, RoutePolicy, Weight};
use crate::calendar::EarliestPortDate;
use crate::document::{
    A2pPoint, Checklist, DocumentFile, ListCode, PackagePart, ProofKind, Sha256Digest,
};
use crate::id::AccountId;
use crate::number::{NumberList, NumberNeed};
use crate::people::Party;
use crate::request::{Blocker, Overridden, Rule};

/// Every part of the form that is not there, with what to do about it.
pub(super) fn missing(form: &Checklist) -> Vec<Concern> {
    let lacks = |part: &PackagePart| !form.has(*part);
    PackagePart::ALL
        .into_iter()
        .filter(lacks)
        .map(|part| lacking(form, part))
        .collect()
}

fn lacking(form: &Checklist, part: PackagePart) -> Concern {
    let platform = || match form.losing() {
        Some(losing) => losing.platform().to_string(),
        None => "the losing platform".to_owned(),
    };
    let remedy = match part {
        PackagePart::Numbers => "list every number to move".to_owned(),
        PackagePart::Loa => "fill in, sign and date the letter, and upload it".to_owned(),
        PackagePart::Proof => "upload a bill, an invoice or a record of the account".to_owned(),
        PackagePart::Losing => "name the platform and the account the numbers leave".to_owned(),
        PackagePart::Ticket => format!(
            "ask {} to approve the transfer, and enter the ticket ID they give",
            platform()
        ),
        PackagePart::Destination => "choose the gaining account".to_owned(),
        PackagePart::Earliest => {
            "choose the earliest date; it cannot be changed once it is submitted".to_owned()
        }
        PackagePart::A2p => match form.a2p() {
            Err(missing) => {
                let points: Vec<String> =
                    missing.points().iter().map(A2pPoint::to_string).collect();
                format!("tick the boxes: {}", points.join(", "))
            }
            Ok(_) => "tick the boxes".to_owned(),
        },
    };
    Concern {
        cause: Cause::Missing,
        bearing: Bearing::Blocks,
        part,
        reason: match part {
            PackagePart::A2p => format!("the {part} are missing"),
            _ => format!("the {part} is missing"),
        },
        remedy,
        party: part.supplier(),
    }
}

/// Judges what is there, rule by rule.
pub(super) struct Judge<'a> {
    policy: &'a RoutePolicy,
    overridden: &'a [Overridden<'a>],
    at: DateTime<Utc>,
    today: NaiveDate,
    frozen: bool,
    concerns: Vec<Concern>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        policy: &'a RoutePolicy,
        overridden: &'a [Overridden<'a>],
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            policy,
            overridden,
            at,
            today: policy.calendar().zone().date(at),
            frozen: false,
            concerns: Vec::new(),
        }
    }

    /// Of a request whose earliest date may be frozen: then nobody is told to choose another.
    pub(super) fn with_frozen_date(mut self, frozen: Option<&EarliestPortDate>) -> Self {
        self.frozen = frozen.is_some();
        self
    }

    pub(super) fn into_concerns(self) -> Vec<Concern> {
        self.concerns
    }

    pub(super) fn hard(&mut self, blocker: Blocker) {
        let part = blocker.part();
        self.concerns.push(Concern {
            bearing: Bearing::Blocks,
            part,
            reason: blocker.reason(),
            remedy: blocker.remedy(),
            party: part.supplier(),
            cause: Cause::Hard(blocker),
        });
    }

    pub(super) fn policy(&mut self, form: &Checklist) {
        self.letter(form);
        self.proofs(form);
        self.accounts(form);
        self.earliest(form);
        self.numbers(form);
    }

    /// A breach of `rule` by `value`, with the weight the policy gives it.
    fn breach(
        &mut self,
        rule: Rule,
        value: String,
        (part, party): (PackagePart, Party),
        reason: String,
        remedy: impl Into<String>,
    ) {
        let bearing = match self.policy.weight(rule) {
            Weight::Off => return,
            Weight::Warns => Bearing::Warns,
            Weight::Binds => {
                let said = self.overridden.iter().rev();
                let mut said = said.filter(|o| o.what.rule == rule && o.what.value == value);
                said.next()
                    .map_or(Bearing::Blocks, |o| Bearing::Overridden {
                        by: o.by.clone(),
                        reason: o.what.reason.clone(),
                    })
            }
        };
        self.concerns.push(Concern {
            cause: Cause::Policy { rule, value },
            bearing,
            part,
            reason,
            remedy: remedy.into(),
            party,
        });
    }

    fn letter(&mut self, form: &Checklist) {
        let Some(loa) = form.loa() else { return };
        let (signed, limit) = (loa.signed_on(), self.policy.letter_age());
        if let Some(age) = over(limit, Some(loa.age_on(self.today))) {
            self.breach(
                Rule::LetterAge,
                dated(signed, loa.file()),
                (PackagePart::Loa, Party::Customer),
                format!(
                    "the letter of authorization was signed on {signed}, {age} days ago; up to {limit} are accepted"
                ),
                "have a new letter signed",
            );
        }
        self.file(PackagePart::Loa, "letter of authorization", loa.file());
    }

    fn proofs(&mut self, form: &Checklist) {
        let about = (PackagePart::Proof, Party::Customer);
        for (i, proof) in form.proofs().iter().enumerate() {
            let name = format!("proof of ownership no. {} ({})", i + 1, kind(proof.kind()));
            match proof.issue_date() {
                None => self.breach(
                    Rule::ProofDated,
                    mark(proof.file()),
                    about,
                    format!("the {name} has no date"),
                    "say which date is printed on it",
                ),
                Some(date) => {
                    let limit = self.policy.proof_age();
                    if self.is_to_come(date) {
                        self.breach(
                            Rule::ProofAge,
                            dated(date, proof.file()),
                            about,
                            format!("the {name} is dated {date}, which has not come"),
                            "correct the date, or upload the right one",
                        );
                    } else if let Some(age) = over(limit, proof.age_on(self.today)) {
                        self.breach(
                            Rule::ProofAge,
                            dated(date, proof.file()),
                            about,
                            format!(
                                "the {name} is dated {date}, {age} days ago; up to {limit} are accepted"
                            ),
                            "upload a newer one",
                        );
                    }
                }
            }
            self.file(PackagePart::Proof, &name, proof.file());
        }
    }

    /// Whether `date` has begun nowhere yet: it begins first at UTC+14.
    fn is_to_come(&self, date: NaiveDate) -> bool {
        let begins = date.and_time(NaiveTime::MIN).and_utc();
        begins.signed_duration_since(self.at) > TimeDelta::hours(14)
    }

    fn file(&mut self, part: PackagePart, name: &str, file: &DocumentFile) {
        let about = (part, Party::Customer);
        if !file.is_pdf() && !file.is_image() {
            self.breach(
                Rule::FileKind,
                mark(file),
                about,
                format!(
                    "the {name} is neither a PDF nor an image ({})",
                    file.media_type()
                ),
                "upload it as a PDF or an image",
            );
        }
        let limit = self.policy.file_size();
        if file.size() > limit {
            self.breach(
                Rule::FileSize,
                mark(file),
                about,
                format!("the {name} has {} bytes; {limit} are taken", file.size()),
                "upload a smaller file",
            );
        }
        if file.is_password_protected() {
            self.breach(
                Rule::FileLocked,
                mark(file),
                about,
                format!("the {name} seems to be protected by a password"),
                "upload it without a password",
            );
        }
    }

    fn accounts(&mut self, form: &Checklist) {
        if let Some(losing) = form.losing()
            && losing.carrier_account().is_none()
        {
            let platform = losing.platform();
            self.breach(
                Rule::LosingCarrierAccount,
                format!("{platform}, {}", hashed(losing.account())),
                (PackagePart::Losing, Party::LosingPlatform),
                format!("the account of {platform} at the carrier is not known"),
                format!("ask {platform} for the account SID the numbers are in"),
            );
        }
        if let Some(destination) = form.destination()
            && destination.messaging_service().is_none()
        {
            self.breach(
                Rule::MessagingService,
                hashed(destination.account()),
                (PackagePart::Destination, Party::Staff),
                "no messaging service is chosen; numbers are registered for texting through one"
                    .to_owned(),
                "choose the messaging service of an approved campaign",
            );
        }
    }

    fn earliest(&mut self, form: &Checklist) {
        let Some(earliest) = form.earliest() else {
            return;
        };
        let date = earliest.date();
        if let Some(off) = self.policy.calendar().day_off(date) {
            let remedy = if self.frozen {
                "expect the numbers to move on a later day"
            } else {
                "expect the numbers to move on a later day, or choose another before it is submitted"
            };
            self.breach(
                Rule::EarliestBusinessDay,
                date.to_string(),
                (PackagePart::Earliest, Party::Customer),
                format!("the earliest port date {date} is no business day: {off}"),
                remedy,
            );
        }
    }

    fn numbers(&mut self, form: &Checklist) {
        let Some(numbers) = form.numbers() else {
            return;
        };
        for need in numbers.needs() {
            match need.what() {
                NumberNeed::TollFreeVerification => self.breach(
                    Rule::TollFreeVerification,
                    coded(need.numbers()),
                    (PackagePart::Numbers, Party::Staff),
                    format!(
                        "{} must be verified anew before texting",
                        few(need.numbers())
                    ),
                    "file the toll-free verification once the port is complete, not before",
                ),
                NumberNeed::AddressOrBundle { region } => {
                    let held = form.destination().and_then(|to| to.regulatory_of(region));
                    // Without a destination, it is that which is missing.
                    if form.destination().is_some() && held.is_none() {
                        self.breach(
                            Rule::AddressOrBundle,
                            coded(need.numbers()),
                            (PackagePart::Destination, Party::Staff),
                            format!(
                                "{} of {region} may need a regulatory bundle or address in the gaining account",
                                few(need.numbers())
                            ),
                            "look up what the country asks for, set it up in the gaining account, and enter its SID",
                        );
                    }
                }
            }
        }
    }
}

/// What an override names a dated document by: another of the same date needs one of its own.
fn dated(date: NaiveDate, file: &DocumentFile) -> String {
    format!("{date}, SHA-256 {}", mark(file))
}

/// What an override names numbers by: their count and the code of their list.
fn coded(numbers: &NumberList) -> String {
    format!("{} numbers, list {}", numbers.len(), ListCode::of(numbers))
}

/// What an override names a file by: the first digits of its SHA-256.
fn mark(file: &DocumentFile) -> String {
    short(file.sha256())
}

/// What an override names an account by, which itself is a secret: the first digits of its SHA-256.
fn hashed(account: &AccountId) -> String {
    let digest = Sha256Digest::of(account.as_str().as_bytes());
    format!("account SHA-256 {}", short(digest))
}

fn short(digest: Sha256Digest) -> String {
    digest.to_string().chars().take(16).collect()
}

/// The kind of a proof in words of ours: people write anything into one of their own.
fn kind(kind: &ProofKind) -> Cow<'static, str> {
    match kind {
        ProofKind::Other(_) => "other document".into(),
        known => known.to_string().into(),
    }
}

/// An age in days, if it is more than `limit`.
fn over(limit: u32, age: Option<TimeDelta>) -> Option<i64> {
    age.map(|age| age.num_days())
        .filter(|days| *days > i64::from(limit))
}

/// The first number, and how many more there are.
fn few(numbers: &NumberList) -> String {
    match numbers.len() {
        1 => numbers.first().to_string(),
        n => format!("{} and {} more", numbers.first(), n - 1),
    }
}
