//! A request's fields in one piece of memory. As a map of a dozen texts they were most of an
//! order's three and a half kilobytes, and a campaign has many orders.

use serde::{Serialize, Serializer};

use crate::simulator::wire::xml::WireFields;

/// A request's fields, packed. Two are equal where the fields are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedFields(Box<str>);

impl PackedFields {
    /// Packs fields. They are sorted by name, so equal fields give equal text.
    pub(in crate::simulator) fn new(fields: &WireFields) -> Self {
        let text = serde_json::to_string(fields).expect("texts by name are always JSON");
        PackedFields(text.into_boxed_str())
    }

    /// The fields by name.
    #[must_use]
    pub fn unpack(&self) -> WireFields {
        // The text was made from fields, so the default never comes up.
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl Serialize for PackedFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.unpack().serialize(serializer)
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
    }
}
