//! The rules behind sockets.
//!
//! - `durable`: the gateway and its books file; an answer leaves after its entries are written;
//! - `connection`: TLS, and what a fault does to an answer on its way; `http`: its bytes;
//! - `certs`: certificates, made at the start.

pub(super) mod certs;
pub(super) mod connection;
pub(super) mod durable;
mod http;
