use std::collections::HashMap;
use std::fmt::{self, Debug};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{DocumentError, DocumentFile, Locator};

/// Where documents' bytes are read from. Implemented by the embedder over whatever keeps them.
///
/// Read through [`DocumentFile::fetch`], which checks what comes back.
#[async_trait]
pub trait DocumentSource: Debug + Send + Sync {
    /// The bytes kept at `locator`.
    ///
    /// # Errors
    /// [`SourceError::NotFound`] if nothing is kept there; [`SourceError::Io`] for any other
    /// failure (wrap one that is not of `std::io` with [`io::Error::other`]).
    async fn read(&self, locator: &Locator) -> Result<Vec<u8>, SourceError>;
}

#[async_trait]
impl<T: DocumentSource + ?Sized> DocumentSource for Arc<T> {
    async fn read(&self, locator: &Locator) -> Result<Vec<u8>, SourceError> {
        (**self).read(locator).await
    }
}

impl DocumentFile {
    /// This document's bytes from `source`, checked against the size and digest on record.
    ///
    /// # Errors
    /// [`SourceError::Altered`] if they are not the bytes that were handed in; otherwise what the
    /// source says.
    pub async fn fetch(&self, source: &dyn DocumentSource) -> Result<Vec<u8>, SourceError> {
        let bytes = source.read(self.locator()).await?;
        self.check(&bytes).map_err(SourceError::Altered)?;
        Ok(bytes)
    }
}

/// A document could not be read. Names neither the document nor where it is kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// Nothing is kept at the locator.
    #[error("the document is not where the record says; restore it or ask the customer again")]
    NotFound,
    /// The bytes are not the ones that were handed in.
    #[error("the document was altered after it was handed in")]
    Altered(#[source] DocumentError),
    /// The locator leads out of the directory the documents are kept in.
    #[error("the document's locator leads out of the documents' directory; move the file inside")]
    Outside,
    /// The source failed to read.
    #[error("the document could not be read; see the cause, then try again")]
    Io(#[source] io::Error),
}

impl From<io::Error> for SourceError {
    /// A missing file, or one below something that is no directory, is [`NotFound`](Self::NotFound).
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::NotFound,
            _ => Self::Io(error),
        }
    }
}

/// Documents kept in memory: for tests and trials. `Debug` shows how many.
#[derive(Default)]
pub struct MemoryDocuments {
    kept: Mutex<HashMap<Locator, Vec<u8>>>,
}

impl MemoryDocuments {
    /// No documents yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps `bytes` at `locator`, in place of what was there.
    pub fn put(&self, locator: &Locator, bytes: impl Into<Vec<u8>>) {
        self.kept().insert(locator.clone(), bytes.into());
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<Locator, Vec<u8>>> {
        // A map whose writer panicked between calls is still a whole map.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl DocumentSource for MemoryDocuments {
    async fn read(&self, locator: &Locator) -> Result<Vec<u8>, SourceError> {
        self.kept()
            .get(locator)
            .cloned()
            .ok_or(SourceError::NotFound)
    }
}

impl Debug for MemoryDocuments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryDocuments({})", self.kept().len())
    }
}

/// Documents kept as files below one directory; a locator is a path relative to it.
///
/// Reads block the thread, as `std::fs` does: fine for small files on a local disk; run it on a
/// blocking thread otherwise. A locator that leaves the directory (an absolute path, `..`, a
/// symbolic link) is refused. This guards against wrong locators, not against somebody who may
/// change the directory while it is read.
#[derive(Clone, Debug)]
pub struct DirectoryDocuments {
    root: PathBuf,
}

impl DirectoryDocuments {
    /// The documents below `root`, which must exist.
    ///
    /// # Errors
    /// [`SourceError::Io`] if `root` is not a directory that can be reached.
    pub fn new(root: impl AsRef<Path>) -> Result<Self, SourceError> {
        let root = root.as_ref().canonicalize().map_err(SourceError::Io)?;
        if root.is_dir() {
            Ok(Self { root })
        } else {
            Err(SourceError::Io(io::ErrorKind::NotADirectory.into()))
        }
    }

    fn path(&self, locator: &Locator) -> Result<PathBuf, SourceError> {
        let relative = Path::new(locator.as_str());
        let stays = relative
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !stays {
            return Err(SourceError::Outside);
        }
        let path = self.root.join(relative).canonicalize()?;
        if !path.starts_with(&self.root) {
            return Err(SourceError::Outside);
        }
        // A pipe would block for ever; a directory is no document.
        if !path.is_file() {
            return Err(SourceError::NotFound);
        }
        Ok(path)
    }
}

#[async_trait]
impl DocumentSource for DirectoryDocuments {
    async fn read(&self, locator: &Locator) -> Result<Vec<u8>, SourceError> {
        Ok(std::fs::read(self.path(locator)?)?)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn file(locator: &str) -> DocumentFile {
        DocumentFile::describe("Doe.pdf", locator, b"letter").unwrap()
    }

    /// A directory of the test's own, gone when dropped.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let name = format!("snap-port-{}-{name}", std::process::id());
            let path = std::env::temp_dir().join(name);
            fs::create_dir_all(path.join("root/sub")).unwrap();
            fs::write(path.join("root/sub/loa.pdf"), b"letter").unwrap();
            fs::write(path.join("outside.pdf"), b"letter").unwrap();
            Self(path)
        }

        fn documents(&self) -> DirectoryDocuments {
            DirectoryDocuments::new(self.0.join("root")).unwrap()
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[tokio::test]
    async fn what_was_handed_in_comes_out() {
        let documents = MemoryDocuments::new();
        let file = file("doe/loa.pdf");
        assert!(matches!(
            file.fetch(&documents).await,
            Err(SourceError::NotFound)
        ));
        documents.put(file.locator(), b"letter");
        assert_eq!(file.fetch(&documents).await.unwrap(), b"letter");
        let shared: Arc<dyn DocumentSource> = Arc::new(documents);
        assert_eq!(file.fetch(&shared).await.unwrap(), b"letter");
        assert_eq!(format!("{shared:?}"), "MemoryDocuments(1)");
    }

    #[tokio::test]
    async fn altered_bytes_never_come_out() {
        let documents = MemoryDocuments::new();
        let file = file("doe/loa.pdf");
        for altered in ["lettuce", "lettre"] {
            documents.put(file.locator(), altered);
            let error = file.fetch(&documents).await.unwrap_err();
            assert!(matches!(error, SourceError::Altered(_)), "{altered}");
            assert!(!format!("{error} {error:?}").contains("oe"), "{error:?}");
        }
    }

    #[tokio::test]
    async fn a_directory_gives_its_own_files() {
        let scratch = Scratch::new("own");
        let documents = scratch.documents();
        for inside in ["sub/loa.pdf", "./sub/loa.pdf"] {
            assert_eq!(file(inside).fetch(&documents).await.unwrap(), b"letter");
        }
        for absent in ["sub/none.pdf", "sub", "sub/loa.pdf/x"] {
            let error = file(absent).fetch(&documents).await.unwrap_err();
            assert!(
                matches!(error, SourceError::NotFound),
                "{absent}: {error:?}"
            );
        }
        for root in ["root/none", "outside.pdf"] {
            let refused = DirectoryDocuments::new(scratch.0.join(root));
            assert!(matches!(refused, Err(SourceError::Io(_))), "{root}");
        }
    }

    #[tokio::test]
    async fn no_locator_leaves_the_directory() {
        let scratch = Scratch::new("leave");
        let documents = scratch.documents();
        let absolute = scratch.0.join("root/sub/loa.pdf");
        for locator in [
            "../outside.pdf",
            "sub/../../outside.pdf",
            "sub/../sub/loa.pdf",
            absolute.to_str().unwrap(),
        ] {
            let error = file(locator).fetch(&documents).await.unwrap_err();
            assert!(
                matches!(error, SourceError::Outside),
                "{locator}: {error:?}"
            );
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn no_link_leads_out_of_the_directory() {
        use std::os::unix::fs::symlink;
        let scratch = Scratch::new("link");
        let documents = scratch.documents();
        let link = |to: &str, at: &str| symlink(scratch.0.join(to), scratch.0.join(at)).unwrap();
        link("outside.pdf", "root/out.pdf");
        link("", "root/up");
        link("root/sub/loa.pdf", "root/in.pdf");
        for locator in ["out.pdf", "up/outside.pdf"] {
            let error = file(locator).fetch(&documents).await.unwrap_err();
            assert!(
                matches!(error, SourceError::Outside),
                "{locator}: {error:?}"
            );
        }
        assert_eq!(file("in.pdf").fetch(&documents).await.unwrap(), b"letter");
    }
}
