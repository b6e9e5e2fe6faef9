//! `notify --test`: whether those who are told of runs are reached, by telling each of them once.

use std::sync::Arc;

use crate::cli::NotifyArgs;
use crate::commands::console::{say, unforeseen};
use crate::commands::finish::notice::message;
use crate::commands::finish::notice::posters;
use crate::commands::setup::context::Context;
use crate::config::{NotifyKind, SecretSources};
use crate::error::Error;
use crate::exit::ExitCode;
use crate::notify::{EventKind, Message, Poster};
use crate::words::{Lang, Words, notify as words};

/// Also in simulator mode, in which nothing else is told.
pub(in crate::commands) async fn notify(args: &NotifyArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open(&args.campaign, lang)?;
    if context.campaign.notify.targets.is_empty() {
        context.tell(&words::nobody(args.campaign.display()));
        return Ok(ExitCode::Configuration);
    }
    // As a run, which reads all secrets before it tells anybody.
    context
        .campaign
        .check_credentials(&SecretSources::from_env())?;
    let standing = context.standing().ok();
    let told = message(&context, EventKind::Test, words::test(), standing.as_ref());
    let (told, id) = (Arc::new(told), format!("{}-test", unforeseen()?));
    // All at once: a dead one does not hold the others up.
    let under_way: Vec<_> = posters(&context)
        .map(|(kind, poster)| {
            let (told, id, now) = (Arc::clone(&told), id.clone(), context.clock.now_ms());
            let sent = async move { tell(poster?, &told, &id, now).await };
            (kind, tokio::spawn(sent))
        })
        .collect();
    let mut exit = ExitCode::Done;
    for (kind, sent) in under_way {
        let line = match sent.await.map_err(std::io::Error::other)? {
            Ok(()) => words::took(kind.name()),
            Err(why) => {
                exit = ExitCode::Configuration;
                words::took_not(kind.name(), why)
            }
        };
        say(line.within(lang))?;
    }
    Ok(exit)
}

/// A ping has one way to be told: that a run ended well.
async fn tell(poster: Poster, told: &Message, id: &str, now_ms: i64) -> Result<(), Words> {
    match poster.kind() {
        NotifyKind::Ping => poster.ping("0", Some(told)).await,
        NotifyKind::Wecom | NotifyKind::Dingtalk | NotifyKind::Feishu | NotifyKind::Webhook => {
            poster.tell(told, id, now_ms).await
        }
    }
}
