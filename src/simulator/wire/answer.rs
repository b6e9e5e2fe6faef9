//! The XML of an answer, written field by field in the order the documentation prints them.

use super::fields::BodyFields;
use super::reply::GatewayReply;
use super::words;

/// More than most answers are long.
const USUAL: usize = 1024;

/// An answer's XML under construction.
#[derive(Debug, Clone)]
pub(in crate::simulator) struct AnswerXml(String);

impl AnswerXml {
    /// A success. Successes carry an `err_code` too; reading its presence as failure is a known
    /// mistake of clients.
    pub(in crate::simulator) fn success(message: &str) -> Self {
        AnswerXml::new()
            .text("return_code", "SUCCESS")
            .text("return_msg", message)
            .text("result_code", "SUCCESS")
            .text("err_code", "SUCCESS")
            .text("err_code_des", message)
    }

    /// A refusal in the code's usual words.
    pub(in crate::simulator) fn refusal(code: &str) -> Self {
        AnswerXml::refusal_saying(code, words::of(code))
    }

    /// A refusal in words of its own. The real gateway says SUCCESS in `return_code` here: the
    /// request arrived, its business failed.
    pub(in crate::simulator) fn refusal_saying(code: &str, text: &str) -> Self {
        AnswerXml::new()
            .text("return_code", "SUCCESS")
            .text("return_msg", text)
            .text("result_code", "FAIL")
            .text("err_code", code)
            .text("err_code_des", text)
    }

    /// A failure of the protocol itself, which names no code.
    pub(in crate::simulator) fn return_fail() -> Self {
        AnswerXml::new()
            .text("return_code", "FAIL")
            .text("return_msg", "系统繁忙,请稍后再试")
    }

    fn new() -> Self {
        let mut text = String::with_capacity(USUAL);
        text.push_str("<xml>\n");
        AnswerXml(text)
    }

    /// Adds a field in CDATA.
    pub(in crate::simulator) fn text(mut self, name: &str, value: &str) -> Self {
        let AnswerXml(out) = &mut self;
        push(out, &["<", name, "><![CDATA["]);
        // Hardly any value has one, and looking for three bytes costs more than looking for one.
        if value.as_bytes().contains(&b']') {
            out.push_str(&value.replace("]]>", "]]]]><![CDATA[>"));
        } else {
            out.push_str(value);
        }
        push(out, &["]]></", name, ">\n"]);
        self
    }

    /// Adds a number, which the real gateway writes without CDATA.
    pub(in crate::simulator) fn number(mut self, name: &str, value: u64) -> Self {
        let digits = value.to_string();
        push(&mut self.0, &["<", name, ">", &digits, "</", name, ">\n"]);
        self
    }

    /// Adds the one nested field there is: who took the packet, and when.
    pub(in crate::simulator) fn taken_by(
        mut self,
        openid: &str,
        amount_fen: u64,
        rcv_time: &str,
    ) -> Self {
        self.0.push_str("<hblist>\n<hbinfo>\n");
        self = self
            .text("openid", openid)
            .number("amount", amount_fen)
            .text("rcv_time", rcv_time);
        self.0.push_str("</hbinfo>\n</hblist>\n");
        self
    }
}

fn push(out: &mut String, parts: &[&str]) {
    for part in parts {
        out.push_str(part);
    }
}

impl From<AnswerXml> for GatewayReply {
    fn from(answer: AnswerXml) -> GatewayReply {
        GatewayReply::whole(200, (answer.0 + "</xml>").into_bytes())
    }
}

/// The answer with what the request said of its order.
pub(in crate::simulator) fn echo_fields(
    answer: AnswerXml,
    mch_billno: &str,
    fields: &BodyFields<'_>,
) -> AnswerXml {
    let amount_fen = fields.value("total_amount").parse().unwrap_or(0);
    answer
        .text("mch_billno", mch_billno)
        .text("mch_id", fields.value("mch_id"))
        .text("wxappid", fields.value("wxappid"))
        .text("re_openid", fields.value("re_openid"))
        .number("total_amount", amount_fen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_cdata_inside_a_value_is_split() {
        let reply = GatewayReply::from(AnswerXml::refusal_saying("X", "a]]>b"));
        let body = String::from_utf8(reply.body).unwrap();
        assert!(body.contains("<![CDATA[a]]]]><![CDATA[>b]]>"), "{body}");
        assert!(body.starts_with("<xml>\n<return_code><![CDATA[SUCCESS]]></return_code>"));
        assert!(body.ends_with("</xml>"));
    }
}
