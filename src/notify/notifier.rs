//! All targets beside a run: a thread of its own, on which nothing of the run waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::message::Message;
use super::post::Poster;
use crate::aside::{self, Level};
use crate::clock::Clock;
use crate::config::NotifyKind;
use crate::words::{Lang, Words, notify as words};

/// For all targets together, once the ledger is free. One that answers nothing has two tries of
/// five seconds for each message, and the end of a run comes behind its begin and the end of a
/// certificate. Who stops the process gives it longer: `schedule --print`.
const LAST_WAIT: Duration = Duration::from_secs(35);

/// What is done as soon as somebody took a message, on the thread that tells.
pub type OnTaken = Arc<dyn Fn() + Send + Sync>;

/// A step of a run, for a ping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PingStep {
    /// It begins.
    Start,
    /// It has ended, with this code.
    Exit(u8),
}

impl PingStep {
    fn segment(self) -> String {
        match self {
            PingStep::Start => "start".to_owned(),
            PingStep::Exit(code) => code.to_string(),
        }
    }
}

/// What a target is to be told.
enum Errand {
    Tell(Arc<Message>, Arc<str>, OnTaken),
    Ping(PingStep, Option<Arc<Message>>),
}

/// A target on the thread, and how much it has not taken yet. The errands of one run are few.
struct Outbox {
    kind: NotifyKind,
    errands: UnboundedSender<Errand>,
    open: Arc<AtomicUsize>,
}

/// Those who are told of a run.
pub struct Notifier {
    outboxes: Vec<Outbox>,
    over: oneshot::Receiver<()>,
    lang: Lang,
}

impl Notifier {
    /// Starts the thread, where there is anybody. Failures are told on stderr, in `lang`. Where the
    /// system gives no thread nobody is told, and the run goes on.
    #[must_use]
    pub fn begin(posters: Vec<Poster>, clock: &Clock, lang: Lang) -> Notifier {
        let (done, over) = oneshot::channel();
        let mut outboxes = Vec::new();
        let mut postmen = Vec::new();
        for poster in posters {
            let (errands, inbox) = unbounded_channel();
            let open = Arc::new(AtomicUsize::new(0));
            outboxes.push(Outbox {
                kind: poster.kind(),
                errands,
                open: Arc::clone(&open),
            });
            postmen.push(Postman {
                poster,
                inbox,
                open,
                clock: clock.clone(),
                lang,
            });
        }
        if !postmen.is_empty() {
            let thread = std::thread::Builder::new().name("notify".to_owned());
            // It ends with the process: a name that is still looked up then holds nothing up.
            let started = thread.spawn(move || serve(postmen, done));
            if let Err(fault) = started {
                tell(lang, &crate::words::system::io(&fault));
                outboxes.clear();
            }
        }
        Notifier {
            outboxes,
            over,
            lang,
        }
    }

    /// Whether anybody is told.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.outboxes.is_empty()
    }

    /// Whether anybody hears messages; some count pings alone.
    #[must_use]
    pub fn is_heard(&self) -> bool {
        self.outboxes.iter().any(|it| it.kind != NotifyKind::Ping)
    }

    /// Tells everybody but those who count pings. `id` tells it from every other message.
    pub fn tell(&self, message: Message, id: &str, on_taken: &OnTaken) {
        let (message, id) = (Arc::new(message), Arc::from(id));
        for outbox in self
            .outboxes
            .iter()
            .filter(|it| it.kind != NotifyKind::Ping)
        {
            let (message, id) = (Arc::clone(&message), Arc::clone(&id));
            outbox.order(Errand::Tell(message, id, Arc::clone(on_taken)));
        }
    }

    /// Tells those who count pings.
    pub fn ping(&self, step: PingStep, message: Option<Message>) {
        let message = message.map(Arc::new);
        for outbox in self
            .outboxes
            .iter()
            .filter(|it| it.kind == NotifyKind::Ping)
        {
            outbox.order(Errand::Ping(step, message.clone()));
        }
    }

    /// Waits until everybody was told what was ordered, and not for ever.
    pub async fn end(self) {
        let Notifier {
            outboxes,
            over,
            lang,
        } = self;
        let open: Vec<(NotifyKind, Arc<AtomicUsize>)> = outboxes
            .into_iter()
            .map(|outbox| (outbox.kind, outbox.open))
            .collect();
        let told = tokio::time::timeout(LAST_WAIT, over).await;
        if matches!(told, Ok(Ok(()))) {
            return;
        }
        for (kind, open) in open {
            let count = open.load(Ordering::Acquire);
            if count > 0 {
                tell(lang, &words::given_up(kind.name(), count));
            }
        }
    }
}

impl Outbox {
    fn order(&self, errand: Errand) {
        self.open.fetch_add(1, Ordering::AcqRel);
        // Its end is gone only where the thread panicked; then `end` tells of what is open.
        let _ = self.errands.send(errand);
    }
}

/// The side of a target that posts.
struct Postman {
    poster: Poster,
    inbox: UnboundedReceiver<Errand>,
    open: Arc<AtomicUsize>,
    clock: Clock,
    lang: Lang,
}

fn serve(postmen: Vec<Postman>, done: oneshot::Sender<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let Ok(runtime) = runtime else {
        return;
    };
    runtime.block_on(async {
        let mut all = JoinSet::new();
        for postman in postmen {
            all.spawn(postman.serve());
        }
        while all.join_next().await.is_some() {}
        // Nobody may be waiting any more.
        let _ = done.send(());
    });
    runtime.shutdown_background();
}

impl Postman {
    /// One after the other, so that a step of a run never overtakes the one before.
    async fn serve(mut self) {
        while let Some(errand) = self.inbox.recv().await {
            let (sent, what) = self.carry_out(&errand).await;
            if let Err(why) = sent {
                let target = self.poster.kind().name();
                tell(self.lang, &words::failed(target, what, why));
            }
            self.open.fetch_sub(1, Ordering::AcqRel);
        }
    }

    async fn carry_out(&self, errand: &Errand) -> (Result<(), Words>, String) {
        match errand {
            Errand::Tell(message, id, on_taken) => {
                let sent = self.poster.tell(message, id, self.clock.now_ms()).await;
                if sent.is_ok() {
                    on_taken();
                }
                (sent, message.event.name().to_owned())
            }
            Errand::Ping(step, message) => {
                let segment = step.segment();
                let sent = self.poster.ping(&segment, message.as_deref()).await;
                (sent, format!("/{segment}"))
            }
        }
    }
}

fn tell(lang: Lang, words: &Words) {
    aside::tell_words(lang, Level::Warn, words);
}
