use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::papers::Papers;
use crate::id::AccountId;
use crate::number::PhoneNumber;
use crate::request::{AnyPortRequest as Any, Fact};

/// Numbers of a request that has ended which were last seen neither at home nor nowhere.
#[derive(Clone, Copy)]
pub(in crate::desk) struct Strays {
    /// How many in an account of nobody who takes part.
    pub(in crate::desk) elsewhere: usize,
    /// How many in the gaining account.
    pub(in crate::desk) arrived: usize,
    /// Since when that has been known, UTC.
    pub(in crate::desk) since: DateTime<Utc>,
}

impl Strays {
    /// `None` once all of them were last seen in the losing account, or none was seen at all. The
    /// number table does not tell: there a number that has arrived stays.
    pub(in crate::desk) fn of(request: &Any) -> Option<Self> {
        let papers = Papers::of(request);
        let gaining = papers.destination?.account();
        let losing = papers.losing.and_then(|losing| losing.carrier_account());
        let numbers = request.numbers()?;
        let timeline = request.timeline();
        let mut seen: BTreeMap<PhoneNumber, (&AccountId, DateTime<Utc>)> = BTreeMap::new();
        for entry in &timeline {
            if let Some(Fact::Arrived { number, account }) = entry.fact() {
                seen.insert(*number, (account, entry.recorded_at()));
            }
        }
        seen.retain(|number, (account, _)| numbers.contains(number) && Some(*account) != losing);
        let since = seen.values().map(|(_, at)| *at).min()?;
        let arrived = seen.values().filter(|(account, _)| *account == gaining);
        let arrived = arrived.count();
        Some(Self {
            elsewhere: seen.len() - arrived,
            arrived,
            since,
        })
    }
}
