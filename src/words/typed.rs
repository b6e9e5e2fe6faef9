//! What cannot be parsed. In English the parser tells it in its own words.

words! {
    in typed;

    /// An option that there is not.
    unknown(argument):
        "unexpected argument {argument}"
        "没有这个参数：{argument}";

    /// A verb that there is not.
    no_verb(verb):
        "unrecognized subcommand {verb}"
        "没有这个命令：{verb}";

    /// An option without its value.
    no_value(argument):
        "a value is required for {argument}"
        "{argument} 缺少值";

    /// A value that is none of the possible ones.
    value(value, argument):
        "invalid value {value} for {argument}"
        "{argument} 的值 {value} 无效";

    /// A value that a check refuses.
    refused_value(value, argument, why):
        "invalid value {value} for {argument}: {why}"
        "{argument} 的值 {value} 无效：{why}";

    /// Given twice.
    repeated(argument):
        "{argument} cannot be used several times"
        "{argument} 只能给出一次";

    /// Two that exclude each other.
    conflict(argument, with):
        "{argument} cannot be used with {with}"
        "{argument} 不能与 {with} 同时使用";

    /// Something that must be given.
    missing(argument):
        "required and not given: {argument}"
        "缺少必须给出的参数：{argument}";

    /// No verb.
    missing_verb():
        "a subcommand is required"
        "缺少命令";

    /// Bytes that are no text.
    not_utf8():
        "invalid UTF-8 on the command line"
        "命令行不是 UTF-8 文本";

    /// Anything else.
    other(detail):
        "{detail}"
        "命令行无法识别（原文：{detail}）";

    /// The possible values.
    values(values):
        "possible values: {values}"
        "可选值：{values}";

    /// The possible verbs.
    verbs(verbs):
        "subcommands: {verbs}"
        "可用的命令：{verbs}";

    /// Something like it.
    meant(meant):
        "did you mean {meant}"
        "您是否要输入：{meant}";

    /// The way on.
    more():
        "for more information, try --help"
        "详细用法请加 --help 查看";

    /// A reason in our own words.
    known(why):
        "{why}"
        "{why}";

    /// A number out of its range.
    between(first, last):
        "not from {first} to {last}"
        "须在 {first} 至 {last} 之间";

    /// A number that is too small.
    at_least(first):
        "not {first} or more"
        "须不小于 {first}";

    /// A reason in the words of a library.
    original(why):
        "{why}"
        "格式不正确（原文：{why}）";
}
