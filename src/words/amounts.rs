//! What stands in the way of an amount in a recipients file.

words! {
    in amounts;

    /// `(1.88)`.
    brackets():
        "brackets around an amount mean a negative one in accounting: write the number alone, or \
         delete the row"
        "括号括起的金额在会计格式中表示负数：请只写数字，或删除该行";

    /// `￥-`.
    dash():
        "a dash or a stroke stands for zero, or for no amount: fill in the amount, or delete the \
         row"
        "短横线或斜线表示零或没有金额：请填写金额，或删除该行";

    /// `1.88 CNY`.
    beside(text):
        "`{text}` stands beside the number: write the number alone"
        "数字旁边还有“{text}”：请只写数字";

    /// `188.0` of a column of fen.
    whole_fen(number):
        "fen are whole numbers: if this is {number} fen, write `{number}`; if it is {number} yuan, \
         name the column `amount_yuan`"
        "分必须是整数：若指 {number} 分，请写 `{number}`；若指 {number} 元，请将列名改为“金额(元)”";

    /// `1.88不发`.
    marked(text):
        "`{text}` stands beside the number: delete the row if nobody is to be paid for it, else \
         write the number alone"
        "数字旁边还有“{text}”：如不应发放，请删除该行；否则请只写数字";

    /// `$2.00`.
    foreign(text):
        "`{text}` is no yuan, and packets are paid in yuan: write the amount in yuan, or delete \
         the row"
        "“{text}”不是人民币，而红包只能以人民币发放：请换算为元后填写，或删除该行";

    /// `2万`.
    scaled(text):
        "`{text}` stands for noughts: write the number with all its digits"
        "“{text}”代表若干个零：请把数字写全";

    /// `8折`.
    share(text):
        "`{text}` makes a share of the number, and no amount: write the amount that is to be paid"
        "“{text}”表示比例而不是金额：请填写实际发放的金额";

    /// `2份`.
    counted(text):
        "`{text}` makes the number a count of things: write the amount that is to be paid"
        "“{text}”表示数量而不是金额：请填写实际发放的金额";

    /// `1。88`.
    point(sign, number):
        "`{sign}` stands in the place of the point: write {number}"
        "小数点处写成了“{sign}”：请写 {number}";

    /// `5元5角`.
    apart(number):
        "yuan, jiao and fen stand apart: write one number; this is {number} yuan"
        "元、角、分分开写了：请只写一个数；这是 {number} 元";

    /// `5 10`.
    several():
        "more than one number is in the cell: write one, as 12.30"
        "单元格中不止一个数：请只写一个，例如 12.30";

    /// `10-20`.
    range():
        "two numbers stand in the cell, as in a range or in a date that a spreadsheet made of an \
         amount: write the one amount to be paid, as 12.30"
        "单元格中有两个数，像是金额区间，或被表格软件变成日期的金额：请只写实际发放的一个金额，例如 12.30";

    /// `1 888.00`, `1'888`.
    thousands(mark, number):
        "`{mark}` stands between the thousands: write {number}, without it"
        "千位之间有“{mark}”：请去掉，直接写 {number}";

    /// `1 888.00`, for a person who sees a blank.
    thousands_blank(number):
        "a blank stands between the thousands: write {number}, without it"
        "千位之间有空格：请去掉，直接写 {number}";

    /// `1,88` without quotes, which a text cuts in two.
    split(amount, behind):
        "`{amount}` and `{behind}` in the next column are one amount that was cut at its comma: \
         write {amount}.{behind}; if the amount is {amount} yuan, write {amount}.00"
        "`{amount}` 与下一列的 `{behind}` 像是一个金额被逗号分成了两格：请写 {amount}.{behind}；若金额就是 \
         {amount} 元，请写 {amount}.00";

    /// `1,888` without quotes, the same.
    split_thousands(amount, behind, whole):
        "`{amount}` and `{behind}` in the next column are one amount that was cut at its comma: \
         write {whole}; if the amount is {amount} yuan, write {amount}.00"
        "`{amount}` 与下一列的 `{behind}` 像是一个金额被逗号分成了两格：请写 {whole}；若金额就是 \
         {amount} 元，请写 {amount}.00";

    /// Amounts below `amount_fen` that are too small, and fit as yuan.
    yuan_in_fen(count, place, value, read):
        "{count} amounts are too small for a packet in fen, as `{value}` on {place}, which is \
         {read} yuan: they seem to be yuan; rename the column to `amount_yuan`, or write fen, as \
         100 for 1 yuan"
        "有 {count} 个金额按分计算都低于红包下限，例如{place}的 `{value}` 仅为 {read} 元，像是以元为单位：\
         请把列名改为 `金额(元)`，或改写为分（1 元写 100）";

    /// Amounts below `amount_yuan` that are too large, and fit as fen.
    fen_in_yuan(count, place, value, read):
        "{count} amounts are too large for a packet in yuan, as `{value}` on {place}, which is \
         {read} yuan: they seem to be fen; rename the column to `amount_fen`, or write yuan, as \
         1.88 for 188 fen"
        "有 {count} 个金额按元计算都高于红包上限，例如{place}的 `{value}` 为 {read} 元，像是以分为单位：\
         请把列名改为 `金额(分)`，或改写为元（188 分写 1.88）";

    /// `188分` below `amount_yuan`.
    fen_among_yuan():
        "the cell says fen and the column says yuan: name the column `amount_fen`, or write yuan, \
         as 1.88 for 188 fen"
        "单元格写的是分，列名却是元：请把列名改为 `amount_fen`（金额(分)），或改写为元，例如 188 分写 1.88";

    /// A column of currencies says another one.
    other_money():
        "the row is in another currency than yuan, and packets are paid in yuan: write the amount \
         in yuan and `CNY` here, or delete the row"
        "此行的币种不是人民币，而红包只能以人民币发放：请将金额换算为元、此处改填 `CNY`，或删除该行";

    /// A number format shows another currency.
    foreign_format():
        "the cell is shown in another currency than yuan, and packets are paid in yuan: write the \
         amount in yuan, and format the column as General"
        "单元格显示的是其他币种，而红包只能以人民币发放：请将金额换算为元，并把该列设为“常规”格式";

    /// A column of units says another one than the column of amounts.
    other_unit():
        "the row says another unit than the column of its amount: write the amount in the column's \
         unit, and correct this cell or empty it"
        "此行写明的单位与金额列不同：请按金额列的单位填写金额，并改正或清空此单元格";

    /// A comment on the name of the column.
    noted_unit(text):
        "the comment on this cell, `{text}`, names a unit that the column's name does not: rename \
         the column to `amount_yuan` or `amount_fen`, as its numbers are, and correct the comment"
        "此单元格的批注“{text}”所说的单位与列名不符：请按数值的单位把列名改为 `金额(元)` 或 `金额(分)`，并改正批注";
}
