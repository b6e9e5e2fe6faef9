//! Checked values, made once: below here nothing is a bare text or number any more.
//!
//! - `money`: fen; `caps`: which amounts may be paid, and when a Beijing day begins;
//! - `claim`: how long a packet can be opened;
//! - `ids`: merchant, campaign, row and recipient, and the number made of them; `hex`;
//! - `text`: the texts that a recipient sees;
//! - `packet`: one row of a recipients file; `met`: people of a list whom others paid;
//! - `approval`: what an approval says; `heard`: by which time it and the caps are read;
//! - `opening`: a stretch of time in which sends may leave;
//! - `terms`: what a campaign fixes at its first load;
//! - `rules`: a campaign's settings and the moment that policy is told.

pub mod approval;
pub mod caps;
pub mod claim;
pub mod heard;
pub mod hex;
pub mod ids;
pub mod met;
pub mod money;
pub mod opening;
pub mod packet;
pub mod rules;
pub mod terms;
pub mod text;
