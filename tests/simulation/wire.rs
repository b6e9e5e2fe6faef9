//! The way to the gateway and back, and who else may answer on it.

use std::future::{Future, pending};
use std::pin::Pin;
use std::time::Duration;

use hongbao::domain::outcome::{Doubt, NotSent};
use hongbao::simulator::{Delivery, GatewayReply as Sent};
use hongbao::wechat::client::{Line, Player};
use hongbao::wechat::reply::{Exchange, Reply};
use tokio::time::sleep;

use super::stray::muted;
use super::world::World;

/// How long the client waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Codes that put sends off to another time.
const DEFERRING: &[&str] = &["SENDAMOUNT_LIMIT", "DAY_OVER_LIMITED", "TIME_LIMITED"];

/// What befalls one request.
struct Way {
    there: u64,
    back: u64,
    is_refused: bool,
    /// Somebody on the way answers in place of the gateway.
    forged: Option<u64>,
}

impl World {
    fn way(&self) -> Way {
        let mut state = self.state();
        let (refused, forged) = (state.refuses_connections, state.forged);
        // The pace allows for so much jitter on the way there, and for any on the way back.
        let there = state.way_ms + state.chance.between(0, 20);
        let back = state.way_ms + state.chance.between(0, 200);
        let is_forged = forged > 0 && state.chance.one_in(forged);
        Way {
            there,
            back,
            is_refused: refused > 0 && state.chance.one_in(refused),
            forged: is_forged.then(|| state.chance.throw()),
        }
    }

    async fn carry(&self, line: Line, path: &'static str, body: Vec<u8>) -> Exchange {
        let way = self.way();
        if way.is_refused {
            return Exchange::NotSent(NotSent::Connect("refused".to_owned()));
        }
        let number = field(&body, "mch_billno");
        let fault = {
            let mut state = self.state();
            let is_send = !path.ends_with("gethbinfo");
            let conduct = state.conduct.leaves(state.true_ms(), is_send);
            let is_late = is_send && state.is_closed();
            let late = is_late.then(|| "a packet was sent after the open time".to_owned());
            let fault = conduct.or(late);
            fault.or_else(|| state.wires.leaves(line, &number, is_send))
        };
        let is_stale = || self.is_stale(&field(&body, "mch_billno"));
        let stale = || "a request left long after it was made durable".to_owned();
        let fault = fault.or_else(|| is_stale().then(stale));
        if let Some(fault) = fault {
            self.accuse(&fault);
            return pending().await;
        }
        sleep(Duration::from_millis(way.there)).await;
        if !self.step() {
            return pending().await;
        }
        let number = field(&body, "mch_billno");
        let is_first = self.is_first(path, number.clone());
        let sent = self.answer_of(path, &body, way.forged);
        let sent = self.bring((line, &number), sent);
        self.note(&format!(
            "{} {} {} {:?}",
            tail(path, 10),
            number.get(8..14).unwrap_or(""),
            status(&sent),
            sent.delivery
        ));
        if !self.step() {
            return pending().await;
        }
        sleep(Duration::from_millis(way.back)).await;
        let is_shut = self.is_door_shut(&body, &sent);
        let is_send = path.ends_with("miniprogramhb");
        let told = self.deliver((line, &number), is_send, sent).await;
        if is_shut && matches!(told, Exchange::Reply(_)) {
            self.turn_away(number, is_first);
        }
        told
    }

    fn answer_of(&self, path: &'static str, body: &[u8], forged: Option<u64>) -> Sent {
        if let Some(kind) = forged {
            return whole(forge(path, body, kind));
        }
        let now = self.true_ms();
        let mut gateway = self.gateway.lock().unwrap();
        let sent = gateway.answer(path, body, now);
        let number = field(body, "mch_billno");
        let Some(lie) = self.state().lie.filter(|_| path.ends_with("gethbinfo")) else {
            return sent;
        };
        match gateway.books(now).orders.get(&number) {
            // Nobody is called paid who is not: of that a proof may be believed.
            Some(booked) if booked.order.is_paid() || says_unpaid(lie) => {
                self.excuse(&number);
                whole(lie_about(lie, &number, booked.order.amount_fen))
            }
            Some(_) | None => sent,
        }
    }

    /// Whether a whole answer says that the door is shut, and of no other number.
    fn is_door_shut(&self, body: &[u8], sent: &Sent) -> bool {
        let mut gateway = self.gateway.lock().unwrap();
        let door = gateway.settings_mut().at_the_door.as_ref();
        let named = field(&sent.body, "mch_billno");
        let is_its = named.is_empty() || named == field(body, "mch_billno");
        let is_whole = sent.status == 200 && field(&sent.body, "sign").is_empty();
        let said = code(&sent.body);
        is_its && is_whole && door.is_some_and(|(code, _)| said.as_ref() == Some(code))
    }

    /// What comes over the connection in the answer's place.
    fn bring(&self, to: (Line, &str), sent: Sent) -> Sent {
        let state = &mut *self.state();
        let sent = if state.strays.is_mute {
            muted(sent)
        } else {
            sent
        };
        state
            .wires
            .bring(to, sent, &state.strays, &mut state.chance)
    }

    async fn deliver(&self, to: (Line, &str), is_send: bool, sent: Sent) -> Exchange {
        let lost = |how: &str| Exchange::InDoubt(Doubt::ConnectionLost(how.to_owned()));
        match sent.delivery {
            Delivery::Never => return lost("closed"),
            Delivery::Cut { .. } if sent.status == 200 => return lost("cut"),
            Delivery::Late { ms } if Duration::from_millis(ms) >= PATIENCE => {
                sleep(PATIENCE).await;
                return Exchange::InDoubt(Doubt::Timeout);
            }
            Delivery::Late { ms } => sleep(Duration::from_millis(ms)).await,
            Delivery::Cut { .. } | Delivery::Whole => {}
        }
        self.told(to.1, is_send, &sent);
        Exchange::Reply(Reply {
            status: sent.status,
            body: sent.body,
            date: Some(self.true_ms() / 1000),
            is_first: to.0.is_fresh,
        })
    }

    /// What the process knows from now on.
    fn told(&self, number: &str, is_send: bool, sent: &Sent) {
        let mut state = self.state();
        let now = state.true_ms();
        let is_signed = !field(&sent.body, "sign").is_empty();
        let named = field(&sent.body, "mch_billno");
        let is_foreign = !named.is_empty() && named != number;
        // Only a send is put off.
        let is_put_off = DEFERRING.contains(&code(&sent.body).unwrap_or_default().as_str());
        let is_heard = sent.status == 200 && !is_signed && !is_foreign;
        let is_heard = is_heard && (is_send || !is_put_off);
        let code = code(&sent.body).filter(|_| is_heard);
        state.conduct.told(code.as_deref(), now);
    }
}

/// An answer that WeChat Pay never gave: signed with another key, or of no bill.
fn forge(path: &str, body: &[u8], kind: u64) -> String {
    let text = |name: &str, value: &str| format!("<{name}><![CDATA[{value}]]></{name}>");
    let copied = |name: &str| text(name, &field(body, name));
    let own = copied("mch_billno") + &copied("mch_id");
    let sign = text("sign", &"A".repeat(32));
    let inner = match (path.ends_with("gethbinfo"), kind % 4) {
        (false, 0 | 1) => {
            let names = ["wxappid", "re_openid", "total_amount"];
            let echo: String = names.iter().map(|name| copied(name)).collect();
            own + &echo + &text("package", "sendid=forged") + &sign
        }
        (false, _) => text("package", "sendid=forged"),
        (true, 0) => own + &text("status", "SENT") + &sign,
        (true, 1) => own + &text("status", "FAILED") + &sign,
        (true, 2) => text("status", "RECEIVED"),
        (true, _) => text("status", "FAILED"),
    };
    format!("<xml>{}{inner}</xml>", success())
}

fn says_unpaid(lie: &str) -> bool {
    matches!(lie, "SENDING" | "REASON" | "FAILED")
}

/// What a gateway says that contradicts itself.
fn lie_about(lie: &str, number: &str, amount_fen: u64) -> String {
    let (status, reason) = match lie {
        "REASON" => ("SENDING", "<reason>it is not so</reason>"),
        status => (status, ""),
    };
    format!(
        "<xml>{}<mch_billno>{number}</mch_billno><total_amount>{amount_fen}</total_amount>\
         <status>{status}</status>{reason}</xml>",
        success()
    )
}

pub(super) fn success() -> &'static str {
    "<return_code>SUCCESS</return_code><result_code>SUCCESS</result_code>"
}

pub(super) fn whole(body: String) -> Sent {
    Sent {
        status: 200,
        body: body.into_bytes(),
        delivery: Delivery::Whole,
        digest: None,
    }
}

/// A field's value; blank where there is none.
pub(super) fn field(body: &[u8], name: &str) -> String {
    let body = String::from_utf8_lossy(body);
    let value = body.split(&format!("<{name}><![CDATA[")).nth(1);
    let value = value.and_then(|rest| rest.split(']').next());
    value.unwrap_or("").to_owned()
}

pub(super) fn code(body: &[u8]) -> Option<String> {
    Some(field(body, "err_code")).filter(|code| !code.is_empty())
}

fn tail(text: &str, length: usize) -> &str {
    &text[text.len().saturating_sub(length)..]
}

fn status(sent: &Sent) -> String {
    format!("{} {}", sent.status, code(&sent.body).unwrap_or_default())
}

impl Player for World {
    fn answer(
        &self,
        line: Line,
        path: &'static str,
        body: Vec<u8>,
    ) -> Pin<Box<dyn Future<Output = Exchange> + Send + '_>> {
        Box::pin(self.carry(line, path, body))
    }
}
