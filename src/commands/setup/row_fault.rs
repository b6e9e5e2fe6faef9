//! Faults of a row that only the ledger finds, for the person who mends the list.

use crate::clock::beijing_words;
use crate::domain::packet::Packet;
use crate::ledger::{Added, Alike, PaidLately};
use crate::recipients::{Cause, Fault, Layout, Repeated};
use crate::words::{both, load, met, names::FieldName, recipients as words};

/// How the file is told of, and whether it has a column of row keys.
pub(super) type FileShown<'a> = (&'a Layout, bool);

/// A fault that only the ledger finds in a row.
pub(super) fn fault(packet: &Packet, added: Added, told: FileShown<'_>) -> Option<Fault> {
    let key = packet.row_key.as_str();
    match added {
        Added::New
        | Added::Known
        | Added::StaysWithdrawn
        | Added::BroughtBack
        | Added::FrozenAnew => None,
        Added::Duplicate { line } => Some(duplicate((packet.line, line), key, told)),
        Added::Differs {
            field,
            loaded,
            is_unsent,
        } => {
            let group = both(
                "row already loaded with other content",
                "该行已载入且内容不同",
            );
            let (field, loaded) = (FieldName(field), format!("{loaded:?}"));
            let why = if is_unsent {
                words::differs(field, loaded)
            } else {
                load::differs_sent(field, loaded)
            };
            let cause = Cause::ledger(group, why);
            Some(Fault::of_cell(told.0.key(packet.line), key, cause))
        }
    }
}

/// A row whose key stands in an earlier one of the same person, in another form.
pub(super) fn alike(twin: &Alike, layout: &Layout) -> Fault {
    let first = if twin.is_of_earlier_file {
        words::earlier_file(twin.first)
    } else {
        layout.row_words(twin.first)
    };
    let group = both(
        "row_key in two Unicode forms",
        "row_key（业务单号）有两种 Unicode 形式",
    );
    let cause = Cause::ledger(group, words::alike_row_key(first));
    Fault::of_cell(layout.key(twin.line), &twin.row_key, cause)
}

/// A row of somebody who was sent a packet within so many days.
pub(super) fn lately(row: &PaidLately, days: u32, layout: &Layout) -> Fault {
    let group = both(
        "sent a packet too lately (once_per_days)",
        "近期已发过红包（once_per_days）",
    );
    let date: String = beijing_words(row.sent_at).chars().take(10).collect();
    let cause = Cause::ledger(group, met::lately(days, row.campaign.as_str(), date));
    Fault::of_cell(layout.key(row.line), &row.row_key, cause)
}

/// A row whose key stands in an earlier one.
pub(super) fn duplicate(
    (line, first): (u64, u64),
    key: &str,
    (layout, has_row_key): FileShown<'_>,
) -> Fault {
    let twice = Repeated::of(layout, first, has_row_key);
    Fault::of_cell(layout.key(line), key, Cause::Repeated(Box::new(twice)))
}
