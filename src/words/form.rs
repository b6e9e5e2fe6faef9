//! Why a file as a whole, or a cell by its bytes, is no part of a list.

words! {
    in form;

    /// An encoding that no spreadsheet writes.
    encoding(name):
        "the file is {name}: save it as `CSV UTF-8 (comma delimited)`, or as .xlsx"
        "文件编码为 {name}：请另存为“CSV UTF-8（逗号分隔）”，或 .xlsx";

    /// A byte order mark before a text of another encoding, which is read without the mark.
    mark(mark, text, first):
        "the byte order mark in front says {mark}, and the text behind it is {text}: delete the \
         mark (`tail -c +{first} LIST > NEW`), or save the list again as `CSV UTF-8 (comma \
         delimited)` or as .xlsx"
        "文件开头的字节顺序标记（BOM）是 {mark}，其后的文本却是 {text}：请去掉该标记\
         （`tail -c +{first} 名单 > 新文件`），或将名单重新另存为“CSV UTF-8（逗号分隔）”或 .xlsx";

    /// The same before a text that is not read.
    mark_of_unread(mark, text):
        "the byte order mark in front says {mark}, and the text behind it is {text}: export the \
         list again from its source, as `CSV UTF-8 (comma delimited)` or as .xlsx"
        "文件开头的字节顺序标记（BOM）是 {mark}，其后的文本却是 {text}：请从原始来源重新导出名单，\
         格式为“CSV UTF-8（逗号分隔）”或 .xlsx";

    /// A sheet in a form that is not read.
    no_table(what):
        "the file is {what}, whatever its name says: open it in Excel or WPS, and save it as .xlsx \
         or as `CSV UTF-8 (comma delimited)`"
        "文件其实是{what}（与文件名无关）：请用 Excel 或 WPS 打开，另存为 .xlsx \
         或“CSV UTF-8（逗号分隔）”";

    /// A document, or the data of another program.
    source(what):
        "the file is {what}, whatever its name says: export the list as .xlsx or CSV from the \
         program it comes from, or copy its rows into a new workbook and save it as .xlsx"
        "文件其实是{what}（与文件名无关）：请从原来的程序中将名单导出为 .xlsx 或 CSV，\
         或将其中的行复制到新工作簿，另存为 .xlsx";

    /// Files that were packed into one.
    archive(what):
        "the file is {what}, whatever its name says: unpack it, and give the list that is in it"
        "文件其实是{what}（与文件名无关）：请先解压，再使用其中的名单文件";

    /// Something that has no rows at all.
    no_list(what):
        "the file is {what}, whatever its name says: give the list itself, as .xlsx or as \
         `CSV UTF-8 (comma delimited)`"
        "文件其实是{what}（与文件名无关）：请使用名单文件本身，格式为 .xlsx 或“CSV UTF-8（逗号分隔）”";

    /// The file beside one that somebody has open.
    lock_file():
        "this is the small file that Excel, WPS or LibreOffice keeps beside a list that is open: \
         close the list there, and give its own name, without `~$`, `.~` or `.~lock.`"
        "这是 Excel、WPS 或 LibreOffice 打开名单时生成的临时锁文件：请先关闭名单，再给出名单本身的文件名\
         （不带 `~$`、`.~` 或 `.~lock.`）";

    /// A workbook with a password.
    password():
        "the workbook is encrypted with a password: open it in Excel or WPS, remove the password, \
         and save it as .xlsx"
        "工作簿设有打开密码：请用 Excel 或 WPS 打开，去掉密码后另存为 .xlsx";

    /// A sheet that is not there.
    no_sheet(name, sheets):
        "no visible sheet is named `{name}`; there are {sheets}"
        "没有名为“{name}”的可见工作表；现有：{sheets}";

    /// The list may be on a sheet that nobody sees.
    hidden_sheets(names):
        "the list seems to be on a hidden sheet ({names}), and only what people see is read: \
         unhide it in Excel or WPS (right-click the tab of another sheet), and save the file"
        "名单似乎在隐藏的工作表（{names}）中，而隐藏的不会读取：请在 Excel 或 WPS 中右击其他工作表标签、\
         取消隐藏后保存";

    /// A sheet was asked for, and the file is a text.
    no_sheets():
        "the file is a text and has no sheets: leave out `--sheet`"
        "文件是文本，没有工作表：请去掉 `--sheet`";

    /// Blank cells at the end of a row in which a comma may have moved the others.
    blank_cells(cells, columns):
        "the row has {cells} cell‹s› and the header {columns}, and the last is blank: a comma \
         inside a cell may have moved those behind it; quote such a cell, and write amounts as \
         1288.00; only if each value is in its column, delete the commas at the row's end"
        "此行有 {cells} 个单元格，表头有 {columns} 个，末尾为空：单元格内的逗号可能使其后的内容错位；\
         请给含逗号的单元格加引号，金额写作 1288.00；仅当各列内容都对应无误时，才删去行尾多余的逗号";

    /// A blank before an opening quote.
    blank_before_quote():
        "a blank stands before the quote, which makes the quotes a part of the cell: delete the \
         blank; quotes that belong to a text are written \"\" inside a quoted cell"
        "引号前有空格，引号因此成了单元格的内容：请删除空格；若引号本属文字，请给整个单元格加引号，并将其写作 \"\"";

    /// A blank behind a closing quote.
    blank_after_quote():
        "a blank stands behind the closing quote: delete it"
        "闭合引号之后有空格：请删除该空格";

    /// An id with quotes around it.
    quoted_id():
        "quotes stand around the openid and are a part of the cell: delete them"
        "openid 两侧的引号成了单元格的内容：请删除这些引号";

    /// A character that only looks like a letter of an openid.
    other_letter(c, point):
        "`{c}` (U+{point}) looks like a letter of an openid and is another character: copy the \
         openid again from its source"
        "`{c}`（U+{point}）看似 openid 中的字母，其实是另一个字符：请从来源重新复制 openid";

    /// A row in one cell.
    row_in_cell():
        "the whole row stands in one cell: split it into columns (in Excel or WPS: Data, Text to \
         Columns), or delete the quotes around the row"
        "整行内容都在一个单元格里：请拆分成多列（Excel 或 WPS：数据 → 分列），或删除整行两侧的引号";

    /// A text of several lines.
    line_break():
        "the cell has a line break: write it on one line"
        "单元格含有换行：请写成一行";

    /// GB18030 but for a place that is UTF-8.
    mixed_text():
        "the file is GB18030, and this line has a cell in UTF-8: write the cell anew, and save the \
         file as `CSV UTF-8 (comma delimited)`"
        "文件是 GB18030，但此行有单元格是 UTF-8：请重新填写该单元格，并另存为“CSV UTF-8（逗号分隔）”";

    /// Two encodings fit.
    utf8_or_gb18030():
        "what this file has beyond ASCII may be UTF-8 or GB18030, and reads otherwise in each: \
         open it in Excel or WPS, look whether this line is right, and save it as \
         `CSV UTF-8 (comma delimited)`"
        "文件中的非 ASCII 文字按 UTF-8 和 GB18030 都能读，但读出的内容不同：\
         请用 Excel 或 WPS 打开，确认此行无误后，另存为“CSV UTF-8（逗号分隔）”";

    /// A text that the program which wrote the list had read in a wrong encoding.
    misread(was, count):
        "this was `{was}` before the program that wrote the list read it in a wrong encoding \
         (cells like that: {count}): export the list again from its source, as .xlsx or as \
         `CSV UTF-8 (comma delimited)`"
        "此处原为“{was}”，被生成名单的程序按错误编码读取（此类单元格共 {count} 个）：请从原始来源重新导出名单，\
         格式为 .xlsx 或“CSV UTF-8（逗号分隔）”";

    /// A row that is separated by another sign than its header.
    separator(sign):
        "the row is separated by `{sign}` and the header by another sign: write the same one in \
         the whole file"
        "此行以 `{sign}` 分隔，表头却以其他符号分隔：请在整个文件中使用同一种分隔符";

    /// The same with tabs.
    separator_tab():
        "the row is separated by tabs and the header by another sign: write the same one in the \
         whole file"
        "此行以制表符分隔，表头却以其他符号分隔：请在整个文件中使用同一种分隔符";

    /// A header with blanks between its names.
    blanks():
        "the names of the columns stand in one cell, with blanks between them: save the list as \
         `CSV UTF-8 (comma delimited)`, or as .xlsx"
        "各列名在同一个单元格中，以空格分隔：请将名单另存为“CSV UTF-8（逗号分隔）”，或 .xlsx";

    /// A quoted cell in which a whole row of the list stands.
    swallowed(line):
        "a quote opens in this row, and line {line}, a row of the list, is inside the quotes: \
         delete the quote, or write \"\" for it"
        "此行的引号把第 {line} 行（名单中的另一行）也包含在内：请删除该引号；引号本身请写作 \"\"";

    /// The same in a sheet that was made of such a text.
    swallowed_in_cell():
        "a whole row of the list is inside one cell, behind a line break: the text that the sheet \
         was made from has a stray quote; make every person a row again"
        "一个单元格的换行之后包含了名单中的另一整行：生成此表的文本中有多余的引号；请恢复为每人一行";

    /// `NULL`, `None`, `\\N`.
    no_value():
        "this is what programs write for an empty cell, and it would be taken as it stands: empty \
         the cell, or write what belongs there"
        "这是程序为空单元格写出的占位内容，会被原样使用：请清空该单元格，或填写应有的内容";

    /// What a lossy conversion leaves in the place of characters, in an id.
    lost():
        "characters of the id were lost in a conversion between encodings: take it from its source \
         again"
        "编号中的字符在编码转换时已丢失：请从原始来源重新获取";
}
