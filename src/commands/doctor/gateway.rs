//! The way to WeChat Pay, step by step, and one query about a number that cannot exist.

use super::told::{Check, CheckName};
use crate::commands::console::one_line;
use crate::commands::setup::context::Context;
use crate::commands::setup::gateway::{OpenGateway, environment_proxies};
use crate::config::{GatewaySettings, Mode};
use crate::domain::outcome::{Doubt, NotSent, Sighting};
use crate::error::Error;
use crate::runner::Probed;
use crate::wechat::err_code::ErrCode;
use crate::words::{Words, doctor as words, halt, setup};

/// In the order of the way.
const STEPS: [CheckName; 7] = [
    CheckName::Name,
    CheckName::Tcp,
    CheckName::Tls,
    CheckName::MutualTls,
    CheckName::Answer,
    CheckName::Signature,
    CheckName::Clock,
];
/// Sends and queries halt above this.
const CLOCK_SECONDS: i64 = 60;

/// Which proxy is used, and which are not; without a campaign, those of the environment.
pub(super) fn proxy(gateway: Option<&GatewaySettings>) -> Check {
    let name = CheckName::Proxy;
    let ours = gateway.and_then(|it| Some((it.mode, it.proxy.as_ref()?)));
    match ours {
        Some((Mode::Live, proxy)) => {
            return Check::fine(name, setup::gateway_proxy(proxy.url.as_str()));
        }
        Some((Mode::Simulator, proxy)) => {
            return Check::fine(name, setup::proxy_simulated(proxy.url.as_str()));
        }
        None => {}
    }
    match environment_proxies() {
        // A campaign file that is refused may name one.
        None if gateway.is_none() => Check::left_out(name),
        None => Check::fine(name, words::no_proxy()),
        Some(set) => Check::warn(name, words::proxy(set), words::mend_proxy()),
    }
}

pub(super) async fn check(context: &Context, opened: Result<OpenGateway, Error>) -> Vec<Check> {
    let gateway = match opened {
        Ok(gateway) => gateway,
        // The check of the merchant's files says why.
        Err(_) if context.is_live() => return STEPS.map(Check::left_out).into(),
        Err(fault) => {
            let failed = Check::fail(CheckName::Tcp, one_line(&fault), words::mend_tcp());
            return vec![failed];
        }
    };
    let probed = gateway.probe(context).await;
    gateway.close().await;
    steps(context, &probed)
}

/// All steps up to the one that failed are fine, and the ones behind it are left out.
fn steps(context: &Context, probed: &Probed) -> Vec<Check> {
    let failed = failed(probed);
    let mut checks = Vec::new();
    for step in STEPS {
        if let Some((at, found, remedy)) = &failed
            && *at == step
        {
            checks.push(Check::fail(step, found.clone(), remedy.clone()));
            let behind = STEPS
                .into_iter()
                .skip_while(|behind| *behind != step)
                .skip(1);
            checks.extend(behind.map(Check::left_out));
            return checks;
        }
        checks.push(match step {
            CheckName::Name => Check::fine(step, name(context)),
            CheckName::Tcp => Check::fine(step, words::tcp()),
            CheckName::Tls => Check::fine(step, words::tls()),
            CheckName::MutualTls => Check::fine(step, words::mutual_tls()),
            CheckName::Answer => Check::fine(step, words::answered()),
            CheckName::Signature => Check::fine(step, words::signature()),
            _ => clock(context, probed),
        });
    }
    checks
}

/// The gateway whose name has an address.
fn name(context: &Context) -> Words {
    if context.is_live() {
        let gateway = &context.campaign.gateway;
        match gateway.proxy {
            None => words::name(gateway.base_url.as_str()),
            Some(_) => setup::name_by_proxy(gateway.base_url.as_str()),
        }
    } else {
        words::simulated_name()
    }
}

/// The step that failed, what was found, and what to do.
fn failed(probed: &Probed) -> Option<(CheckName, Words, Words)> {
    use CheckName::{Answer, MutualTls, Name, Signature, Tcp, Tls};
    let told = |detail: &str| words::not_reached(detail);
    let (code, des) = (probed.err_code.as_str(), probed.err_code_des.as_str());
    Some(match &probed.sighting {
        Sighting::NotSent(NotSent::Name(why)) => (Name, told(why), words::mend_name()),
        Sighting::NotSent(NotSent::Connect(why)) => (Tcp, told(why), words::mend_tcp()),
        Sighting::NotSent(NotSent::Proxy(why)) => (Tcp, why.words(), setup::mend_gateway_proxy()),
        Sighting::NotSent(NotSent::Dates(dates)) if dates.is_early => {
            (Tls, dates.words(), halt::set_clock_first())
        }
        Sighting::NotSent(NotSent::Dates(dates)) => (Tls, dates.words(), halt::compare_clock()),
        Sighting::NotSent(NotSent::Handshake(why) | NotSent::Certificate(why)) => {
            (Tls, told(why), halt::check_certificate())
        }
        Sighting::NotSent(NotSent::NotBegun) => (Tcp, words::not_checked(), words::mend_tcp()),
        Sighting::Unclear(Doubt::CertificateAlert(why) | Doubt::ConnectionLost(why)) => {
            (MutualTls, told(why), halt::check_client_certificate())
        }
        // What stands between, or the gateway itself, is not well: no setting mends that.
        Sighting::Unclear(Doubt::Http(status @ 500..)) => {
            (Answer, words::http(*status), halt::later())
        }
        Sighting::Unclear(_) if probed.status.is_some_and(|status| status != 200) => {
            let status = probed.status.unwrap_or_default();
            (MutualTls, words::http(status), halt::check_connection())
        }
        Sighting::Unclear(
            doubt @ (Doubt::AnswerCut(_) | Doubt::Malformed(_) | Doubt::Timeout | Doubt::Echo(_)),
        ) => (Answer, doubt.words(), halt::later()),
        Sighting::Throttled => (Answer, words::refused(code, des), halt::later()),
        Sighting::Unclear(doubt @ (Doubt::Sign | Doubt::ReturnFail)) if code.is_empty() => {
            let found = match des {
                "" => doubt.words(),
                des => words::refused("FAIL", des),
            };
            (Signature, found, halt::check_merchant())
        }
        Sighting::NotFound => return None,
        _ if code == "NOT_FOUND" => return None,
        _ => {
            let remedy = ErrCode::parse(code).map(|code| code.explain().remedy);
            let remedy = remedy.map_or_else(halt::check_merchant, halt::remedy);
            let found = words::refused(code, des);
            (Signature, found, remedy)
        }
    })
}

fn clock(context: &Context, probed: &Probed) -> Check {
    let name = CheckName::Clock;
    let Some(date) = probed.date else {
        return Check::warn(name, words::no_date(), words::mend_clock());
    };
    let apart = context.clock.now_ms() / 1000 - date;
    if apart.abs() > CLOCK_SECONDS {
        Check::fail(name, words::clock(apart), words::mend_clock())
    } else {
        Check::fine(name, words::clock(apart))
    }
}
