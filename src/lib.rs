//! hongbao
pub mod config;
pub mod domain;
pub mod wechat;
pub mod simulator;
pub mod recipients;
