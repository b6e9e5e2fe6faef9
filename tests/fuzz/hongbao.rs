//! The parts of hongbao that read foreign bytes, without those that need SQLite or a network.
#![allow(dead_code, reason = "only a part of each is fuzzed")]

pub use tree::{config, domain, recipients, wechat, words};

#[path = "../../src"]
mod tree {
    pub mod config;
    pub mod domain;
    pub mod recipients;
    pub mod words;

    /// As `src/wechat/mod.rs` has it, but for the client.
    pub mod wechat {
        pub mod err_code;
        pub mod hbinfo;
        pub mod redpack;
        pub mod reply;
        pub mod sign;
        pub mod xml;
    }
}
