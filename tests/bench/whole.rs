//! Whole runs of the program, each beside the leanest thing that does the same work.
//!
//! `cargo bench --bench whole` measures every part but the soak at full size, `-- sending` one
//! part, `-- loading --rows 10000000` one part at another size; `-- --help` lists them. Both
//! sides take turns on the same machine, so that the median of their ratios, which is printed
//! first, says more than any time of one of them. `cargo test` runs every part at a small size
//! and checks what came out, but no time.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints its tables, and may stop at the first surprise"
)]

#[path = "whole/mod.rs"]
mod whole;

/// As in the program: what both sides do alike costs both the same.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use std::process::ExitCode;

fn main() -> ExitCode {
    whole::main(std::env::args().skip(1).collect())
}
