//! Whether a file is loaded already.

use std::fs;

use crate::error::Error;
use crate::ledger::{Owner, Reader};
use crate::recipients::{ListFile, RecipientsError, Stamp};

use super::context::Context;

/// Whether exactly this file was loaded into the campaign before. Only a file that the file system
/// says has changed since is read for it.
pub(in crate::commands) fn is_loaded(
    context: &Context,
    owner: &Owner,
    list: &ListFile,
) -> Result<bool, Error> {
    let id = &context.campaign.id;
    let before = list.stamp();
    if let Some(stamp) = before.as_ref().and_then(Stamp::settled)
        && owner.has_stamp(id, stamp)?
    {
        return Ok(true);
    }
    let mut found = None;
    for sha256 in list.digests().map_err(RecipientsError::Io)? {
        if found.is_none() && owner.has_file(id, sha256)? {
            found = Some(sha256);
        }
    }
    let Some(sha256) = found else {
        return Ok(false);
    };
    // Of what was hashed, if it did not change meanwhile.
    let after = list.stamp().filter(|after| before.as_ref() == Some(after));
    if let Some(stamp) = after.as_ref().and_then(Stamp::settled) {
        owner.keep_stamp(id, sha256, stamp)?;
    }
    Ok(true)
}

/// The same for a verb that only reads; a file that cannot be read is an error of its own.
pub(in crate::commands) fn was_loaded(
    context: &Context,
    reader: &Reader,
    list: &ListFile,
) -> Result<bool, Error> {
    let id = &context.campaign.id;
    if let Some(stamp) = list.stamp().as_ref().and_then(Stamp::settled)
        && reader.has_stamp(id, stamp)?
    {
        return Ok(true);
    }
    for sha256 in list.digests().map_err(Error::Io)? {
        if reader.has_file(id, sha256)? {
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
