//! Whether what a page passes to `wx.sendBizRedPacket` is right: offline, by the campaign's key.

use std::fs::File;
use std::io::{Error as IoError, Read};
use std::path::Path;

use serde_json::{Deserializer, Map, Value};

use super::signing::signer;
use crate::commands::console::say;
use crate::commands::setup::context::Context;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::wechat::page::check;
use crate::words::claims as words;

/// More than a page of any size passes.
const SIZE_MAX: u64 = 64 << 20;

/// Names every mistake. Nothing of the file is shown but the number of a packet: it opens them.
pub(super) fn verify(context: &Context, file: &Path) -> Result<ExitCode, Error> {
    let signer = signer(context)?;
    let all = read(file)?;
    context.tell(&words::checked_with(signer.wxappid.as_str()));
    let mut is_right = true;
    for (at, parameters) in all.iter().enumerate() {
        let number = parameters.get("mch_billno").and_then(Value::as_str);
        let which = number.map_or_else(|| (at + 1).to_string(), str::to_owned);
        let found = check(parameters, &signer);
        is_right &= found.is_empty();
        if found.is_empty() {
            say(words::right(which.as_str()).within(context.lang))?;
        }
        for mistake in found {
            say(words::wrong(which.as_str(), mistake.words()).within(context.lang))?;
        }
    }
    Ok(if is_right {
        ExitCode::Done
    } else {
        ExitCode::Unexpected
    })
}

/// One object, an array of them, or one on each line, as `claims --all` writes them.
fn read(file: &Path) -> Result<Vec<Map<String, Value>>, Error> {
    let text =
        read_text(file).map_err(|fault| Error::Usage(words::unreadable(file.display(), &fault)))?;
    let no_parameters = || Error::Usage(words::no_parameters(file.display()));
    let mut all = Vec::new();
    for value in Deserializer::from_str(&text).into_iter() {
        match value.map_err(|_| no_parameters())? {
            Value::Array(several) => all.extend(several),
            one => all.push(one),
        }
    }
    let object = |value| match value {
        Value::Object(parameters) => Some(parameters),
        _ => None,
    };
    let all: Option<Vec<_>> = all.into_iter().map(object).collect();
    all.filter(|all| !all.is_empty()).ok_or_else(no_parameters)
}

fn read_text(file: &Path) -> Result<String, IoError> {
    let mut text = String::new();
    File::open(file)?.take(SIZE_MAX).read_to_string(&mut text)?;
    Ok(text)
}
