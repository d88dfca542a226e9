use crate::id::PortRequestId;
use crate::number::PhoneNumber;

/// What a backend said went wrong.
pub type BackendError = Box<dyn std::error::Error + Send + Sync>;

/// A store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Somebody else wrote first. Nothing was written.
    #[error("request {id} was changed by another writer; read it again and repeat the step")]
    Conflict {
        /// The request.
        id: PortRequestId,
    },
    /// Another request that is on its way holds a number. Nothing was written.
    #[error(
        "number {number} may be moved by request {by}; wait until that has ended and its stray orders \
         are settled, or leave the number out"
    )]
    NumberTaken {
        /// The first such number.
        number: PhoneNumber,
        /// The request that holds it.
        by: PortRequestId,
    },
    /// A claim has expired and was taken over, or was given back. Nothing was written.
    #[error("the claim on request {id} is not held any more; leave the request to its new holder")]
    LeaseLost {
        /// The request.
        id: PortRequestId,
    },
    /// The store was written by a newer version of this crate. Nothing was touched.
    #[error(
        "the store has schema {found}, this version knows up to {known}; update the crate here too"
    )]
    Newer {
        /// Its schema.
        found: u32,
        /// The newest schema this version knows.
        known: u32,
    },
    /// What was to be opened as a store is something else's. Nothing was touched.
    #[error("this is no store of this crate: {0}; give it one of its own")]
    Foreign(String),
    /// Another process holds the store. Nothing was written.
    #[error("the store is locked by another process; repeat the step, and find who holds it")]
    Busy(#[source] BackendError),
    /// There is no room. Nothing was written.
    #[error("the store's disk is full; free some space, then repeat the step")]
    Full(#[source] BackendError),
    /// The store cannot be reached. Nothing was written.
    #[error("the store cannot be reached; repeat the step once it can")]
    Unreachable(#[source] BackendError),
    /// The store holds what no version of this crate writes there.
    #[error("the store holds a value that is none of this crate's: {0}; restore it from a backup")]
    Corrupt(String),
    /// The backend failed. Whether the write happened is not known: read again.
    #[error("the store's backend failed; read the request again before repeating the step")]
    Backend(#[source] BackendError),
}

impl StoreError {
    /// Whether the write may have happened all the same: read again before repeating it.
    pub fn outcome_unknown(&self) -> bool {
        matches!(self, Self::Backend(_))
    }

    /// Whether the same step may go through later, without anybody changing the request.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Busy(_) | Self::Full(_) | Self::Unreachable(_) | Self::Backend(_) => true,
            Self::Conflict { .. }
            | Self::NumberTaken { .. }
            | Self::LeaseLost { .. }
            | Self::Newer { .. }
            | Self::Foreign(_)
            | Self::Corrupt(_) => false,
        }
    }
}
