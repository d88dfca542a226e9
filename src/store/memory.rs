use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{PortStore, Revision, StoreError, StoredRecord, Write};
use crate::id::PortRequestId;

/// A store in memory, for tests and examples. It keeps bytes, as a database would, so reading a
/// request replays its record.
#[derive(Debug, Default)]
pub struct MemoryStore {
    records: Mutex<BTreeMap<PortRequestId, (StoredRecord, Revision)>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<PortRequestId, (StoredRecord, Revision)>> {
        // A commit checks before it writes, so a panic elsewhere leaves the map whole.
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl PortStore for MemoryStore {
    async fn get(
        &self,
        id: &PortRequestId,
    ) -> Result<Option<(StoredRecord, Revision)>, StoreError> {
        Ok(self.lock().get(id).cloned())
    }

    async fn commit(&self, writes: &[Write]) -> Result<Vec<Revision>, StoreError> {
        let mut records = self.lock();
        for (i, write) in writes.iter().enumerate() {
            let id = &write.record.id;
            let held = records.get(id).map(|(_, revision)| *revision);
            let twice = writes[..i].iter().any(|before| before.record.id == *id);
            if held != write.expected || twice {
                return Err(StoreError::Conflict { id: id.clone() });
            }
        }
        Ok(writes
            .iter()
            .map(|write| {
                let revision = write.expected.map_or(Revision::FIRST, Revision::next);
                records.insert(write.record.id.clone(), (write.record.clone(), revision));
                revision
            })
            .collect())
    }
}
