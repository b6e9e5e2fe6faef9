//! The addresses of a host, on a thread of its own. The usual way ends the whole process where the
//! system has no thread left; here the message is lost, and the run goes on.

use std::error::Error;
use std::net::ToSocketAddrs;
use std::thread::Builder;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::oneshot;

/// As the system looks names up.
pub(super) struct Lookup;

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let thread = Builder::new().name("notify-name".to_owned());
        Box::pin(look_up(name.as_str().to_owned(), thread))
    }
}

/// Whoever waits no longer leaves the thread to its end.
async fn look_up(host: String, thread: Builder) -> Result<Addrs, Box<dyn Error + Send + Sync>> {
    let (tell, found) = oneshot::channel();
    thread.spawn(move || {
        let addresses = (host.as_str(), 0).to_socket_addrs();
        // Nobody may be waiting any more.
        let _ = tell.send(addresses);
    })?;
    Ok(Box::new(found.await??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_is_looked_up() {
        let mut found = look_up("localhost".to_owned(), Builder::new())
            .await
            .unwrap();
        assert!(found.all(|address| address.ip().is_loopback()));
    }

    #[tokio::test]
    async fn a_thread_that_the_system_does_not_give_is_a_fault_and_no_end() {
        // More than any machine can address.
        let without = Builder::new().stack_size(1 << 50);
        let found = look_up("localhost".to_owned(), without).await;
        assert!(found.is_err());
    }
}
