//! Messages of `list`.

words! {
    in list;

    /// A campaign, and the head of the table.
    line(campaign, mode, state, packets, money, next):
        "{campaign:<24} {mode:<10} {state:<12}{packets:>9}{money}  {next}"
        "{campaign:<24} {mode:<10} {state:<12}{packets:>9}{money}  {next}";

    /// Its money, and the heads of these columns.
    money(total, paid, open):
        "{total:>15}{paid:>15}{open:>15}"
        "{total:>15}{paid:>15}{open:>15}";

    /// A campaign file or a ledger that cannot be told of.
    broken(path, fault):
        "{path}: {fault}"
        "{path}：{fault}";

    /// A ledger that this version would change before it reads it.
    old(version_command):
        "a ledger of an older version, which `list` leaves as it is; `{version_command}` moves it \
         to this one"
        "旧版本的账本，`list` 不会改动它；`{version_command}` 会将其升级";

    /// Neither a campaign file nor a ledger.
    none(folder):
        "no campaign file and no ledger in {folder}, nor in a folder of it"
        "{folder} 及其下一级文件夹中没有活动文件，也没有账本";

    /// The command that goes on from here.
    next(command):
        "{command}"
        "{command}";

    /// Nothing more to do.
    nothing():
        "-"
        "-";

    /// A campaign of a ledger whose file is not there.
    no_file(ledger):
        "no campaign file of it here; it is in {ledger}"
        "此处没有它的活动文件；它在 {ledger} 中";
}
