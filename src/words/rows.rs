//! What most rows of a list have in common, and should not.

words! {
    in rows;

    /// A first column without a name that has numbers.
    counted_rows(count):
        "note: the first column has no name: its {count} number‹s› ‹is|are› taken for row numbers, \
         and not read"
        "提示：第一列没有列名，其中的 {count} 个数字视为行号，不读取";

    /// A column that marks most of the rows.
    mostly_marked(count, rows, first):
        "warning: of {rows} row‹s›, {count}‹/› ‹says|say› what marks a row as not to be paid, such \
         as {first}: see whether this is the list of those who are to be paid; all are paid as it \
         stands"
        "警告：{rows} 行中有 {count} 行带有通常表示不发放的内容，例如{first}：请确认这份名单里都是应发放的人；\
         目前全部照常发放";

    /// Openids of one length, which is not the usual one.
    all_odd(length, usual):
        "warning: every openid has {length} characters, and openids have {usual}: a column that is \
         too narrow, or a formula, may have cut them or added to them"
        "警告：所有 openid 均为 {length} 个字符，而 openid 一般为 {usual} 个：可能被过窄的字段或公式截断或加长";

    /// Openids of two appids, as it seems.
    two_begins(first, a, second, b):
        "warning: {first} openid‹s› ‹begins|begin› with `{a}` and {second} with `{b}`: all openids \
         of one appid begin alike, so that some may be of another appid"
        "警告：有 {first} 个 openid 以 `{a}` 开头，另有 {second} 个以 `{b}` 开头：同一 appid 的 openid 开头相同，\
         其中可能有其他 appid 的 openid";

    /// Openids that are none by their first letter.
    no_openids(count, what, places):
        "warning: {count} openid‹s› ‹does|do› not begin with `o`, as every openid does: {what}; \
         nobody is paid by such an id: {places}"
        "警告：有 {count} 个 openid 不以 `o` 开头，而 openid 都以 `o` 开头：{what}；这样的编号无法收款：{places}";

    /// What such an id seems to be.
    digits():
        "digits alone, as the number of an order or a payment is"
        "全是数字，像是订单号或交易单号";

    /// The same.
    appid():
        "`wx` in front, as in an appid"
        "以 `wx` 开头，像是 appid";

    /// The same.
    other_id():
        "it seems to be another id"
        "像是其他编号";
}
