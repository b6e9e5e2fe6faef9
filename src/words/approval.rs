//! Messages of `approve`, and why a plan is not approved.

words! {
    in approval;

    /// The reason why nothing is sent, and the way on.
    not_approved(why, plan, approve):
        "not approved: {why}; nothing was sent. Check the plan with `{plan}`, then let an approver \
         type: {approve}"
        "未获批准：{why}；未发送任何请求。请用 `{plan}` 查看，然后由审批人执行：{approve}";

    /// Nothing is loaded that somebody could approve, and a run wants it approved.
    not_approved_unloaded(load, plan):
        "not approved: the list is not loaded yet; nothing was sent. Load it with `{load}`, check \
         the plan with `{plan}`, then let an approver sign it"
        "未获批准：名单尚未载入；未发送任何请求。请用 `{load}` 载入，用 `{plan}` 查看计划，然后由审批人签名";

    /// `[approval] required` is not set.
    none_required():
        "none is required"
        "无需审批";

    /// It is, and the mode is not live.
    when_live():
        "required once mode = \"live\""
        "mode = \"live\" 时必须审批";

    /// A run would send nothing.
    nothing_left():
        "nothing is left to approve"
        "没有需要审批的付款";

    /// A good one is in the ledger.
    given(approver, until):
        "given by {approver}, until {until} (Beijing)"
        "已由 {approver} 批准，有效期至 {until}（北京时间）";

    /// Nothing is loaded that somebody could approve.
    not_loaded():
        "required, and the list is not loaded yet"
        "必须审批，而名单尚未载入";

    /// The remedy.
    load_first(load):
        "`{load}`, then let an approver look at the plan and sign it"
        "请先执行 `{load}`，再由审批人查看计划并签名";

    /// The remedy where nobody approved what is loaded.
    let_approve(plan, approve):
        "check the plan with `{plan}`, then let an approver type: {approve}"
        "请用 `{plan}` 查看计划，然后由审批人执行：{approve}";

    /// No approval is in the ledger.
    nobody():
        "nobody has approved this plan"
        "尚无人批准此计划";

    /// The key of the approval is in no list.
    stranger(approver):
        "it was approved with the key {approver}, which is not among [approval] approvers"
        "它由密钥 {approver} 批准，而该密钥不在 [approval] approvers 之列";

    /// The signature is wrong.
    unsigned(approver):
        "the approval in the name of {approver} is not signed by that key for this campaign"
        "以 {approver} 名义作出的批准，并非由该密钥针对本活动签署";

    /// An approval from the future.
    early():
        "the approval is dated in the future; compare the clocks of both machines"
        "批准的时间在未来；请核对两台机器的时钟";

    /// The time of the approval is over.
    expired():
        "the approval has expired"
        "批准已过期";

    /// Rows or money changed.
    rows(rows, total, rows_now, total_now):
        "{rows} packet‹s› of {total} yuan ‹was|were› approved, there are {rows_now} of {total_now} \
         yuan now"
        "批准的是 {rows} 个红包共 {total} 元，现为 {rows_now} 个共 {total_now} 元";

    /// Packets were reissued.
    numbers(count):
        "{count} packet‹s› got a new number since it was approved"
        "批准之后有 {count} 个红包换了新单号";

    /// Texts or caps changed.
    terms():
        "the texts or the caps were changed since it was approved"
        "批准之后文案或上限有变动";

    /// Packets changed.
    packets():
        "a packet was changed since it was approved: its recipient, amount, texts or row key"
        "批准之后有红包被改动：收款人、金额、文案或业务单号";

    /// The recipients file changed.
    file(file):
        "{file} is not the file that was approved; put that one back, or add this one with `load`"
        "{file} 不是已批准的文件；请放回原文件，或用 `load` 添加此文件";

    /// The digest that was given is not today's.
    other_digest(digest, plan):
        "the plan has another digest, {digest}; check it with `{plan}` before you approve it"
        "计划的名单校验码不同，为 {digest}；批准之前请用 `{plan}` 查看";

    /// The given digest is not one.
    no_digest(given):
        "--digest {given}: a digest is 64 hexadecimal digits, as `hongbao plan` prints it"
        "--digest {given}：名单校验码应为 64 位十六进制数字，即 `hongbao plan` 打印的值";

    /// The plan is approved.
    approved(rows, total, until):
        "approved, on record: {rows} packet‹s›, {total} yuan, until {until} (Beijing)"
        "已批准，已记录在案：{rows} 个红包，共 {total} 元，有效期至 {until}（北京时间）";

    /// Approvals are not asked for.
    not_required():
        "note: [approval] required is not set: the campaign runs without an approval, too"
        "注意：未设置 [approval] required：没有批准也可以运行本活动";

    /// The key is in no list.
    not_listed(approver):
        "the key {approver} is not among [approval] approvers of the campaign file"
        "密钥 {approver} 不在活动文件的 [approval] approvers 之列";

    /// The file holds no key.
    no_key(file):
        "{file} holds no key of `hongbao approve --keygen`"
        "{file} 中没有由 `hongbao approve --keygen` 生成的密钥";

    /// The file is open to others.
    open_key(file, mode, typed):
        "others can read {file} (mode {mode}): run `chmod 600 {typed}`"
        "其他人可以读取 {file}（权限 {mode}）：请执行 `chmod 600 {typed}`";

    /// A folder, a pipe, a device, or a file that no key fills.
    no_key_file(file):
        "{file} is no file of a key, but a folder, a pipe, a device or too large: name the file \
         that `hongbao approve --keygen` made"
        "{file} 不是密钥文件，而是文件夹、管道、设备或过大的文件：请填写 \
         `hongbao approve --keygen` 生成的文件";

    /// The file cannot be read.
    unread_key(file, fault):
        "cannot read {file}: {fault}"
        "无法读取 {file}：{fault}";

    /// A key was made.
    made(file):
        "{file} is the secret half: keep it where only the approver can read it. The public half \
         goes into the campaign file, under [approval]:"
        "{file} 为私钥：请存放在只有审批人能读取的地方。公钥写入活动文件的 [approval] 段：";
}
