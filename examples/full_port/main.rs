//! A whole port, from a customer's files to the confirmation: `cargo run --example full_port`.
//!
//! It runs at Twilio, over HTTP, against a Twilio on loopback: people file the ticket and state what
//! they read in it, the rest is seen on the wire. With `--sim` the carrier is simulated instead and
//! does every step by API. The clock is virtual; the number list, the letter and the bill beside
//! this file are real. On the way the review sends the request back once, the losing platform is
//! reminded and asks a fee, the process restarts from its stored record, the slot the customer wants
//! is after hours, and texts fail until the numbers are registered. Whenever they change, the
//! customer update and the work list are shown.

mod form;
mod ground;
#[path = "../intake/table.rs"]
mod table;
mod telling;

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use chrono::{NaiveTime, TimeDelta};
use ground::Ground;
use snap_port::testing::VirtualClock;
use snap_port::{
    A2pAcknowledgements, AccountId, Actor, AnyPortRequest, BusinessCalendar, CarrierClient,
    CarrierName, CarryoverItem, CarryoverState, Clock, DeskError, Destination, DirectoryDocuments,
    EarliestPortDate, Finding, GainingPlatform, LosingAccount, LosingPlatform, MemoryStore,
    MessagingService, Note, Override, PortDesk, PortRequestId, PortSlot, PortStore, ProofKind,
    ProofOfOwnership, ReleaseRequest, ReleaseTicket, Role, RoutePolicy, Rule, Status, Write, Zone,
    act,
};
use table::shown::Plain;
use telling::{Port, Told};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/full_port");
    let zone = Zone::parse("America/Los_Angeles")?;
    let clock = VirtualClock::at("2026-11-23T17:00:00Z".parse()?);
    let ours = GainingPlatform::new("Aloware", "transfers@aloware.test")?;
    let numbers = form::numbers(&folder)?;
    let mut ground = match std::env::args().nth(1).as_deref() {
        None => Ground::twilio(&clock, &ours, &numbers).await?,
        Some("--sim") => Ground::simulated(&clock),
        Some(other) => return Err(format!("{other}? usage: full_port [--sim]").into()),
    };
    let carrier = ground.carrier();
    let under = CarrierName::new("Twilio")?;
    let store = Arc::new(MemoryStore::new());
    let open_desk = |store: &Arc<MemoryStore>| {
        // Staff keep business days in the customer's zone.
        PortDesk::new(store.clone(), Arc::new(clock.clone()))
            .with_policy(RoutePolicy::new(BusinessCalendar::new(zone.clone())))
            .with_sender(ours.clone(), [(carrier.id(), under.clone())])
            .with_carrier(carrier.clone())
    };
    let mut port = Port {
        desk: open_desk(&store),
        id: PortRequestId::parse("blue-door-1")?,
        clock: clock.clone(),
        zone: zone.clone(),
        ours: ours.clone(),
        under: under.clone(),
        can: carrier.capabilities(),
        told: Told::default(),
    };

    let ann = Actor::new("Ann Rivera", Role::Admin)?;
    let sam = Actor::new("Sam Okoye", Role::Support)?;
    let cleo = Actor::new("Cleo Marsh", Role::CustomerSuccess)?;

    port.heading("The customer fills in the form");
    let documents = DirectoryDocuments::new(&folder)?;
    let (scan, bill) = form::documents_of(&documents).await?;
    let earliest = EarliestPortDate::new(form::day("2026-12-01")?, zone.clone());
    let losing = LosingAccount::new(LosingPlatform::JustCall, AccountId::parse("bluedoor")?)
        .with_carrier_account(AccountId::parse(ground::LOSING)?);
    let destination = Destination::new(AccountId::parse(ground::GAINING)?)
        .with_messaging_service(MessagingService::parse(ground::SERVICE)?);
    port.desk
        .start(port.id.clone(), carrier.id(), ann.permit()?)
        .await?;
    let proof = ProofOfOwnership::new(ProofKind::Bill, bill).issued_on(form::day("2026-11-01")?);
    let boxes = A2pAcknowledgements::all_by(&ann, clock.now());
    port.desk
        .fill(&port.id, |form| {
            form.set_numbers(numbers.clone())
                .add_proof(proof)
                .set_losing(losing.clone())
                .set_destination(destination.clone())
                .set_earliest(earliest.clone())
                .set_a2p(boxes);
        })
        .await?;
    port.findings().await?;
    port.tell().await?;

    port.heading("We write the letter; Ann signs it, and JustCall is asked");
    let letter = form::authorization(&port, &numbers, losing, destination)?;
    form::print(&letter)?;
    clock.advance(TimeDelta::minutes(30));
    let signed = letter.signed("Ann Rivera", zone.date(clock.now()), scan)?;
    let ask = port
        .desk
        .fill(&port.id, |form| {
            form.set_loa(signed);
            ReleaseRequest::compose(form, &port.ours, &port.under)
        })
        .await??;
    form::guide(&LosingPlatform::JustCall);
    println!("\n  To JustCall: {}", Plain(&ask.subject()));
    table::quote(
        "|",
        &ask.body().lines().take(3).collect::<Vec<_>>().join("\n"),
    );
    port.desk
        .note(&port.id, Note::ReleaseRequested, ann.permit()?)
        .await?;
    let invoice = ReleaseTicket::new(LosingPlatform::JustCall, "INV-2026-11")?;
    port.desk
        .fill(&port.id, |form| {
            form.set_ticket(invoice);
        })
        .await?;
    port.findings().await?;
    let attempt = port.desk.seal(&port.id, ann.permit()?).await?;
    port.tell().await?;

    port.heading("Support reviews it, and sends it back once");
    clock.advance(TimeDelta::minutes(40));
    let finding = Finding {
        field: "release ticket".to_owned(),
        reason: "INV-2026-11 is an invoice, not a ticket".to_owned(),
        remedy: "ask JustCall to approve the transfer, and enter the ticket they give".to_owned(),
    };
    port.desk
        .send_back(&attempt, sam.permit()?, vec![finding])
        .await?;
    port.tell().await?;
    clock.advance(TimeDelta::hours(2));
    let ticket = ReleaseTicket::new(LosingPlatform::JustCall, "JC-48213")?;
    port.desk
        .fill(&port.id, |form| {
            form.set_ticket(ticket);
        })
        .await?;
    let attempt = port.desk.seal(&port.id, ann.permit()?).await?;
    port.tell().await?;
    clock.advance(TimeDelta::minutes(30));
    // Sam reads the code on the signed pages, and compares no number.
    let read = letter.list_code().to_string().parse()?;
    port.desk
        .pass_review_by_code(&attempt, sam.permit()?, read)
        .await?;
    port.advance().await?;
    ground.file(&mut port, &sam).await?;

    port.heading("Two business days of silence: the losing platform is reminded");
    clock.advance(TimeDelta::days(2));
    port.advance().await?;
    port.remind(&sam).await?;

    port.heading("It asks a fee; the fee is paid, and the transfer approved");
    clock.advance(TimeDelta::hours(3));
    ground.read_ticket(&port, &sam).await?;
    port.advance().await?;
    clock.advance(TimeDelta::hours(43));
    ground.reply();
    clock.advance(TimeDelta::hours(70));
    ground.read_ticket(&port, &sam).await?;
    port.advance().await?;

    port.heading("The process restarts: only the stored record is left");
    let (bytes, store) = restart(&store, &port.id).await?;
    port.desk = open_desk(&store);
    println!("  {bytes} bytes written, dropped and read back");
    port.advance().await?;
    if let Some(waiting) = port.desk.waiting(&port.id).await? {
        println!("  still awaited from the {waiting}");
    }

    port.heading("A slot is agreed with the customer");
    let slot = agree(&port, &earliest, &sam).await?;
    ground.agree(&port, &sam, &slot).await?;
    let exported = carryover(CarryoverItem::OptOuts, CarryoverState::Exported);
    port.desk.note(&port.id, exported, ann.permit()?).await?;
    port.advance().await?;

    port.heading("The numbers move, one by one");
    clock.set(slot.begins());
    port.tell().await?;
    while port.status().await? == Status::Scheduled {
        clock.advance(TimeDelta::seconds(20));
        port.look().await?;
    }
    port.tell().await?;

    port.heading("Numbers are put into service; texts fail until they are registered");
    port.table().await?;
    clock.advance(TimeDelta::days(4));
    port.advance().await?;
    // A text that passed proves its number registered: that is seen at the next look.
    port.advance().await?;
    ground.explain_alerts(&port, &sam).await?;
    port.tell().await?;
    port.table().await?;

    port.heading("Customer success confirms");
    port.desk
        .sign_off(&port.id, cleo.permit::<act::SignOff>()?)
        .await?;
    port.tell().await?;

    port.heading("What stayed behind is set up anew, and campaigns may start");
    port.campaigns().await?;
    for (item, state) in [
        (CarryoverItem::OptOuts, CarryoverState::Done),
        (CarryoverItem::E911, CarryoverState::Done),
        (CarryoverItem::TollFreeVerification, CarryoverState::Done),
        (CarryoverItem::WhatsAppSender, CarryoverState::NotUsed),
        (CarryoverItem::Cnam, CarryoverState::NotUsed),
    ] {
        let note = carryover(item, state);
        port.desk.note(&port.id, note, cleo.permit()?).await?;
    }
    port.tell().await?;
    port.campaigns().await?;

    port.heading("Should they ever want to go back: the way back is a request of its own");
    port.way_back(&ann).await?;

    assert_eq!(port.status().await?, Status::Verified);
    assert_eq!(ground.orders(&port), 1);
    println!(
        "\nVerified: {} numbers, one order at the carrier.",
        numbers.len()
    );
    Ok(())
}

/// Writes the stored record to a file, forgets the store, and reads the file into a new one.
async fn restart(store: &MemoryStore, id: &PortRequestId) -> Result<(usize, Arc<MemoryStore>)> {
    let stored = store.get(id).await?.ok_or("the request is stored")?;
    let file = std::env::temp_dir().join(format!("snap-port-{}.json", std::process::id()));
    std::fs::write(&file, stored.read()?.to_json()?)?;
    let bytes = std::fs::read(&file)?;
    std::fs::remove_file(&file)?;
    let fresh = MemoryStore::new();
    let write = Write::first(stored.row, &AnyPortRequest::from_json(&bytes)?)?;
    fresh.commit(&[write]).await?;
    let bytes = bytes.len();
    Ok((bytes, Arc::new(fresh)))
}

/// What is said of all numbers.
fn carryover(item: CarryoverItem, state: CarryoverState) -> Note {
    Note::Carryover {
        item,
        numbers: None,
        state,
    }
}

/// Asks for the evening the customer wishes, which is refused, and offers what the calendar has;
/// nothing suits. Staff learn that Twilio works that evening, and the rule gives way.
async fn agree(port: &Port, earliest: &EarliestPortDate, sam: &Actor) -> Result<PortSlot> {
    let eight = NaiveTime::from_hms_opt(20, 0, 0).ok_or("a time of day")?;
    let evening = port.zone.at(earliest.date().and_time(eight));
    let evening = PortSlot::hour(evening, port.zone.clone());
    println!("  Ann would like {evening}:");
    match port
        .desk
        .ask_slot(&port.id, evening.clone(), sam.permit()?)
        .await
    {
        Err(error @ DeskError::Slot(_)) => table::quote("!", &error.to_string()),
        other => other?,
    }
    let calendar = port.desk.policy().calendar();
    println!("  Sam offers:");
    for slot in calendar
        .slots(earliest.begins(), TimeDelta::hours(1))
        .take(3)
    {
        println!("    {slot}");
    }
    println!(
        "  Ann sees patients then. Twilio's support works that evening; Sam overrides the rule.\n"
    );
    let evening_all_the_same = Override {
        rule: Rule::SlotHours,
        value: RoutePolicy::slot_value(&evening),
        reason: "the practice is open by day, and Twilio moves them in the evening".to_owned(),
    };
    port.desk
        .override_rule(&port.id, evening_all_the_same, sam.permit()?)
        .await?;
    port.desk
        .ask_slot(&port.id, evening.clone(), sam.permit()?)
        .await?;
    Ok(evening)
}
