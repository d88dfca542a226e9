//! The command line.

use std::sync::Arc;

use indicatif::ProgressBar;
use snap_port::{MemoryStore, PortDesk, PortRequestId, SystemClock};

use super::port_desk::import::import;
use super::port_desk::options::{Command, Options};
use super::port_desk::store::Kind;
use super::port_desk::tables;

fn options(line: &str) -> Result<Options, String> {
    Options::parse(line.split_whitespace().map(str::to_owned), 7)
}

fn desk() -> PortDesk {
    PortDesk::new(Arc::new(MemoryStore::new()), Arc::new(SystemClock))
}

async fn imported(desk: &PortDesk, line: &str) -> Result<String, String> {
    let Command::Import(wanted) = options(line)?.command else {
        panic!("no import");
    };
    let (mut out, bar) = (Vec::new(), ProgressBar::hidden());
    let done = import(desk, &wanted, &bar, &mut out).await;
    done.map_err(|why| why.to_string())?;
    Ok(String::from_utf8(out).unwrap())
}

const LIST: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/examples/full_port/numbers.csv"
);
const MESSY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/intake/messy.csv");

#[tokio::test]
async fn a_list_becomes_one_draft_named_as_its_file() {
    let desk = desk();
    let line = format!("--store sqlite:x import {LIST} --region US");
    let first = imported(&desk, &line).await.unwrap();
    assert!(
        first.contains("numbers: ") && first.contains("1 drafts made, 0 were"),
        "{first}"
    );
    let id = PortRequestId::parse("numbers").unwrap();
    let made = desk.get(&id).await.unwrap();
    assert!(made.numbers().is_some_and(|numbers| numbers.len() > 2));
    // Repeated, it changes nothing.
    let again = imported(&desk, &line).await.unwrap();
    assert!(again.contains("0 drafts made, 1 were"), "{again}");
    assert_eq!(
        desk.get(&id).await.unwrap().history_len(),
        made.history_len()
    );
}

#[tokio::test]
async fn a_list_is_parted_where_that_is_asked_for_and_an_import_goes_on_where_it_broke_off() {
    let desk = desk();
    let line = format!("--store sqlite:x import {LIST} --region US --request acme --at-most 2");
    let by = snap_port::Actor::new("import", snap_port::Role::Admin).unwrap();
    let carrier = snap_port::CarrierId::parse("twilio").unwrap();
    let half = PortRequestId::parse("acme-1").unwrap();
    desk.start(half.clone(), carrier, by.permit().unwrap())
        .await
        .unwrap();
    let out = imported(&desk, &line).await.unwrap();
    assert!(
        out.contains("acme-1: 2 numbers") && out.contains("0 were there"),
        "{out}"
    );
    assert_eq!(desk.get(&half).await.unwrap().numbers().unwrap().len(), 2);
    // One of that name with other numbers is not touched.
    let other = format!("--store sqlite:x import {LIST} --region US --request acme-1");
    let error = imported(&desk, &other).await.unwrap_err();
    assert!(error.contains("other numbers"), "{error}");
    assert_eq!(desk.get(&half).await.unwrap().numbers().unwrap().len(), 2);
}

#[tokio::test]
async fn every_bad_line_of_a_list_is_told_and_nothing_is_made() {
    let desk = desk();
    let line = format!("--store sqlite:x import {MESSY} --region US");
    let error = imported(&desk, &line).await.unwrap_err();
    assert!(error.matches("\n  line ").count() > 2, "{error}");
    let mut out = Vec::new();
    tables::status(&desk, &mut out).await.unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(out.contains("0 requests;"), "{out}");
}

#[tokio::test]
async fn requests_are_counted_and_a_history_printed() {
    let desk = desk();
    let line = format!("--store sqlite:x import {LIST} --region US --by Ann\u{202e}");
    imported(&desk, &line).await.unwrap();
    let mut out = Vec::new();
    tables::status(&desk, &mut out).await.unwrap();
    let status = String::from_utf8(out).unwrap();
    let draft = status
        .lines()
        .find(|line| line.starts_with("draft"))
        .unwrap();
    let counts: Vec<&str> = draft.split_whitespace().skip(1).collect();
    assert_eq!(counts, ["1", "-", "-", "-", "-", "-", "1"], "{status}");
    let id = PortRequestId::parse("numbers").unwrap();
    let mut out = Vec::new();
    tables::timeline(&desk, &id, &mut out).await.unwrap();
    let history = String::from_utf8(out).unwrap();
    assert!(
        history.contains("port request numbers opened [Ann\\u{202e} (admin)]"),
        "{history}"
    );
}

#[tokio::test]
async fn what_one_command_stores_the_next_one_finds() {
    let folder = std::env::temp_dir().join(format!("port-desk-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("ports.db");
    let store = Kind::parse(&format!("sqlite:{}", file.display())).unwrap();
    let open = async || PortDesk::new(store.open().await.unwrap(), Arc::new(SystemClock));
    let line = format!("--store sqlite:x import {LIST} --region US");
    imported(&open().await, &line).await.unwrap();
    let mut out = Vec::new();
    tables::status(&open().await, &mut out).await.unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(out.contains("1 requests;"), "{out}");
    std::fs::remove_dir_all(&folder).unwrap();

    // Nobody listens at port 1.
    let nowhere = Kind::parse("postgres://nobody@127.0.0.1:1/none").unwrap();
    let error = nowhere.open().await.err().unwrap().to_string();
    assert!(error.contains("cannot be reached"), "{error}");
}

#[test]
fn what_a_command_does_not_know_is_refused() {
    for (line, words) in [
        ("serve", "--store is missing"),
        ("--store memory:", "usage:"),
        ("--store memory: status", "memory: is empty"),
        ("--store memory: import x.csv", "memory: is empty"),
        ("--store mysql:x serve", "sqlite:PATH or postgres://"),
        (
            "--store sqlite:x status --tell",
            "--tell is for another command",
        ),
        (
            "--store sqlite:x serve --at-most 5",
            "--at-most is for another command",
        ),
        ("--store sqlite:x serve --colour red", "no option --colour"),
        ("--store sqlite:x serve --listen here", "127.0.0.1:8643"),
        ("--store sqlite:x serve --cadence-ms 0", "milliseconds"),
        ("--store sqlite:x serve --zone Mars", "IANA"),
        ("--store sqlite:x serve --worker", "needs a value"),
        ("--store sqlite:x import x.csv --at-most 0", "from 1 on"),
        (
            "--store sqlite:x serve --public-url desk.example",
            "https://",
        ),
    ] {
        let error = options(line)
            .err()
            .unwrap_or_else(|| panic!("taken: {line}"));
        assert!(error.contains(words), "{line}: {error}");
    }
    let secret = options("--store mysql://user:secret@host/x serve")
        .err()
        .unwrap();
    assert!(!secret.contains("secret"), "{secret}");
    let Command::Serve(serve) = options("--store memory: serve").unwrap().command else {
        panic!("not served");
    };
    assert!(serve.listen.ip().is_loopback() && !serve.anywhere);
    assert_eq!(serve.worker.as_str(), "port_desk-7");
}
