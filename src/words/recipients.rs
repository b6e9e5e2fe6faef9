//! Why a recipients file is refused, and what to do about it: the people who make the list read
//! this first.

words! {
    in recipients;

    /// The file cannot be read.
    read(fault):
        "cannot read the recipients file: {fault}; put the list there, where it can be read, or \
         change campaign.recipients in the campaign file, or the name that was typed"
        "无法读取名单文件：{fault}；请把名单放到该处并确保可读，或修改活动文件中的 campaign.recipients，\
         或改正命令行中的文件名";

    /// Everything that is wrong with it follows.
    refused(faults):
        "the recipients file is refused: {faults}"
        "名单文件被拒：{faults}";

    /// Not a byte, or only blank lines.
    empty():
        "the file is empty: its first line must be a header such as `openid,amount_yuan`"
        "文件为空：第一行必须是表头，例如 `openid,amount_yuan`";

    /// A header and nothing below it.
    no_rows():
        "the file has a header and no rows"
        "文件只有表头，没有数据行";

    /// UTF-16 up to a broken place.
    damaged_utf16():
        "the text is UTF-16 up to a broken place here: save it as `CSV UTF-8 (comma delimited)`, \
         or as .xlsx"
        "文本为 UTF-16 编码，到此处损坏：请另存为“CSV UTF-8（逗号分隔）”，或 .xlsx";

    /// A workbook of before 2007.
    old_workbook():
        "the file is an old Excel workbook (.xls): open it in Excel or WPS, and save it as .xlsx"
        "文件是旧版 Excel 工作簿（.xls）：请用 Excel 或 WPS 打开并另存为 .xlsx";

    /// A zip that no workbook can be read from.
    workbook(detail):
        "the workbook cannot be read: {detail}; open it in Excel or WPS and save it as .xlsx"
        "无法读取工作簿{detail}；请用 Excel 或 WPS 打开并另存为 .xlsx";

    /// More than one visible sheet has cells.
    several_sheets(names):
        "more than one sheet has cells ({names}): name the one with the recipients by `--sheet \
         NAME`, or move the others to a workbook of their own"
        "不止一个工作表有内容（{names}）：请用 `--sheet 名称` 指定名单所在的工作表，或将其余的移到另外的\
         工作簿";

    /// Neither UTF-8 nor GB18030.
    not_text(line):
        "the text is not UTF-8 here and not GB18030 on line {line}: save it as `CSV UTF-8 (comma \
         delimited)`"
        "文本在此处不是 UTF-8，在第 {line} 行不是 GB18030：请另存为“CSV UTF-8（逗号分隔）”";

    /// The same, and what it may be.
    not_text_but(name, text):
        "the text is neither UTF-8 nor GB18030; as {name} it would be `{text}` here: if that is \
         right, save the list as `CSV UTF-8 (comma delimited)`"
        "文本既不是 UTF-8 也不是 GB18030；若按 {name} 解码，此处为“{text}”：如果正确，请将名单另存为\
         “CSV UTF-8（逗号分隔）”";

    /// UTF-8 but for a few places.
    damaged_utf8():
        "the file is UTF-8, and not on this line: a character was cut in two, or a cell pasted in \
         another encoding; write the cell anew, and save the file as `CSV UTF-8 (comma delimited)`"
        "文件是 UTF-8，但此行不是：有字符被截断，或粘贴了其他编码的内容；请重新填写该单元格，\
         并另存为“CSV UTF-8（逗号分隔）”";

    /// A header of full-width commas.
    wide_delimiter(delimiter):
        "the header is separated by the full-width `{delimiter}`: replace it by `,` in the whole \
         file"
        "表头以全角“{delimiter}”分隔：请在整个文件中替换为半角 `,`";

    /// A header with another delimiter.
    delimiter(delimiter):
        "the header is separated by `{delimiter}`: save the file with commas"
        "表头以 `{delimiter}` 分隔：请将文件另存为逗号分隔";

    /// A title above the header.
    title():
        "the first row has one cell, as a title has: delete the rows above the header"
        "第一行只有一个单元格，像是标题：请删除表头以上的行";

    /// Two columns of one meaning.
    duplicate_column():
        "a column of this meaning is already there: keep one of them"
        "已有含义相同的列：请只保留一列";

    /// Two amount columns of different units.
    two_amounts():
        "more than one column is an amount: keep `amount_yuan` or `amount_fen`"
        "不止一列是金额：请只保留 `amount_yuan` 或 `amount_fen`";

    /// A quote that is never closed.
    open_quote():
        "a quote opens in this row and is never closed: close it, or write \"\" for a quote"
        "此行有引号未闭合：请补上引号；引号本身请写作 \"\"";

    /// Text between a closing quote and the next comma.
    after_quote():
        "text follows a closing quote: write \"\" for a quote inside a quoted cell"
        "闭合引号之后还有文字：引号内的引号请写作 \"\"";

    /// A row too long to be one.
    long_row(max):
        "the row is longer than {max} bytes"
        "此行超过 {max} 个字节";

    /// Fewer cells than the header, and a comma that separates none.
    wide_comma(cells, columns):
        "the row has {cells} cell‹s› and the header {columns}: the full-width comma `，` does not \
         separate cells: write `,`"
        "此行有 {cells} 个单元格，表头有 {columns} 个：全角逗号“，”不能分隔单元格：请写半角 `,`";

    /// More cells than the header.
    more_cells(cells, columns):
        "the row has {cells} cell‹s› and the header {columns}: a comma inside a cell needs quotes \
         around the cell, and an amount has no thousands separators"
        "此行有 {cells} 个单元格，表头有 {columns} 个：含逗号的单元格要加引号，金额不要用千位分隔符";

    /// Fewer cells than the header.
    fewer_cells(cells, columns):
        "the row has {cells} cell‹s› and the header {columns}: a cell is missing, or a line break \
         inside a cell has no quotes around the cell; where a spreadsheet left out blank cells at \
         the end, save the list as .xlsx"
        "此行有 {cells} 个单元格，表头有 {columns} 个：缺少单元格，或含换行的单元格没有加引号；\
         若是表格软件省略了行尾的空单元格，请将名单另存为 .xlsx";

    /// A value below a blank header cell.
    nameless():
        "the cell has a value and its column has no name: name the column in the header"
        "单元格有值，但所在列没有列名：请在表头中填写列名";

    /// NUL and its like.
    control(point):
        "the cell has the control character {point}: delete it, or type the cell anew"
        "单元格含有控制字符 {point}：请删除，或重新输入该单元格";

    /// An id that a spreadsheet took for a number.
    scientific():
        "a spreadsheet took the id for a number and cut it to 15 digits, which cannot be undone: \
         format the column as text, then paste the ids again from their source"
        "表格软件把编号当成数字，只保留了 15 位：丢失的部分无法恢复；请把该列设为文本格式，再从原始来源\
         重新粘贴编号";

    /// An id in a number cell.
    number_as_id():
        "the id is in a number cell, which keeps 15 digits and no leading zeros: format the column \
         as text, then paste the ids again from their source"
        "编号在数字单元格中，只能保留 15 位且会丢掉开头的零：请把该列设为文本格式，再从原始来源重新粘贴\
         编号";

    /// A cell that is the result of a formula.
    formula():
        "the cell is a formula: open the file in Excel or WPS, copy the column, and paste it back \
         as values"
        "单元格是公式：请用 Excel 或 WPS 打开文件，复制该列，再选择性粘贴为数值";

    /// `#N/A` and its like.
    sheet_error():
        "the cell is an error of the spreadsheet: write the value"
        "单元格是表格错误值：请填写实际的值";

    /// A date where there is none to be.
    date():
        "the cell is a date: the spreadsheet took the value for one; format the column as text, \
         then enter the value again"
        "单元格是日期：表格软件把该值当成了日期；请把该列设为文本格式，再重新输入";

    /// A format that shows another number than the one that is stored.
    scaled():
        "the cell's format shows something else than the number that is stored (fewer decimals, %, \
         万, 分, a word such as 扣 beside it, or nothing): format the column as General, and check \
         that the number is right"
        "单元格格式显示的内容与存储的数不同（例如小数位数不足、%、万、分，旁边带有“扣”等字，或不显示）：\
         请把该列设为“常规”格式，并核对数值";

    /// TRUE or FALSE.
    truth():
        "the cell is TRUE or FALSE: format the column as text, then enter the value again"
        "单元格是 TRUE 或 FALSE：请把该列设为文本格式，再重新输入";

    /// Cells that were made one.
    merged(cells):
        "the cells {cells} are merged: split them, and give every row its own values"
        "单元格 {cells} 已合并：请取消合并，并为每一行填写各自的值";

    /// A number that a calculation left between two fen.
    inexact():
        "the number is no whole fen: round it to 0.01 yuan, and paste it back as a value"
        "该数不是整数分：请四舍五入到 0.01 元，再粘贴为数值";

    /// `5元` below `amount_fen`.
    yuan_among_fen():
        "the cell says yuan and the column says fen: name the column `amount_yuan`, or write fen"
        "单元格写的是元，列名却是分：请把列名改为 `金额(元)`，或改写为分";

    /// Whole numbers below a header that does not say of what.
    no_unit(place, value, as_yuan, as_fen):
        "the column does not say yuan or fen: `{value}` ({place}) is {as_yuan} yuan or {as_fen} \
         yuan (元还是分)? rename the column to `amount_yuan` or `amount_fen`"
        "列名没有写明单位：`{value}`（{place}）是 {as_yuan} 元还是 {as_fen} 元（元还是分）？请把列名改为 \
         `金额(元)` 或 `金额(分)`";

    /// The same, and more of them.
    no_units(count, place, value, as_yuan, as_fen):
        "the column does not say yuan or fen: `{value}` ({place}) is {as_yuan} yuan or {as_fen} \
         yuan (元还是分)? it is the first of {count} whole numbers; rename the column to \
         `amount_yuan` or `amount_fen`"
        "列名没有写明单位：`{value}`（{place}）是 {as_yuan} 元还是 {as_fen} 元（元还是分）？这样的整数共 \
         {count} 个；请把列名改为 `金额(元)` 或 `金额(分)`";

    /// An amount of nothing.
    zero():
        "the amount is zero: delete the row, or fill in the amount"
        "金额为零：请删除该行，或填写应付金额";

    /// More money than can be counted.
    total_too_large():
        "the amounts up to here add up to more than can be counted"
        "到此为止的金额合计超出可计算的范围";

    /// A total row that says something else.
    total_differs(says, sum):
        "the total row says {says} yuan and the rows above add up to {sum} yuan: look for the row \
         that is wrong, or correct the total"
        "合计行写的是 {says} 元，而以上各行合计为 {sum} 元：请核对各行金额，或改正合计";

    /// A total row that counts other rows.
    total_people(says, rows):
        "the total row says {says} ‹person/people› and {rows}‹/› ‹is|are› above: delete it, or \
         correct it"
        "合计行写的是 {says} 人，而以上共 {rows} 人：请核对后改正，或删除该行";

    /// A total row whose formula was never calculated.
    total_formula():
        "the total is a formula without a stored result: open the file in Excel or WPS and save \
         it, or delete the row"
        "合计是公式，文件中没有保存计算结果：请用 Excel 或 WPS 打开并保存，或删除该行";

    /// A total row without a total.
    total_blank():
        "the total row has no amount: write the sum, or delete the row"
        "合计行没有金额：请填写合计，或删除该行";

    /// A row with a note and nobody to pay.
    note():
        "only one cell of the row is filled, as a note is: delete the row, or fill in whom and \
         how much to pay"
        "此行只填了一个单元格，像是备注：请删除该行，或填写 openid 和金额";

    /// Rows behind the total row.
    after_total():
        "rows follow the total row: move it to the end, and delete the rows that pay nobody"
        "合计行之后还有数据：请把合计行移到最后，并删除其后不属于名单的行";

    /// A row of the campaign with something else in it.
    differs(field, loaded):
        "it was loaded before with {field} {loaded}; a loaded packet stays as it is, unless \
         `hongbao withdraw` takes it back first: give it the row key as ID, then `hongbao load` \
         takes the row as it is now"
        "该行此前已载入，其“{field}”为 {loaded}；已载入的内容不会改变，除非先用 `hongbao withdraw` 撤回：\
         以该行的 row_key（业务单号）作为 ID，撤回后 `hongbao load` 将按现在的内容载入该行";

    /// A row key that stands in an earlier row.
    duplicate_row_key(place):
        "the same row_key is on {place}"
        "相同的 row_key（业务单号）已出现在{place}";

    /// A row key that stands in an earlier row in another form.
    alike_row_key(place):
        "the same row_key for the same openid is on {place} in another Unicode form (NFC, NFD), \
         and they would be two packets: write both alike, or remove one"
        "同一 openid 的相同 row_key（业务单号）已出现在{place}，只是 Unicode 形式不同（NFC、NFD），\
         会被当作两个红包：请改为一致的写法，或删去其中一行";

    /// A row of a file that was loaded before.
    earlier_file(line):
        "line {line} of a file that was loaded before"
        "此前载入的文件第 {line} 行";

    /// An openid that stands in an earlier row.
    duplicate_openid(place):
        "the same openid is on {place}; if the person is to be paid twice, add a row_key column \
         that tells the rows apart"
        "相同的 openid 已出现在{place}；若确要向此人发放两次，请增加一列 row_key（业务单号）加以区分";

    /// Another file than the one that was loaded.
    another_file(file, campaign, check):
        "{file} is not the file that campaign {campaign} was loaded from; put that one back, or \
         name it as `recipients`; `{check}` shows what this one would add"
        "{file} 不是活动 {campaign} 当初载入的文件；请放回原文件，或把 `recipients` 改为原文件；\
         `{check}` 可查看此文件将追加的内容";
}
