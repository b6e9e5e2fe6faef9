//! A campaign file whose bytes are not those of one.

words! {
    in campaign_file;

    /// A folder in its place.
    folder():
        "this is a folder: give the campaign file in it, as campaign.toml"
        "这是文件夹：请给出其中的活动文件，例如 campaign.toml";

    /// No byte at all.
    empty():
        "the file is empty: `hongbao init` writes a new campaign file"
        "这是空文件：`hongbao init` 可生成新的活动文件";

    /// Another encoding, which is known.
    encoding(name, run, made):
        "the file is in {name}, and a campaign file is UTF-8: save it as UTF-8 in the editor, or \
         run `{run}` and use {made}"
        "该文件的编码是 {name}，而活动文件必须是 UTF-8：请在编辑器中另存为 UTF-8，\
         或执行 `{run}` 并使用 {made}";

    /// A byte that is no part of UTF-8.
    bad_byte(byte):
        "the byte 0x{byte} is not UTF-8, and a campaign file is: write this line again and save \
         the file as UTF-8"
        "字节 0x{byte} 不是 UTF-8，而活动文件必须是 UTF-8：请重新输入这一行，并将文件保存为 UTF-8";

    /// The list in its place.
    list():
        "this is a list of recipients, not a campaign file: give the campaign file (.toml), and \
         name the list in it as `campaign.recipients`"
        "这是发放名单，不是活动文件：请给出活动文件，并在其中用 `campaign.recipients` 写明名单";

    /// A workbook in its place.
    workbook():
        "this is a workbook, not a campaign file: give the campaign file (.toml), and name the \
         list in it as `campaign.recipients`"
        "这是电子表格，不是活动文件：请给出活动文件，并在其中用 `campaign.recipients` 写明名单";

    /// A ledger in its place.
    ledger():
        "this is a ledger, not a campaign file: give the campaign file (.toml), which names the \
         ledger as `ledger.path`"
        "这是账本，不是活动文件：请给出活动文件，其中的 `ledger.path` 写明账本";

    /// A key or a certificate in its place.
    pem():
        "this is a key or a certificate, not a campaign file: give the campaign file (.toml), \
         which names it under [merchant]"
        "这是密钥或证书，不是活动文件：请给出活动文件，并在其 [merchant] 段中写明该文件";

    /// A file of another program.
    other(name):
        "this is {name}, not a campaign file, which is TOML: `hongbao init` writes one"
        "这是 {name}，不是活动文件（活动文件为 TOML 格式）：`hongbao init` 可生成一份";

    /// A sign that looks like the right one.
    look_alike(shown, number, right, more):
        "the character {shown} ({number}) stands where `{right}` belongs{more}: type it again on \
         a plain keyboard"
        "此处的字符 {shown}（{number}）应为 `{right}`{more}：请用英文输入法重新输入";

    /// A blank that is none of TOML's, or a sign that nobody sees.
    unseen(name, number, more):
        "a {name} ({number}) stands outside the quotes{more}: delete it, or type a plain space in \
         its place"
        "引号之外有{name}（{number}）{more}：请删除，或改为普通空格";

    /// How many lines more.
    more(count):
        " (and in {count} more lines)"
        "（另有 {count} 行也是如此）";

    /// A path of Windows in double quotes.
    backslash():
        "a backslash in double quotes begins an escape: write the path with `/`, as \
         \"data/list.csv\", or in single quotes, as 'data\\list.csv'"
        "双引号中的反斜杠表示转义：请用 `/` 书写路径，例如 `\"data/list.csv\"`，\
         或改用单引号，例如 `'data\\list.csv'`";

    /// A path of Windows.
    drive():
        "a path of Windows, with a backslash or a drive, names no file on this system: write it \
         with `/` as this system has it, as \"list.csv\" beside the campaign file (under WSL C:\\ \
         is /mnt/c/)"
        "这是 Windows 路径（含反斜杠或盘符），在本系统上找不到：请用 `/` 写成本系统的路径，\
         例如与活动文件同目录的 \"list.csv\"（WSL 中 C:\\ 为 /mnt/c/）";

    /// Control characters in a path.
    escaped():
        "the path has a control character: in double quotes a backslash begins an escape, as \\t \
         and \\n: write the path with `/`"
        "路径中含有控制字符：双引号中的反斜杠表示转义（如 \\t、\\n）：请用 `/` 书写路径";

    /// Further faults that are not listed.
    further(count):
        "{count} more lines are not TOML either"
        "另有 {count} 行也不是合法的 TOML";
}
