//! Whether a file is loaded already.

use std::path::Path;

use crate::error::Error;
use crate::ledger::{Owner, Reader};
use crate::recipients::{RecipientsError, Stamp, sha256_of};

use super::context::Context;

/// Whether exactly this file was loaded into the campaign before. Only a file that the file system
/// says has changed since is read for it.
pub(in crate::commands) fn is_loaded(
    context: &Context,
    owner: &Owner,
    file: &Path,
) -> Result<bool, Error> {
    let id = &context.campaign.id;
    let before = Stamp::of(file);
    if let Some(stamp) = before.as_ref().and_then(Stamp::settled)
        && owner.has_stamp(id, stamp)?
    {
        return Ok(true);
    }
    let sha256 = sha256_of(file).map_err(|fault| {
        let fault = std::io::Error::new(fault.kind(), format!("{}: {fault}", file.display()));
        RecipientsError::Io(fault)
    })?;
    let is_loaded = owner.has_file(id, sha256)?;
    // Of what was hashed, if it did not change meanwhile.
    let after = Stamp::of(file).filter(|after| is_loaded && before.as_ref() == Some(after));
    if let Some(stamp) = after.as_ref().and_then(Stamp::settled) {
        owner.keep_stamp(id, sha256, stamp)?;
    }
    Ok(is_loaded)
}

/// The same for a verb that only reads; a file that cannot be read is an error of its own.
pub(in crate::commands) fn was_loaded(
    context: &Context,
    reader: &Reader,
    file: &Path,
) -> Result<bool, Error> {
    let id = &context.campaign.id;
    if let Some(stamp) = Stamp::of(file).as_ref().and_then(Stamp::settled)
        && reader.has_stamp(id, stamp)?
    {
        return Ok(true);
    }
    Ok(reader.has_file(id, sha256_of(file).map_err(Error::Io)?)?)
}
