//! A whole port, from a customer's files to the confirmation: `cargo run --example full_port`.
//!
//! The carrier is simulated and the clock virtual; the number list, the letter and the bill beside
//! this file are real. On the way the review sends the request back once, the losing platform asks
//! a fee, the process restarts from its stored record, and texts fail until the numbers are
//! registered.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use snap_port::testing::{Script, SimCarrier, VirtualClock};
use snap_port::{
    A2pAcknowledgements, AccountId, Actor, AnyPortRequest, CarrierClient, Check, CheckState, Clock,
    Destination, DirectoryDocuments, DocumentFile, DocumentSource, EarliestPortDate, Entry,
    Finding, Hold, Locator, LosingAccount, LosingPlatform, MemoryStore, MessagingService,
    NumberList, PortDesk, PortRequestId, PortSlot, PortStore, ProofKind, ProofOfOwnership, Reason,
    Region, ReleaseTicket, Role, SignedLoa, Status, Write, Zone, act,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/full_port");
    let zone = Zone::parse("America/Los_Angeles")?;
    let clock = VirtualClock::at("2026-11-23T17:00:00Z".parse()?);
    let fee = Hold::new(Reason::FeeDemanded, "transfer fee of $25 is due");
    let carrier = SimCarrier::new(clock.clone(), 7).with_script(Script::default().hold(
        fee,
        TimeDelta::hours(4),
        Some(TimeDelta::hours(30)),
    ));
    let store = Arc::new(MemoryStore::new());
    let mut port = Port {
        desk: desk(&store, &clock, &carrier),
        id: PortRequestId::parse("blue-door-1")?,
        clock: clock.clone(),
        zone: zone.clone(),
        told: 0,
    };

    let ann = Actor::new("Ann Rivera", Role::Admin)?;
    let sam = Actor::new("Sam Okoye", Role::Support)?;
    let cleo = Actor::new("Cleo Marsh", Role::CustomerSuccess)?;

    heading("The customer fills in the form");
    let numbers = numbers(&folder)?;
    let documents = DirectoryDocuments::new(&folder)?;
    let (letter, bill) = documents_of(&documents).await?;
    let earliest = EarliestPortDate::new(day("2026-12-01")?, zone.clone());
    let losing = LosingAccount::new(LosingPlatform::JustCall, AccountId::parse("bluedoor")?)
        .with_carrier_account(AccountId::parse("AC11111111111111111111111111111111")?);
    let destination = Destination::new(AccountId::parse("AC22222222222222222222222222222222")?)
        .with_messaging_service(MessagingService::parse(
            "MG33333333333333333333333333333333",
        )?);
    port.desk
        .start(port.id.clone(), carrier.id(), ann.permit()?)
        .await?;
    let loa = SignedLoa::new("Ann Rivera", day("2026-11-20")?, numbers.clone(), letter)?;
    let proof = ProofOfOwnership::new(ProofKind::Bill, bill).issued_on(day("2026-11-01")?);
    let invoice = ReleaseTicket::new(LosingPlatform::JustCall, "INV-2026-11")?;
    let boxes = A2pAcknowledgements::all_by(&ann, clock.now());
    port.desk
        .fill(&port.id, |form| {
            form.set_numbers(numbers.clone())
                .set_loa(loa)
                .add_proof(proof)
                .set_losing(losing)
                .set_ticket(invoice)
                .set_destination(destination)
                .set_earliest(earliest.clone())
                .set_a2p(boxes);
        })
        .await?;
    port.desk.seal(&port.id, ann.permit()?).await?;
    port.tell().await?;

    heading("Support reviews it, and sends it back once");
    clock.advance(TimeDelta::minutes(40));
    let finding = Finding {
        field: "release ticket".to_owned(),
        reason: "INV-2026-11 is an invoice, not a ticket".to_owned(),
        remedy: "ask JustCall to approve the transfer, and enter the ticket they give".to_owned(),
    };
    port.desk
        .send_back(&port.id, sam.permit()?, vec![finding])
        .await?;
    port.tell().await?;
    clock.advance(TimeDelta::hours(2));
    let ticket = ReleaseTicket::new(LosingPlatform::JustCall, "JC-48213")?;
    port.desk
        .fill(&port.id, |form| {
            form.set_ticket(ticket);
        })
        .await?;
    port.desk.seal(&port.id, ann.permit()?).await?;
    clock.advance(TimeDelta::minutes(30));
    port.desk
        .pass_review(&port.id, sam.permit()?, numbers.clone())
        .await?;
    port.advance().await?;

    heading("The losing platform asks a fee; it is paid, and the transfer approved");
    clock.advance(TimeDelta::hours(5));
    port.advance().await?;
    clock.advance(TimeDelta::hours(26));
    port.advance().await?;

    heading("The process restarts: only the stored record is left");
    let (bytes, store) = restart(&store, &port.id).await?;
    port.desk = desk(&store, &clock, &carrier);
    println!("  {bytes} bytes written, dropped and read back");
    port.advance().await?;

    heading("A slot is agreed with the customer");
    let nine = NaiveTime::from_hms_opt(9, 0, 0).ok_or("a time of day")?;
    let slot = PortSlot::hour(zone.at(earliest.date().and_time(nine)), zone.clone());
    port.desk
        .ask_slot(&port.id, slot.clone(), sam.permit()?)
        .await?;
    port.advance().await?;

    heading("The numbers move, one by one");
    clock.set(slot.begins());
    while port.status().await? == Status::Scheduled {
        clock.advance(TimeDelta::seconds(20));
        port.look().await?;
    }
    port.tell().await?;

    heading("Numbers are put into service; texts fail until they are registered");
    port.table().await?;
    clock.advance(TimeDelta::days(4));
    port.advance().await?;
    port.table().await?;

    heading("Customer success confirms");
    port.desk
        .sign_off(&port.id, cleo.permit::<act::SignOff>()?)
        .await?;
    port.tell().await?;
    assert_eq!(port.status().await?, Status::Verified);
    assert_eq!(carrier.submissions_of(&port.id), 1);
    println!(
        "\nVerified: {} numbers, one order at the carrier.",
        numbers.len()
    );
    Ok(())
}

/// The port this program follows, and how much of its timeline was shown.
struct Port {
    desk: PortDesk,
    id: PortRequestId,
    clock: VirtualClock,
    zone: Zone,
    told: usize,
}

impl Port {
    async fn advance(&mut self) -> Result<()> {
        self.look().await?;
        self.tell().await
    }

    /// Advances and shows what is new, without what is awaited.
    async fn look(&mut self) -> Result<()> {
        if let Some(trouble) = self.desk.advance(&self.id).await?.trouble {
            println!("  ! {trouble}");
        }
        self.tell_entries().await
    }

    async fn tell(&mut self) -> Result<()> {
        self.tell_entries().await?;
        if let Some(waiting) = self.desk.waiting(&self.id).await? {
            let days = (self.clock.now() - waiting.since).num_days();
            let since = self.zone.show(waiting.since);
            println!("  ... awaited from the {waiting} (since {since}, {days} days)");
        }
        Ok(())
    }

    async fn tell_entries(&mut self) -> Result<()> {
        let request = self.desk.get(&self.id).await?;
        let entries = request.timeline();
        for entry in entries.iter().skip(self.told) {
            println!("  {}", self.line(entry));
        }
        self.told = entries.len();
        Ok(())
    }

    /// When, what state it led to, what happened, who says so or on what basis.
    fn line(&self, entry: &Entry<'_>) -> String {
        let when = self.zone.show(entry.occurred_at());
        let state = entry
            .enters()
            .map_or_else(String::new, |status| status.to_string());
        let whence = match (entry.basis(), entry.by()) {
            (Some(basis), _) => format!("{basis}"),
            (None, Some(by)) => format!("by {by}"),
            (None, None) => "by the desk".to_owned(),
        };
        format!("{when:<26}{state:<17}{entry} [{whence}]")
    }

    async fn status(&self) -> Result<Status> {
        Ok(self.desk.get(&self.id).await?.status())
    }

    async fn table(&self) -> Result<()> {
        let AnyPortRequest::Ported(request) = self.desk.get(&self.id).await? else {
            return Err("the numbers have not arrived".into());
        };
        print!("\n  {:<14}", "number");
        for check in Check::ALL {
            print!("{:<14}", check.to_string());
        }
        println!();
        for row in request.table().rows() {
            print!("  {:<14}", row.number().to_string());
            for check in Check::ALL {
                let state = match row.check(check) {
                    CheckState::Open => "-",
                    CheckState::Failed(_) => "failed",
                    CheckState::Passed(_) => "ok",
                    CheckState::Waived(_) => "waived",
                };
                print!("{state:<14}");
            }
            println!();
        }
        println!();
        Ok(())
    }
}

fn desk(store: &Arc<MemoryStore>, clock: &VirtualClock, carrier: &SimCarrier) -> PortDesk {
    PortDesk::new(store.clone(), Arc::new(clock.clone())).with_carrier(Arc::new(carrier.clone()))
}

/// Writes the stored record to a file, forgets the store, and reads the file into a new one.
async fn restart(store: &MemoryStore, id: &PortRequestId) -> Result<(usize, Arc<MemoryStore>)> {
    let (mut record, _) = store.get(id).await?.ok_or("the request is stored")?;
    let file = std::env::temp_dir().join(format!("snap-port-{}.json", std::process::id()));
    std::fs::write(&file, &record.bytes)?;
    record.bytes = Vec::new();
    record.bytes = std::fs::read(&file)?;
    std::fs::remove_file(&file)?;
    let bytes = record.bytes.len();
    let fresh = MemoryStore::new();
    let write = Write {
        record,
        expected: None,
    };
    fresh.commit(&[write]).await?;
    Ok((bytes, Arc::new(fresh)))
}

fn numbers(folder: &Path) -> Result<NumberList> {
    let text = std::fs::read_to_string(folder.join("numbers.csv"))?;
    let numbers = NumberList::from_csv(&text, Some(Region::US))?;
    println!("  {} numbers read from numbers.csv", numbers.len());
    Ok(numbers)
}

/// Describes the uploaded letter and bill: size, digest, and where they are kept.
async fn documents_of(source: &DirectoryDocuments) -> Result<(DocumentFile, DocumentFile)> {
    let mut files = Vec::new();
    for name in ["letter.pdf", "bill.pdf"] {
        let bytes = source.read(&Locator::parse(name)?).await?;
        let file = DocumentFile::describe(name, name, &bytes)?;
        println!("  {name}: {} bytes, SHA-256 {}", file.size(), file.sha256());
        files.push(file);
    }
    let bill = files.pop().ok_or("a bill")?;
    let letter = files.pop().ok_or("a letter")?;
    Ok((letter, bill))
}

fn day(text: &str) -> Result<NaiveDate> {
    Ok(text.parse()?)
}

fn heading(text: &str) {
    println!("\n{text}");
}
