//! A packet: one row of the recipients file, one payment owed to one openid.

use std::sync::Arc;

use super::ids::{Openid, RowKey};
use super::money::Fen;
use super::text::Field;

/// The texts a request is made of, fixed when the packet is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// The name of the activity.
    pub act_name: String,
    /// Shown as the sender.
    pub send_name: String,
    /// Shown on the packet.
    pub wishing: String,
    /// Kept by WeChat Pay.
    pub remark: String,
    /// Only where the merchant has scenes approved.
    pub scene_id: Option<String>,
}

/// A row's own texts; `None` leaves the campaign's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowTexts {
    /// See [`Texts::act_name`].
    pub act_name: Option<String>,
    /// See [`Texts::send_name`].
    pub send_name: Option<String>,
    /// See [`Texts::wishing`].
    pub wishing: Option<String>,
    /// See [`Texts::remark`].
    pub remark: Option<String>,
    /// See [`Texts::scene_id`].
    pub scene_id: Option<String>,
}

/// A packet as the recipients file gives it, every field checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// The line in the file where the row begins, from 1; the header is line 1.
    pub line: u64,
    /// Its name in the campaign.
    pub row_key: RowKey,
    /// The recipient.
    pub openid: Openid,
    /// How much.
    pub amount: Fen,
    /// Its own texts.
    pub texts: RowTexts,
    /// The file's unknown columns, kept for the reports; as many as its [`Columns::extra`].
    pub extra: Vec<String>,
}

/// The columns of a recipients file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// Whether the file names its packets itself; otherwise the openid does.
    pub has_row_key: bool,
    /// Names of the columns kept for the reports.
    pub extra: Vec<String>,
}

impl RowTexts {
    /// The text of `field`, if the row has its own.
    #[must_use]
    pub fn own(&self, field: Field) -> Option<&str> {
        match field {
            Field::ActName => self.act_name.as_deref(),
            Field::SendName => self.send_name.as_deref(),
            Field::Wishing => self.wishing.as_deref(),
            Field::Remark => self.remark.as_deref(),
            Field::SceneId => self.scene_id.as_deref(),
        }
    }

    /// Sets the row's own text of `field`.
    pub fn set(&mut self, field: Field, text: String) {
        let slot = match field {
            Field::ActName => &mut self.act_name,
            Field::SendName => &mut self.send_name,
            Field::Wishing => &mut self.wishing,
            Field::Remark => &mut self.remark,
            Field::SceneId => &mut self.scene_id,
        };
        *slot = Some(text);
    }

    /// The texts of the request: the row's own where it has them, else the campaign's.
    #[must_use]
    pub fn over(self, campaign: &Arc<Texts>) -> Arc<Texts> {
        if self == RowTexts::default() {
            return Arc::clone(campaign);
        }
        let campaign = Texts::clone(campaign);
        Arc::new(Texts {
            act_name: self.act_name.unwrap_or(campaign.act_name),
            send_name: self.send_name.unwrap_or(campaign.send_name),
            wishing: self.wishing.unwrap_or(campaign.wishing),
            remark: self.remark.unwrap_or(campaign.remark),
            scene_id: self.scene_id.or(campaign.scene_id),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rows_own_text_wins_over_the_campaigns() {
        let campaign = Texts {
            act_name: "a".into(),
            send_name: "s".into(),
            wishing: "w".into(),
            remark: "r".into(),
            scene_id: None,
        };
        let mut row = RowTexts::default();
        row.set(Field::Wishing, "own".into());
        assert_eq!(row.own(Field::Wishing), Some("own"));
        let texts = row.over(&Arc::new(campaign));
        assert_eq!(
            (texts.wishing.as_str(), texts.remark.as_str()),
            ("own", "r")
        );
    }
}
