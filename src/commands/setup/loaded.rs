//! Whether a file is loaded already.

use std::fs;
use std::path::Path;

use crate::error::Error;
use crate::ledger::{Owner, Reader};
use crate::recipients::{ListFile, RecipientsError, Stamp};

use super::context::Context;

const STDIN: &str = "/dev/stdin";

/// The list at this path, or this sheet of it; a pipe is read to its end, and `-` is stdin.
pub(in crate::commands) fn list_at(file: &Path, sheet: Option<&String>) -> Result<ListFile, Error> {
    let is_stdin = file == Path::new("-");
    let file = if is_stdin { Path::new(STDIN) } else { file };
    let list = ListFile::at(file).map_err(RecipientsError::Io)?;
    Ok(list.with_sheet(sheet.cloned()))
}

/// The file in the ledger, if exactly this one was loaded into the campaign before. Only a file
/// that the file system says has changed since is read for it.
pub(in crate::commands) fn loaded_file(
    context: &Context,
    owner: &Owner,
    list: &ListFile,
) -> Result<Option<i64>, Error> {
    let id = &context.campaign.id;
    let before = list.stamp();
    if let Some(stamp) = before.as_ref().and_then(Stamp::settled)
        && let Some(file) = owner.file_of_stamp(id, stamp)?
    {
        return Ok(Some(file));
    }
    let mut found = None;
    for sha256 in list.digests().map_err(RecipientsError::Io)? {
        if found.is_none() {
            found = owner.file_of(id, sha256)?.map(|file| (file, sha256));
        }
    }
    let Some((file, sha256)) = found else {
        return Ok(None);
    };
    // Of what was hashed, if it did not change meanwhile.
    let after = list.stamp().filter(|after| before.as_ref() == Some(after));
    if let Some(stamp) = after.as_ref().and_then(Stamp::settled) {
        owner.keep_stamp(id, sha256, stamp)?;
    }
    Ok(Some(file))
}

/// Whether it was, for a verb that only reads; a file that cannot be read is an error of its own.
pub(in crate::commands) fn was_loaded(
    context: &Context,
    reader: &Reader,
    list: &ListFile,
) -> Result<bool, Error> {
    let id = &context.campaign.id;
    if let Some(stamp) = list.stamp().as_ref().and_then(Stamp::settled)
        && reader.file_of_stamp(id, stamp)?.is_some()
    {
        return Ok(true);
    }
    for sha256 in list.digests().map_err(Error::Io)? {
        if reader.file_of(id, sha256)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the list that the campaign file names is another one than was loaded, or none that can
/// be read: a run would refuse it. A pipe is not read for this.
pub(in crate::commands) fn is_other_list(context: &Context, reader: &Reader) -> bool {
    let file = &context.campaign.recipients;
    if fs::metadata(file).is_ok_and(|facts| !facts.is_file()) {
        return false;
    }
    let list = ListFile::at(file).map_err(Error::Io);
    let is_same = list.and_then(|list| was_loaded(context, reader, &list));
    !is_same.unwrap_or(false)
}
