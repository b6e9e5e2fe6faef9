//! Files of keys and certificates as hands and programs really leave them: what can be read over
//! is, and the rest is named for what it is, with the command that makes the right file of it.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::support::Campaign;

const CERT: &str = "secrets/apiclient_cert.pem";
const KEY: &str = "secrets/apiclient_key.pem";

/// A live campaign whose three files are right, and the merchant's folder.
struct Desk(Campaign);

impl Desk {
    fn new() -> Desk {
        let desk = Desk(Campaign::of(1));
        desk.shell("cp secrets/apiclient_cert.pem cert.pem; cp secrets/apiclient_key.pem key.pem");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    /// A line of shell beside the campaign file, as a person types it.
    #[track_caller]
    fn shell(&self, line: &str) {
        let mut shell = Command::new("bash");
        let ran = shell.args(["-e", "-c", line]).current_dir(self.path("."));
        let ran = ran.output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{line}: {said}");
    }

    /// Makes `name` private, as a merchant's files are.
    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        let _ = fs::remove_file(&path);
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    }

    /// What `doctor` says of key and certificate: `ok` or `fail`, and the fault.
    fn checked(&self) -> (String, String) {
        let ran = self.0.start_at("doctor", &["--json"], &[]).wait();
        let document: Value = serde_json::from_str(&ran.stdout).unwrap();
        let checks = document["checks"].as_array().unwrap();
        let check = checks
            .iter()
            .find(|it| it["name"] == "credentials")
            .unwrap();
        let text = |key: &str| check[key].as_str().unwrap_or_default().to_owned();
        (text("result"), text("found"))
    }

    #[track_caller]
    fn is_taken(&self, what: &str) {
        let (result, found) = self.checked();
        assert_eq!(result, "ok", "{what}: {found}");
    }

    /// Checks that all of this is said, and no byte of the key.
    #[track_caller]
    fn says(&self, what: &str, says: &[&str]) -> String {
        let (result, found) = self.checked();
        assert_eq!(result, "fail", "{what}: {found}");
        for text in says {
            assert!(found.contains(text), "{what}: {text:?} in {found}");
        }
        let key = fs::read_to_string(self.path("key.pem")).unwrap();
        let body = key.lines().nth(1).unwrap();
        assert!(!found.contains(&body[..12]), "{what}: {found}");
        found
    }

    /// The command between backticks, typed with this added; then the file that it made is the one.
    fn follow(&mut self, found: &str, setting: &str, more: &str) {
        let command = found
            .split('`')
            .find(|it| it.contains(" -in ") || it.contains("iconv"));
        self.shell(&format!("{} {more}", command.unwrap()));
        let made = found.rsplit_once("to ").unwrap().1;
        self.0.set(setting, &format!("{made:?}"));
        self.is_taken(found);
    }
}

#[test]
fn what_is_around_a_certificate_or_a_key_is_read_over() {
    let desk = Desk::new();
    for (name, from) in [(CERT, "cert.pem"), (KEY, "key.pem")] {
        let pem = fs::read_to_string(desk.path(from)).unwrap();
        let forms: [(&str, Vec<u8>); 8] = [
            ("a BOM", [b"\xEF\xBB\xBF", pem.as_bytes()].concat()),
            ("CRLF", pem.replace('\n', "\r\n").into()),
            ("CR", pem.replace('\n', "\r").into()),
            ("blanks", pem.replace('\n', "  \n").into()),
            ("no last line break", pem.trim_end().into()),
            (
                "a comment",
                format!("# 商户证书\nsubject=/CN=1\n{pem}").into(),
            ),
            (
                "one in GBK",
                [b"\xC3\xDC\xD4\xBF\n", pem.as_bytes()].concat(),
            ),
            (
                "attributes",
                format!("Bag Attributes\n    localKeyID: 01\n{pem}\n\n").into(),
            ),
        ];
        for (what, bytes) in forms {
            desk.put(name, bytes);
            desk.is_taken(what);
        }
        desk.put(name, &pem);
    }
    // Both in one file, as `openssl pkcs12 -nodes` writes them, where nobody else reads it.
    desk.shell("cat cert.pem key.pem > both.pem");
    let both = fs::read(desk.path("both.pem")).unwrap();
    desk.put(CERT, &both);
    desk.put(KEY, &both);
    desk.is_taken("both in one");
    fs::set_permissions(desk.path(CERT), Permissions::from_mode(0o644)).unwrap();
    desk.says("a key that others read", &["others can read", "chmod 600"]);
    // An API key with a BOM and Windows' line break.
    let desk = Desk::new();
    let key = fs::read_to_string(desk.path("secrets/api_key")).unwrap();
    desk.put("secrets/api_key", format!("\u{FEFF}{}\r\n", key.trim()));
    desk.is_taken("an API key with a BOM");
}

#[test]
fn a_file_that_is_another_one_is_named() {
    let desk = Desk::new();
    desk.shell(
        "openssl pkey -in key.pem -pubout -out public.pem
         openssl req -new -key key.pem -subj /CN=1 -out request.pem
         openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out other.pem 2>/dev/null
         openssl req -x509 -key other.pem -subj /CN=CA -out ca.pem
         cat ca.pem cert.pem > ca-first.pem
         cat key.pem other.pem > two.pem
         head -c 300 cert.pem > cut.pem
         tr '\\n' ' ' < cert.pem > one-line.pem
         mkfifo fifo; mkdir folder; : > empty
         printf 'PK\\003\\004zip' > download.zip",
    );
    let copied = |name: &str, from: &str| desk.put(name, fs::read(desk.path(from)).unwrap());
    for (name, from, says) in [
        (
            CERT,
            "key.pem",
            &[
                "holds a private key and no certificate",
                "apiclient_cert.pem",
            ][..],
        ),
        (
            KEY,
            "cert.pem",
            &[
                "holds a certificate and no private key",
                "apiclient_key.pem",
            ],
        ),
        (
            CERT,
            "public.pem",
            &["holds a public key alone", "apiclient_cert.pem"],
        ),
        (
            KEY,
            "public.pem",
            &["holds a public key alone", "apiclient_key.pem"],
        ),
        (CERT, "request.pem", &["certificate request (CSR)"]),
        (KEY, "two.pem", &["2 different private keys"]),
        (CERT, "cut.pem", &["is cut off"]),
        (CERT, "one-line.pem", &["lost its line breaks"]),
        (CERT, "empty", &["is empty"]),
        (KEY, "empty", &["is empty"]),
        (CERT, "download.zip", &["zip archive", "unpack it"]),
        (
            CERT,
            "ca-first.pem",
            &["certificate number 2", "to the top"],
        ),
        (
            CERT,
            "ca.pem",
            &[
                "do not belong together",
                "openssl x509 -in",
                "-noout -pubkey",
            ],
        ),
        (
            KEY,
            "other.pem",
            &["do not belong together", "openssl pkey -in", "-pubout"],
        ),
    ] {
        copied(name, from);
        desk.says(from, says);
        copied(CERT, "cert.pem");
        copied(KEY, "key.pem");
    }
    for name in [CERT, KEY, "secrets/api_key", "secrets/ca.pem"] {
        let right = fs::read(desk.path(name)).unwrap();
        for (link, says) in [
            ("fifo", "is a pipe or a device"),
            ("folder", "is a folder"),
            ("/dev/null", "is a pipe or a device"),
        ] {
            fs::remove_file(desk.path(name)).unwrap();
            std::os::unix::fs::symlink(desk.path(link), desk.path(name)).unwrap();
            desk.says(link, &[name, says]);
        }
        desk.put(name, right);
    }
    for (bytes, says) in [
        (
            fs::read(desk.path("key.pem")).unwrap(),
            "for the 32 characters of the APIv2 key",
        ),
        (b"".to_vec(), "is empty"),
        (b"\xFF\xFEa\0b\0".to_vec(), "UTF-16"),
    ] {
        let right = fs::read(desk.path("secrets/api_key")).unwrap();
        desk.put("secrets/api_key", bytes);
        desk.says("an API key", &[says]);
        desk.put("secrets/api_key", right);
    }
    desk.is_taken("the right files again");
}

/// Setting and name of a file that is another kind, the command that makes it of the right one,
/// what is said of it, and what is added to the command that is told, which asks for a password.
const MADE: &[(&str, &str, &str, &str, &str)] = &[
    (
        "merchant.cert_file",
        "cert.der",
        "openssl x509 -in cert.pem -outform DER -out",
        "DER",
        "",
    ),
    (
        "merchant.key_file",
        "key.der",
        "openssl pkey -in key.pem -outform DER -out",
        "DER",
        "",
    ),
    (
        "merchant.cert_file",
        "apiclient_cert.pem",
        "iconv -t UTF-16 cert.pem -o",
        "UTF-16",
        "",
    ),
    (
        "merchant.key_file",
        "it's mine.pem",
        "iconv -t UTF-16LE key.pem -o",
        "UTF-16",
        "",
    ),
    (
        "merchant.cert_file",
        "trusted.pem",
        "openssl x509 -in cert.pem -trustout -addtrust clientAuth -out",
        "TRUSTED CERTIFICATE",
        "",
    ),
    (
        "merchant.cert_file",
        "chain.p7b",
        "openssl crl2pkcs7 -nocrl -certfile cert.pem -out",
        "PKCS#7",
        "",
    ),
    (
        "merchant.cert_file",
        "chain.der.p7b",
        "openssl crl2pkcs7 -nocrl -certfile cert.pem -outform DER -out",
        "PKCS#7",
        "",
    ),
    (
        "merchant.key_file",
        "old.pem",
        "openssl ec -in key.pem -aes256 -passout pass:1234 -out",
        "encrypted with a password",
        "-passin pass:1234",
    ),
    (
        "merchant.key_file",
        "pkcs8.pem",
        "openssl pkcs8 -topk8 -in key.pem -v2 aes256 -passout pass:1234 -out",
        "encrypted with a password",
        "-passin pass:1234",
    ),
    (
        "merchant.key_file",
        "pkcs8.der",
        "openssl pkcs8 -topk8 -in key.pem -outform DER -passout pass:1234 -out",
        "encrypted with a password",
        "-passin pass:1234",
    ),
    (
        "merchant.cert_file",
        "my apiclient_cert.p12",
        "openssl pkcs12 -export -inkey key.pem -in cert.pem -passout pass:10000098 -out",
        ".p12 file",
        "-passin pass:10000098",
    ),
    (
        "merchant.key_file",
        "apiclient_cert.p12",
        "openssl pkcs12 -export -inkey key.pem -in cert.pem -passout pass:10000098 -out",
        ".p12 file",
        "-passin pass:10000098",
    ),
    (
        "gateway.ca_file",
        "ca.der",
        "openssl x509 -in secrets/ca.pem -outform DER -out",
        "DER",
        "",
    ),
];

#[test]
fn the_command_that_is_told_makes_the_right_file() {
    for (setting, name, make, says, more) in MADE {
        let mut desk = Desk::new();
        desk.shell(&format!(
            "rm -f secrets/{0}; {make} secrets/{0}",
            format!("{name:?}")
        ));
        let is_there = Permissions::from_mode(0o600);
        fs::set_permissions(desk.path("secrets").join(name), is_there).unwrap();
        desk.0
            .set(setting, &format!("{:?}", format!("secrets/{name}")));
        let found = desk.says(name, &[says]);
        desk.follow(&found, setting, more);
    }
}

#[test]
fn a_root_that_is_not_there_is_named_by_its_setting() {
    let mut desk = Desk::new();
    desk.0.set("gateway.ca_file", "\"nowhere.pem\"");
    desk.says("nowhere", &["gateway.ca_file: cannot read", "nowhere.pem"]);
    let ran = desk.0.run().exits(7);
    let line = ran
        .stderr
        .lines()
        .find(|it| it.contains("nowhere.pem"))
        .unwrap();
    assert!(line.contains("gateway.ca_file: cannot read"), "{line}");
    assert!(!ran.stderr.contains("campaign file"), "{}", ran.stderr);
    desk.put("secrets/ca.pem", fs::read(desk.path("key.pem")).unwrap());
    desk.0.set("gateway.ca_file", "\"secrets/ca.pem\"");
    desk.says(
        "a key",
        &["gateway.ca_file", "holds a private key and no certificate"],
    );
}
