//! Reports: what is told of one that was written, and what stands in those that people read.

use super::{Text, both};

words! {
    in report;

    /// Packets whose number was paid, but not as was owed.
    otherwise(count, owed, paid):
        "{count} packet‹s›: {owed} yuan owed, {paid} paid"
        "{count} 个红包：应付 {owed} 元，实付 {paid} 元";

    /// A report that was written.
    written(path, count):
        "wrote {path}: {count} packet‹s›"
        "已写入 {path}：{count} 个红包";

    /// The same, on stdout.
    written_to_stdout(count):
        "wrote to stdout: {count} packet‹s›"
        "已写入标准输出：{count} 个红包";

    /// The ending of a file's name and a format that was typed do not agree.
    ending(path, format, command, ending):
        "the name of {path} says another format than --format {format}; leave --format out, or \
         name the file so: {command} FILE.{ending}"
        "{path} 的扩展名与 --format {format} 不符；请去掉 --format，或改用文件名：{command} \
         文件.{ending}";

    /// A file's name ends as no format's does.
    unknown_ending(path, known, command):
        "the name of {path} says no format that this program writes; known are {known}. Name the \
         file so, or say the format: {command} --format csv --out {path}"
        "{path} 的扩展名不是本程序支持的格式；支持的有：{known}。请改用这样的文件名，或指定格式：\
         {command} --format csv --out {path}";

    /// A workbook that `run` leaves out.
    too_many(count, command):
        "a workbook of {count} packet‹s› is written on demand: {command}"
        "有 {count} 个红包，工作簿请另行生成：{command}";

    /// The writer of workbooks gave up.
    workbook_failed(path):
        "{path} was not written: no room for its rows, or the disk failed"
        "{path} 未写入：没有空间存放各行，或磁盘出错";

    /// A workbook on a terminal.
    to_a_terminal(command):
        "a workbook is no text for a terminal; name a file: {command} report.xlsx"
        "工作簿无法显示在终端上；请指定文件名：{command} report.xlsx";

    /// More formats than one file can have.
    several(command):
        "several formats need a folder, each with a file in it: {command} --out DIR"
        "多种格式须写入一个文件夹，每种一个文件：{command} --out 文件夹";
}

/// The texts of the balance, in order, each a set of states.
pub(crate) mod balance {
    use super::{Text, both};

    pub(crate) const OWED: Text = both("Owed", "应发");
    pub(crate) const WAITING: Text = both("Not sent yet", "待发放");
    pub(crate) const UNCLAIMED: Text = both("Sent, not claimed yet", "已发放未领取");
    pub(crate) const CLAIMED: Text = both("Claimed", "已领取");
    pub(crate) const REFUNDING: Text = both("Being refunded", "退款中");
    pub(crate) const REFUNDED: Text = both("Refunded", "已退款");
    pub(crate) const FAILED: Text = both("Failed", "发放失败");
    pub(crate) const UNCLEAR: Text = both("To be confirmed", "待确认");
    pub(crate) const WITHDRAWN: Text = both("Withdrawn (not owed)", "已撤回（不计入应发）");
    pub(crate) const CHECK: Text = both("Check", "核对");
    pub(crate) const BALANCED: Text = both("balanced", "平");
    pub(crate) const UNBALANCED: Text = both("NOT BALANCED", "不平");
}

/// Sheets and sections.
pub(crate) mod part {
    use super::{Text, both};

    pub(crate) const TITLE: Text = both("Red packet payout report", "微信红包发放报表");
    pub(crate) const SUMMARY: Text = both("Summary", "汇总");
    pub(crate) const PACKETS: Text = both("Packets", "明细");
    pub(crate) const FAILED: Text = both("Failed", "失败明细");
    pub(crate) const UNCLEAR: Text = both("To be confirmed", "待确认");
    pub(crate) const MATCH: Text = both("Fund-flow bill", "对账");
    pub(crate) const RUNS: Text = both("Runs", "运行记录");
    pub(crate) const BALANCE: Text = both("Balance", "发放情况");
    pub(crate) const DAYS: Text = both("By day (Beijing)", "按日（北京时间）");
}

/// The facts at the head.
pub(crate) mod fact {
    use super::{Text, both};

    pub(crate) const CAMPAIGN: Text = both("Campaign", "活动");
    pub(crate) const NAME: Text = both("Activity", "活动名称");
    pub(crate) const SENDER: Text = both("Sender", "商户名称");
    pub(crate) const MERCHANT: Text = both("Merchant number", "商户号");
    pub(crate) const MODE: Text = both("Mode", "模式");
    pub(crate) const LIVE: Text = both("live: real money", "正式付款");
    pub(crate) const SIMULATOR: Text = both(
        "SIMULATOR: a rehearsal, nobody was paid",
        "模拟：演练，未付真钱",
    );
    pub(crate) const WRITTEN: Text = both("Written at (Beijing)", "制表时间（北京时间）");
    pub(crate) const LIST: Text = both("List file SHA-256", "名单文件 SHA-256");
    pub(crate) const HEAD: Text = both("Journal head", "账本校验码");
    pub(crate) const APPROVER: Text = both("Approved by (key)", "审批人（公钥）");
    pub(crate) const DIGEST: Text = both("Approved digest", "获批的名单校验码");
    pub(crate) const NOBODY: Text = both("no approval on record", "无审批记录");
    pub(crate) const BUDGET: Text = both("Budget, yuan", "预算（元）");
    pub(crate) const OTHERWISE: Text = both("Paid otherwise than owed", "实付与应付不同");
    pub(crate) const BREAKS: Text = both("Packets to look into", "须人工核查的红包");
    pub(crate) const BILL_BREAKS: Text = both("Not as the fund-flow bills say", "与资金账单不符");
    pub(crate) const CAPITALS: Text = both("Total in capitals", "应发合计（大写）");
    pub(crate) const UNIT: Text = both("Unit: yuan", "单位：元");
}

/// On a refused packet whose last error code refuses nobody.
pub(crate) mod later {
    use super::{Text, both};

    pub(crate) const MEANING: Text = both("proven unpaid later", "之后证实未付款");
    pub(crate) const REMEDY: Text = both(
        "`hongbao show` tells how; to pay it: `hongbao explain refused`",
        "依据见 `hongbao show`；如需补发，参阅 `hongbao explain refused`",
    );
}

/// Headers of tables.
pub(crate) mod head {
    use super::{Text, both};

    pub(crate) const ITEM: Text = both("Item", "项目");
    pub(crate) const COUNT: Text = both("Packets", "个数");
    pub(crate) const YUAN: Text = both("Yuan", "金额");
    pub(crate) const DAY: Text = both("Day", "日期");
    pub(crate) const SENT: Text = both("Sent", "发放个数");
    pub(crate) const SENT_YUAN: Text = both("Sent, yuan", "发放金额");
    pub(crate) const CLAIMED: Text = both("Claimed", "领取个数");
    pub(crate) const CLAIMED_YUAN: Text = both("Claimed, yuan", "领取金额");
    pub(crate) const REFUNDED: Text = both("Refunded", "退款个数");
    pub(crate) const REFUNDED_YUAN: Text = both("Refunded, yuan", "退款金额");
    pub(crate) const OPEN: Text = both("Sent that day, still open", "当日发放未了结");
    pub(crate) const UNCLEAR: Text = both("To be confirmed", "待确认");
    pub(crate) const MARK: Text = both("Mark", "标记");
    /// The table by day.
    pub(crate) const BY_DAY: [Text; 10] = [
        DAY,
        SENT,
        SENT_YUAN,
        CLAIMED,
        CLAIMED_YUAN,
        REFUNDED,
        REFUNDED_YUAN,
        OPEN,
        UNCLEAR,
        MARK,
    ];
    pub(crate) const STATUS: Text = both("status", "状态");
    pub(crate) const MEANING: Text = both("meaning", "说明");
    pub(crate) const REMEDY: Text = both("what to do", "处理办法");
    pub(crate) const UNDATED: Text = both("time not told", "时间未提供");
    pub(crate) const IN_TIME: Text = both("open", "未到期");
    pub(crate) const ODD: Text = both("OVERDUE", "逾期未结清");
}

/// The match with the fund-flow bill.
pub(crate) mod flow {
    use super::{Text, both};

    pub(crate) const AT: Text = both("matched at", "对账时间");
    pub(crate) const RESULT: Text = both("result", "结果");
    pub(crate) const LEDGER: Text = both("ledger, yuan", "账本金额");
    pub(crate) const BILL: Text = both("bill, yuan", "账单金额");
    pub(crate) const BOOKED: Text = both("booked at", "记账时间");
    pub(crate) const EXPLAINED: Text = both("explained", "已有说明");
    pub(crate) const LISTID: Text = both("send_listid", "微信红包单号");
    pub(crate) const MATCHED: Text = both("matched", "相符");
    pub(crate) const NOT_COVERED: Text = both("no bill of that day", "当日账单未提供");
    pub(crate) const FOREIGN: Text = both("other business", "其他业务流水");
    pub(crate) const DAYS: Text = both("days of the bills", "账单日期");
    pub(crate) const BILLED: Text = both(
        "the fund-flow bill says that it was paid",
        "资金账单显示该笔已付款",
    );
    pub(crate) const NONE: Text = both(
        "Not matched with the fund-flow bill yet: hongbao reconcile CAMPAIGN.toml --fund-flow \
         FILE.",
        "尚未与资金账单核对：hongbao reconcile 活动文件 --fund-flow 账单文件。",
    );
}

/// The runs.
pub(crate) mod run {
    use super::{Text, both};

    pub(crate) const BEGUN: Text = both("began", "开始时间");
    pub(crate) const ENDED: Text = both("ended", "结束时间");
    pub(crate) const VERB: Text = both("command", "命令");
    pub(crate) const WHO: Text = both("system account", "系统账户");
    pub(crate) const VERSION: Text = both("version", "程序版本");
    pub(crate) const EXIT: Text = both("exit code", "退出码");
    pub(crate) const RESULT: Text = both("result", "结果");
    pub(crate) const SENT: Text = both("sent", "发放个数");
    pub(crate) const SENT_YUAN: Text = both("sent, yuan", "发放金额");
    pub(crate) const CUT: Text = both(
        "CUT SHORT: it was killed, or its machine failed",
        "中断：进程被杀死或机器故障",
    );
    pub(crate) const OPEN: Text = both("not ended yet", "尚未结束");
    pub(crate) const ELSEWHERE: Text = both("sent by no run on record", "无运行记录的发放");
    pub(crate) const NONE: Text = both("No run is on record yet.", "尚无运行记录。");
    pub(crate) const WORTH: Text = both(
        "The account is the operating system's, and several people may share it; consent is \
         proven by an approval's signature.",
        "系统账户由操作系统提供，可能由多人共用；付款授权以审批签名为准。",
    );
}

/// The signature block.
pub(crate) mod signature {
    use super::{Text, both};

    pub(crate) const PREPARED: Text = both("Prepared by", "制表人");
    pub(crate) const REVIEWED: Text = both("Reviewed by", "复核人");
    pub(crate) const APPROVED: Text = both("Approved by", "审批人");
    pub(crate) const DATE: Text = both("Date", "日期");
    pub(crate) const SEAL: Text = both("Seal", "盖章处");
}

/// Sections of a page.
pub(crate) mod page {
    use super::{Text, both};

    pub(crate) const RATE: Text = both("Sends a minute", "每分钟发放请求");
    pub(crate) const LIMIT: Text = both("limit", "上限");
    pub(crate) const LATENCY: Text = both("From record to answer", "从落账到应答");
    pub(crate) const SPENT: Text = both("Yuan sent over time", "累计发放金额（元）");
    pub(crate) const BUDGET: Text = both("budget", "预算");
    pub(crate) const FUNNEL: Text = both("Sent, claimed, refunded", "发放、领取、退款");
    pub(crate) const SENT: Text = both("Sent", "已发放");
    pub(crate) const AFTER: Text = both("Hours from sending to claim", "发放后多久领取（小时）");
    pub(crate) const CODES: Text = both("Why packets failed", "失败原因");
    pub(crate) const CODE: Text = both("Code", "错误码");
    pub(crate) const NO_CODE: Text = both("(none)", "（无）");
    pub(crate) const NONE_FAILED: Text = both("No packet failed.", "没有发放失败的红包。");
    pub(crate) const DOUBTS: Text = both("To be confirmed, and contradictions", "待确认与异常");
    pub(crate) const NO_DOUBTS: Text = both(
        "Nothing is to be confirmed, and WeChat Pay contradicted itself nowhere.",
        "没有待确认的红包，微信支付也没有前后矛盾的答复。",
    );
    pub(crate) const NUMBER: Text = both("Number", "商户订单号");
    pub(crate) const OPENID: Text = both("openid", "用户openid");
    pub(crate) const STATE: Text = both("State", "状态");
    pub(crate) const SINCE: Text = both("First sent", "首次发放时间");
    pub(crate) const BREAK: Text = both("CONTRADICTION", "前后矛盾");
    pub(crate) const MORE: Text = both("and more, listed in the workbook", "其余见工作簿");
    pub(crate) const NOTHING: Text = both("nothing yet", "暂无数据");
    pub(crate) const SIGNATURES: Text = both("Signatures", "签署");
}
