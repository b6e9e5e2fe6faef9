//! What the machine must not decide is left to a person, on record.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use hongbao::simulator::{FaultName, ResendOfPaid, Settings};

use crate::support::{Campaign, openid};

/// One packet of ten whose number WeChat Pay calls known with other parameters, though a query
/// does not find it.
fn clashing() -> Campaign {
    let scripted = [(openid(4), "FATAL_ERROR".to_owned())].into();
    let settings = Settings {
        scripted,
        ..Settings::default()
    };
    let campaign = Campaign::with(10, settings);
    let ran = campaign.run().exits(4);
    ran.says(&["review", "next: hongbao report", "--state review"]);
    let agreed = campaign.books_agree();
    assert_eq!((agreed.count("sent"), agreed.count("review")), (9, 1));
    campaign
}

#[test]
fn a_clash_goes_to_review_and_a_person_rules_it_unpaid() {
    let campaign = clashing();
    let id = openid(4);
    let words = [
        &*id,
        "--unpaid",
        "--because",
        "not in the merchant platform",
    ];
    campaign
        .verb("resolve", &words)
        .exits(0)
        .says(&["refused", "on record"]);
    let life = campaign.verb("show", &[&id]).exits(0).stdout;
    assert!(life.contains("not in the merchant platform"), "{life}");
    assert_eq!(campaign.books_agree().count("refused"), 1);
    campaign.run().exits(3);
    assert_eq!(campaign.wechat.sends(), 10, "a ruled packet is not sent");
}

#[test]
fn a_verdict_needs_a_reason_and_one_of_two_words() {
    let campaign = clashing();
    let id = openid(4);
    for words in [
        &[&*id, "--unpaid"][..],
        &[&*id, "--because", "x"],
        &[&*id, "--unpaid", "--paid", "--because", "x"],
        &["nobody", "--unpaid", "--because", "x"],
    ] {
        campaign.verb("resolve", words).exits(2);
    }
    assert_eq!(campaign.books_agree().count("review"), 1);
}

#[test]
fn a_packet_that_the_machine_can_settle_is_not_a_persons() {
    let mut campaign = Campaign::of(10);
    campaign.set("retry.linger_seconds", "0");
    campaign.wechat.change(|settings| {
        settings
            .scripted_faults
            .insert(openid(4), [FaultName::LostAfter].into());
    });
    campaign.run().exits(4);
    for id in [openid(4), openid(5)] {
        let words = [&*id, "--unpaid", "--because", "I think so"];
        campaign.verb("resolve", &words).exits(2).says(&["person"]);
    }
    campaign.set("retry.linger_seconds", "5");
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 10);
}

#[test]
fn a_clash_that_was_paid_is_found_by_a_query() {
    use hongbao::simulator::ResendOfPaid;
    let campaign = Campaign::of(10);
    campaign.wechat.change(|settings| {
        settings
            .scripted_faults
            .insert(openid(4), [FaultName::LostAfter].into());
        settings.resend_of_paid = ResendOfPaid::FatalError;
    });
    campaign.run().exits(4);
    let agreed = campaign.books_agree();
    assert_eq!((agreed.count("sent"), agreed.count("review")), (10, 0));
    let id = openid(4);
    let words = [&*id, "--unpaid", "--because", "wrong"];
    let said = "WeChat Pay's last answer about this bill was `sent`";
    campaign.verb("resolve", &words).exits(2).says(&[said]);
    let words = [&words[..], &["--lang", "zh"]].concat();
    let said = "微信支付对该订单的最后答复是“已发放";
    campaign.verb("resolve", &words).exits(2).says(&[said]);
    assert_eq!(campaign.books_agree().count("sent"), 10);
}

/// A gateway that pays twice under one number is its own fault; what can be done is to see it.
#[test]
fn a_gateway_that_pays_twice_is_reported_and_never_hidden() {
    let settings = Settings {
        resend_of_paid: ResendOfPaid::PaidAgain,
        ..Settings::default()
    };
    let campaign = Campaign::with(6, settings);
    let victim = openid(2);
    campaign.wechat.change(|settings| {
        let lost = [FaultName::LostAfter].into();
        settings.scripted_faults.insert(victim.clone(), lost);
    });
    campaign.run();
    assert_eq!(campaign.wechat.books().paid_twice().len(), 1);
    let said = campaign.verb("reconcile", &[]).exits(11);
    assert!(said.stdout.contains("paid twice"), "{}", said.stdout);
    let number = campaign.packet(&victim)["mch_billno"].clone();
    assert!(said.stdout.contains(&number), "{}", said.stdout);
    let status = campaign.status();
    assert_eq!(status["breaks"], 1);
    assert_eq!(status["broken"][0]["mch_billno"], number.as_str());
    assert_eq!(campaign.packet(&victim)["state"], "sent");
    let said = campaign.verb("show", &[&victim]).exits(0);
    assert!(
        said.stdout.contains("paid twice under one number"),
        "{}",
        said.stdout
    );
    campaign.verb("audit", &[]).exits(0);
}
