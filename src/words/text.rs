//! Why a text of the request cannot be sent.

words! {
    in text;

    /// Empty after trimming.
    blank(field):
        "{field} is blank"
        "{field} 为空";

    /// Too many bytes.
    too_long(field, bytes, most):
        "{field} has {bytes} byte‹s› of UTF-8, at most {most} are allowed"
        "{field} 有 {bytes} 个 UTF-8 字节，最多 {most} 个（一个汉字占 3 个字节）";

    /// A line break, for one.
    control(field, point):
        "{field} has the control character {point}"
        "{field} 含有控制字符 {point}";

    /// What a lossy conversion left in the place of characters.
    lost(field):
        "characters of {field} were lost in a conversion between encodings: write it anew"
        "{field} 中有字符在编码转换时已丢失：请重新填写";

    /// A character that nobody sees and that turns the writing around.
    turned(field, point):
        "{field} has {point}, which nobody sees and which turns the writing around: delete it"
        "{field} 含有不可见的书写方向控制字符 {point}：请删除";

    /// A scene that does not exist.
    no_scene():
        "scene_id is one of PRODUCT_1 to PRODUCT_8"
        "scene_id 只能是 PRODUCT_1 至 PRODUCT_8 之一";
}
