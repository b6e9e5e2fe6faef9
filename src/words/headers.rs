//! What a header does not have, and what may have been meant: for the people who make the list.

words! {
    in headers;

    /// No openid column.
    no_openid(found, hint):
        "no column is named `openid` (`用户openid`, `re_openid`); the header has {found}: {hint}"
        "没有名为 `openid`（或 `用户openid`、`re_openid`）的列；表头现有 {found}：{hint}";

    /// No amount column.
    no_amount(found, hint):
        "no column is named `amount_yuan` (`金额(元)`) or `amount_fen` (`金额(分)`); the header \
         has {found}: {hint}"
        "没有名为 `金额(元)`（`amount_yuan`）或 `金额(分)`（`amount_fen`）的列；表头现有 {found}：{hint}";

    /// Nothing looks like it.
    nothing(names):
        "name the column {names}, in the first row of the list"
        "请在名单第一行把该列命名为 {names}";

    /// A name that is nearly right.
    near(name, right):
        "`{name}` seems to be it; rename it to `{right}`"
        "`{name}` 可能就是该列，请改名为 `{right}`";

    /// A name that says amount, and not of what.
    near_amount(name, names):
        "`{name}` seems to be it; rename it to {names}, as its numbers are"
        "`{name}` 可能就是该列，请按其数值的单位改名为 {names}";

    /// Several names that say amount.
    several_amounts(names, right):
        "{names} may each be it; rename the one that is to be paid to {right}, as its numbers are"
        "{names} 都可能是该列，请将要发放的那一列按其数值的单位改名为 {right}";

    /// Several columns of openids.
    several_openids(names):
        "{names} may each be it; rename the one of the people who are to be paid to `openid`"
        "{names} 都可能是该列，请将收款人的那一列改名为 `openid`";

    /// A column of values that are right.
    values(name, names):
        "the values below `{name}` look like it; rename it to {names}"
        "`{name}` 列中的值看起来就是，请改名为 {names}";

    /// A column of values that are right, without a name.
    unnamed(number, names):
        "the values in column {number} look like it, and it has no name; name it {names}"
        "第 {number} 列的值看起来就是，但没有列名；请命名为 {names}";

    /// A column of amounts in a unit that is not read.
    other_unit(name):
        "`{name}` is in another unit; write the amounts in yuan, below `amount_yuan`"
        "`{name}` 用的是其他单位；请换算为元，列名写作 `金额(元)`";

    /// A column of phone numbers.
    phones(name):
        "`{name}` has phone numbers, and WeChat Pay pays to openids only; ask the developers of \
         the mini-program for the openid of each person"
        "`{name}` 列是手机号，微信支付只能按 openid 发放；请向小程序开发人员索取每个人的 openid";

    /// A column of another id of WeChat.
    other_id(name):
        "`{name}` is another id than the mini-program's openid, and WeChat Pay pays to that only; \
         ask the developers of the mini-program for the openid of each person"
        "`{name}` 不是小程序的 openid，微信支付只能按小程序 openid 发放；请向小程序开发人员索取每个人的 openid";

    /// A column that is nearly named as one that is read.
    unread(name, right):
        "warning: the column `{name}` is kept for the reports and nothing of it is sent; rename it \
         to `{right}` if it is meant to be read as that"
        "警告：“{name}”列只留作报表之用，不会发送；如要按 `{right}` 读取，请改用该列名";

    /// A column of remarks.
    unread_note(name, right):
        "the column `{name}` is kept for the reports and nothing of it is sent; to send its texts, \
         rename it to `{right}`"
        "“{name}”列只留作报表之用，不会发送；如要随红包发送，请改名为 `{right}`";

    /// Another amount, which is not paid.
    other_amount(name, read):
        "warning: what is below `{read}` is paid, and `{name}`, which looks like an amount too, is \
         kept for the reports alone: see which of the two it is"
        "警告：按“{read}”列的金额发放，“{name}”列看似也是金额，只留作报表之用：请核对应按哪一列发放";

    /// A number of packets, which is not heeded.
    count(name):
        "warning: each row is one packet, whatever `{name}` says: who is to get several needs a \
         row and a `row_key` for each"
        "警告：每行只发一个红包，不看“{name}”列：如要向同一人发多个，请每个写一行，并用业务单号（`row_key`）区分";

    /// A factor, which is not heeded.
    factor(name, read):
        "warning: what is below `{read}` is paid as it stands, whatever `{name}` says: if the two \
         are to be multiplied, do it in the list"
        "警告：直接按“{read}”列的金额发放，不看“{name}”列：如需相乘，请在名单中算好";

    /// Two columns of openids.
    unread_openid(name):
        "warning: the column `openid` is read, and `{name}` is not, which seems to be an openid \
         too: see which of the two it is, and whether there are people in it who are to be paid"
        "警告：读取的是 `openid` 列，而“{name}”列看似也是 openid，并不读取：请核对应按哪一列发放，\
         其中是否另有应发放的人";

    /// A list without a header.
    data():
        "the first row is a person's already; put a row of names above it, such as \
         `openid,amount_yuan`"
        "第一行已经是数据；请在其上方增加一行表头，例如 `openid,金额(元)`";

    /// The names stand further down.
    below(row):
        "the names of the columns are on {row}: delete the rows above it"
        "列名在{row}：请删除它以上的行";

    /// The same, and people above them.
    people_above(row):
        "the names of the columns are on {row}, below rows that have openids: move that row to the \
         top"
        "列名在{row}，其上方的行中有 openid：请把该行移到最上面";

    /// The header once more, among the rows.
    again():
        "the names of the columns stand here once more, as where lists were put together: delete \
         this row"
        "此行又是表头，像是拼接名单时留下的：请删除该行";

    /// A phone number in place of an openid.
    phone():
        "a phone number is no openid, and WeChat Pay pays to openids only: ask the developers of \
         the mini-program for the openid of this person"
        "手机号不是 openid，微信支付只能按 openid 发放：请向小程序开发人员索取此人的 openid";

    /// A column by its name.
    column(name):
        "`{name}`"
        "“{name}”";

    /// A column that is read as one of another name.
    column_as(name, right):
        "`{name}` as {right}"
        "“{name}”（即 {right}）";

    /// Columns that are not told by their names.
    more_columns(count):
        "{count} more"
        "另有 {count} 列";

    /// The columns that are read, each as what.
    read_as(columns):
        "columns read: {columns}"
        "读取的列：{columns}";

    /// The columns that are not read.
    kept(columns):
        "columns kept for the reports, never sent: {columns}"
        "仅留作报表、不会发送的列：{columns}";

    /// The columns that are neither.
    ignored(columns):
        "columns ignored: {columns}"
        "忽略的列：{columns}";
}
