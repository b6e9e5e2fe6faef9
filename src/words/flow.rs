//! The merchant's fund-flow bill: why a file is none, and how it stands beside the ledger.

use super::{Text, both};

/// A column, for a person.
pub(crate) const VOUCHER: Text = both("业务凭证号 (the voucher)", "业务凭证号");
/// A column, for a person.
pub(crate) const ORDER: Text = both("微信支付业务单号 (WeChat Pay's order)", "微信支付业务单号");
/// A column, for a person.
pub(crate) const MOVEMENT: Text = both("资金流水单号 (the movement)", "资金流水单号");

words! {
    in flow;

    /// A fault with its line.
    on_line(line, what):
        "line {line}: {what}"
        "第 {line} 行：{what}";

    /// Nothing in it.
    empty():
        "the file is empty: download the bill again"
        "文件为空：请重新下载账单";

    /// The answer where there is no bill.
    xml():
        "this is XML, WeChat Pay's answer where there is no bill, and not a bill: read its \
         err_code and download the bill again"
        "这是 XML，即微信支付在没有账单时的应答，而不是账单：请查看其中的错误码，并重新下载账单";

    /// The answer of something in between.
    page():
        "this is a web page and not a bill: log in to the merchant platform and download the bill \
         again"
        "这是网页，不是账单：请登录商户平台并重新下载账单";

    /// Excel.
    workbook():
        "this is a workbook or an archive: unpack it, or save the sheet as CSV, and give that"
        "这是工作簿或压缩包：请先解压，或将工作表另存为 CSV 后再提供";

    /// UTF-16 or worse.
    not_plain():
        "this is no plain text in UTF-8 or GB18030: save it as CSV UTF-8"
        "这不是 UTF-8 或 GB18030 的纯文本：请另存为 CSV UTF-8";

    /// A file of another kind.
    not_a_bill():
        "this is no fund-flow bill: its first line must name the columns, as 记账时间 and \
         收支金额(元); download 资金账单, not 交易账单"
        "这不是资金账单：首行必须是列名，例如 记账时间 和 收支金额(元)；请下载资金账单，而不是交易账单";

    /// A column that is needed.
    no_column(name):
        "there is no column {name}: download the bill again, with all columns"
        "缺少列 {name}：请重新下载包含全部列的账单";

    /// A column that is there twice.
    column_twice(name):
        "there are two columns {name}: download the bill again and give it as it is"
        "列 {name} 出现两次：请重新下载账单并原样提供";

    /// Broken bytes.
    encoding():
        "the text is damaged: download the bill again and give it as it is"
        "文本已损坏：请重新下载账单并原样提供";

    /// No end in sight.
    too_long():
        "the line is longer than any line of a bill: download the bill again"
        "该行长度超过账单的任何一行：请重新下载账单";

    /// Too many cells, or too few.
    cells(expected, found):
        "the line has {found} cell‹s› where {expected} belong: the file is cut or was changed; \
         download the bill again"
        "该行有 {found} 个单元格，应为 {expected} 个：文件不完整或被改动过；请重新下载账单";

    /// A quote without its end.
    quotes():
        "a quote is not closed: download the bill again and give it as it is"
        "引号没有闭合：请重新下载账单并原样提供";

    /// Not a time.
    time(cell):
        "{cell} is no time as 2026-11-23 20:00:00: download the bill again and give it as it is"
        "{cell} 不是形如 2026-11-23 20:00:00 的时间：请重新下载账单并原样提供";

    /// Not an amount.
    amount(cell, why):
        "{cell}: {why}; download the bill again and give it as it is"
        "{cell}：{why}；请重新下载账单并原样提供";

    /// Neither in nor out.
    direction(cell):
        "收支类型 is {cell}, and must be 收入 or 支出: download the bill again"
        "收支类型为 {cell}，应为 收入 或 支出：请重新下载账单";

    /// Both in and out.
    sign(cell):
        "the sign of {cell} contradicts 收支类型: download the bill again and give it as it is"
        "{cell} 的正负号与收支类型矛盾：请重新下载账单并原样提供";

    /// Not a count.
    count(cell):
        "{cell} is no count: download the bill again and give it as it is"
        "{cell} 不是笔数：请重新下载账单并原样提供";

    /// Cut before its end.
    no_summary():
        "the file ends here, without the two summary lines of a bill: it is cut; download it again"
        "文件到此结束，缺少账单末尾的两行汇总：文件不完整，请重新下载";

    /// Perhaps cut.
    no_line_end():
        "the last line of this export has no line end, so it may be cut: download it again, or end \
         the line if the file is whole"
        "该导出文件的末行没有换行，可能不完整：请重新下载；如确认完整，请在末行后补上换行";

    /// More after its end.
    after_summary():
        "something stands after the summary lines: give each bill as a file of its own"
        "汇总行之后还有内容：请将每份账单单独作为一个文件提供";

    /// A summary that does not agree.
    wrong_count(column, says, found):
        "the summary says {column} {says}, and there are {found}: the file is cut or was changed; \
         download the bill again"
        "汇总的{column}为 {says}，实际为 {found}：文件不完整或被改动过；请重新下载账单";

    /// A summary that does not agree.
    wrong_sum(column, says, found):
        "the summary says {column} {says}, and the rows add up to {found}: the file is cut or was \
         changed; download the bill again"
        "汇总的{column}为 {says}，各行合计为 {found}：文件不完整或被改动过；请重新下载账单";

    /// More than a day can have.
    too_large():
        "it is larger than any bill: download it again"
        "文件超过任何账单的大小：请重新下载";

    /// A gzip stream that ends early.
    packing():
        "its gzip packing is damaged or cut: download it again"
        "gzip 压缩数据已损坏或不完整：请重新下载";

    /// WeChat Pay's own words.
    said(code, text):
        "{code}: {text}"
        "{code}：{text}";

    /// A digest of other bytes.
    digest():
        "it is not what its Digest header was made of: it was changed or cut on its way; download \
         it again"
        "内容与应答的 Digest 不符：传输中被改动或截断；请重新下载";
}
