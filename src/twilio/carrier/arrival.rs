//! Where an order's numbers are: Twilio shows no orders, but it shows inventories.

use std::collections::{BTreeMap, BTreeSet};

use super::inventory::Held;
use super::side_by_side::side_by_side;
use super::watch::Watched;
use super::{AccountSid, TwilioCarrier};
use crate::carrier::{ArrivalReport, AttemptQuery, CarrierError, OrderQuery, OrderReport};
use crate::id::AccountId;
use crate::number::PhoneNumber;

/// How many accounts are listed at once.
const AT_ONCE: usize = 8;

/// How many numbers that have not arrived a search asks about.
const A_FEW: usize = 10;

impl TwilioCarrier {
    pub(super) async fn whereabouts(
        &self,
        query: &OrderQuery,
    ) -> Result<OrderReport, CarrierError> {
        let account = self.account(&query.account)?;
        let held = self.inventory.of(&account).await;
        let held = held.map_err(|error| self.failed(error))?;
        self.watch.ask(&missing(query, &account, &held)).await;
        Ok(self.report(query, &account, &held))
    }

    /// One listing per account serves every order. An account that cannot be read hides no other:
    /// its orders say so where it is more than a passing failure, and are left out otherwise. Only
    /// where nothing is left to be said is it an error.
    pub(super) async fn whereabouts_of_many(
        &self,
        queries: &[OrderQuery],
    ) -> Result<Vec<OrderReport>, CarrierError> {
        let accounts: BTreeSet<&AccountId> = queries.iter().map(|query| &query.account).collect();
        let inventories: BTreeMap<&AccountId, Result<(AccountSid, Held), CarrierError>> =
            side_by_side(accounts, AT_ONCE, |account| async move {
                (account, self.read(account).await)
            })
            .await
            .into_iter()
            .collect();
        let alone = inventories.len() == 1;
        let says_nothing = |read: &Result<_, CarrierError>| {
            read.as_ref()
                .is_err_and(|error| alone || error.is_retryable())
        };
        if inventories.values().all(says_nothing) {
            let mut errors = inventories.into_values().filter_map(Result::err);
            return errors.next().map_or(Ok(Vec::new()), Err);
        }
        let mut absent = Vec::new();
        for query in queries {
            if let Some(Ok((account, held))) = inventories.get(&query.account) {
                absent.extend(missing(query, account, held));
            }
        }
        self.watch.ask(&absent).await;
        let reports = queries
            .iter()
            .filter_map(|query| match inventories.get(&query.account)? {
                Ok((account, held)) => Some((query, self.report(query, account, held))),
                Err(error) if error.is_retryable() => None,
                Err(error) => {
                    let report = OrderReport::new(query.order.clone());
                    let words = format!("nobody sees whether the numbers arrive: {error}");
                    Some((query, report.alarmed(words)))
                }
            });
        Ok(merged(reports))
    }

    async fn read(&self, account: &AccountId) -> Result<(AccountSid, Held), CarrierError> {
        let account = self.account(account)?;
        let held = self.inventory.of(&account).await;
        let held = held.map_err(|error| self.failed(error))?;
        Ok((account, held))
    }

    fn report(&self, query: &OrderQuery, account: &AccountSid, held: &Held) -> OrderReport {
        let mut report = OrderReport::new(query.order.clone());
        let mut absent = Vec::new();
        for number in &query.numbers {
            if held.contains(number) {
                report
                    .arrivals
                    .push(arrival(*number, query.account.clone()));
                self.watch.forget(*number, account);
                continue;
            }
            absent.push(*number);
            if let Watched::Elsewhere(Some(other)) = self.watch.told(*number, account) {
                report.arrivals.push(arrival(*number, (&other).into()));
            }
        }
        report.alarm = self.watch.alarm(&absent, account);
        report
    }

    /// What can be seen of an attempt that nobody remembers filing, in words.
    pub(super) async fn what_is_seen(&self, query: &AttemptQuery) -> String {
        let (account, held) = match self.read(&query.account).await {
            Ok(read) => read,
            Err(error) => return format!("its numbers cannot be looked for: {error}"),
        };
        let all = query.numbers.len();
        let absent: Vec<PhoneNumber> = query
            .numbers
            .iter()
            .filter(|number| !held.contains(number))
            .copied()
            .collect();
        let arrived = all - absent.len();
        let few: Vec<_> = absent
            .iter()
            .take(A_FEW)
            .map(|number| (*number, account.clone()))
            .collect();
        self.watch.ask(&few).await;
        let count = |is: fn(&Watched) -> bool| {
            let told = absent.iter().map(|n| self.watch.told(*n, &account));
            told.filter(is).count()
        };
        let on_their_way = count(|told| matches!(told, Watched::OnItsWay));
        let elsewhere = count(|told| matches!(told, Watched::Elsewhere(_)));
        let filed = if arrived + on_their_way + elsewhere > 0 {
            "so it was filed, or something else moves them"
        } else {
            "which says nothing of a ticket"
        };
        let mut words = format!(
            "of {all} numbers, {arrived} are in the gaining account, {on_their_way} on their way \
             and {elsewhere} in another account of ours, {filed}"
        );
        if let Some(alarm) = self.watch.alarm(&absent, &account) {
            words.push_str("; ");
            words.push_str(&alarm);
        }
        words
    }
}

fn arrival(number: PhoneNumber, account: AccountId) -> ArrivalReport {
    // Twilio does not say when a number moved: the time it is seen counts.
    let at = None;
    ArrivalReport {
        number,
        account,
        at,
    }
}

/// The numbers that are not in the account's inventory, each with the account.
fn missing(
    query: &OrderQuery,
    account: &AccountSid,
    held: &Held,
) -> Vec<(PhoneNumber, AccountSid)> {
    let absent = query.numbers.iter().filter(|number| !held.contains(number));
    absent.map(|number| (*number, account.clone())).collect()
}

/// One report per order, in the order asked. An order that was asked about in parts, as after a
/// split, is reported in those parts.
fn merged<'a>(reports: impl Iterator<Item = (&'a OrderQuery, OrderReport)>) -> Vec<OrderReport> {
    let mut orders: Vec<(Vec<&OrderQuery>, OrderReport)> = Vec::new();
    let mut places = BTreeMap::new();
    for (query, report) in reports {
        let place = *places.entry(&query.order).or_insert(orders.len());
        let Some((asked, whole)) = orders.get_mut(place) else {
            orders.push((vec![query], report));
            continue;
        };
        if asked.iter().any(|known| known.numbers == query.numbers) {
            continue;
        }
        if let [only] = asked[..] {
            let first = std::mem::replace(whole, OrderReport::new(query.order.clone()));
            whole.parts.push((only.numbers.clone(), first));
        }
        asked.push(query);
        whole.parts.push((query.numbers.clone(), report));
    }
    orders
        .into_iter()
        .map(|(_, mut report)| {
            // The smallest part that holds a request's numbers is its own.
            report.parts.sort_by_key(|(numbers, _)| numbers.len());
            report
        })
        .collect()
}
