//! Why a text is not the id it should be.

words! {
    in id;

    /// `mch_id`.
    merchant():
        "a merchant number has 8 to 10 digits"
        "商户号应为 8 至 10 位数字";

    /// `campaign.id` by its length.
    campaign_length():
        "a campaign id has 1 to 64 bytes and no blanks around it"
        "活动 id 应为 1 至 64 个字节，首尾不能有空格";

    /// `campaign.id` as a part of file names.
    campaign_name():
        "a campaign id names files: no control characters, no slashes, no leading point"
        "活动 id 会用作文件名：不能含控制字符或斜杠，也不能以点开头";

    /// No row key.
    row_key_blank():
        "the row key is blank: fill it in"
        "业务单号为空：请填写";

    /// A row key that is too long.
    row_key_length():
        "a row key has at most 128 bytes"
        "业务单号最多 128 个字节";

    /// A row key with a control character.
    row_key_control():
        "a row key has no control characters"
        "业务单号不能含控制字符";

    /// No openid.
    openid_blank():
        "the openid is blank: fill it in, or delete the row"
        "openid 为空：请填写，或删除该行";

    /// An openid with something strange in it.
    openid_characters():
        "an openid has only letters, digits, `_` and `-`: copy it again from its source"
        "openid 只能由字母、数字、`_` 和 `-` 组成：请从来源重新复制";

    /// An openid that lost something, or is none.
    openid_length():
        "an openid has 16 to 32 characters, usually 28: copy it again from its source"
        "openid 应为 16 至 32 个字符，通常为 28 个：请从来源重新复制";

    /// `mch_billno`.
    bill_number():
        "a bill number has at most 28 letters and digits"
        "商户订单号最多 28 个字母和数字";
}
