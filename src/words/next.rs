//! The last line of a command: what to type next.

words! {
    in next;

    /// The command to type next.
    command(command):
        "next: {command}"
        "下一步：{command}";

    /// Another one.
    or(command):
        "  or: {command}"
        "  或者：{command}";
}
