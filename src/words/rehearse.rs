//! Messages of a rehearsal before, during and after.

words! {
    in rehearse;

    /// Before it begins, if all rows are played.
    opening(campaign, count, total):
        "campaign {campaign}: {count} packet‹s›, {total} yuan, all of them played"
        "活动 {campaign}：{count} 个红包，{total} 元，全部演练";

    /// Before it begins, if not all rows are played.
    opening_part(campaign, count, total, played, fen):
        "campaign {campaign}: {count} packet‹s›, {total} yuan, the first {played} of them played \
         ({fen} yuan)"
        "活动 {campaign}：{count} 个红包，{total} 元，演练其中前 {played} 个（{fen} 元）";

    /// How to play another number of rows.
    rows():
        "  --rows N plays another number of rows"
        "  用 --rows 数量 可演练其他行数";

    /// Above the settings that are played otherwise.
    changes(campaign):
        "played on a scratch ledger against the simulator, and without the long waits of \
         {campaign}:"
        "使用临时账本对模拟器演练，并省去 {campaign} 中的长时间等待：";

    /// A setting that is played otherwise.
    change(key, yours, played):
        "  {key:<37}{yours:>9} -> {played}"
        "  {key:<37}{yours:>9} -> {played}";

    /// A campaign that no run sends any more.
    over(key):
        "{key} is past: a run would send nothing any more; it is played all the same"
        "已超过 {key}：正式运行将不再发送；此处照常演练";

    /// A run is over.
    run(number, requests, seconds, how, spared):
        "run {number:<3} {requests:>6} ‹request /requests›  {seconds:>6} s  {how}{spared}"
        "第 {number:<3} 次 {requests:>6} 个请求  {seconds:>6} 秒  {how}{spared}";

    /// Killed early.
    killed_early():
        "killed before its first request"
        "在首个请求之前被强制终止";

    /// Killed.
    killed():
        "killed"
        "被强制终止";

    /// Ended by itself.
    ended(code):
        "ended with exit code {code}"
        "以退出码 {code} 结束";

    /// Ended by a signal.
    stopped():
        "stopped with the rehearsal"
        "随演练一同停止";

    /// Questions that were spared.
    spared():
        ", queries unspoilt"
        "，查询不加故障";

    /// No more faults.
    calm():
        "faults and kills end here; the rest is played without them"
        "故障和强制终止到此为止；其余部分正常演练";

    /// A run ended as none may.
    broken(code, said):
        "a run ended with exit code {code}:\n{said}"
        "一次运行以退出码 {code} 结束：\n{said}";

    /// A signal.
    interrupted():
        "stopped by a signal: nothing was compared, and the scratch ledger is gone"
        "收到信号而停止：未作比对，临时账本已删除";

    /// The head of what was done.
    head(campaign, count, total):
        "rehearsed {campaign}: {count} packet‹s›, {total} yuan; no money moved"
        "已演练 {campaign}：{count} 个红包，{total} 元；未涉及真实资金";

    /// How often the program ran.
    runs(count):
        "  runs     {count:>9}  of the real program, each going on where the last one ended"
        "  运行     {count:>9}  次，均为真实程序，每次接着上一次继续";

    /// How often it was killed.
    kills(count, early):
        "  killed   {count:>9}  by SIGKILL, {early} of them before a first request"
        "  终止     {count:>9}  次，以 `SIGKILL` 强制终止，其中 {early} 次在首个请求之前";

    /// How often it was killed, and was to be.
    fewer_kills(count, early, asked):
        "  killed   {count:>9}  by SIGKILL, {early} of them before a first request; \
         {asked} were asked for"
        "  终止     {count:>9}  次，以 `SIGKILL` 强制终止，其中 {early} 次在首个请求之前；\
         要求 {asked} 次";

    /// Requests to the gateway.
    requests(count, sends, again, queries):
        "  requests {count:>9}  {sends} send‹s›, {again} of them again under the same number; \
         {queries} ‹query/queries›"
        "  请求     {count:>9}  次：发送 {sends} 次，其中 {again} 次为原单号重发；查询 {queries} 次";

    /// Faults that were played.
    faults(count):
        "  faults   {count:>9}  request‹s› that went wrong on purpose"
        "  故障     {count:>9}  次，为有意造成";

    /// Faults of one kind.
    fault(name, count, what):
        "    {name:<20}{count:>6}  {what}"
        "    {name:<20}{count:>6}  {what}";

    /// The last packets were played without faults.
    calmed():
        "    without faults for the last packets, which were still open"
        "    最后尚未完结的红包不再加故障";

    /// Why runs stopped.
    stops(times, why):
        "  stopped  {times:>9}  {why}"
        "  停止     {times:>9}  次：{why}";

    /// How long it took.
    seconds(seconds):
        "  seconds  {seconds:>9}"
        "  秒数     {seconds:>9}";

    /// How to play the same again.
    seed(seed):
        "  seed     {seed:>9}  draws the same faults and kills again"
        "  种子     {seed:>9}  可再次产生相同的故障和终止";

    /// Above the two sides of the table.
    sides(report, books):
        "{report:>33}{books:>33}"
        "{report:>33}{books:>33}";

    /// The folder of a failed rehearsal is kept.
    kept(folder):
        "kept for inspection: {folder}, with campaign.toml, hongbao.db, books.jsonl and logs"
        "已保留供查看：{folder}，内有 campaign.toml、hongbao.db、books.jsonl 和日志";

    /// The next step.
    look(folder):
        "next: hongbao show {folder}/campaign.toml ID; do not send with this version"
        "下一步：hongbao show {folder}/campaign.toml 编号；请勿用此版本发送";

    /// The heads of the columns.
    columns(state, packets, yuan):
        "  {state:<11}{packets:>9}{yuan:>15}{packets:>15}{yuan:>15}"
        "  {state:<11}{packets:>9}{yuan:>15}{packets:>15}{yuan:>15}";

    /// A line of the table.
    line(what, count, fen, paid_count, paid_fen, note):
        "  {what:<11}{count:>9}{fen:>15}{paid_count:>15}{paid_fen:>15}  {note}"
        "  {what:<11}{count:>9}{fen:>15}{paid_count:>15}{paid_fen:>15}  {note}";

    /// Beside what is refused.
    refused(codes):
        "proven unpaid: {codes}"
        "已证实未付款：{codes}";

    /// Beside what is open.
    open():
        "open, and reported as open"
        "尚未完结，报表亦如此";

    /// Packets that wait for another day.
    held_back():
        "a daily cap holds them back"
        "受每日上限限制，顺延发放";

    /// Beside what nobody reported.
    strange():
        "paid, but not in the report"
        "已付款，却不在任何报表中";
}
