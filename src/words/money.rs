//! Why a text is not an amount of money.

words! {
    in money;

    /// Nothing but white space.
    blank():
        "the amount is blank: fill it in, or delete the row"
        "金额为空：请填写金额，或删除该行";

    /// A minus sign.
    negative():
        "the amount is negative: write what is to be paid, or delete the row"
        "金额为负数：请填写应付金额，或删除该行";

    /// More than two decimals.
    too_fine():
        "more than two decimals: the smallest unit is 0.01 yuan"
        "小数超过两位：最小单位为 0.01 元";

    /// `1e3`.
    exponent():
        "an exponent is not an amount: write the digits out"
        "金额不能用科学计数法：请写出全部数字";

    /// `1,000`.
    comma():
        "a comma inside the amount: write 1234.50, with a point before the fen"
        "金额中有逗号：请写作 1234.50，只用小数点，不用逗号";

    /// Anything else that is not digits.
    not_a_number():
        "not an amount: write digits, as 12.30"
        "不是金额：请填写数字，例如 12.30";

    /// A fraction of a fen.
    fraction():
        "fen are whole numbers: 1.50 yuan is 150 fen; if these are yuan, name the column \
         `amount_yuan`"
        "分必须是整数：1.50 元即 150 分；若本来就是元，请将列名改为“金额(元)”";

    /// Beyond all money of WeChat Pay.
    too_large():
        "the amount is too large"
        "金额过大";
}
