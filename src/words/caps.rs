//! Why money may not be paid.

words! {
    in caps;

    /// Outside the range of a packet without a scene.
    amount(least, most):
        "a packet without a scene_id has {least} to {most} yuan"
        "没有 scene_id 的红包，金额须为 {least} 至 {most} 元";

    /// Outside the range of a packet with a scene.
    scene_amount(least, most):
        "a packet with a scene_id has {least} to {most} yuan"
        "带 scene_id 的红包，金额须为 {least} 至 {most} 元";

    /// More than the campaign pays with one packet.
    too_large(most):
        "more than max_packet_yuan of {most} yuan; if that is meant, raise it under [caps] of the \
         campaign file"
        "超过 max_packet_yuan 设定的 {most} 元；如确属本意，请在活动文件的 [caps] 中提高它";

    /// More than the campaign may pay.
    budget(total, budget):
        "the total of {total} yuan exceeds budget_yuan of {budget} yuan"
        "总额 {total} 元超过 budget_yuan 设定的 {budget} 元";
}
