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

    /// `5元5角`.
    several():
        "more than one number is in the cell: write one, as 12.30"
        "单元格中不止一个数：请只写一个，例如 12.30";

    /// `188分` below `amount_yuan`.
    fen_among_yuan():
        "the cell says fen and the column says yuan: name the column `amount_fen`, or write yuan, \
         as 1.88 for 188 fen"
        "单元格写的是分，列名却是元：请把列名改为 `amount_fen`（金额(分)），或改写为元，例如 188 分写 1.88";
}
