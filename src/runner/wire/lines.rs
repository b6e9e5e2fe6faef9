//! The connections of a process: as many as requests may be on the wire, each in one hand at a
//! time.
//!
//! A number never goes over one connection twice: an answer that comes again would be read as the
//! second request's own.

use std::collections::{HashMap, VecDeque};
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

use crate::domain::ids::MchBillno;
use crate::wechat::client::{Client, Connection};

/// So long a request waits at most for another connection than the number's last one.
const PATIENCE: Duration = Duration::from_secs(1);

/// Connections that nobody uses now, and where numbers were asked about that are still to be sent.
/// The preflight's connections are the sends' afterwards: no more are open than requests may be on
/// the wire.
pub struct Lines {
    client: Client,
    count: usize,
    state: Mutex<LineState>,
    given: Notify,
}

#[derive(Default)]
struct LineState {
    /// The one that rested longest in front.
    spare: VecDeque<Connection>,
    /// Only of numbers that an answer may free: nothing follows from a question about another.
    asked: HashMap<MchBillno, Vec<u64>>,
}

impl Lines {
    /// `count` connections, none of them open yet.
    #[must_use]
    pub fn of(client: Client, count: usize) -> Self {
        let spare = (0..count).map(|_| client.connection()).collect();
        let state = LineState {
            spare,
            ..LineState::default()
        };
        Lines {
            client,
            count,
            state: Mutex::new(state),
            given: Notify::new(),
        }
    }

    /// One for a request about this number: over which nothing was said yet if it must be `apart`,
    /// else over which the number was not asked about. For such a one it waits a while.
    pub(in crate::runner) async fn take(&self, number: &MchBillno, is_apart: bool) -> Connection {
        let found = async {
            loop {
                let mut given = pin!(self.given.notified());
                // Before the look, so that nothing is missed between the two.
                given.as_mut().enable();
                if let Some(connection) = self.fit(number, is_apart) {
                    return connection;
                }
                given.await;
            }
        };
        let found = timeout(PATIENCE, found).await;
        found.unwrap_or_else(|_| self.client.connection())
    }

    /// `None` where another one that is in use now will do.
    fn fit(&self, number: &MchBillno, is_apart: bool) -> Option<Connection> {
        let mut state = self.state();
        let LineState { spare, asked } = &mut *state;
        let asked = asked.get(number).filter(|_| !planted!(SameConnectionTwice));
        let is_fit = |connection: &Connection| {
            let is_other = |asked: &Vec<u64>| !asked.contains(&connection.line());
            connection.is_fresh() || !is_apart && asked.is_none_or(is_other)
        };
        if let Some(place) = spare.iter().position(is_fit) {
            return spare.remove(place);
        }
        if !is_apart && !spare.is_empty() && spare.len() < self.count {
            return None;
        }
        let mut connection = spare.pop_front();
        if let Some(connection) = &mut connection {
            connection.close();
        }
        Some(connection.unwrap_or_else(|| self.client.connection()))
    }

    /// For the next request.
    pub(super) fn give_back(&self, connection: Connection) {
        self.state().spare.push_back(connection);
        self.given.notify_waiters();
    }

    /// This number was asked about over that connection, and may be sent now.
    pub(super) fn was_asked(&self, number: &MchBillno, connection: &Connection) {
        let mut state = self.state();
        let lines = state.asked.entry(number.clone()).or_default();
        lines.push(connection.line());
    }

    /// This number was sent.
    pub(super) fn was_sent(&self, number: &MchBillno) {
        self.state().asked.remove(number);
    }

    fn state(&self) -> MutexGuard<'_, LineState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
