//! Faults of a campaign file, or of the credentials it names.

words! {
    in config;

    /// A label of nothing.
    label_blank():
        "the label is blank: name it as the bill has it, or delete it"
        "名称为空：请按账单中的写法填写，或将其删除";

    /// The file cannot be read.
    read(path, fault):
        "cannot read the campaign file {path}: {fault}"
        "无法读取活动文件 {path}：{fault}";

    /// The head of a list of faults.
    refused():
        "the campaign file is refused:"
        "活动文件有误：";

    /// The head of a list of faults of credentials.
    secrets():
        "the merchant's credentials are not usable:"
        "商户凭证不可用：";

    /// The TOML reader's words on it.
    not_toml(detail):
        "not TOML: {detail}"
        "写法有误，无法识别{detail}";

    /// `defaults.include` that cannot be read.
    unincluded(path, fault):
        "`defaults.include`: cannot read {path}: {fault}"
        "`defaults.include`：无法读取 {path}：{fault}";

    /// `defaults.include` that is another file.
    included(place, says):
        "{place}: {says}"
        "{place}：{says}";

    /// `defaults.include` that is a folder.
    includes_folder(path):
        "`defaults.include`: {path} is a folder: name the file in it, as \"../merchant.toml\""
        "`defaults.include`：{path} 是文件夹：请写出其中的文件，例如 \"../merchant.toml\"";

    /// `defaults.include` that is a pipe or a device.
    includes_device(path):
        "`defaults.include`: {path} is a pipe or a device: only a file is included"
        "`defaults.include`：{path} 是管道或设备：只能引用普通文件";

    /// An included file that includes another.
    includes_once():
        "an included file includes no other: move its settings here"
        "被引用的文件不能再引用其他文件：请把那些设置移到这里";

    /// A key of one campaign in the file of several.
    not_shared(key):
        "`{key}` is each campaign's own: move it to the campaign file"
        "`{key}` 是各活动自己的：请移到活动文件中";

    /// A value that its key does not take.
    value(key, why):
        "`{key}`: {why}"
        "`{key}`：{why}";

    /// A key that is a text, with another kind of value.
    not_text(key, kind):
        "`{key}` must be a string in quotes, not {kind}"
        "`{key}` 必须是带引号的字符串，不能是{kind}";

    /// An amount of money without quotes.
    not_money(key, kind):
        "`{key}` must be a string in quotes, as \"1000.00\", not {kind}"
        "`{key}` 必须是带引号的字符串，例如 \"1000.00\"，不能是{kind}";

    /// A key that must be there.
    missing(key, name, section):
        "`{key}` is missing: write `{name} = \"…\"` under [{section}]"
        "缺少 `{key}`：请在 [{section}] 下写入 `{name} = \"…\"`";

    /// A key that is a number, with another kind of value.
    not_number(key, kind):
        "`{key}` must be a whole number, not {kind}"
        "`{key}` 必须是整数，不能是{kind}";

    /// A key that is `true` or `false`, with another kind of value.
    not_flag(key, kind):
        "`{key}` must be true or false, not {kind}"
        "`{key}` 必须是 true 或 false，不能是{kind}";

    /// A key that is a list, with another kind of value.
    not_list(key, kind):
        "`{key}` must be a list, as [\"…\", \"…\"], not {kind}"
        "`{key}` 必须是列表，例如 [\"…\", \"…\"]，不能是{kind}";

    /// A list that has something twice.
    twice(key):
        "`{key}` has one of its values twice"
        "`{key}` 中有重复的值";

    /// A public key that is none.
    approver():
        "a public key has 64 hexadecimal digits, as `hongbao approve --keygen` prints it"
        "公钥应为 64 位十六进制数字，即 `hongbao approve --keygen` 打印的值";

    /// A format of the reports that are left.
    report_format():
        "`run` and `reconcile` leave csv and xlsx; `hongbao report` writes the others"
        "`run` 和 `reconcile` 只自动生成 csv 和 xlsx；其他格式请用 `hongbao report`";

    /// An approval that nobody could give.
    no_approvers():
        "an approval is required and nobody may give it: list public keys in `approvers`"
        "要求批准，却无人可以批准：请在 `approvers` 中列出公钥";

    /// A number that is too small or too large.
    range(key, least, most):
        "`{key}` must be from {least} to {most}"
        "`{key}` 必须在 {least} 到 {most} 之间";

    /// A value where a section should be.
    not_a_section(name):
        "`{name}` must be a section: write [{name}]"
        "`{name}` 必须是一个段：请写成 [{name}]";

    /// A section that there is not.
    unknown_section(name, hint):
        "unknown section [{name}]{hint}"
        "未知的段 [{name}]{hint}";

    /// A key that its section does not have.
    unknown_key(key, section, hint):
        "unknown key `{key}` in [{section}]{hint}"
        "[{section}] 中有未知的键 `{key}`{hint}";

    /// A key above the first section.
    stray_key(key, hint):
        "unknown key `{key}` outside a section{hint}"
        "段之外有未知的键 `{key}`{hint}";

    /// The section that has the key.
    belongs(section):
        ": it belongs under [{section}]"
        "：它应放在 [{section}] 下";

    /// The name that is likely meant.
    did_you_mean(name):
        ": did you mean `{name}`?"
        "：是否想写 `{name}`？";

    /// `gateway.mode`.
    mode():
        "write \"simulator\" or \"live\""
        "请填写 \"simulator\" 或 \"live\"";

    /// A path of nothing.
    path_blank():
        "the path is blank"
        "路径为空";

    /// A path that no system takes.
    path_nul():
        "the path has a NUL character"
        "路径中含有 NUL 字符";

    /// `ledger.path` that ends in a slash.
    path_no_file():
        "the path must name a file"
        "路径必须指向一个文件";

    /// `ledger.path` that a rehearsal would use.
    path_kept():
        "a name that ends in `.simulator` is reserved for rehearsals: choose another"
        "以 `.simulator` 结尾的名称留给演练使用：请换一个名称";

    /// `ledger.backup_keep` without `ledger.backup_dir`.
    keep_nothing():
        "no backups are made without `ledger.backup_dir`: name a folder, or leave this key out"
        "没有 `ledger.backup_dir` 就不会生成备份：请指定文件夹，或删去此键";

    /// A budget of nothing.
    no_budget():
        "nothing could be paid: leave the key out for no budget"
        "这样什么也无法发放：不设预算请删去此键";

    /// A cap of nothing.
    pays_nothing():
        "nothing could be paid"
        "这样什么也无法发放";

    /// A day on which the largest packet has no room.
    below_max_packet(key):
        "`{key}` is below max_packet_yuan: such a packet could never leave"
        "`{key}` 低于 max_packet_yuan：最大金额的红包将永远无法发出";

    /// A budget or a cap that is no amount.
    budget(fault):
        "{fault}; write yuan, as \"1000.00\""
        "{fault}；请以元为单位填写，例如 \"1000.00\"";

    /// `merchant.wxappid`.
    appid():
        "an appid is `wx` and 16 letters and digits"
        "appid 由 `wx` 加 16 位字母和数字组成";

    /// Pauses that shrink.
    backoff():
        "`retry.max_backoff_seconds` is below `first_backoff_ms`: raise it"
        "`retry.max_backoff_seconds` 小于 `first_backoff_ms`：请调大";

    /// `retry.refusal_confirm_seconds` that proves nothing.
    confirm(least):
        "`retry.refusal_confirm_seconds` is below {least}: raise it, because an order may arrive \
         after its refusal (only a gateway on this machine may have less)"
        "`retry.refusal_confirm_seconds` 小于 {least}：请调大，订单可能在答复拒绝之后才落单（仅本机网关可以更小）";

    /// `gateway.base_url` without TLS.
    not_https():
        "only https, as `https://api.mch.weixin.qq.com`"
        "只支持 https，例如 `https://api.mch.weixin.qq.com`";

    /// `gateway.base_url` with a query.
    not_plain():
        "only a host, a port and a path: no blanks, user, query or fragment"
        "只能包含主机、端口和路径：不能有空格、用户名、查询参数或片段";

    /// `gateway.base_url` with a strange path.
    url_path():
        "the path must be plain: no `.`, `..` or doubled slash"
        "路径必须是普通路径：不能有 `.`、`..` 或连续的斜杠";

    /// `gateway.base_url` with a strange host.
    host():
        "the host or the port is malformed, write `https://host:port`"
        "主机或端口格式有误，请写成 `https://host:port`";

    /// The key that signs.
    api_key(place):
        "API key: {place} does not hold 32 letters and digits: copy the APIv2 key from the \
         merchant platform"
        "API 密钥：{place} 中不是 32 位字母和数字：请从商户平台复制 APIv2 密钥";

    /// `campaign.id`.
    every_campaign():
        "`all` stands for every campaign behind --pay-again: choose another id"
        "`all` 在 --pay-again 之后表示所有活动：请换一个 id";

    /// A file of credentials in another form.
    not_pem(kind, path, key):
        "{kind}: {path} is not one in PEM, which has lines -----BEGIN …----- and -----END …-----: \
         set `{key}` to a .pem file"
        "{kind}：{path} 不是 PEM 格式（应有 -----BEGIN …----- 和 -----END …----- 行）：\
         请将 `{key}` 设为 .pem 文件";

    /// A file of credentials in one line.
    lines_lost(kind, path):
        "{kind}: {path} has lost its line breaks, or a dash of its BEGIN and END lines, as happens \
         in a copy through a form or a variable: copy the file itself again"
        "{kind}：{path} 的换行或 -----BEGIN、-----END 行的短横线已丢失（经表单或环境变量复制时会这样）：\
         请重新复制文件本身";

    /// A ledger in the place of another file.
    ledger_is(key):
        "`{key}` names this file: name one for the ledger alone, such as hongbao.db"
        "`{key}` 已指定此文件：请为账本另写一个文件名，例如 hongbao.db";

    /// No path at all.
    no_path(kind, key):
        "{kind}: `{key}` names no existing file. It may be the secret itself, so it is \
         not shown: write the secret to a file of mode 0600 and name that file"
        "{kind}：`{key}` 所写的文件不存在，其值可能就是密钥本身，故不显示：\
         请将其写入权限为 0600 的文件，并填写该文件的路径";

    /// No file of credentials.
    no_file(kind, key):
        "{kind}: no file is named: set `{key}`"
        "{kind}：没有指定文件：请设置 `{key}`";

    /// A file of credentials that cannot be read.
    unreadable(kind, path, fault, key):
        "{kind}: cannot read {path}: {fault}: put it there, or set `{key}`"
        "{kind}：无法读取 {path}：{fault}：请把文件放到该处，或设置 `{key}`";

    /// A secret that others can read.
    open_to_others(kind, path, mode, typed):
        "{kind}: others can read {path} (mode {mode}): run `chmod 600 {typed}`"
        "{kind}：其他用户可以读取 {path}（权限 {mode}）：请执行 `chmod 600 {typed}`";

    /// Two secrets of one name.
    one_credential(first, second, name):
        "{first} and {second} have one name, {name}, and systemd or Kubernetes gives a secret by \
         its name alone: rename one of them, in the campaign file too"
        "{first} 与 {second} 同名（{name}），而 systemd 或 Kubernetes 只按名称提供密钥文件：\
         请将其中一个改名，并同步修改活动文件";

    /// A secret of one line that is none.
    no_utf_8(kind, path):
        "{kind}: {path} is not a text of one line in UTF-8: write the file again"
        "{kind}：{path} 不是一行 UTF-8 文本：请重新写入";
}
