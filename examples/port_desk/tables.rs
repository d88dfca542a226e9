//! `status` and `timeline ID`: what the store holds, for a terminal.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;

use snap_port::{Find, Page, Party, PortDesk, PortRequestId, Status};

use super::shown::Plain;

/// How much is read at once.
const AT_ONCE: usize = 500;

/// Counts requests per state and party awaited.
pub(crate) async fn status(desk: &PortDesk, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let mut counts: BTreeMap<(Status, Option<Party>), usize> = BTreeMap::new();
    let mut troubled = 0_usize;
    let mut page = Page::first(AT_ONCE);
    loop {
        let found = desk.find(&Find::All, &page).await?;
        for one in &found {
            *counts
                .entry((one.row.status, one.row.waiting_on))
                .or_default() += 1;
            troubled += usize::from(one.trouble.is_some());
        }
        match found.last() {
            Some(last) if found.len() == AT_ONCE => {
                page = Page::after(last.row.id.clone(), AT_ONCE);
            }
            _ => break,
        }
    }
    let parties: Vec<Option<Party>> = Party::ALL.map(Some).into_iter().chain([None]).collect();
    write!(out, "{:<17}", "")?;
    for party in &parties {
        let name = party.map_or("nobody".to_owned(), |party| party.to_string());
        write!(out, "{name:>16}")?;
    }
    writeln!(out, "{:>10}", "all")?;
    for status in Status::ALL {
        write!(out, "{status:<17}")?;
        let mut all = 0;
        for party in &parties {
            let count = counts.get(&(status, *party)).copied().unwrap_or(0);
            all += count;
            write!(out, "{:>16}", shown(count))?;
        }
        writeln!(out, "{:>10}", shown(all))?;
    }
    let all: usize = counts.values().sum();
    writeln!(
        out,
        "{all} requests; something stands in the way of {troubled}"
    )?;
    Ok(())
}

/// None is easier to pass over than a zero.
fn shown(count: usize) -> String {
    match count {
        0 => "-".to_owned(),
        count => count.to_string(),
    }
}

/// Prints a request's history; times are UTC.
pub(crate) async fn timeline(
    desk: &PortDesk,
    id: &PortRequestId,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let mut from = 0;
    loop {
        let events = desk.timeline(id, from, AT_ONCE).await?;
        for event in &events {
            let entry = event.entry();
            let whence = match (entry.basis(), entry.by()) {
                (Some(basis), _) => basis.to_string(),
                (None, Some(by)) => by.to_string(),
                (None, None) => "the desk".to_owned(),
            };
            let state = entry.enters().map_or("", Status::name);
            let when = entry.occurred_at().format("%Y-%m-%dT%H:%M:%SZ");
            let line = format!("{when}  {state:<16}  {entry} [{whence}]");
            writeln!(out, "{}", Plain(&line))?;
        }
        if events.len() < AT_ONCE {
            return Ok(());
        }
        from += events.len();
    }
}
