//! What the customer hands in: the signed letter, the list of numbers, proof of ownership, the
//! release ticket, the earliest port date, the acknowledgements.
//!
//! A [`SubmissionPackage`] is all of it and cannot be built without a part; a [`Checklist`] is all
//! of it so far. A document's bytes stay where the embedder keeps them: a [`DocumentFile`] says
//! where that is and what they hash to, and a [`DocumentSource`] reads them.
//!
//! These shapes are stored for years. What they refuse never depends on numbering plans, ages or
//! today's date; such rules belong to whoever seals a request.

mod a2p;
mod checklist;
mod destination;
mod error;
mod file;
mod gaining;
mod letter;
mod loa;
mod losing;
mod package;
mod part;
mod proof;
#[cfg(test)]
mod sample;
mod source;
mod text;

pub use a2p::{A2pAcknowledgements, A2pPoint, Acknowledgement, MissingAcknowledgements};
pub use checklist::Checklist;
pub use destination::{Destination, Regulatory};
pub use error::DocumentError;
pub use file::{DocumentFile, Locator, Sha256Digest};
pub use gaining::GainingPlatform;
pub use letter::{
    AddressForm, AuthorizedPerson, CarrierName, CustomerName, EnglishLetter, InvalidAddress,
    InvalidListCode, LetterLabel, LetterOfAuthorization, LetterWording, ListCode, ServiceAddress,
    list_digest,
};
#[cfg(feature = "pdf")]
#[cfg_attr(docsrs, doc(cfg(feature = "pdf")))]
pub use letter::{FontError, PaperSize, PdfError, PdfStyle, Unprintable};
pub use loa::SignedLoa;
pub use losing::{LosingAccount, LosingPlatform, PlatformName, ReleaseTicket};
pub use package::SubmissionPackage;
pub use part::{MissingParts, PackagePart};
pub use proof::{ProofKind, ProofName, ProofOfOwnership};
pub use source::{DirectoryDocuments, DocumentSource, MemoryDocuments, SourceError};
