//! hongbao
pub mod domain;
