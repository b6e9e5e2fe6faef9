//! The frame around the faults of a recipients file, and what is told without refusing it.

words! {
    in faults;

    /// One fault.
    one():
        "1 error, nothing was written"
        "共 1 处错误，未写入任何内容";

    /// Several faults.
    several(count):
        "{count} error‹s›, nothing was written"
        "共 {count} 处错误，未写入任何内容";

    /// Faults of a group, without places.
    group(count, group):
        "{count} × {group}"
        "{count} 处 {group}";

    /// Faults of a group, and where the first ones are.
    group_at(count, group, places):
        "{count} × {group}: {places}"
        "{count} 处 {group}：{places}";

    /// A fault and its place.
    at(place, why):
        "{place}: {why}"
        "{place}：{why}";

    /// A fault, its place, and the person of the row.
    at_person(place, person, why):
        "{place} ({person}): {why}"
        "{place}（{person}）：{why}";

    /// A place, and the person of the row.
    place_person(place, person):
        "{place} ({person})"
        "{place}（{person}）";

    /// A place, and what stands there.
    place_value(place, value):
        "{place} `{value}`"
        "{place}“{value}”";

    /// A row that is struck through, by its openid.
    struck(told):
        "{told}, struck through"
        "{told}（有删除线）";

    /// A place, and the comment beside its cell.
    place_comment(place, text):
        "{place}, comment `{text}`"
        "{place}，批注“{text}”";

    /// A place, and what the number format of its cell prints.
    place_printed(place, text):
        "{place}, number format `{text}`"
        "{place}，数字格式“{text}”";

    /// Faults that are counted and not listed.
    more(count):
        "and {count} more"
        "另有 {count} 处";

    /// The next step.
    correct():
        "mend the list at these places, then give the same command again"
        "请在名单中改正以上各处，然后再次执行同一命令";

    /// The whole file.
    file():
        "the file"
        "整个文件";

    /// A line of a text.
    line(line):
        "line {line}"
        "第 {line} 行";

    /// A cell of a text.
    line_column(line, column):
        "line {line}, {column}"
        "第 {line} 行，{column}";

    /// A row of a sheet.
    row(row):
        "row {row}"
        "第 {row} 行";

    /// A cell of a sheet.
    cell(cell, column):
        "{cell}, {column}"
        "单元格 {cell}，{column}";

    /// A column with a name.
    named(name):
        "{name}"
        "“{name}”列";

    /// A column without a name.
    column(number):
        "column {number}"
        "第 {number} 列";

    /// A character that nobody sees, in one id.
    invisible_in_one(point, name, place):
        "warning: {point} ({name}) was removed from 1 cell: {place}"
        "警告：已从 1 个单元格中去除 {point}（{name}）：{place}";

    /// A character that nobody sees, in several ids.
    invisible(point, name, count, places):
        "warning: {point} ({name}) was removed from {count} cell‹s›: {places}"
        "警告：已从 {count} 个单元格中去除 {point}（{name}）：{places}";

    /// A text that is not UTF-8, all in ASCII.
    encoding(name):
        "the list is read as {name}"
        "名单按 {name} 编码读取";

    /// A text that is not UTF-8, and a cell of it.
    encoding_shown(name, place, text):
        "the list is read as {name}: {place} is `{text}`; if that is not what it should say, save \
         the list as `CSV UTF-8 (comma delimited)`"
        "名单按 {name} 编码读取：{place}为“{text}”；若与原文不符，请将名单另存为“CSV UTF-8（逗号分隔）”";

    /// A text that may be in another encoding.
    encoding_doubted(name, place, text, other, instead):
        "warning: the list is read as {name}: {place} is `{text}`; as {other} it would be \
         `{instead}`: if that is right, save the list as `CSV UTF-8 (comma delimited)`"
        "警告：名单按 {name} 编码读取：{place}为“{text}”；若按 {other} 编码则为“{instead}”；\
         如后者才对，请将名单另存为“CSV UTF-8（逗号分隔）”";

    /// A text that was read wrong once.
    wrong_once(place, text, was, count):
        "warning: {place} `{text}` looks like `{was}`, read in a wrong encoding by the program \
         that wrote the list (texts like that: {count}): correct it, or it is sent as it stands"
        "警告：{place}“{text}”像是“{was}”被生成名单的程序按错误编码读取所致（此类文字共 {count} 处）：\
         请改正，否则将原样发送";

    /// A text with signs of the program that wrote it.
    escaped(place, text, was, count):
        "warning: {place} is sent as it stands, and a phone shows `{text}`; `{was}` seems to be \
         meant (texts like that: {count}): correct it"
        "警告：{place}将原样发送，手机上会显示“{text}”，原意像是“{was}”（此类文字共 {count} 处）：请改正";

    /// Texts with a place for a name.
    placeholders(count, places):
        "warning: {count} text‹s› ‹has|have› a place for a name or a value, which nothing is put \
         into: {places}: write what is to be sent"
        "警告：有 {count} 处文字含有占位符，不会被替换：{places}：请写成要发送的内容";

    /// Texts that stand for none.
    fillers(count, places):
        "warning: {count} text‹s› ‹says|say› that there is none, and will be sent so: {places}: \
         leave a cell empty for the text of the campaign file"
        "警告：有 {count} 处文字像是“没有内容”的记号，将原样发送：{places}：要用活动文件里的文字，请把单元格留空";

    /// A text that may have lost characters.
    doubtful_text(place):
        "warning: `???` or lost characters are in 1 text: {place}: see whether a conversion \
         between encodings left them"
        "警告：1 处文字含有“???”或已丢失的字符：{place}：请核对是否因编码转换造成";

    /// Several of them.
    doubtful_texts(count, places):
        "warning: `???` or lost characters are in {count} texts: {places}: see whether a \
         conversion between encodings left them"
        "警告：{count} 处文字含有“???”或已丢失的字符：{places}：请核对是否因编码转换造成";

    /// Openids that nobody can tell apart by sight.
    look_alikes(places):
        "warning: these openids differ only in case or in letters that look alike (0 and O, 1, I \
         and l): a mistyped one pays nobody, or another person: {places}"
        "警告：以下 openid 仅大小写或形近字符（0 与 O，1、I 与 l）不同，可能有误录，误录的不会到账或会付给他人：{places}";

    /// More of them.
    more_look_alikes(count):
        "warning: and {count} more group‹s› of openids like that"
        "警告：此类 openid 另有 {count} 组";

    /// People who stand in more than one row, under different row keys.
    repeated(people, rows, first):
        "{people} ‹person/people› ‹stands|stand› in more than one row, {rows}‹/› in all, and each \
         row is a packet of its own: {first}"
        "有 {people} 人出现在多行中（共 {rows} 行），每行各发一个红包：{first}";

    /// Row keys that have nothing but zeros behind the digits that a spreadsheet keeps.
    cut_keys(count, first):
        "warning: all {count} row keys of more than 15 digits have only zeros behind the 15th, as \
         {first}: a spreadsheet that takes ids for numbers leaves them so; compare them with their \
         source"
        "警告：超过 15 位的 {count} 个业务单号，第 15 位之后全为零，例如{first}：表格软件把编号当成数字时会如此，\
         请与原始来源核对";

    /// A row that is marked as not to be paid.
    marked_row(row):
        "warning: 1 row seems marked as not to be paid, and is paid like the others: {row}: delete \
         it from the list if nobody is to be paid for it"
        "警告：有 1 行像是已标注为不发放，但仍会照常发放：{row}；如确不发放，请从名单中删除该行";

    /// Several of them.
    marked_rows(count, rows):
        "warning: {count} row‹s› seem marked as not to be paid, and are paid like the others: \
         {rows}: delete them from the list if nobody is to be paid for them"
        "警告：有 {count} 行像是已标注为不发放，但仍会照常发放：{rows}；如确不发放，请从名单中删除这些行";

    /// An openid of another length than the others.
    odd_openid(length, usual, place):
        "warning: an openid has {length} characters, and others have {usual}: a character may have \
         been lost in copying: {place}"
        "警告：有 1 个 openid 为 {length} 个字符，而其他为 {usual} 个，复制时可能有缺漏：{place}";

    /// Several of them.
    odd_openids(count, length, usual, places):
        "warning: {count} openid‹s› ‹has|have› {length} characters, and others have {usual}: \
         characters may have been lost in copying: {places}"
        "警告：有 {count} 个 openid 为 {length} 个字符，而其他为 {usual} 个，复制时可能有缺漏：{places}";

    /// Openids in capitals alone.
    upper(count, places):
        "warning: {count} openid‹s› ‹has|have› no small letter, not even the `o` that every openid \
         begins with: a program may have made capitals of ‹it|them›: {places}"
        "警告：有 {count} 个 openid 没有小写字母，连开头的 `o` 也不是小写，可能被程序转成了大写：{places}";

    /// Openids without a capital.
    lower(count, places):
        "warning: {count} openid‹s› ‹has|have› no capital, which is rare: a program may have made \
         small letters of ‹it|them›: {places}"
        "警告：有 {count} 个 openid 没有大写字母，这很少见，可能被程序转成了小写：{places}";

    /// Openids with another beginning than most.
    odd_begins(count, usual, places):
        "warning: {count} openid‹s› ‹does|do› not begin with `{usual}` as the others do, and may \
         be of another appid: {places}"
        "警告：有 {count} 个 openid 不像其他那样以 `{usual}` 开头，可能属于另一个 appid：{places}";

    /// A row that nobody sees.
    hidden_row(place):
        "warning: 1 row hidden in the sheet, read like the others: {place}"
        "警告：工作表中有 1 行被隐藏，已同样读取：{place}";

    /// Rows that nobody sees.
    hidden_rows(count, places):
        "warning: {count} row‹s› hidden in the sheet, read like the others: {places}"
        "警告：工作表中有 {count} 行被隐藏，已同样读取：{places}";

    /// A column that nobody sees.
    hidden_column(place):
        "warning: 1 column hidden in the sheet, read like the others: {place}"
        "警告：工作表中有 1 列被隐藏，已同样读取：{place}";

    /// Columns that nobody sees.
    hidden_columns(count, places):
        "warning: {count} column‹s› hidden in the sheet, read like the others: {places}"
        "警告：工作表中有 {count} 列被隐藏，已同样读取：{places}";

    /// Rows with a cell that nobody sees.
    hidden_cells(count, places):
        "warning: {count} row‹s› ‹has|have› a cell of which nobody sees all in the sheet, by its \
         colour, its size or its number format, read like the others: {places}"
        "警告：有 {count} 行含有因颜色、字号或数字格式而看不见或看不全的单元格，已同样读取：{places}";

    /// Cells that a conditional format may hide.
    by_rule(ranges):
        "warning: a conditional format of the sheet can hide what stands in {ranges}, by its \
         colour, its number format, or an icon or a bar in its place, or strike it through: look \
         whether a row is hidden or struck by it; all are read like the others"
        "警告：工作表的条件格式会以颜色、数字格式或图标、数据条隐藏 {ranges} 中的内容，或加删除线：请核对是否有行因此看不见或被划去；\
         各行均已同样读取";

    /// A file of rejects, loaded as a list.
    of_rejects():
        "warning: the column `reject_reason` is of a list of what to mend, which has only some \
         rows: mend the list that it came from, and load that one"
        "警告：含有 `reject_reason` 列的是待改清单，只有部分行：请改正原名单，并载入原名单";

    /// A total row that is right.
    total_row(place):
        "{place}: the total row is right, and pays nobody"
        "{place}：合计行核对无误，不会发放";

    /// Total rows that are right.
    total_rows(count, places):
        "{places}: the {count} total row‹s› ‹is|are› right, and ‹pays|pay› nobody"
        "{places}：{count} 个合计行核对无误，不会发放";
}
