//! Whether anything may leave at all.
//!
//! - `gate`: open until the first cause shuts it; `stop`: signals that do;
//! - `symptom`: what one answer says about the set-up; `breaker`: what several say, `streak` where
//!   they refuse people;
//! - `throttling`: whether every answer is a refusal for the rate;
//! - `reach`: whether the gateway was there at all;
//! - `timing`: whether the clock can be trusted; `halt`: each cause in words, with its remedy.

pub(super) mod breaker;
pub(super) mod gate;
pub(super) mod halt;
pub(super) mod reach;
pub(super) mod stop;
pub(super) mod streak;
pub(super) mod symptom;
pub(super) mod throttling;
pub(super) mod timing;
