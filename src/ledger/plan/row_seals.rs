//! The digests of many rows, made by a thread of its own while the next rows are read: hashing
//! takes a quarter as long as reading.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::ledger::journal::file_seal::FileSeal;
use crate::ledger::journal::seal::{Sealing, digest};

/// Rows that are handed over together: about 30 KiB.
const TOGETHER: usize = 256;
/// How many such batches may wait.
const WAITING: usize = 8;

/// Rows one behind the other.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// Where rows go, in their order.
pub(super) struct RowSeals<'a> {
    batch: Batch,
    /// To the thread that hashes; `None` where the machine had none left.
    batches: Option<SyncSender<Batch>>,
    all: &'a Mutex<FileSeal>,
}

/// Adds the digest of each row that `read` gives to `all`.
pub(super) fn add_rows<T>(
    all: FileSeal,
    read: impl FnOnce(&mut RowSeals<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<(FileSeal, T)> {
    let all = Mutex::new(all);
    let read = thread::scope(|scope| -> rusqlite::Result<T> {
        let (batches, inbox) = sync_channel::<Batch>(WAITING);
        let hash = || inbox.into_iter().for_each(|batch| batch.add_to(&all));
        let hashing = thread::Builder::new().spawn_scoped(scope, hash);
        let mut rows = RowSeals {
            batch: Batch::default(),
            batches: hashing.is_ok().then_some(batches),
            all: &all,
        };
        let read = read(&mut rows)?;
        rows.hand_over();
        Ok(read)
    })?;
    Ok((
        all.into_inner().unwrap_or_else(PoisonError::into_inner),
        read,
    ))
}

impl RowSeals<'_> {
    /// The next row.
    pub(super) fn add(&mut self, row: &Sealing) {
        self.batch.bytes.extend_from_slice(row.bytes());
        self.batch.ends.push(self.batch.bytes.len());
        if self.batch.ends.len() == TOGETHER {
            self.hand_over();
        }
    }

    fn hand_over(&mut self) {
        let batch = std::mem::take(&mut self.batch);
        let unsent = match &self.batches {
            Some(batches) => batches.send(batch).err().map(|unsent| unsent.0),
            None => Some(batch),
        };
        if let Some(batch) = unsent {
            batch.add_to(self.all);
        }
    }
}

impl Batch {
    fn add_to(&self, all: &Mutex<FileSeal>) {
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        let mut from = 0;
        for end in &self.ends {
            all.add(&digest(&self.bytes[from..*end]));
            from = *end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_rows_have_the_digest_of_one_after_the_other() {
        for count in [0, 1, TOGETHER, 5 * TOGETHER * WAITING + 3] {
            let row = |index: usize| {
                let mut sealing = Sealing::of("row");
                sealing.int(i64::try_from(index).ok()).text(Some("text"));
                sealing
            };
            let mut each = FileSeal::begin();
            (0..count).for_each(|index| each.add(&row(index).hash()));
            let read = |rows: &mut RowSeals<'_>| {
                (0..count).for_each(|index| rows.add(&row(index)));
                Ok(count)
            };
            let (all, read) = add_rows(FileSeal::begin(), read).unwrap();
            assert_eq!((all.hash(), read), (each.hash(), count));
        }
    }

    #[test]
    fn without_a_thread_or_with_one_that_is_gone_nothing_is_lost() {
        let all = Mutex::new(FileSeal::begin());
        let gone = Some(sync_channel(1).0);
        let mut each = FileSeal::begin();
        for batches in [None, gone] {
            let mut rows = RowSeals {
                batch: Batch::default(),
                batches,
                all: &all,
            };
            let row = Sealing::of("row");
            rows.add(&row);
            rows.hand_over();
            each.add(&row.hash());
        }
        assert_eq!(all.lock().unwrap().hash(), each.hash());
    }
}
