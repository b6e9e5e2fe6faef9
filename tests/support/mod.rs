//! A campaign in a directory of its own, a stand-in for WeChat Pay beside it, and the one
//! function that compares the books of both.
//!
//! The stand-in runs in the test's process and is spoken to over mutual TLS by the real binary
//! in live mode, run as a child.
#![allow(
    dead_code,
    unused_imports,
    reason = "each test file uses a part of this"
)]

mod books;
mod campaign;
mod case;
mod child;
mod memory_dir;
mod own_row;
mod proxy;
mod strace;
mod traced;
mod wechat;

pub(crate) use books::Agreed;
pub(crate) use campaign::{Campaign, openid, rows, total_yuan};
pub(crate) use case::Case;
pub(crate) use child::{Child, Ran, clean, hongbao, hongbao_under, program, signal};
pub(crate) use memory_dir::in_memory;
pub(crate) use own_row::{forget_home, raise_epoch};
pub(crate) use proxy::{Proxy, Way};
pub(crate) use strace::{can_trace, say};
pub(crate) use wechat::{Wechat, an_eighth};

/// Waits until `is_so`, looking every ten milliseconds. Fails after a minute.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = std::time::Instant::now();
    while !is_so() {
        assert!(start.elapsed().as_secs() < 60, "never came true: {what}");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

/// Does it for each of them at once: most of the time it waits.
pub(crate) fn for_each_at_once<T: Send>(
    each: impl IntoIterator<Item = T>,
    does: impl Fn(T) + Sync,
) {
    let does = &does;
    std::thread::scope(|scope| {
        for one in each {
            scope.spawn(move || does(one));
        }
    });
}

/// Whether the long form of a test is asked for: `HONGBAO_FULL=1`.
pub(crate) fn is_full() -> bool {
    std::env::var_os("HONGBAO_FULL").is_some_and(|value| value == "1")
}
