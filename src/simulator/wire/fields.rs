//! A request's fields as they lie in its body.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

/// A request's fields by name. Sorted, because that is the order they are signed in.
pub type WireFields = BTreeMap<String, String>;

/// As many fields as a request has, and a few.
const USUAL: usize = 16;

/// Fields sorted by name, each name once; texts stand in the body where they can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::simulator) struct BodyFields<'b>(Vec<(Cow<'b, str>, Cow<'b, str>)>);

impl<'b> BodyFields<'b> {
    /// Those that lie in a body in any order.
    pub(super) fn of(
        pairs: impl Iterator<Item = Option<(&'b str, &'b str)>>,
    ) -> Option<BodyFields<'b>> {
        let mut fields = Vec::with_capacity(USUAL);
        for pair in pairs {
            let (name, value) = pair?;
            fields.push((Cow::Borrowed(name), Cow::Borrowed(value)));
        }
        fields.sort_unstable();
        let is_repeated = fields.windows(2).any(|two| two[0].0 == two[1].0);
        (!is_repeated).then_some(BodyFields(fields))
    }

    /// A field's value; a field that is not there is as good as an empty one.
    pub(in crate::simulator) fn value(&self, name: &str) -> &str {
        let BodyFields(fields) = self;
        let found = fields.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// Takes a field away.
    pub(in crate::simulator) fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }

    /// All names and values, by name.
    pub(in crate::simulator) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let BodyFields(fields) = self;
        fields.iter().map(|(name, value)| (&**name, &**value))
    }
}

impl From<WireFields> for BodyFields<'_> {
    fn from(fields: WireFields) -> Self {
        let owned = |(name, value)| (Cow::Owned(name), Cow::Owned(value));
        BodyFields(fields.into_iter().map(owned).collect())
    }
}

impl Serialize for BodyFields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}
