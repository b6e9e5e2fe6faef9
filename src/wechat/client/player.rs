//! A client without a gateway: campaigns are played in virtual time.

use std::pin::Pin;

use crate::domain::outcome::NotSent;
use crate::wechat::reply::Exchange;

/// Answers in place of a gateway and all wires to it.
pub trait Player: Send + Sync {
    /// Plays the fate of a request that left over this connection.
    fn answer(
        &self,
        line: Line,
        path: &'static str,
        body: Vec<u8>,
    ) -> Pin<Box<dyn Future<Output = Exchange> + Send + '_>>;
}

/// A connection to a player.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Tells it from others.
    pub number: u64,
    /// Whether no answer came over it yet.
    pub is_fresh: bool,
}

/// A line is kept as a link is: where a whole answer came.
pub(super) async fn play(
    player: &dyn Player,
    line: &mut Option<Line>,
    path: &'static str,
    body: Vec<u8>,
) -> Exchange {
    let Some(open) = line.take() else {
        return Exchange::NotSent(NotSent::Connect("not open".to_owned()));
    };
    let exchange = player.answer(open, path, body).await;
    if matches!(exchange, Exchange::Reply(_)) {
        let is_fresh = false;
        *line = Some(Line { is_fresh, ..open });
    }
    exchange
}
