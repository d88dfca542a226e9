use crate::calendar::EarliestPortDate;
use crate::document::{Checklist, Destination, LosingAccount, ReleaseTicket, SubmissionPackage};
use crate::request::{AnyPortRequest as Any, Event, HasPackage, PortRequest};

/// What is known of a request in any state, from the sealed package or the form so far.
#[derive(Clone, Copy)]
pub(in crate::desk) struct Papers<'a> {
    pub(in crate::desk) losing: Option<&'a LosingAccount>,
    pub(in crate::desk) destination: Option<&'a Destination>,
    pub(in crate::desk) ticket: Option<&'a ReleaseTicket>,
    pub(in crate::desk) earliest: Option<&'a EarliestPortDate>,
}

impl<'a> Papers<'a> {
    pub(in crate::desk) fn of(request: &'a Any) -> Self {
        match request {
            Any::Draft(r) => Self::form(r.checklist()),
            Any::Sealed(r) => Self::sealed(r),
            Any::Submitted(r) => Self::sealed(r),
            Any::ReleaseApproved(r) => Self::sealed(r),
            Any::Scheduled(r) => Self::sealed(r),
            Any::Ported(r) => Self::sealed(r),
            Any::Verified(r) => Self::sealed(r),
            Any::Rejected(r) => Self::sealed(r),
            Any::Cancelled(r) => {
                let last = r.log().iter().rev().find_map(|event| match event {
                    Event::Sealed { package, .. } => Some(&**package),
                    _ => None,
                });
                last.map_or_else(Self::none, Self::package)
            }
        }
    }

    fn none() -> Self {
        Self {
            losing: None,
            destination: None,
            ticket: None,
            earliest: None,
        }
    }

    fn form(form: &'a Checklist) -> Self {
        Self {
            losing: form.losing(),
            destination: form.destination(),
            ticket: form.ticket(),
            earliest: form.earliest(),
        }
    }

    fn package(package: &'a SubmissionPackage) -> Self {
        Self {
            losing: Some(package.losing()),
            destination: Some(package.destination()),
            ticket: Some(package.ticket()),
            earliest: Some(package.earliest()),
        }
    }

    fn sealed<S: HasPackage>(request: &'a PortRequest<S>) -> Self {
        Self {
            ticket: Some(request.release_ticket()),
            ..Self::package(request.package())
        }
    }
}

/// Whether it moves numbers back: then the gaining platform is the one that loses them.
pub(in crate::desk) fn is_way_back(request: &Any) -> bool {
    match request {
        Any::Draft(r) => r.reverses(),
        Any::Sealed(r) => r.reverses(),
        Any::Submitted(r) => r.reverses(),
        Any::ReleaseApproved(r) => r.reverses(),
        Any::Scheduled(r) => r.reverses(),
        Any::Ported(r) => r.reverses(),
        Any::Verified(r) => r.reverses(),
        Any::Rejected(r) => r.reverses(),
        Any::Cancelled(r) => r.reverses(),
    }
    .is_some()
}
