//! Which numbers our accounts hold: one listing serves many calls for a short while.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::{AccountSid, TwilioClient, TwilioError};
use crate::clock::Clock;
use crate::number::PhoneNumber;

/// The numbers of an account, as one listing showed them.
pub(super) type Held = Arc<HashSet<PhoneNumber>>;

/// Listings of accounts' numbers.
#[derive(Debug)]
pub(super) struct Inventory {
    client: TwilioClient,
    clock: Arc<dyn Clock>,
    window: TimeDelta,
    slots: Mutex<BTreeMap<AccountSid, Arc<Slot>>>,
}

/// Held by whoever lists the account; the others wait for that listing instead of making theirs.
type Slot = tokio::sync::Mutex<Option<Page>>;

#[derive(Debug)]
struct Page {
    /// When the listing began: what moved since then it may not show.
    begun: DateTime<Utc>,
    numbers: Held,
}

impl Page {
    fn is_fresh(&self, now: DateTime<Utc>, window: TimeDelta) -> bool {
        let age = now.signed_duration_since(self.begun);
        // A clock that was set back makes no page young.
        age >= TimeDelta::zero() && age < window
    }
}

impl Inventory {
    pub(super) fn new(client: TwilioClient, clock: Arc<dyn Clock>, window: TimeDelta) -> Self {
        Self {
            client,
            clock,
            window,
            slots: Mutex::default(),
        }
    }

    /// The numbers of `account`: from a listing that is fresh, or from a new one. A page is kept
    /// only when it is whole, so a listing that failed or was dropped leaves nothing behind.
    pub(super) async fn of(&self, account: &AccountSid) -> Result<Held, TwilioError> {
        let slot = Arc::clone(self.slots().entry(account.clone()).or_default());
        let mut page = slot.lock().await;
        let begun = self.clock.now();
        if let Some(page) = page.as_ref().filter(|p| p.is_fresh(begun, self.window)) {
            return Ok(Arc::clone(&page.numbers));
        }
        *page = None;
        let listed = self.client.numbers(account).await?;
        let numbers: Held = Arc::new(listed.into_iter().filter_map(|held| held.number).collect());
        *page = Some(Page {
            begun,
            numbers: Arc::clone(&numbers),
        });
        drop(page);
        self.tidy(begun);
        Ok(numbers)
    }

    /// Whoever asks from now on sees a new listing of `account`; one that is under way is not kept.
    pub(super) fn forget(&self, account: &AccountSid) {
        self.slots().remove(account);
    }

    /// Lets go of the listings nobody will use again.
    fn tidy(&self, now: DateTime<Utc>) {
        let fresh = |page: &Option<Page>| {
            let page = page.as_ref();
            page.is_some_and(|page| page.is_fresh(now, self.window))
        };
        // A slot that is locked is in use.
        self.slots()
            .retain(|_, slot| slot.try_lock().map_or(true, |page| fresh(&page)));
    }

    fn slots(&self) -> MutexGuard<'_, BTreeMap<AccountSid, Arc<Slot>>> {
        // The map is whole at every moment: a panic elsewhere cannot have left half of it.
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{VirtualClock, sample};
    use crate::twilio::client::{BaseUrls, StaticCredentials};

    #[test]
    fn listings_nobody_will_use_again_are_let_go() {
        let clock = VirtualClock::at(sample::time());
        let client = TwilioClient::builder(StaticCredentials::new())
            .base_urls(BaseUrls::all("http://127.0.0.1:9").unwrap())
            .build()
            .unwrap();
        let window = TimeDelta::seconds(30);
        let inventory = Inventory::new(client, Arc::new(clock.clone()), window);
        let hold = |account| {
            let account = AccountSid::try_from(&account).unwrap();
            let page = Page {
                begun: clock.now(),
                numbers: Held::default(),
            };
            let slot = Arc::new(Slot::new(Some(page)));
            inventory.slots().insert(account, slot);
        };
        hold(sample::wrong_account());
        clock.advance(TimeDelta::seconds(29));
        hold(sample::gaining_account());
        inventory.tidy(clock.now());
        assert_eq!(inventory.slots().len(), 2);
        clock.advance(TimeDelta::seconds(1));
        inventory.tidy(clock.now());
        let left: Vec<AccountSid> = inventory.slots().keys().cloned().collect();
        assert_eq!(
            left,
            [AccountSid::try_from(&sample::gaining_account()).unwrap()]
        );
    }
}
