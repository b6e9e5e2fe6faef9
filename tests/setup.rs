//! A broken set-up is found before any packet is touched.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use hongbao::simulator::Settings;

use crate::support::{Campaign, Ran, Wechat};

/// No packet was touched, and no more than a dozen requests were made.
fn nothing_was_touched(campaign: &Campaign) {
    let books = campaign.wechat.books();
    let asked = books.counters.sends + books.counters.queries;
    assert!(asked <= 12, "{asked} requests");
    assert_eq!(books.counters.sends, 0);
    assert_eq!(campaign.books_agree().count("ready"), 30);
}

/// Cause and remedy are named.
fn is_explained(ran: Ran, words: &[&str]) {
    ran.says(&["remedy: "]).says(words);
}

#[test]
fn a_wrong_api_key_is_found_by_a_question() {
    let campaign = Campaign::of(30);
    campaign.write("secrets/api_key", "0123456789abcdef0123456789abcdef");
    is_explained(campaign.run().exits(7), &["SIGN_ERROR", "key"]);
    nothing_was_touched(&campaign);
}

#[test]
fn the_certificate_of_another_merchant_is_found_by_a_question() {
    let campaign = Campaign::of(30);
    let other = Wechat::start(Settings::default());
    let theirs = campaign.path("theirs");
    other.write_credentials(&theirs);
    for name in ["apiclient_cert.pem", "apiclient_key.pem"] {
        std::fs::copy(theirs.join(name), campaign.path("secrets").join(name)).unwrap();
    }
    is_explained(
        campaign.run().exits(7),
        &["certificate", "merchant.cert_file"],
    );
    nothing_was_touched(&campaign);
}

#[test]
fn a_server_that_is_not_trusted_gets_no_request() {
    let mut campaign = Campaign::of(30);
    campaign.set("gateway.ca_file", "\"\"");
    is_explained(campaign.run().exits(7), &["certificate", "gateway.ca_file"]);
    assert_eq!(campaign.wechat.queries(), 0);
    nothing_was_touched(&campaign);
}

#[test]
fn a_server_that_is_down_leaves_every_packet_ready() {
    let mut campaign = Campaign::of(30);
    let down = Wechat::start(Settings::default()).base_url();
    campaign.set("gateway.base_url", &format!("{down:?}"));
    campaign
        .run()
        .exits(10)
        .says(&[&down, "before any packet was sent", "next: hongbao run"]);
    nothing_was_touched(&campaign);
}

#[test]
fn a_set_up_that_was_mended_needs_no_more_than_another_run() {
    let campaign = Campaign::of(30);
    campaign.write("secrets/api_key", "0123456789abcdef0123456789abcdef");
    campaign.run().exits(7);
    campaign.wechat.write_credentials(&campaign.path("secrets"));
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 30);
}

#[test]
fn a_gateway_that_refuses_the_certificate_with_a_page_is_named() {
    let campaign = Campaign::of(30);
    campaign.wechat.change(|settings| {
        settings.faults.add("certificate_page=1").unwrap();
    });
    is_explained(campaign.run().exits(7), &["certificate", "400"]);
    nothing_was_touched(&campaign);
}

#[test]
fn secrets_that_others_may_read_are_not_used() {
    use std::os::unix::fs::PermissionsExt as _;
    let campaign = Campaign::of(30);
    let key = campaign.path("secrets/apiclient_key.pem");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    campaign
        .run()
        .exits(7)
        .says(&["apiclient_key.pem", "chmod 600"]);
    assert_eq!(campaign.wechat.queries(), 0);
}

#[test]
fn no_secret_is_ever_printed_or_kept() {
    let campaign = Campaign::of(30);
    let wrong = "0123456789abcdef0123456789abcdef";
    campaign.write("secrets/api_key", wrong);
    let total = crate::support::total_yuan(campaign.total_fen());
    let flags = ["--live", "--confirm-total", &total];
    let variables = [("HONGBAO_LOG", "trace")];
    let ran = campaign.start_at("run", &flags, &variables).wait().exits(7);
    let line = std::fs::read_to_string(campaign.path("secrets/apiclient_key.pem")).unwrap();
    let line = line.lines().nth(1).unwrap().to_owned();
    let mut said = vec![ran.stdout, ran.stderr];
    for file in std::fs::read_dir(campaign.dir())
        .unwrap()
        .map(Result::unwrap)
    {
        if file.file_type().unwrap().is_file() {
            let bytes = std::fs::read(file.path()).unwrap();
            said.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    assert!(
        said.iter()
            .all(|text| !text.contains(wrong) && !text.contains(&line))
    );
}
