//! Messages of `plan`.

words! {
    in plan;

    /// The head of the table.
    campaign(campaign, count, total):
        "campaign {campaign}: {count} packet‹s›, {total} yuan"
        "活动 {campaign}：{count} 个红包，{total} 元";

    /// The list changed since it was loaded.
    changed(file, check):
        "{file} is not the file that was loaded: `run` refuses it until it is loaded, too, or \
         `recipients` names the loaded one; `{check}` shows what it would add"
        "{file} 不是当初载入的文件：在追加载入它、或把 `recipients` 改为已载入的文件之前，`run` \
         会拒绝执行；`{check}` 可查看将追加的内容";

    /// The list cannot be read any more.
    unreadable(file, why):
        "{file} cannot be read, and `run` needs it: {why}; put the list there, or change \
         campaign.recipients in the campaign file"
        "无法读取 {file}，而 `run` 需要它：{why}；请把名单放到该处，或修改活动文件中的 \
         campaign.recipients";

    /// Packets not sent yet.
    to_send(count, fen):
        "  to send    {count:>9}{fen:>15}"
        "  待发放     {count:>9}{fen:>15}";

    /// Packets whose send is in doubt.
    in_doubt(count, fen):
        "in doubt: {count} packet‹s›, {fen} yuan, which ‹is|are› not counted below: a run asks \
         about ‹it|them›, and sends again what WeChat Pay does not know"
        "结果未明：{count} 个红包，{fen} 元，未计入下面的待发放：run 会先查询，对微信支付查无的再次发放";

    /// How fast.
    pace(second, minute, in_flight):
        "  pace       {second} a second, {minute} a minute, {in_flight} in flight"
        "  速度       每秒 {second}，每分钟 {minute}，同时 {in_flight} 个请求";

    /// Settings above WeChat Pay's default.
    above_default(keys):
        "  limits     {keys}: more than WeChat Pay allows a merchant without an agreement (30 a \
         second; 10 packets and 1000.00 yuan a person and day; 1000000.00 yuan a day): it may \
         refuse the rest"
        "  限额       {keys}：超过微信支付未另行约定时的限额（每秒 30 次；每人每天 10 个、1000.00 元；\
         每天 1000000.00 元），超出部分可能被拒";

    /// A limit that there is not.
    no_limit():
        "no limit"
        "不限";

    /// A limit.
    limit(count):
        "{count}"
        "{count}";

    /// How long.
    takes(seconds, finish):
        "  takes      {seconds} s, until {finish} (Beijing) if begun now"
        "  耗时       {seconds} 秒，若现在开始，至 {finish}（北京时间）结束";

    /// How long, where nothing is sent before the schedule opens.
    takes_from(seconds, opens, finish):
        "  takes      {seconds} s, until {finish} (Beijing) if begun at {opens}, as `run --wait` \
         does"
        "  耗时       {seconds} 秒，若在 {opens} 开始（`run --wait` 会等到那时），\
         至 {finish}（北京时间）结束";

    /// How much must be there.
    balance(fen):
        "  balance    at least {fen} yuan needed"
        "  余额       至少需要 {fen} 元";

    /// The smallest and the largest packet.
    amounts(least, most, different):
        "  amounts    {least} to {most} yuan, {different} different"
        "  金额       {least} 至 {most} 元，共 {different} 种";

    /// Nobody twice.
    people(count):
        "  people     {count}, one packet each"
        "  人数       {count}，每人一个红包";

    /// Somebody twice.
    people_with_several(count, several, most):
        "  people     {count}, {several} of them with several packets, {most} at most"
        "  人数       {count}，其中 {several} 人有多个红包，最多 {most} 个";

    /// The list is known, or a part of it.
    again(met):
        "  again      {met}"
        "  重复       {met}";

    /// The people are known.
    lately(people, days):
        "  again      {people}‹/› of the people ‹was|were› sent a packet in the last {days} \
         day‹s›"
        "  重复       其中 {people} 人在最近 {days} 天内已发过红包";

    /// A cap that holds packets back.
    held_back(count, key, who):
        "  held back  {count:>9} on the first day by {key}: {who}"
        "  顺延       {count:>9} 个，第一天受限于 {key}：{who}";

    /// The cap of a merchant's day.
    merchant_capped():
        "  held back  packets above merchant_yuan_per_day"
        "  顺延       超出 merchant_yuan_per_day 的部分";

    /// A cap that came after the load.
    too_large(count):
        "  too large  {count:>9} above max_packet_yuan: they are never sent"
        "  金额过大   {count:>9} 个超过 max_packet_yuan：永远不会发出";

    /// One day's part.
    day(date, count, fen):
        "  {date} {count:>9}{fen:>15}"
        "  {date} {count:>9}{fen:>15}";

    /// Packets beyond the days that are shown.
    later(count):
        "  later      {count:>9} after a year"
        "  更晚       {count:>9} 个在一年之后";

    /// Packets that no open time is left for.
    left_out(count):
        "  left out   {count:>9} when [schedule] ends: they are not sent"
        "  来不及     {count:>9} 个在 [schedule] 结束后仍未发送";

    /// `[approval] required`, before the mode is live.
    approval_when_live():
        "  approval   required once mode = \"live\""
        "  审批       mode = \"live\" 时必须审批";

    /// `[approval] required`, and nothing is loaded.
    approval_not_loaded():
        "  approval   required: load the list, then show the plan again and let an approver sign it"
        "  审批       必须审批：请先载入名单，再查看计划并由审批人签名";

    /// No approval is good.
    approval_missing(why):
        "  approval   required before a live run: {why}"
        "  审批       正式运行前必须审批：{why}";

    /// A good one.
    approval_good(approver, until):
        "  approval   required, and given by {approver}, until {until} (Beijing)"
        "  审批       必须审批，已由 {approver} 批准，有效期至 {until}（北京时间）";

    /// It ends before the plan does.
    approval_too_short(finish):
        "  approval   ends before the plan does, at {finish} (Beijing): the rest needs another one"
        "  审批       有效期在计划完成（{finish}，北京时间）之前结束：其余部分须重新审批";

    /// The texts that everybody gets.
    texts(texts):
        "  texts      {texts}"
        "  文案       {texts}";

    /// The caps that an approval covers.
    caps(caps):
        "  caps       {caps}"
        "  上限       {caps}";

    /// The digest of all payments.
    digest(digest):
        "  digest     {digest}"
        "  名单校验码 {digest}";
}
