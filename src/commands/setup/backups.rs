//! Backups of the ledger that nobody types: before a run, and before a newer version.

use super::context::Context;
use crate::config::Backups;
use crate::error::Error;
use crate::ledger::{
    BackupFolder, KeptBackup, LedgerError, Owner, Reader, backup_before_migration,
};
use crate::words::copy as words;

impl Context {
    /// Any verb moves a ledger of an older version to this one.
    pub(super) fn keep_older_version(&self) -> Result<(), Error> {
        let (ledger, now) = (&self.campaign.ledger, self.clock.now_ms());
        if let Some(Backups { dir, .. }) = &self.campaign.backups
            && let Some(copy) = backup_before_migration(ledger, dir, now).map_err(in_its_key)?
        {
            self.tell(&words::before_migration(copy.display(), ledger.display()));
        }
        Ok(())
    }

    /// Makes the backup before a run, if the campaign file wants one.
    pub(in crate::commands) fn back_up(&self, owner: &Owner) -> Result<(), Error> {
        let Some(Backups { dir, keep }) = &self.campaign.backups else {
            return Ok(());
        };
        let folder = BackupFolder {
            dir,
            keep: Some(*keep),
        };
        let kept = owner.reader()?.backup_into(folder, self.clock.now_ms());
        let kept = kept.map_err(in_its_key)?;
        let Some(kept) = kept else {
            return Ok(());
        };
        if kept.is_new {
            let ledger = self.campaign.ledger.display();
            self.tell(&words::made(kept.path.display(), ledger));
        }
        self.warn_of_old(&kept);
        Ok(())
    }

    /// Whether a run could make its backup now, as far as the folder tells; nothing is written.
    pub(in crate::commands) fn check_backups(&self, reader: &Reader) -> Result<(), Error> {
        let Some(Backups { dir, .. }) = &self.campaign.backups else {
            return Ok(());
        };
        let folder = BackupFolder { dir, keep: None };
        let checked = reader.check_backup_into(folder, self.clock.now_ms());
        checked.map_err(in_its_key)
    }

    /// Tells of an old backup that stays and was to go.
    pub(in crate::commands) fn warn_of_old(&self, kept: &KeptBackup) {
        if let Some(fault) = &kept.stays {
            self.warn(&words::stays(fault.words()));
        }
    }
}

/// Names the key of the campaign file where the file system is at fault.
fn in_its_key(fault: LedgerError) -> Error {
    match fault {
        LedgerError::File { .. } | LedgerError::Closed { .. } => Error::Backup(fault),
        fault => Error::Ledger(fault),
    }
}
