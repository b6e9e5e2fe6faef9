//! hongbao
pub mod domain;
pub mod wechat;
pub mod simulator;
pub mod recipients;
