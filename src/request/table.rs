//! The per-number table: how far each number of a request has come since it moved.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::event::Event;
use super::fact::{Check, Fact, Outcome, Registration};
use crate::id::{AccountId, MessagingService};
use crate::number::{NumberList, PhoneNumber};
use chrono::{DateTime, Utc};

/// Where one check of one number stands. The latest word counts: a test that fails after it
/// passed is open again.
#[derive(Clone, PartialEq, Eq)]
pub enum CheckState {
    /// Nothing is known yet.
    Open,
    /// It was tried and failed, for this reason.
    Failed(String),
    /// It holds, since this time (UTC, their clock).
    Passed(DateTime<Utc>),
    /// It was waived, for this reason.
    Waived(String),
}

impl CheckState {
    /// Whether it stands in the way of verification.
    pub fn is_met(&self) -> bool {
        matches!(self, Self::Passed(_) | Self::Waived(_))
    }
}

/// One number's row.
#[derive(Clone, PartialEq, Eq)]
pub struct NumberRow {
    number: PhoneNumber,
    arrived: Option<DateTime<Utc>>,
    elsewhere: Option<AccountId>,
    messaging: Option<MessagingService>,
    checks: BTreeMap<Check, CheckState>,
    alerts: BTreeMap<String, String>,
}

/// Without the words of its alerts.
impl fmt::Debug for NumberRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NumberRow")
            .field("number", &self.number)
            .field("arrived", &self.arrived)
            .field("elsewhere", &self.elsewhere)
            .field("messaging", &self.messaging)
            .field("checks", &self.checks)
            .field("alerts", &self.alerts.keys())
            .finish()
    }
}

impl NumberRow {
    fn new(number: PhoneNumber) -> Self {
        Self {
            number,
            arrived: None,
            elsewhere: None,
            messaging: None,
            checks: BTreeMap::new(),
            alerts: BTreeMap::new(),
        }
    }

    /// The number.
    pub fn number(&self) -> PhoneNumber {
        self.number
    }

    /// When it was seen in the gaining account, UTC.
    pub fn arrived(&self) -> Option<DateTime<Utc>> {
        self.arrived
    }

    /// The wrong account it was seen in last, unless it has arrived since.
    pub fn elsewhere(&self) -> Option<&AccountId> {
        self.elsewhere.as_ref()
    }

    /// The messaging service it joined.
    pub fn messaging(&self) -> Option<&MessagingService> {
        self.messaging.as_ref()
    }

    /// Where `check` stands.
    pub fn check(&self, check: Check) -> &CheckState {
        self.checks.get(&check).unwrap_or(&CheckState::Open)
    }

    /// Alerts not yet explained: the carrier's id and words.
    pub fn open_alerts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.alerts
            .iter()
            .map(|(id, text)| (id.as_str(), text.as_str()))
    }

    /// The checks that stand in the way of verification.
    pub fn open_checks(&self) -> impl Iterator<Item = Check> + '_ {
        Check::ALL
            .into_iter()
            .filter(|check| !self.check(*check).is_met())
    }

    fn set(&mut self, check: Check, state: CheckState) {
        // A waiver stands until the check itself passes: a failed retest of a waived check changes
        // nothing that was agreed.
        let waived = matches!(self.check(check), CheckState::Waived(_));
        if !waived || matches!(state, CheckState::Passed(_)) {
            self.checks.insert(check, state);
        }
    }
}

/// Every number of a request, with how far it has come. Folded from the record each time.
#[derive(Clone, PartialEq, Eq)]
pub struct NumberTable {
    rows: Vec<NumberRow>,
    index: BTreeMap<PhoneNumber, usize>,
}

/// The rows; where each stands adds nothing.
impl fmt::Debug for NumberTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NumberTable")
            .field("rows", &self.rows)
            .finish()
    }
}

/// The alerts of a log: which were explained, and whose rows hold each of the others. An
/// explanation looks at those rows alone: a long list has many alerts and many numbers.
#[derive(Default)]
struct Alerts<'a> {
    explained: BTreeSet<&'a str>,
    holders: BTreeMap<&'a str, Vec<usize>>,
}

impl NumberTable {
    pub(super) fn fold(numbers: &NumberList, gaining: &AccountId, log: &[Event]) -> Self {
        let mut rows: Vec<NumberRow> = numbers.iter().copied().map(NumberRow::new).collect();
        let index: BTreeMap<PhoneNumber, usize> =
            numbers.iter().enumerate().map(|(i, n)| (*n, i)).collect();
        let mut alerts = Alerts::default();
        for event in log {
            match event {
                Event::Observed(seen) => {
                    let at = seen.source.occurred_at;
                    if let Fact::AlertExplained { id, .. } = &seen.what {
                        alerts.explained.insert(id);
                        for row in alerts.holders.remove(id.as_str()).unwrap_or_default() {
                            rows[row].alerts.remove(id);
                        }
                    }
                    if matches!(seen.what, Fact::AlertsRead) {
                        for row in rows.iter_mut().filter(|row| row.arrived.is_some()) {
                            row.set(Check::Alerts, CheckState::Passed(at));
                        }
                    }
                    if let Some(&i) = seen.what.number().and_then(|n| index.get(&n)) {
                        match &seen.what {
                            Fact::Alert { id, text, .. } => {
                                if !alerts.explained.contains(id.as_str()) {
                                    rows[i].alerts.insert(id.clone(), text.clone());
                                    alerts.holders.entry(id).or_default().push(i);
                                }
                            }
                            fact => rows[i].learn(fact, at, gaining),
                        }
                    }
                }
                Event::Ported(done) => {
                    for arrival in &done.arrivals {
                        if let Some(&i) = index.get(&arrival.number) {
                            rows[i].arrived.get_or_insert(arrival.at);
                        }
                    }
                }
                Event::Waived {
                    number,
                    check,
                    reason,
                    ..
                } => {
                    if let Some(&i) = index.get(number) {
                        rows[i]
                            .checks
                            .insert(*check, CheckState::Waived(reason.clone()));
                    }
                }
                _ => {}
            }
        }
        for row in &mut rows {
            if !row.alerts.is_empty() {
                let words: Vec<String> = row
                    .alerts
                    .iter()
                    .map(|(id, text)| format!("{id}: {text}"))
                    .collect();
                row.set(Check::Alerts, CheckState::Failed(words.join("; ")));
            }
        }
        Self { rows, index }
    }

    /// The rows, in the order of the request's numbers.
    pub fn rows(&self) -> &[NumberRow] {
        &self.rows
    }

    /// The row of `number`.
    pub fn row(&self, number: PhoneNumber) -> Option<&NumberRow> {
        self.rows.get(*self.index.get(&number)?)
    }

    /// Every check that is not met yet, number by number.
    ///
    /// # Errors
    /// [`Gaps`] if there is one.
    pub fn complete(&self) -> Result<(), Gaps> {
        self.holds(&Check::ALL)
    }

    pub(super) fn holds(&self, checks: &[Check]) -> Result<(), Gaps> {
        let gaps: Vec<Gap> = self
            .rows
            .iter()
            .flat_map(|row| {
                checks
                    .iter()
                    .filter(|check| !row.check(**check).is_met())
                    .map(|check| Gap {
                        number: row.number,
                        check: *check,
                        state: row.check(*check).clone(),
                    })
            })
            .collect();
        if gaps.is_empty() {
            Ok(())
        } else {
            Err(Gaps(gaps))
        }
    }
}

impl NumberRow {
    /// Takes in any fact but an alert.
    fn learn(&mut self, fact: &Fact, at: DateTime<Utc>, gaining: &AccountId) {
        match fact {
            Fact::Arrived { account, .. } if account == gaining => {
                self.arrived.get_or_insert(at);
                self.elsewhere = None;
            }
            Fact::Arrived { account, .. } if self.arrived.is_none() => {
                self.elsewhere = Some(account.clone());
            }
            // What was tried before the number moved says nothing of it here.
            Fact::Assigned { .. } | Fact::Tested { .. } if self.arrived.is_none() => {}
            Fact::Assigned { .. } => self.set(Check::Assigned, CheckState::Passed(at)),
            Fact::JoinedMessaging { service, .. } => self.messaging = Some(service.clone()),
            Fact::Registration { state, .. } => {
                let state = match state {
                    Registration::Pending => CheckState::Open,
                    Registration::Registered => CheckState::Passed(at),
                    Registration::Failed(why) => CheckState::Failed(why.clone()),
                };
                self.set(Check::Registered, state);
            }
            Fact::Tested { test, outcome, .. } => {
                let state = match outcome {
                    Outcome::Passed => CheckState::Passed(at),
                    Outcome::Failed(why) | Outcome::Unknown(why) => CheckState::Failed(why.clone()),
                };
                self.set(Check::from(*test), state);
            }
            _ => {}
        }
    }
}

/// One check of one number that stands in the way of verification.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gap {
    /// The number.
    pub number: PhoneNumber,
    /// The check.
    pub check: Check,
    /// Where it stands.
    pub state: CheckState,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.state {
            CheckState::Failed(why) => write!(f, "{}: {} failed ({why})", self.number, self.check),
            _ => write!(f, "{}: {} is not proven", self.number, self.check),
        }
    }
}

/// Every check that is not met, all at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Gaps(Vec<Gap>);

impl Gaps {
    /// The gaps, in the order of the request's numbers.
    pub fn gaps(&self) -> &[Gap] {
        &self.0
    }
}

impl fmt::Display for Gaps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} not met; test again, explain the alerts, or waive with the customer's consent: ",
            {
                let n = self.0.len();
                if n == 1 {
                    "1 check".to_owned()
                } else {
                    format!("{n} checks")
                }
            }
        )?;
        for (i, gap) in self.0.iter().take(20).enumerate() {
            write!(f, "{}{gap}", if i == 0 { "" } else { "; " })?;
        }
        if self.0.len() > 20 {
            write!(f, "; and {} more", self.0.len() - 20)?;
        }
        Ok(())
    }
}
