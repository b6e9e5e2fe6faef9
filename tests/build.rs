//! How many tests run at once.
//!
//! Most wait most of their time, for a second to be over or a process to end: as many at once as
//! there are cores would leave those idle. What a build script sets for the compiler, Cargo also
//! sets for what `cargo test` runs.

use std::env::var;
use std::thread::available_parallelism;

const VARIABLE: &str = "RUST_TEST_THREADS";
const FEWEST: usize = 16;

fn main() {
    let cores = available_parallelism().map_or(1, usize::from);
    let threads = var(VARIABLE).unwrap_or_else(|_| cores.max(FEWEST).to_string());
    println!("cargo::rustc-env={VARIABLE}={threads}");
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    println!("cargo::rerun-if-changed=tests/build.rs");
}
