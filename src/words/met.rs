//! The people of a list whom other campaigns of the ledger paid, or are to pay.

words! {
    in met;

    /// The same file under another campaign.
    same_file(campaign):
        "this file is already loaded under campaign {campaign}"
        "此文件已载入活动 {campaign}";

    /// The same people and amounts under another campaign.
    same_people(campaign):
        "this list of openids and amounts is already loaded under campaign {campaign}"
        "同样的 openid 和金额清单已载入活动 {campaign}";

    /// People whom another campaign paid.
    sent(campaign, count, people, days, of):
        "campaign {campaign} sent {count} of the {people} ‹person/people› of this list a packet in \
         the last {days} day‹s› ({of} ‹person/people› in all)"
        "此名单的 {people} 人中，有 {count} 人在最近 {days} 天内已由活动 {campaign} 发过红包\
         （该活动共发放 {of} 人）";

    /// The same, of people about whom nobody knows.
    sent_and_unasked(sent, count):
        "{sent}, {count} of them perhaps: the ledger may be behind, and nobody asked about these \
         since; `hongbao reconcile` with the file of that campaign asks"
        "{sent}，其中 {count} 人只是可能：账本可能落后，此后尚未查询；可用该活动的配置文件执行 `hongbao reconcile` 查询";

    /// People whom another campaign is to pay.
    owed(campaign, count, people):
        "campaign {campaign} has a packet waiting for {count} of the {people} ‹person/people› of \
         this list"
        "此名单的 {people} 人中，有 {count} 人正待活动 {campaign} 发放红包";

    /// Both.
    sent_and_owed(sent, owed):
        "{sent} and has one waiting for {owed} more"
        "{sent}，另有 {owed} 人正待其发放";

    /// A list that may not be loaded with real money.
    refused(each, flags):
        "{each}; if these people are to be paid again, repeat the command with {flags}"
        "{each}；若确要向这些人再次发放，请在命令后加上 {flags}";

    /// The same where it may be loaded.
    noted(each):
        "note: {each}"
        "提示：{each}";

    /// The same in simulator mode, where a live load would be refused.
    noted_for_live(each, flags):
        "note: {each}; in live mode this is refused (exit 6) without {flags}"
        "提示：{each}；真实发放时若不加 {flags} 会被拒绝（退出码 6）";

    /// A person who was paid too lately.
    lately(days, campaign, date):
        "was sent a packet in the last {days} day‹s› (once_per_days): by campaign {campaign} on \
         {date}. Take the row out, or lower once_per_days under [caps]"
        "此人在最近 {days} 天内已发过红包（once_per_days）：活动 {campaign}，{date}。请将此行移出名单，\
         或在 [caps] 中调低 once_per_days";

    /// A campaign to be paid again that there is none of.
    unknown(id, ledger, campaigns):
        "--pay-again {id}: {ledger} has no other campaign of this name; it has {campaigns}"
        "--pay-again {id}：账本 {ledger} 中没有此名称的其他活动；其中的其他活动有 {campaigns}";

    /// There is none at all.
    no_others(id, ledger):
        "--pay-again {id}: {ledger} has no other campaign; leave this option out"
        "--pay-again {id}：账本 {ledger} 中没有其他活动；请去掉此选项";
}
