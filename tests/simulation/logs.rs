//! What a process logs, and that no secret and no recipient is named in it.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use tracing::Level;
use tracing::subscriber::{DefaultGuard, set_default};

use super::life::KEY;

/// How a recipient's name begins in a plan.
const OPENID: &str = "oSEED";

/// Everything that this thread logs, down to `debug`.
pub(super) struct Logs {
    text: Text,
    _kept: DefaultGuard,
}

#[derive(Clone, Default)]
struct Text(Arc<Mutex<Vec<u8>>>);

impl Logs {
    pub(super) fn kept() -> Logs {
        let text = Text::default();
        let writer = text.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::DEBUG)
            .with_writer(move || writer.clone())
            .finish();
        Logs {
            text,
            _kept: set_default(subscriber),
        }
    }

    pub(super) fn tell_no_secret(&self) -> Result<(), String> {
        let text = self.text.0.lock().unwrap();
        let text = String::from_utf8_lossy(&text);
        for secret in [KEY, OPENID] {
            if let Some(line) = text.lines().find(|line| line.contains(secret)) {
                return Err(format!("a log says {line}"));
            }
        }
        Ok(())
    }
}

impl Write for Text {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
