//! `schedule`: the files of a system that starts a campaign's runs by the clock. Recurrence is that
//! system's; the run itself keeps to `[schedule]`.

mod cron;
mod kubernetes;
mod starts;
mod systemd;
mod times;

use jiff::tz::TimeZone;

use crate::cli::{ScheduleArgs, Starter};
use crate::config::{ConfigError, Windows};
use crate::error::Error;
use crate::exit::ExitCode;
use crate::words::{Lang, commented, schedule as words};

use super::console::say;
use super::setup::context::Context;
use starts::StartPlan;

pub(super) fn schedule(args: &ScheduleArgs, lang: Lang) -> Result<ExitCode, Error> {
    let context = Context::open_to_look(&args.campaign, lang)?;
    let plan = StartPlan::of(&context)?;
    if context.campaign.windows == Windows::always() {
        context.tell(&words::no_schedule());
    }
    let by_name = [Starter::Systemd, Starter::K8s].contains(&args.print);
    if let Some(why) = context
        .campaign
        .shared_credential()
        .filter(|_| by_name && context.is_live())
    {
        return Err(ConfigError::Secrets { faults: vec![why] }.into());
    }
    let text = match args.print {
        Starter::Systemd => systemd::units(&plan, lang),
        Starter::Cron => {
            let zone = TimeZone::system();
            context.tell(&words::by_clock(zone.iana_name().unwrap_or("UTC")));
            let zones = (&context.campaign.windows.timezone, &zone);
            let local = plan.starts.by_clock(zones, context.clock.now_ms());
            cron::lines(&plan, &local)
        }
        Starter::K8s => kubernetes::jobs(&plan, lang),
    };
    say(commented(&text, lang).trim_end())?;
    Ok(ExitCode::Done)
}
