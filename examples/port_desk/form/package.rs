//! What the customer fills in: a JSON form, read into a checklist's parts.
//!
//! ```json
//! {
//!   "numbers": "+1 415 555 0100\n(415) 555-0101", "region": "US",
//!   "letter": {"signer": "Ann Rivera", "signed_on": "2026-11-20", "file": "acme/letter.pdf"},
//!   "proofs": [{"kind": "phone bill", "issued_on": "2026-11-02", "file": "acme/bill.pdf"}],
//!   "losing": {"platform": "Aircall", "account": "4711", "carrier_account": "AC..."},
//!   "ticket": {"id": "98765"},
//!   "destination": {"account": "AC...", "messaging_service": "MG...",
//!                   "regulatory": [{"country": "GB", "bundle": "BU...", "address": "AD..."}]},
//!   "earliest": {"date": "2026-12-01", "zone": "America/New_York"},
//!   "acknowledge": ["campaign_approved", "texting_pauses", "settings_stay_behind",
//!                   "old_account_stays_open"]
//! }
//! ```
//!
//! A part that is left out stays as it was, and one that is null is taken out. A letter lists the
//! form's numbers unless it names its own `numbers`; a ticket is the losing platform's unless it
//! names its own `platform`. A file is where the documents' directory has it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value};
use snap_port::{
    A2pPoint, AccountId, Actor, AddressId, BundleId, Checklist, Destination, DocumentFile,
    EarliestPortDate, LosingAccount, LosingPlatform, MessagingService, NumberList, PackagePart,
    ProofKind, ProofOfOwnership, Region, Regulatory, ReleaseTicket, SignedLoa, Zone,
};

use super::Fields;

/// The documents a form names, as far as they could be read.
pub(crate) type Files = BTreeMap<String, Result<DocumentFile, String>>;

/// What to change of a checklist.
#[derive(Default)]
pub(crate) struct Filling {
    clear: Vec<PackagePart>,
    numbers: Option<NumberList>,
    letter: Option<SignedLoa>,
    proofs: Option<Vec<ProofOfOwnership>>,
    losing: Option<LosingAccount>,
    ticket: Option<ReleaseTicket>,
    destination: Option<Destination>,
    earliest: Option<EarliestPortDate>,
    acknowledged: Vec<A2pPoint>,
}

/// The names of the documents in a form, each once, to be read before the form is.
pub(crate) fn files(form: &Map<String, Value>) -> BTreeSet<&str> {
    let letter = form.get("letter").into_iter();
    let proofs = form.get("proofs").and_then(Value::as_array);
    letter
        .chain(proofs.into_iter().flatten())
        .filter_map(|part| part.get("file")?.as_str())
        .collect()
}

impl Filling {
    /// Reads every part there is.
    pub(crate) fn read(form: &Fields<'_>, files: &Files) -> Self {
        let numbers = form.numbers("numbers");
        let losing = form.object("losing").and_then(|part| losing(&part));
        let named = [
            ("numbers", PackagePart::Numbers),
            ("letter", PackagePart::Loa),
            ("proofs", PackagePart::Proof),
            ("losing", PackagePart::Losing),
            ("ticket", PackagePart::Ticket),
            ("destination", PackagePart::Destination),
            ("earliest", PackagePart::Earliest),
            ("acknowledge", PackagePart::A2p),
        ];
        let emptied = named.into_iter().filter(|(name, _)| form.is_null(name));
        Self {
            clear: emptied.map(|(_, part)| part).collect(),
            letter: form
                .object("letter")
                .and_then(|part| letter(&part, numbers.as_ref(), files)),
            proofs: form.objects("proofs").map(|parts| {
                let read = parts.iter().filter_map(|part| proof(part, files));
                read.collect()
            }),
            ticket: form
                .object("ticket")
                .and_then(|part| ticket(&part, losing.as_ref())),
            destination: form
                .object("destination")
                .and_then(|part| destination(&part)),
            earliest: form.object("earliest").and_then(|part| earliest(&part)),
            acknowledged: acknowledged(form),
            numbers,
            losing,
        }
    }

    /// Changes the checklist; `by` gave the acknowledgements at `at` (UTC).
    pub(crate) fn fill(self, checklist: &mut Checklist, by: &Actor, at: DateTime<Utc>) {
        for part in self.clear {
            checklist.clear(part);
        }
        macro_rules! set {
            ($($part:ident: $set:ident),*) => { $(
                if let Some(part) = self.$part {
                    checklist.$set(part);
                }
            )* };
        }
        set!(
            numbers: set_numbers, letter: set_loa, proofs: replace_proofs, losing: set_losing,
            ticket: set_ticket, destination: set_destination, earliest: set_earliest
        );
        for point in self.acknowledged {
            checklist.acknowledge(point, by, at);
        }
    }
}

/// A date as people write it into forms.
fn date(text: &str) -> Result<NaiveDate, &'static str> {
    let read = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d");
    read.map_err(|_| "this must be a date, such as 2026-11-30")
}

fn file(part: &Fields<'_>, files: &Files) -> Option<DocumentFile> {
    part.needed("file", |name| match files.get(name) {
        Some(file) => file.clone(),
        None => Err("this must be text".to_owned()),
    })
}

fn letter(part: &Fields<'_>, listed: Option<&NumberList>, files: &Files) -> Option<SignedLoa> {
    let own = part.value("numbers").is_some();
    let numbers = match (part.numbers("numbers"), own) {
        (None, false) => {
            let numbers = listed.cloned();
            if numbers.is_none() {
                let why = "name the numbers the letter lists, here or in the form";
                part.fail("numbers", why);
            }
            numbers
        }
        (numbers, _) => numbers,
    };
    let signed_on = part.needed("signed_on", date);
    let file = file(part, files);
    let signer = part.needed("signer", Ok::<_, String>);
    part.close();
    let letter = SignedLoa::new(signer?, signed_on?, numbers?, file?);
    letter.map_err(|why| part.fail("signer", why)).ok()
}

fn proof(part: &Fields<'_>, files: &Files) -> Option<ProofOfOwnership> {
    let kind: Option<ProofKind> = part.needed("kind", str::parse);
    let issued_on = part.read("issued_on", date);
    let file = file(part, files);
    part.close();
    let proof = ProofOfOwnership::new(kind?, file?);
    Some(match issued_on {
        Some(date) => proof.issued_on(date),
        None => proof,
    })
}

fn losing(part: &Fields<'_>) -> Option<LosingAccount> {
    let platform: Option<LosingPlatform> = part.needed("platform", str::parse);
    let account = part.needed("account", AccountId::parse);
    let at_carrier = part.read("carrier_account", AccountId::parse);
    part.close();
    let losing = LosingAccount::new(platform?, account?);
    Some(match at_carrier {
        Some(account) => losing.with_carrier_account(account),
        None => losing,
    })
}

fn ticket(part: &Fields<'_>, losing: Option<&LosingAccount>) -> Option<ReleaseTicket> {
    let named = part.value("platform").is_some();
    let platform = match part.read("platform", str::parse) {
        None if !named => {
            let platform = losing.map(|losing| losing.platform().clone());
            if platform.is_none() {
                part.fail("platform", "say whose ticket it is, or give `losing` too");
            }
            platform
        }
        platform => platform,
    };
    let id = part.needed("id", Ok::<_, String>);
    part.close();
    let ticket = ReleaseTicket::new(platform?, id?);
    ticket.map_err(|why| part.fail("id", why)).ok()
}

fn destination(part: &Fields<'_>) -> Option<Destination> {
    let account = part.needed("account", AccountId::parse);
    let service = part.read("messaging_service", MessagingService::parse);
    let regulatory = part.objects("regulatory").unwrap_or_default();
    let held: Vec<Regulatory> = regulatory.iter().filter_map(regulatory_of).collect();
    part.close();
    let mut destination = Destination::new(account?);
    if let Some(service) = service {
        destination = destination.with_messaging_service(service);
    }
    Some(held.into_iter().fold(destination, |destination, held| {
        destination.with_regulatory(held)
    }))
}

fn regulatory_of(part: &Fields<'_>) -> Option<Regulatory> {
    let country = part.needed("country", Region::new);
    let bundle = part.read("bundle", BundleId::parse);
    let address = part.read("address", AddressId::parse);
    part.close();
    match (country?, bundle, address) {
        (country, Some(bundle), None) => Some(Regulatory::bundle(country, bundle)),
        (country, None, Some(address)) => Some(Regulatory::address(country, address)),
        (country, Some(bundle), Some(address)) => {
            Some(Regulatory::bundle(country, bundle).and_address(address))
        }
        (_, None, None) => {
            part.fail("bundle", "name a bundle, an address, or both");
            None
        }
    }
}

fn earliest(part: &Fields<'_>) -> Option<EarliestPortDate> {
    let day = part.needed("date", date);
    let zone = part.needed("zone", Zone::parse);
    part.close();
    Some(EarliestPortDate::new(day?, zone?))
}

fn acknowledged(form: &Fields<'_>) -> Vec<A2pPoint> {
    let Some(value) = form.value("acknowledge") else {
        return Vec::new();
    };
    let names = A2pPoint::ALL.map(|point| super::stored_name(&point));
    let point = |value: &Value| {
        let place = names.iter().position(|name| value.as_str() == Some(name))?;
        Some(A2pPoint::ALL[place])
    };
    let points: Option<Vec<A2pPoint>> =
        (value.as_array()).and_then(|points| points.iter().map(point).collect());
    points.unwrap_or_else(|| {
        let why = format!("this must be a list of: {}", names.join(", "));
        form.fail("acknowledge", why);
        Vec::new()
    })
}
