//! Moving numbers between our own accounts, by API: the remedy for numbers that landed astray.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use tokio::sync::OnceCell;

use super::desk::is_same;
use super::side_by_side::side_by_side;
use super::{AccountSid, TwilioCarrier, TwilioError};
use crate::carrier::{CarrierError, CarrierErrorKind};
use crate::document::Regulatory;
use crate::number::{NumberList, PhoneNumber};
use crate::twilio::client::{AccountStatus, NumberMove, PortabilityVerdict, TwilioCode};
use crate::twilio::sid::NumberSid;

/// What a move between our accounts came to, number by number.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a move may be half done; the report says which numbers are left"]
pub struct MoveReport {
    rows: Vec<MovedNumber>,
}

/// One number of a [`MoveReport`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedNumber {
    /// The number.
    pub number: PhoneNumber,
    /// What became of it.
    pub outcome: MoveOutcome,
}

/// What became of one number.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MoveOutcome {
    /// It moved, and was seen in the target account.
    Moved,
    /// It was in the target account before.
    AlreadyThere,
    /// Twilio says it is in the target account or on its way there, but its inventory does not show
    /// it yet: look again later.
    OnItsWay,
    /// It is in none of our accounts: this is no move of ours to make. In words, where it is.
    NotOurs(String),
    /// It did not move.
    Failed {
        /// Twilio's code, if it gave one.
        code: Option<TwilioCode>,
        /// What failed, and what to do.
        why: String,
    },
    /// Whether it moved is not known; why not. Moving again is safe: it looks first.
    Unclear(String),
}

impl MoveOutcome {
    /// Whether the number is in the target account.
    pub fn is_there(&self) -> bool {
        matches!(self, Self::Moved | Self::AlreadyThere)
    }
}

impl fmt::Display for MoveOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Moved => f.write_str("moved"),
            Self::AlreadyThere => f.write_str("already there"),
            Self::OnItsWay => f.write_str("on its way; look again later"),
            Self::NotOurs(why) => write!(f, "in none of our accounts: {why}"),
            Self::Failed { why, .. } => write!(f, "not moved: {why}"),
            Self::Unclear(why) => write!(f, "unclear whether it moved: {why}; move again"),
        }
    }
}

impl MoveReport {
    /// Every number asked for, in that order.
    pub fn rows(&self) -> &[MovedNumber] {
        &self.rows
    }

    /// Whether every number is in the target account.
    pub fn is_done(&self) -> bool {
        self.left().next().is_none()
    }

    /// The numbers that are not in the target account.
    pub fn left(&self) -> impl Iterator<Item = &MovedNumber> {
        self.rows.iter().filter(|row| !row.outcome.is_there())
    }
}

impl fmt::Display for MoveReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, row) in self.rows.iter().enumerate() {
            let apart = if place > 0 { "\n" } else { "" };
            write!(f, "{apart}{}: {}", row.number, row.outcome)?;
        }
        Ok(())
    }
}

/// How many numbers are moved at once.
const AT_ONCE: usize = 4;

/// How often a number is looked for whose move got no answer, and how long to wait in between.
const LOOKS: u32 = 3;
const PAUSE: Duration = Duration::from_secs(2);

/// What one move goes by.
struct Errand<'a> {
    owner: &'a AccountSid,
    to: &'a AccountSid,
    regulatory: &'a [Regulatory],
    /// Our other accounts, listed once, and only when Twilio does not say where a number is.
    others: OnceCell<Others>,
}

#[derive(Default)]
struct Others {
    holding: HashMap<PhoneNumber, (AccountSid, NumberSid)>,
    /// Why some account could not be read: what is not found may be there.
    unread: Option<String>,
}

impl Errand<'_> {
    fn ask(&self, number: PhoneNumber, from: &AccountSid, sid: NumberSid) -> NumberMove {
        let ask = NumberMove::new(self.owner.clone(), from.clone(), sid, self.to.clone());
        let region = number.region();
        let mut held = self.regulatory.iter();
        let held = held.find(|held| region.is_some_and(|region| held.country() == region.as_str()));
        let Some(held) = held else {
            return ask;
        };
        let ask = match held.address_id() {
            Some(address) => ask.address(address.clone()),
            None => ask,
        };
        match held.bundle_id() {
            Some(bundle) => ask.bundle(bundle.clone()),
            None => ask,
        }
    }
}

/// Where a number was found.
enum Found {
    In(AccountSid, NumberSid),
    Nowhere(MoveOutcome),
}

impl TwilioCarrier {
    /// Moves numbers that sit in another account of our [owner](super::TwilioCarrierBuilder::owner)
    /// to `to`, by API, with the owner's credentials.
    ///
    /// Each number is looked for first and read again afterwards. A move whose answer was lost is
    /// settled by reading, never by moving blindly again. What does not move is reported number by
    /// number; the others do. Safe to repeat.
    ///
    /// # Errors
    /// [`InvalidRequest`](CarrierErrorKind::InvalidRequest) without an owner; Twilio's, if `to`
    /// itself cannot be read. Nothing has been moved then.
    pub async fn move_within_owner(
        &self,
        numbers: &NumberList,
        to: &AccountSid,
    ) -> Result<MoveReport, CarrierError> {
        self.move_within_owner_with(numbers, to, &[]).await
    }

    /// [`move_within_owner`](Self::move_within_owner) of numbers whose countries ask for the bundle
    /// or address that `to` holds: a [`Destination`](crate::Destination) names them.
    ///
    /// # Errors
    /// As [`move_within_owner`](Self::move_within_owner).
    pub async fn move_within_owner_with(
        &self,
        numbers: &NumberList,
        to: &AccountSid,
        regulatory: &[Regulatory],
    ) -> Result<MoveReport, CarrierError> {
        let Some(owner) = &self.owner else {
            return Err(self
                .error(
                    CarrierErrorKind::InvalidRequest,
                    "only the parent account moves numbers between its accounts; nothing was \
                     moved; tell the builder the owner",
                )
                .without_effect());
        };
        self.inventory.forget(to);
        let held = self.inventory.of(to).await;
        let held = held.map_err(|error| self.failed(error))?;
        let errand = &Errand {
            owner,
            to,
            regulatory,
            others: OnceCell::new(),
        };
        let held = &held;
        let rows = side_by_side(numbers.iter().copied(), AT_ONCE, |number| async move {
            let outcome = if held.contains(&number) {
                MoveOutcome::AlreadyThere
            } else {
                self.bring(errand, number).await
            };
            self.watch.forget(number, to);
            MovedNumber { number, outcome }
        })
        .await;
        self.inventory.forget(to);
        Ok(MoveReport { rows })
    }

    async fn bring(&self, errand: &Errand<'_>, number: PhoneNumber) -> MoveOutcome {
        let (from, sid) = match self.trace(errand, number).await {
            Ok(Found::In(from, sid)) => (from, sid),
            Ok(Found::Nowhere(outcome)) => return outcome,
            Err(error) => return failure(&error),
        };
        match self
            .client
            .move_number(&errand.ask(number, &from, sid))
            .await
        {
            Ok(_) => self.settle(errand, number, &from, None).await,
            // Where the number is gone from, somebody else may have moved it at the same moment.
            Err(error) if error.outcome_unknown() || error.kind() == CarrierErrorKind::NotFound => {
                self.settle(errand, number, &from, Some(error)).await
            }
            Err(error) => failure(&error),
        }
    }

    /// Where the number is: where Twilio says, or else wherever it is found in our accounts.
    async fn trace(&self, errand: &Errand<'_>, number: PhoneNumber) -> Result<Found, TwilioError> {
        // Asked on behalf of the owner, it tells its accounts from strangers'. Where it says
        // nothing, our inventories do all the same.
        let told = self.client.portability(number, errand.owner).await.ok();
        let verdict = told.as_ref().map(|told| told.verdict);
        let place = match verdict {
            Some(PortabilityVerdict::OnTwilioOtherOwner | PortabilityVerdict::NotOnTwilio) => {
                let why = verdict.map_or("", PortabilityVerdict::meaning).to_owned();
                return Ok(Found::Nowhere(MoveOutcome::NotOurs(why)));
            }
            Some(PortabilityVerdict::OurOtherAccount) => told.and_then(|told| told.in_account),
            Some(PortabilityVerdict::InTarget) => Some(errand.owner.clone()),
            _ => None,
        };
        if let Some(place) = place {
            let found = self.client.find_number(&place, number).await?;
            match found {
                Some(_) if is_same(&place, errand.to) => {
                    return Ok(Found::Nowhere(MoveOutcome::AlreadyThere));
                }
                None if is_same(&place, errand.to) => {
                    return Ok(Found::Nowhere(MoveOutcome::OnItsWay));
                }
                Some(found) => return Ok(Found::In(place, found.sid)),
                None => {}
            }
        }
        let others = errand.others.get_or_init(|| self.list_others(errand)).await;
        if let Some((account, sid)) = others.holding.get(&number) {
            return Ok(Found::In(account.clone(), sid.clone()));
        }
        let said = verdict.map_or("Twilio does not say where", PortabilityVerdict::meaning);
        let ours = verdict == Some(PortabilityVerdict::OurOtherAccount);
        Ok(Found::Nowhere(match &others.unread {
            Some(unread) => MoveOutcome::Failed {
                code: None,
                why: format!("{said}, and not all our accounts could be searched: {unread}"),
            },
            None if ours => MoveOutcome::Failed {
                code: None,
                why: format!("{said}, but none of them shows it; look again later"),
            },
            None => MoveOutcome::NotOurs(said.to_owned()),
        }))
    }

    async fn list_others(&self, errand: &Errand<'_>) -> Others {
        let accounts = match self.client.accounts(errand.owner).await {
            Ok(accounts) => accounts,
            Err(error) => {
                return Others {
                    unread: Some(error.to_string()),
                    ..Others::default()
                };
            }
        };
        let others = accounts
            .into_iter()
            // A closed account holds nothing and answers nothing.
            .filter(|account| account.status != AccountStatus::Closed)
            .map(|account| account.sid)
            .filter(|account| !is_same(account, errand.to));
        let listings = side_by_side(others, AT_ONCE, |account| async move {
            let listed = self.client.numbers(&account).await;
            (account, listed)
        })
        .await;
        let mut others = Others::default();
        for (account, listed) in listings {
            match listed {
                Ok(listed) => others.holding.extend(listed.into_iter().filter_map(|held| {
                    let place = (account.clone(), held.sid);
                    Some((held.number?, place))
                })),
                Err(error) => others.unread = Some(error.to_string()),
            }
        }
        others
    }

    /// What a move came to, by reading. `lost` is how its answer was lost, if it was.
    async fn settle(
        &self,
        errand: &Errand<'_>,
        number: PhoneNumber,
        from: &AccountSid,
        lost: Option<TwilioError>,
    ) -> MoveOutcome {
        for look in 0..LOOKS {
            if look > 0 {
                self.timer.sleep(PAUSE).await;
            }
            if let Ok(Some(_)) = self.client.find_number(errand.to, number).await {
                return MoveOutcome::Moved;
            }
        }
        let Some(lost) = lost else {
            let why = "Twilio took the move, but the target account does not show it";
            return MoveOutcome::Unclear(why.to_owned());
        };
        match self.client.find_number(from, number).await {
            Ok(Some(_)) => MoveOutcome::Failed {
                code: lost.code(),
                why: format!("{lost}; it still is where it was"),
            },
            Ok(None) => MoveOutcome::Unclear(format!("{lost}; neither account shows it")),
            Err(error) => MoveOutcome::Unclear(format!("{lost}; {error}")),
        }
    }
}

fn failure(error: &TwilioError) -> MoveOutcome {
    MoveOutcome::Failed {
        code: error.code(),
        why: error.to_string(),
    }
}
