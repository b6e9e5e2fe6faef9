//! Everything that runs the program itself, as a child, in one binary: such tests wait most of
//! their time, for a second to be over or a process to end, and in one process they wait at the
//! same time. It is also linked once. `cargo test --test scenarios caps::` runs those of one file.
//!
//! A test that takes a ledger in its own process is not among them, but stands in `Cargo.toml`: a
//! child that another test starts has every lock of its process for a moment.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "simulation/chance.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod chance;
mod keys;
mod support;

mod audit;
mod backups;
mod bar;
mod campaign_file;
mod caps;
mod caps_of_a_copy;
mod claims;
mod crash;
mod desk;
mod doctor;
mod endings;
mod ends;
mod events;
mod faults;
mod foreseen;
mod found;
mod fund_flow;
mod halt;
mod hands;
mod happy;
mod include;
mod init;
mod intake;
mod limits;
mod list;
mod lock;
mod logs;
mod looks;
mod memory;
mod mended;
mod mini_program;
mod money_flags;
mod notify;
mod onward;
mod outage;
mod outputs;
mod pace;
mod packages;
mod pause;
mod plan;
mod power;
mod process;
mod proxy;
mod readers;
mod reconcile;
mod refusals;
mod rehearse;
mod reissue;
mod rejects;
mod reports;
mod resend;
mod restore;
mod restore_kills;
mod rot;
mod runners;
mod samples;
mod schedule;
mod service;
mod setup;
mod shell;
mod simulate;
mod standby;
mod stop;
mod strays;
mod syscalls;
mod told;
mod twins;
mod verdict;
mod wire;
mod withdraw;
