//! What the gateway of these tests says: replies with the fields that WeChat Pay's samples have.

use hongbao::clock::Clock;
use md5::{Digest, Md5};

pub(crate) const API_KEY: &str = "192006250b4c09247ec02edce69f6a2d";
pub(crate) const MCH_ID: &str = "10000098";
pub(crate) const WXAPPID: &str = "wx8888888888888888";

/// Send or query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    Send,
    Query,
}

/// The order a reply is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) number: String,
    pub(crate) openid: String,
    pub(crate) fen: u64,
}

/// What a reply says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Says {
    Paid,
    Refused,
    NotFound,
    SystemError,
    Processing,
}

/// The fields of a reply, in order.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) action: Action,
    pub(crate) about: About,
    pub(crate) says: Says,
    pub(crate) fields: Vec<(String, String)>,
}

impl Document {
    pub(crate) fn new(action: Action, says: Says, about: &About) -> Document {
        let mut document = Document {
            action,
            about: about.clone(),
            says,
            fields: Vec::new(),
        };
        match (says, action) {
            (Says::Paid, Action::Send) => document.accepted(),
            (Says::Paid, Action::Query) => document.found("SENT"),
            (Says::Refused, Action::Query) => document.found("FAILED"),
            (Says::Refused, Action::Send) => document.failed("OPENID_ERROR", "openid和appid不匹配"),
            (Says::NotFound, _) => document.failed("NOT_FOUND", "指定单号数据不存在"),
            (Says::SystemError, _) => {
                document.failed("SYSTEMERROR", "系统错误,请稍后使用原单号重试");
            }
            (Says::Processing, _) => document.failed("PROCESSING", "请求已受理"),
        }
        document
    }

    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.fields.push((name.to_owned(), value.to_owned()));
    }

    /// Gives a field that is there another value.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        for (known, old) in &mut self.fields {
            if known == name {
                value.clone_into(old);
            }
        }
    }

    pub(crate) fn remove(&mut self, names: &[&str]) {
        self.fields
            .retain(|(known, _)| !names.contains(&known.as_str()));
    }

    fn codes(&mut self, result: &str, code: &str, words: &str) {
        for (name, value) in [
            ("return_code", "SUCCESS"),
            ("return_msg", words),
            ("result_code", result),
            ("err_code", code),
            ("err_code_des", words),
        ] {
            self.push(name, value);
        }
        let number = self.about.number.clone();
        self.push("mch_billno", &number);
        self.push("mch_id", MCH_ID);
    }

    fn echo(&mut self) {
        let About { openid, fen, .. } = self.about.clone();
        self.push("wxappid", WXAPPID);
        self.push("re_openid", &openid);
        self.push("total_amount", &fen.to_string());
    }

    fn accepted(&mut self) {
        self.codes("SUCCESS", "SUCCESS", "发放成功");
        self.echo();
        let number = self.about.number.clone();
        let sendid = "242e8abd163d300019b2cae74ba8e8c06e3f0e51ab84d16b3c80decd22a5b672";
        self.push("send_listid", &format!("1000041701{}", &number[8..]));
        let package = format!("sendid={sendid}&ver=8&sign={sendid}&mchid={MCH_ID}");
        self.push("package", &package);
    }

    fn failed(&mut self, code: &str, words: &str) {
        self.codes("FAIL", code, words);
        if self.action == Action::Send {
            self.echo();
        }
    }

    fn found(&mut self, status: &str) {
        self.codes("SUCCESS", "SUCCESS", "OK");
        let fen = self.about.fen.to_string();
        let number = self.about.number.clone();
        for (name, value) in [
            ("detail_id", format!("1000041701{}", &number[8..]).as_str()),
            ("status", status),
            ("send_type", "API"),
            ("hb_type", "NORMAL"),
            ("total_num", "1"),
            ("total_amount", &fen),
            (
                "send_time",
                &hongbao::clock::beijing_words(Clock::real().now_ms()),
            ),
            ("wishing", "元宵节快乐"),
        ] {
            self.push(name, value);
        }
    }

    /// The reply as XML, in the form of WeChat Pay's samples.
    pub(crate) fn xml(&self) -> String {
        let field = |(name, value): &(String, String)| format!("{}\n", element(name, value));
        let fields: String = self.fields.iter().map(field).collect();
        format!("<xml>\n{fields}</xml>")
    }

    /// The sign that the fields should have.
    pub(crate) fn sign(&self) -> String {
        sign(&self.fields)
    }
}

/// One field; a number stands without CDATA, and so do elements.
fn element(name: &str, value: &str) -> String {
    if value.bytes().all(|byte| byte.is_ascii_digit()) || value.starts_with('<') {
        return format!("<{name}>{value}</{name}>");
    }
    format!("<{name}><![CDATA[{value}]]></{name}>")
}

/// The sign of API v2, written here once more: the tests share no code with the program.
pub(crate) fn sign(fields: &[(String, String)]) -> String {
    let mut filled: Vec<_> = fields
        .iter()
        .filter(|(name, value)| name != "sign" && !value.is_empty())
        .map(|(name, value)| format!("{name}={value}&"))
        .collect();
    filled.sort();
    let hash = Md5::digest(format!("{}key={API_KEY}", filled.concat()));
    let digits = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let digit = |digit| char::from_digit(u32::from(digit), 16).unwrap();
    digits.map(digit).collect::<String>().to_uppercase()
}

/// The fields of a request, which are all in CDATA.
pub(crate) fn fields_of(request: &str) -> Vec<(String, String)> {
    let inner = request.strip_prefix("<xml>").unwrap();
    let inner = inner.strip_suffix("</xml>").unwrap();
    let mut fields = Vec::new();
    for part in inner
        .split("]]></")
        .filter(|part| part.contains("<![CDATA["))
    {
        let (tag, value) = part.split_once("<![CDATA[").unwrap();
        let name = tag.rsplit('<').next().unwrap().trim_end_matches('>');
        fields.push((name.to_owned(), value.to_owned()));
    }
    fields
}
