//! A request's fields in one piece of memory. As a map of a dozen texts they were most of an
//! order's three and a half kilobytes, and a campaign has many orders.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::simulator::wire::fields::BodyFields;
use crate::simulator::wire::xml::WireFields;

/// A request's fields, packed. Two are equal where the fields are; an order and its entry share
/// them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedFields(Arc<str>);

impl PackedFields {
    /// Packs fields of a request.
    pub(in crate::simulator) fn of(fields: &BodyFields<'_>) -> Self {
        PackedFields::from_map(fields)
    }

    /// Packs fields.
    pub(in crate::simulator) fn new(fields: &WireFields) -> Self {
        PackedFields::from_map(fields)
    }

    /// They are sorted by name, so equal fields give equal text.
    fn from_map(fields: &impl Serialize) -> Self {
        let text = serde_json::to_string(fields).expect("texts by name are always JSON");
        PackedFields(text.into())
    }

    /// The fields as JSON: an object of texts.
    pub(super) fn as_json(&self) -> &str {
        &self.0
    }

    /// One field, without unpacking the others; empty where there is none.
    pub(in crate::simulator) fn value(&self, name: &str) -> String {
        // A quote inside a text has a backslash before it, so this is found at a name alone.
        let named = format!("\"{name}\":");
        let rest = self.0.find(&named).map(|at| &self.0[at + named.len()..]);
        let value = rest.map(|rest| {
            let mut reader = serde_json::Deserializer::from_str(rest);
            String::deserialize(&mut reader).unwrap_or_default()
        });
        value.unwrap_or_default()
    }

    /// The fields by name.
    #[must_use]
    pub fn unpack(&self) -> WireFields {
        // The text was made from fields, so the default never comes up.
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl From<WireFields> for PackedFields {
    fn from(fields: WireFields) -> Self {
        PackedFields::new(&fields)
    }
}

impl Serialize for PackedFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.unpack().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PackedFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        WireFields::deserialize(deserializer).map(PackedFields::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::testing::send_fields;

    #[test]
    fn fields_come_out_as_they_went_in() {
        let fields = send_fields("n1", "o\"\n]]>红", 100);
        let packed = PackedFields::new(&fields);
        assert_eq!(packed.unpack(), fields);
        assert_ne!(packed, PackedFields::new(&send_fields("n1", "oB", 100)));
        let json = serde_json::to_value(&packed).unwrap();
        assert_eq!(json["total_amount"], "100");
        assert_eq!(
            serde_json::from_value::<PackedFields>(json).unwrap(),
            packed
        );
    }

    #[test]
    fn one_field_is_found_where_another_holds_its_name() {
        let mut fields = send_fields("n1", "oA", 100);
        fields.insert("act_name".to_owned(), "\"remark\":\"no\"".to_owned());
        fields.insert("remark".to_owned(), "红\"\\\n,".to_owned());
        let packed = PackedFields::new(&fields);
        for (name, text) in &fields {
            assert_eq!(packed.value(name), *text, "{name}");
        }
        assert_eq!(packed.value("scene_id"), "");
    }
}
