//! The merchant's key and certificate, from the files alone.

use super::told::{Check, CheckName};
use crate::clock::beijing_words;
use crate::commands::console::one_line;
use crate::commands::setup::certificate::{CERTIFICATE_SOON_MS, MerchantCertificate};
use crate::commands::setup::context::Context;
use crate::config::{SecretSources, Secrets};
use crate::error::Error;
use crate::words::{Words, doctor as words, setup};

/// The checks, where the gateway was opened with the files, or not for this reason.
pub(super) fn check(context: &Context, unopened: Option<&Error>) -> [Check; 2] {
    use CheckName::{Certificate, Credentials};
    if !context.is_live() {
        let not_needed = |name| Check::fine(name, words::simulated());
        return [not_needed(Credentials), not_needed(Certificate)];
    }
    let credentials = match unopened {
        None => match context.campaign.shared_credential() {
            Some(why) => Check::warn(Credentials, why, words::mend_credentials()),
            None => Check::fine(Credentials, words::credentials()),
        },
        Some(fault) => Check::fail(Credentials, one_line(fault), words::mend_credentials()),
    };
    [credentials, certificate(context)]
}

fn certificate(context: &Context) -> Check {
    let name = CheckName::Certificate;
    let merchant = &context.campaign.merchant;
    let Ok(pem) = Secrets::certificate(merchant, &SecretSources::from_env()) else {
        return Check::left_out(name);
    };
    let Some(read) = MerchantCertificate::read(&pem) else {
        let found = words::certificate_unread();
        return Check::fail(name, found, words::renew_certificate());
    };
    let now = context.clock.now_ms();
    let (begin, end) = (beijing_words(read.begin), beijing_words(read.end));
    let subject = read.subject.as_str();
    if now < read.begin {
        // Nobody is given a certificate of the future.
        let found = setup::certificate_early(subject, begin, beijing_words(now));
        return Check::fail(name, found, words::mend_clock());
    }
    if now > read.end {
        let found = words::certificate_over(subject, begin, end, beijing_words(now));
        return Check::fail(name, found, setup::renew_certificate_or_clock());
    }
    let is_merchants = subject.bytes().all(|byte| byte.is_ascii_digit());
    if is_merchants && subject != merchant.mch_id.as_str() {
        let found = words::certificate_foreign(subject, merchant.mch_id.as_str());
        return Check::fail(name, found, words::renew_certificate());
    }
    let found: Words = words::certificate(subject, end);
    if read.end - now < CERTIFICATE_SOON_MS {
        return Check::warn(name, found, words::renew_certificate());
    }
    Check::fine(name, found)
}
