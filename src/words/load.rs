//! Messages of `load` about a usable file, and about rows that are not.

words! {
    in load;

    /// A file is in the ledger.
    loaded(file, count, total):
        "loaded {file}: {count} packet‹s›, {total} yuan"
        "已载入 {file}：{count} 个红包，{total} 元";

    /// A file is in the ledger, and a part of it was before.
    added(file, count, total, known):
        "loaded {file}: {count} packet‹s›, {total} yuan; {known} were loaded before"
        "已载入 {file}：{count} 个红包，{total} 元；另有 {known} 个此前已载入";

    /// Withdrawn packets with other content.
    anew(count):
        "{count} packet‹s› that ‹was|were› withdrawn ‹has|have› other content now: ‹it is|they \
         are› owed again, ‹under its|each under its› own number"
        "有 {count} 个已撤回的红包内容已改：将按新内容发放，各用其原单号";

    /// Withdrawn packets without a change.
    stay(count, command):
        "{count} packet‹s› of it ‹stays|stay› withdrawn; to pay ‹it|them› after all: {command} \
         --bring-back {count}"
        "其中 {count} 个红包仍为已撤回；若确要发放：{command} --bring-back {count}";

    /// Withdrawn packets that are owed again.
    brought_back(count):
        "{count} withdrawn packet‹s› ‹is|are› owed again, as ‹it was|they were›"
        "已恢复 {count} 个已撤回的红包，内容不变";

    /// Packets that an earlier file had.
    missing(count, file, command):
        "{count} packet‹s› of earlier files ‹is|are› not in {file} and ‹is|are› paid all the same; \
         to take back those that were never sent: {command}"
        "较早名单中有 {count} 个红包不在 {file} 中，仍会照常发放；若要撤回其中从未发送的，请执行：\
         {command}";

    /// Exactly this file was loaded before.
    already(file):
        "{file} is already loaded: nothing to do"
        "{file} 已经载入：无事可做";

    /// No packet comes back.
    bring_none(wanted):
        "--bring-back {wanted} was given, and no packet of this file was taken back and comes \
         again unchanged; leave the option out"
        "给出了 --bring-back {wanted}，而此文件中没有原样再次出现的已撤回红包；请去掉此选项";

    /// A file that was loaded before, and reads otherwise now.
    reads_otherwise():
        "this file is loaded already, and it does not read as it did then; save it anew, and load \
         that"
        "此文件已经载入，但现在读出的内容与当时不同；请另存为新文件后再载入";

    /// New texts are frozen.
    refrozen(campaign):
        "the campaign's texts are now those of {campaign}"
        "活动文案现已更新为 {campaign} 中的内容";

    /// `--check` found no fault.
    checked(file, count, total):
        "checked {file}: {count} packet‹s›, {total} yuan; nothing was written"
        "已检查 {file}：{count} 个红包，{total} 元；未写入任何内容";

    /// The packets that the campaign has already.
    has_packets(count, total):
        "the campaign has packets already, and the file was compared with them: it would add \
         {count} packet‹s›, {total} yuan"
        "本活动已有红包，已将文件与它们比对：载入它会追加 {count} 个红包，{total} 元";

    /// Another list than the campaign file names is loaded.
    other_list(campaign, named, list):
        "{campaign} names {named}, which is not loaded, and `run` refuses it: write `recipients = \
         {list}` there"
        "{campaign} 指定的名单是未载入的 {named}，`run` 会拒绝执行：请在其中写 `recipients = {list}`";

    /// A list that only the load has read.
    of_pipe(campaign):
        "the list came through a pipe, and `run` reads it as a file: save the same bytes as a \
         file, and name that as `recipients` in {campaign}"
        "名单来自管道，而 `run` 需要读取文件：请把相同内容存为文件，并在 {campaign} 的 `recipients` 中写明该文件";

    /// The row at fault in a file of its own.
    reject(path, file):
        "{path}: the row at fault, with its place and its reason: what to mend in {file}"
        "{path}：有误的一行，附位置和原因，请据此改正 {file}";

    /// The rows at fault in a file of their own.
    rejects(path, rows, file):
        "{path}: the {rows} row‹s› at fault, each with its place and its reason: what to mend in \
         {file}"
        "{path}：有误的 {rows} 行，各附位置和原因，请据此改正 {file}";

    /// No such file could be written.
    no_rejects(fault):
        "note: the rows at fault are in no file of their own: {fault}"
        "提示：未能把有误的行写入单独的文件：{fault}";

    /// The name of the file at fault.
    file(file):
        "{file}:"
        "{file}：";

    /// A list that would be refused.
    at_fault(file, count, first):
        "{file} would be refused, {count} fault‹s›, the first: {first}"
        "{file} 会被拒绝，有 {count} 处错误，第一处：{first}";

    /// The remedy.
    mend_list(check):
        "mend the list; `{check}` tells of every fault"
        "请改正名单；`{check}` 会列出所有错误";

    /// A ledger that is there, without a campaign.
    empty_ledger(ledger):
        "{ledger} is there, and nothing is loaded into it: a load was refused or cut off"
        "{ledger} 已存在，但其中没有任何活动：载入曾被拒绝或中断";

    /// The remedy.
    load_again(load):
        "`{load}` loads the list, unless ledger.path should name another file"
        "请执行 `{load}` 载入名单；若 ledger.path 写错，请改正";

    /// A row of a packet that was sent, with something else in it.
    differs_sent(field, loaded):
        "its packet was sent with {field} {loaded}, or may have been, and stays as it is: write \
         that again, and give what is still owed a row and a row key of its own"
        "该行的红包已按“{field}”{loaded} 发送或可能已发送，不再改变：请恢复原值；仍需补发的，另加一行并使用新的 \
         row_key（业务单号）";

    /// A text that was read wrong once.
    text_misread(key, text, was):
        "warning: {key} of the campaign file is `{text}`, which looks like `{was}`, read in a \
         wrong encoding: correct it, or everybody gets it as it stands"
        "警告：活动文件的 {key}“{text}”像是“{was}”按错误编码读取所致：请改正，否则将原样发给每个人";

    /// A text that may have lost characters.
    text_lost(key, text):
        "warning: {key} of the campaign file is `{text}`: see whether a conversion between \
         encodings lost characters of it"
        "警告：活动文件的 {key} 为“{text}”：请核对是否因编码转换丢失了字符";

    /// A text with signs of the program that wrote it.
    text_escaped(key, text, was):
        "warning: {key} of the campaign file is sent as it stands, and a phone shows `{text}`; \
         `{was}` seems to be meant: correct it"
        "警告：活动文件的 {key} 将原样发送，手机上会显示“{text}”，原意像是“{was}”：请改正";

    /// A place for a name.
    text_placeholder(key, text):
        "warning: {key} of the campaign file is `{text}`, with a place that nothing is put into: \
         write what is to be sent"
        "警告：活动文件的 {key}“{text}”含有占位符，不会被替换：请写成要发送的内容";

    /// What stands for no text.
    text_filler(key, text):
        "warning: {key} of the campaign file is `{text}`: everybody gets it as it stands"
        "警告：活动文件的 {key} 为“{text}”：将原样发给每个人";
}
