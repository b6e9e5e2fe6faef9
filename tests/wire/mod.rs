//! The server, its books, the cases, and the comparison of both sides.

mod act;
mod books;
mod campaign;
pub(crate) mod case;
mod compare;
mod document;
pub(crate) mod door;
pub(crate) mod fault;
mod pki;
pub(crate) mod play;
mod server;
mod spoil;
mod stage;
