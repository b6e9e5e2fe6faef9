//! Why a person must act: cause, evidence and remedy of each kind of wrong set-up.

use super::streak::Sign;
use crate::domain::outcome::CertificateDates;
use crate::wechat::err_code::ErrCode;
use crate::wechat::hint;
use crate::words::{Words, halt as words, setup};

/// Why a person must act before anything more is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halt {
    /// The trouble.
    pub cause: Words,
    /// How it showed.
    pub evidence: Words,
    /// The remedy.
    pub remedy: Words,
    /// Bills, by row, whose refusals accuse the set-up: they are sent once more.
    pub excused: Vec<i64>,
}

pub(super) fn refusal_halt(sign: Sign, code: &str, told: &str) -> Halt {
    Halt {
        cause: match sign {
            Sign::InARow(count) => words::refusals(code, count),
            Sign::Share(count, of) => words::share(code, count, of),
        },
        evidence: code_and_words(code, told),
        remedy: remedy_of(code, told),
        excused: Vec::new(),
    }
}

/// A run in which everybody was refused: `count` packets, the last with this code.
pub(in crate::runner) fn nobody_halt(count: usize, code: &str, told: &str) -> Halt {
    Halt {
        cause: words::nobody(count),
        evidence: code_and_words(code, told),
        remedy: remedy_of(code, told),
        excused: Vec::new(),
    }
}

fn code_and_words(code: &str, told: &str) -> Words {
    if told.is_empty() {
        words::bare_code(code)
    } else {
        words::told(code, told)
    }
}

/// What the text beside the code says comes first: one code stands for several settings.
fn remedy_of(code: &str, told: &str) -> Words {
    let known = || match ErrCode::parse(code)? {
        // Alone it is a matter of one number; while a run halts nobody is refused.
        ErrCode::SendFailed => Some(words::nothing_issued()),
        known => Some(words::remedy(known.explain().remedy)),
    };
    let hint = hint::remedy(told).map(words::remedy);
    hint.or_else(known).unwrap_or_else(words::ask_support)
}

pub(super) fn merchant_halt(code: &str, told: &str) -> Halt {
    Halt {
        cause: match ErrCode::parse(code) {
            Some(known) => words::code(code, known.explain().meaning),
            None => words::code(code, words::merchant_wide()),
        },
        evidence: code_and_words(code, told),
        remedy: remedy_of(code, told),
        excused: Vec::new(),
    }
}

pub(super) fn certificate_halt(detail: &str) -> Halt {
    Halt {
        cause: words::certificate(),
        evidence: words::detail(detail),
        remedy: words::check_certificate(),
        excused: Vec::new(),
    }
}

/// Years off, a clock makes every certificate invalid: it comes before them.
pub(super) fn dates_halt(dates: &CertificateDates) -> Halt {
    let (cause, remedy) = if dates.is_early {
        (words::clock(), words::set_clock_first())
    } else {
        (words::clock_or_certificate(), words::compare_clock())
    };
    Halt {
        cause,
        evidence: dates.words(),
        remedy,
        excused: Vec::new(),
    }
}

pub(super) fn http_halt(status: u16, count: u32) -> Halt {
    Halt {
        cause: words::connection_refused(),
        evidence: words::status(status, count),
        remedy: words::check_connection(),
        excused: Vec::new(),
    }
}

pub(super) fn proxy_halt(status: u16, count: u32) -> Halt {
    Halt {
        cause: words::proxy(),
        evidence: words::status(status, count),
        remedy: match status {
            403 => words::let_through(),
            _ => setup::mend_gateway_proxy(),
        },
        excused: Vec::new(),
    }
}

pub(super) fn return_fail_halt(count: u32, told: &str) -> Halt {
    Halt {
        cause: words::return_fail(),
        evidence: match told {
            "" => words::return_fails(count),
            told => words::return_fails_with(told, count),
        },
        remedy: hint::remedy(told).map_or_else(words::check_merchant, words::remedy),
        excused: Vec::new(),
    }
}
