//! `Debug` of what carriers report and people attest, without the words it came in: see the
//! request's.

use std::fmt::{Debug, Formatter, Result};

use super::report::{AlertReport, CancelReport, FindReport, OrderReport, SubmitReport};
use super::statement::NotFiled;
use crate::request::{Words, said};

impl Debug for SubmitReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Taken { order, at } => f
                .debug_struct("Taken")
                .field("order", order)
                .field("at", at)
                .finish(),
            Self::HandedOver { .. } => said(f, "HandedOver"),
            Self::Refused(refusal) => f.debug_tuple("Refused").field(refusal).finish(),
        }
    }
}

impl Debug for FindReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Found { order, at } => f
                .debug_struct("Found")
                .field("order", order)
                .field("at", at)
                .finish(),
            Self::Absent => f.write_str("Absent"),
            Self::CannotTell { .. } => said(f, "CannotTell"),
        }
    }
}

impl Debug for OrderReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self {
            order,
            hold,
            approval,
            slot,
            counter_offer,
            arrivals,
            refusal,
            cancelled,
            unrecognised,
            alarm,
            parts,
        } = self;
        f.debug_struct("OrderReport")
            .field("order", order)
            .field("hold", hold)
            .field("approval", approval)
            .field("slot", slot)
            .field("counter_offer", counter_offer)
            .field("arrivals", arrivals)
            .field("refusal", refusal)
            .field("cancelled", cancelled)
            .field("unrecognised", &unrecognised.as_ref().map(|_| Words))
            .field("alarm", &alarm.as_ref().map(|_| Words))
            .field("parts", parts)
            .finish()
    }
}

impl Debug for CancelReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Done(at) => f.debug_tuple("Done").field(at).finish(),
            Self::Pending => f.write_str("Pending"),
            Self::Refused(_) => said(f, "Refused"),
        }
    }
}

impl Debug for AlertReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("AlertReport")
            .field("id", &self.id)
            .field("number", &self.number)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl Debug for NotFiled {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        said(f, "NotFiled")
    }
}
