//! A messy list and a half-filled form in; findings, the letter, the request to the losing platform
//! and the first customer updates out: `cargo run --example intake [DIRECTORY]`.
//!
//! The letter is written to DIRECTORY, as text and as PDF; without one, to `snap-port-intake` in the
//! directory for temporary files. The carrier is simulated and the clock virtual.

mod table;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use snap_port::testing::{SimCarrier, VirtualClock};
use snap_port::{
    A2pAcknowledgements, A2pPoint, AccountId, Actor, AddressForm, AddressId, AttemptKey,
    AuthorizedPerson, Bearing, CarrierClient, CarrierName, Clock, CustomerName, DeskError,
    DeskView, Destination, DocumentFile, EarliestPortDate, English, EnglishLetter, GainingPlatform,
    LetterOfAuthorization, LosingAccount, LosingPlatform, MemoryStore, MessagingService, Note,
    NumberList, PaperSize, PdfStyle, PortDesk, PortRequestId, ProofKind, ProofOfOwnership,
    Readiness, Region, Regulatory, ReleaseRequest, ReleaseTicket, Role, ServiceAddress, Zone,
    customer_update,
};
use table::shown::{Plain, Shown};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/intake");
    let out = std::env::args_os().nth(1).map_or_else(
        || std::env::temp_dir().join("snap-port-intake"),
        PathBuf::from,
    );
    let zone = Zone::parse("America/Los_Angeles")?;
    let clock = VirtualClock::at("2026-11-23T17:00:00Z".parse()?);
    let carrier = SimCarrier::new(clock.clone(), 7);
    let intake = Intake {
        desk: PortDesk::new(Arc::new(MemoryStore::new()), Arc::new(clock.clone()))
            .with_carrier(Arc::new(carrier.clone())),
        id: PortRequestId::parse("blue-door-2")?,
        clock,
        carrier,
        ours: GainingPlatform::new("Aloware", "transfers@aloware.test")?,
        under: CarrierName::new("Twilio")?,
        zone,
    };
    let ann = Actor::new("Ann Rivera", Role::Admin)?;
    let sam = Actor::new("Sam Okoye", Role::Support)?;

    heading("1. The list as it came");
    messy(&std::fs::read(folder.join("messy.csv"))?);
    heading("   The list as Ann mended it");
    let numbers = mended(&std::fs::read(folder.join("mended.csv"))?)?;

    heading("2. The form, half filled");
    intake.half_fill(&folder, &ann, &numbers).await?;
    let readiness = intake.desk.readiness(&intake.id).await?;
    findings(&readiness);
    if let Err(error @ DeskError::NotReady(_)) = intake.seal(&ann).await {
        println!("\n  Ann clicks Submit all the same:");
        table::quote(">", &error.to_string());
    }

    heading("3. The letter of authorization");
    let letter = intake.letter(&numbers)?;
    let file = print_letter(&letter, &out)?;

    heading("4. The request to the losing platform");
    intake.ask_release(&sam).await?;

    heading("5. What the customer is told");
    intake.tell().await?;
    intake.clock.advance(TimeDelta::hours(3));
    intake.complete(&folder, &ann, &letter, file).await?;
    let readiness = intake.desk.readiness(&intake.id).await?;
    println!("\n  Three hours later:\n");
    findings(&readiness);
    intake.seal(&ann).await?;
    println!("\n  Ann clicks Submit.\n");
    intake.tell().await
}

/// One request on its way in.
struct Intake {
    desk: PortDesk,
    id: PortRequestId,
    clock: VirtualClock,
    carrier: SimCarrier,
    ours: GainingPlatform,
    under: CarrierName,
    zone: Zone,
}

impl Intake {
    /// What Ann has at hand: the list, two bills, the accounts, a date, one box ticked.
    async fn half_fill(&self, folder: &Path, ann: &Actor, numbers: &NumberList) -> Result<()> {
        let old = describe(folder, "old-bill.pdf")?;
        let locked = describe(folder, "locked.pdf")?;
        let losing = losing_account()?;
        let destination = Destination::new(gaining_account()?);
        let earliest = EarliestPortDate::new(day("2026-12-01")?, self.zone.clone());
        let issued = day("2026-05-04")?;
        let now = self.clock.now();

        self.desk
            .start(self.id.clone(), self.carrier.id(), ann.permit()?)
            .await?;
        self.desk
            .fill(&self.id, |form| {
                form.set_numbers(numbers.clone())
                    .add_proof(ProofOfOwnership::new(ProofKind::Bill, old).issued_on(issued))
                    .add_proof(ProofOfOwnership::new(ProofKind::Bill, locked))
                    .set_losing(losing)
                    .set_destination(destination)
                    .set_earliest(earliest);
                if let Some(point) = A2pPoint::ALL.first() {
                    form.acknowledge(*point, ann, now);
                }
            })
            .await?;
        Ok(())
    }

    fn letter(&self, numbers: &NumberList) -> Result<LetterOfAuthorization> {
        let address = ServiceAddress::parse(&AddressForm {
            street: "500 Pine Street".to_owned(),
            city: "Oakland".to_owned(),
            region: "CA".to_owned(),
            postal_code: "94612".to_owned(),
            country: "US".to_owned(),
        })?;
        let signer = AuthorizedPerson::new("Ann Rivera")?
            .with_title("Owner")?
            .with_email("ann@bluedoor.test")?;
        Ok(LetterOfAuthorization::builder()
            .customer(CustomerName::new("Blue Door Dental")?)
            .address(address)
            .authorized(signer)
            .numbers(numbers.clone())
            .losing(losing_account()?)
            .gaining(self.ours.clone())
            .destination(Destination::new(gaining_account()?))
            .carrier(self.under.clone())
            .build())
    }

    /// Prints the request, and records that Sam sent it.
    async fn ask_release(&self, sam: &Actor) -> Result<()> {
        // The draft's own form: it changes nothing.
        let request = self
            .desk
            .fill(&self.id, |form| {
                ReleaseRequest::compose(form, &self.ours, &self.under)
            })
            .await??;
        println!("  Where to send it: {}", Plain(request.ask_at().text()));
        println!("  Subject: {}\n", Plain(&request.subject()));
        table::quote("|", &request.body());
        self.desk
            .note(&self.id, Note::ReleaseRequested, sam.permit()?)
            .await?;
        if let Some(entry) = self.desk.get(&self.id).await?.timeline().last() {
            let when = self.zone.show(entry.occurred_at());
            println!("\n  Recorded, {when}: {}", Shown(entry));
        }
        Ok(())
    }

    /// What was open: the signed letter, a fresh bill, the ticket, the destination, the boxes.
    async fn complete(
        &self,
        folder: &Path,
        ann: &Actor,
        letter: &LetterOfAuthorization,
        file: DocumentFile,
    ) -> Result<()> {
        let today = self.zone.date(self.clock.now());
        let signed = letter.signed("Ann Rivera", today, file)?;
        let bill = ProofOfOwnership::new(ProofKind::Bill, describe(folder, "bill.pdf")?)
            .issued_on(day("2026-11-02")?);
        let ticket = ReleaseTicket::new(LosingPlatform::JustCall, "JC-48213")?;
        let london = AddressId::parse("AD44444444444444444444444444444444")?;
        let destination = Destination::new(gaining_account()?)
            .with_messaging_service(MessagingService::parse(
                "MG33333333333333333333333333333333",
            )?)
            .with_regulatory(Regulatory::address(Region::new("GB")?, london));
        let boxes = A2pAcknowledgements::all_by(ann, self.clock.now());
        self.desk
            .fill(&self.id, |form| {
                form.set_loa(signed)
                    .replace_proofs(vec![bill])
                    .set_ticket(ticket)
                    .set_destination(destination)
                    .set_a2p(boxes);
            })
            .await?;
        Ok(())
    }

    async fn seal(&self, ann: &Actor) -> std::result::Result<AttemptKey, DeskError> {
        let permit = ann.permit().map_err(snap_port::Violation::from)?;
        self.desk.seal(&self.id, permit).await
    }

    async fn tell(&self) -> Result<()> {
        let request = self.desk.get(&self.id).await?;
        let can = self.carrier.capabilities();
        let view = DeskView::new(&can, self.desk.policy(), self.clock.now())
            .with_sender(&self.ours, &self.under);
        let message = customer_update(&request, &view).message(&English);
        println!("  To Ann Rivera, {}:\n", self.zone.show(self.clock.now()));
        table::quote("|", &message.to_string());
        Ok(())
    }
}

/// The bad lines of the list: where, what, why, and what was probably meant.
fn messy(bytes: &[u8]) {
    let Err(error) = NumberList::from_csv_bytes(bytes, Some(Region::US)) else {
        return println!("  every line is a number");
    };
    println!("  {} entries cannot be used:\n", error.bad_lines());
    let widths = [4, 24, 60, 13];
    table::head(&widths, &["line", "text", "reason", "meant?"]);
    for bad in error.lines() {
        let meant = bad
            .suggestion()
            .map_or_else(|| "-".to_owned(), |number| number.to_string());
        let (line, reason) = (bad.line().to_string(), bad.problem().to_string());
        table::row(&widths, &[&line, bad.text(), &reason, &meant]);
    }
}

fn mended(bytes: &[u8]) -> Result<NumberList> {
    let numbers = NumberList::from_csv_bytes(bytes, Some(Region::US))?;
    println!("  {} numbers; what some of them need:\n", numbers.len());
    for need in numbers.needs() {
        let of: Vec<String> = need.numbers().iter().map(ToString::to_string).collect();
        table::quote("", &format!("{}:\n  {}", of.join(", "), need.what()));
    }
    Ok(numbers)
}

/// What stands in the way of the form, or may, and who must act.
fn findings(readiness: &Readiness) {
    let (done, of) = readiness.progress();
    let (blocks, warns) = (readiness.blockers().count(), readiness.warnings().count());
    println!("  {done} of {of} parts are there; {blocks} findings block, {warns} warn.");
    if readiness.concerns().is_empty() {
        return;
    }
    println!();
    let widths = [6, 16, 40, 44, 15];
    table::head(&widths, &["", "part", "reason", "what to do", "who"]);
    for concern in readiness.concerns() {
        let weight = match concern.bearing() {
            Bearing::Blocks => "blocks",
            Bearing::Warns => "warns",
            Bearing::Overridden { .. } => "waived",
        };
        let (part, who) = (concern.part().to_string(), concern.party().to_string());
        let cells = [weight, &part, concern.reason(), concern.remedy(), &who];
        table::row(&widths, &cells);
    }
}

/// Writes the letter as text and as PDF, and shows how it begins. The PDF stands for what comes
/// back signed.
fn print_letter(letter: &LetterOfAuthorization, out: &Path) -> Result<DocumentFile> {
    const SHOWN: usize = 40;
    let text = letter.text(&EnglishLetter);
    let style = PdfStyle::new(PaperSize::UsLetter);
    let pdf = letter.pdf(&EnglishLetter, &style)?;
    for line in text.lines().take(SHOWN) {
        println!("{}", Plain(format!("  | {line}").trim_end()));
    }
    let more = text.lines().count().saturating_sub(SHOWN);
    println!("  ({more} more lines)\n");
    std::fs::create_dir_all(out)?;
    for (name, bytes) in [("letter.txt", text.as_bytes()), ("letter.pdf", &pdf)] {
        let path = out.join(name);
        std::fs::write(&path, bytes)?;
        println!("  {}: {} bytes", Shown(path.display()), bytes.len());
    }
    println!("  list code on every page: {}", letter.list_code());
    Ok(DocumentFile::describe("letter.pdf", "letter.pdf", &pdf)?)
}

fn describe(folder: &Path, name: &str) -> Result<DocumentFile> {
    let bytes = std::fs::read(folder.join(name))?;
    Ok(DocumentFile::describe(name, name, &bytes)?)
}

fn losing_account() -> Result<LosingAccount> {
    let account = AccountId::parse("bluedoor")?;
    Ok(LosingAccount::new(LosingPlatform::JustCall, account)
        .with_carrier_account(AccountId::parse("AC11111111111111111111111111111111")?))
}

fn gaining_account() -> Result<AccountId> {
    Ok(AccountId::parse("AC22222222222222222222222222222222")?)
}

fn day(text: &str) -> Result<NaiveDate> {
    Ok(text.parse()?)
}

fn heading(text: &str) {
    println!("\n{text}\n");
}
