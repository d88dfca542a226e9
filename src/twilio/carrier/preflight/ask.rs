use crate::document::{Checklist, Destination, LosingAccount, Regulatory, SubmissionPackage};
use crate::id::{AccountId, MessagingService};
use crate::number::NumberList;

/// What a preflight looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreflightAsk {
    numbers: NumberList,
    gaining: AccountId,
    losing: Option<AccountId>,
    messaging: Option<MessagingService>,
    regulatory: Vec<Regulatory>,
}

impl PreflightAsk {
    /// `numbers` that are to move to the account `gaining`. Accounts are taken as they are written:
    /// whether they are account SIDs is the first thing checked.
    pub fn new(numbers: NumberList, gaining: AccountId) -> Self {
        Self {
            numbers,
            gaining,
            losing: None,
            messaging: None,
            regulatory: Vec::new(),
        }
    }

    /// The Twilio account the numbers leave.
    #[must_use]
    pub fn with_losing(mut self, account: AccountId) -> Self {
        self.losing = Some(account);
        self
    }

    /// The messaging service the numbers will join.
    #[must_use]
    pub fn with_messaging(mut self, service: MessagingService) -> Self {
        self.messaging = Some(service);
        self
    }

    /// What a package asks for.
    pub fn of(package: &SubmissionPackage) -> Self {
        let (numbers, losing) = (package.numbers().clone(), package.losing());
        Self::made_of(numbers, package.destination(), Some(losing))
    }

    /// What a checklist asks for so far; `None` while it lacks numbers or destination.
    pub fn of_checklist(checklist: &Checklist) -> Option<Self> {
        Some(Self::made_of(
            checklist.numbers()?.clone(),
            checklist.destination()?,
            checklist.losing(),
        ))
    }

    fn made_of(numbers: NumberList, to: &Destination, losing: Option<&LosingAccount>) -> Self {
        Self {
            numbers,
            gaining: to.account().clone(),
            losing: losing.and_then(|losing| losing.carrier_account().cloned()),
            messaging: to.messaging_service().cloned(),
            regulatory: to.regulatory().to_vec(),
        }
    }

    /// The numbers.
    pub fn numbers(&self) -> &NumberList {
        &self.numbers
    }

    /// The account they are to move to.
    pub fn gaining(&self) -> &AccountId {
        &self.gaining
    }

    /// The Twilio account they leave, if it is known.
    pub fn losing(&self) -> Option<&AccountId> {
        self.losing.as_ref()
    }

    /// The messaging service they will join, if one is chosen.
    pub fn messaging(&self) -> Option<&MessagingService> {
        self.messaging.as_ref()
    }

    /// What the gaining account holds for countries whose regulators ask for something.
    pub fn regulatory(&self) -> &[Regulatory] {
        &self.regulatory
    }
}
