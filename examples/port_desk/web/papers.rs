//! The documents of forms and requests, read apart from the threads that answer: a source may wait
//! for a disk, and a digest takes its time.

use std::collections::BTreeSet;
use std::sync::Arc;

use snap_port::{DocumentFile, DocumentSource, Locator, SourceError};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use super::super::form::Problem;
use super::super::form::package::Files;
use super::App;

/// So many documents a form may name; each is read whole before the form is answered.
const MOST: usize = 50;

/// Describes each of the documents a form names, once; none, if there are too many.
pub(super) async fn described(app: &App, names: BTreeSet<&str>) -> Result<Files, Vec<Problem>> {
    if names.len() > MOST {
        return Err(vec![Problem {
            field: "proofs".to_owned(),
            why: format!("a form may name {MOST} documents at most"),
        }]);
    }
    let mut files = Files::new();
    // One after another, so that one form holds one of them in memory.
    for name in names {
        files.insert(name.to_owned(), describe(app, name).await);
    }
    Ok(files)
}

async fn describe(app: &App, name: &str) -> Result<DocumentFile, String> {
    let Some(documents) = &app.documents else {
        return Err("this desk has no documents; start it with --documents DIRECTORY".to_owned());
    };
    let locator = Locator::parse(name).map_err(|why| why.to_string())?;
    let name = name.to_owned();
    apart(documents, async move |documents| {
        let bytes = documents.read(&locator).await.map_err(|why| match why {
            SourceError::NotFound => "there is no such document in the directory".to_owned(),
            why => why.to_string(),
        })?;
        let shown = name.rsplit('/').next().unwrap_or(&name);
        DocumentFile::describe(shown, &name, &bytes).map_err(|why| why.to_string())
    })
    .await
}

/// The bytes of a document that was handed in.
pub(super) async fn fetch(
    documents: &Arc<dyn DocumentSource>,
    file: &DocumentFile,
) -> Result<Vec<u8>, String> {
    let file = file.clone();
    apart(documents, async move |documents| {
        let bytes = file.fetch(documents).await;
        bytes.map_err(|why| why.to_string())
    })
    .await
}

/// Reads on a thread that may be held up.
async fn apart<T: Send + 'static>(
    documents: &Arc<dyn DocumentSource>,
    read: impl AsyncFnOnce(&dyn DocumentSource) -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let (documents, here) = (Arc::clone(documents), Handle::current());
    let read = spawn_blocking(move || here.block_on(read(&*documents)));
    let broke_off = |_| Err("the document could not be read; try again".to_owned());
    read.await.unwrap_or_else(broke_off)
}
