//! hongbao
pub mod domain;
pub mod wechat;
