//! Messages of `claims`: packets that can be opened, why the rest cannot, and the mistakes of a
//! page.

words! {
    in claims;

    /// Packages that a run leaves to be opened.
    ready(count, end):
        "{count} package‹s› ‹is|are› ready to be opened; each lapses after 24 hours, the first at \
         {end} (Beijing)"
        "{count} 个 package 已就绪，可供领取；各于发放 24 小时后失效，最早的为 {end}（北京时间）";

    /// The command that hands them out.
    hand_out(command):
        "to hand them out: {command}"
        "导出以供领取：{command}";

    /// Packets that cannot be opened, by state.
    closed(count, state, means):
        "{count} cannot be opened now: `{state}`, {means}"
        "{count} 个目前不能打开：{state}，{means}";

    /// Issued, and nobody has what opens it.
    without_package(count, command):
        "{count} cannot be opened yet: issued, but the package that opens them has not come; \
         {command} fetches it"
        "{count} 个暂不能打开：已发放，但尚未取得打开它的 package；执行 {command} 可取得";

    /// Issued, and nobody asks for what opens them any more.
    never_fetched(count):
        "{count} cannot be opened: issued, or ruled paid by a person, and the package that opens \
         them came with no answer"
        "{count} 个无法打开：已发放或经人工认定已付款，但没有任何答复带回打开它的 package";

    /// Issued a day ago.
    lapsed(count, command):
        "{count} cannot be opened any more: issued over 24 hours ago; {command} asks whether they \
         were claimed or flowed back"
        "{count} 个已不能打开：发放已超过 24 小时；执行 {command} 可查询是被领取还是已退回";

    /// The rows of a file.
    exported(count, path):
        "{count} packet‹s› that can be opened now ‹is|are› in {path}"
        "{count} 个目前可打开的红包已写入 {path}";

    /// When the first of them lapses.
    first_lapses(end):
        "the first of them lapses at {end} (Beijing)"
        "其中最早的于 {end}（北京时间）失效";

    /// Unclaimed packets.
    unclaimed(count, fen):
        "{count} packet‹s› of {fen} yuan can still be opened, the soonest to lapse first"
        "{count} 个红包（共 {fen} 元）仍可打开，按失效先后排列";

    /// Of what age that knowledge is.
    never_asked(count, command):
        "WeChat Pay was never asked about {count} of them, which may be claimed already; {command} \
         asks"
        "其中 {count} 个从未向微信支付查询过，可能已被领取；执行 {command} 可查询";

    /// Of what age the rest is.
    asked(count, from, until):
        "{count}‹/› ‹was|were› not claimed as of a query between {from} and {until} (Beijing)"
        "其中 {count} 个：据 {from} 至 {until}（北京时间）之间的查询，尚未被领取";

    /// The same, of one time.
    asked_once(count, at):
        "{count}‹/› ‹was|were› not claimed as of a query at {at} (Beijing)"
        "其中 {count} 个：据 {at}（北京时间）的查询，尚未被领取";

    /// A cursor that is none.
    no_cursor(given, command):
        "--since {given}: no cursor; it is the line that the last --all printed on stdout. To \
         export everything: {command}"
        "--since {given}：不是游标；游标是上次 --all 在标准输出打印的那一行。导出全部：{command}";

    /// A cursor of another ledger, or of what this one was before it was put back.
    other_cursor(given, command):
        "--since {given} is not of this campaign in this ledger as it stands: the ledger was \
         restored or replaced since. Export everything again: {command}"
        "--since {given} 不属于当前账本中的本活动：账本此后被恢复或更换过。请重新导出全部：{command}";

    /// Data where the cursor goes.
    not_to_stdout(command):
        "stdout carries the cursor alone; name a file: {command} FILE"
        "标准输出只打印游标；请指定一个文件：{command} 文件";

    /// A file that cannot be read.
    unreadable(path, why):
        "{path} cannot be read: {why}"
        "无法读取 {path}：{why}";

    /// A file that is no JSON, or JSON of something else.
    no_parameters(path):
        "{path} holds neither an object nor an array of objects with timeStamp, nonceStr, package, \
         signType and paySign"
        "{path} 既不是含有 timeStamp、nonceStr、package、signType 和 paySign 的对象，也不是这样的对象数组";

    /// Nothing is wrong.
    right(which):
        "{which}: right"
        "{which}：正确";

    /// Something is.
    wrong(which, mistake):
        "{which}: {mistake}"
        "{which}：{mistake}";

    /// The appid they are checked against.
    checked_with(wxappid):
        "checked with the key of this campaign and appId {wxappid}"
        "使用本活动的密钥和 appId {wxappid} 检查";

    /// A field is not there.
    missing(field):
        "{field} is missing or no text"
        "缺少 {field}，或其值不是文本";

    /// `timeStamp: 1414561699`
    number_as_time_stamp():
        "timeStamp is a number; it must be text: \"1414561699\""
        "timeStamp 是数字；必须是文本：\"1414561699\"";

    /// Milliseconds, or no number at all.
    not_in_seconds():
        "timeStamp is not in seconds since 1970: ten digits"
        "timeStamp 不是 1970 年以来的秒数：应为十位数字";

    /// A nonce that is refused.
    long_nonce(most):
        "nonceStr is longer than {most} characters"
        "nonceStr 超过 {most} 个字符";

    /// Only one is known here.
    other_sign_type():
        "signType is not MD5, the only one that wx.sendBizRedPacket knows"
        "signType 不是 MD5；wx.sendBizRedPacket 只支持 MD5";

    /// `package: "sendid=…"`
    raw_package_passed():
        "package is passed as WeChat Pay sent it; URL-encode it once, and sign and pass that"
        "传入的 package 是微信支付返回的原文；应进行一次 URL 编码，并用编码后的值签名和传入";

    /// `package: "sendid%253D…"`
    encoded_twice():
        "package is URL-encoded twice; encode it once"
        "package 被 URL 编码了两次；只应编码一次";

    /// The sign of the raw text.
    raw_package_signed():
        "the raw package was signed; sign the URL-encoded one, the very string that is passed"
        "签名用的是 package 原文；应对 URL 编码后的值（即传入的同一字符串）签名";

    /// The sign of a text that was encoded once more.
    encoded_twice_signed():
        "package was URL-encoded once more before it was signed; sign the very string that is \
         passed"
        "签名前 package 又被 URL 编码了一次；应对传入的同一字符串签名";

    /// The sign of five fields.
    sign_type_signed():
        "signType was signed; only appId, nonceStr, package and timeStamp are"
        "signType 参与了签名；只有 appId、nonceStr、package 和 timeStamp 参与签名";

    /// `appid=…`
    other_appid_name(name):
        "the appid was signed as {name}; its name is appId"
        "appid 以 {name} 为名参与了签名；正确的名称是 appId";

    /// Three fields.
    appid_not_signed():
        "appId was not signed, though it is not passed either"
        "appId 没有参与签名；它不需要传入，但必须签名";

    /// The appid of something else.
    other_appid(appid):
        "appId {appid} was signed; it must be the campaign's own"
        "签名用的是 appId {appid}；必须使用本活动的 appId";

    /// SHA-1, SHA-256, or no hash.
    no_md5(digits):
        "paySign is not {digits} hexadecimal digits: it is no MD5"
        "paySign 不是 {digits} 位十六进制数字：不是 MD5";

    /// Something else.
    other_sign():
        "paySign is not of these values: another key or appid was used, or a value was changed \
         after it was signed"
        "paySign 与这些值不符：使用了其他密钥或 appid，或签名后又改动了某个值";
}
