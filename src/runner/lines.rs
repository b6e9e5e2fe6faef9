//! The connections of a process: as many as requests may be on the wire, each in one hand at a
//! time.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::wechat::client::{Client, Connection};

/// Connections that nobody uses now, the one that rested longest in front: the preflight's are the
/// workers' afterwards, so that no more are open than requests may be on the wire.
pub struct Lines {
    client: Client,
    spare: Mutex<VecDeque<Connection>>,
}

impl Lines {
    /// `count` connections, none of them open yet.
    #[must_use]
    pub fn of(client: Client, count: usize) -> Self {
        let spare = (0..count).map(|_| client.connection()).collect();
        Lines {
            client,
            spare: Mutex::new(spare),
        }
    }

    /// The next one; a further one where all are in use.
    pub(super) fn take(&self) -> Connection {
        let spare = self.spare().pop_front();
        spare.unwrap_or_else(|| self.client.connection())
    }

    /// For the next who needs one.
    pub(super) fn give_back(&self, connection: Connection) {
        self.spare().push_back(connection);
    }

    fn spare(&self) -> MutexGuard<'_, VecDeque<Connection>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
