//! A public SDK: how it is had, and its script as a process of its own.
//!
//! Packages go into a folder under the target directory, by the machine's own pip and npm, each
//! at the version that stands here. What cannot be had is skipped, and said to be.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rusqlite::Connection;

use super::place::Side;
use super::stopwatch::{Used, measure};

/// An SDK, and the script on it.
pub(crate) struct Peer {
    /// Its name and version.
    pub(crate) name: &'static str,
    tools: Tools,
    /// Name and version of each package.
    packages: &'static [&'static str],
    script: &'static str,
}

/// Whose packages they are.
#[derive(Clone, Copy)]
enum Tools {
    Python,
    Node,
}

/// Those that there are scripts for.
pub(crate) const PEERS: &[Peer] = &[
    Peer {
        name: "wechatpy 1.8.18",
        tools: Tools::Python,
        packages: &[
            "wechatpy==1.8.18",
            "requests==2.34.2",
            "xmltodict==1.0.4",
            "cryptography==50.0.2",
        ],
        script: "on_wechatpy.py",
    },
    Peer {
        name: "wechatpay-axios-plugin 0.9.6",
        tools: Tools::Node,
        packages: &["wechatpay-axios-plugin@0.9.6", "node-sqlite3-wasm@0.8.60"],
        script: "on_axios_plugin.js",
    },
];

/// A peer whose packages are there.
pub(crate) struct Installed<'p> {
    peer: &'p Peer,
    dir: PathBuf,
}

impl Peer {
    /// Its packages, from an earlier time or, where that is wanted, fetched now. Why not, where
    /// they cannot be had.
    pub(crate) fn install(&self, is_fetched: bool) -> Result<Installed<'_>, String> {
        let folder = self.name.replace(' ', "-");
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("peers")
            .join(folder);
        // Written last: a folder without it is half of one.
        let whole = dir.join("installed");
        let packages = self.packages.join("\n");
        if fs::read_to_string(&whole).is_ok_and(|text| text == packages) {
            return Ok(Installed { peer: self, dir });
        }
        if !is_fetched {
            return Err("its packages are not here yet".to_owned());
        }
        if dir.exists() {
            fs::remove_dir_all(&dir).unwrap();
        }
        fs::create_dir_all(&dir).unwrap();
        match self.tools {
            Tools::Python => {
                step(&dir, "python3", &["-m", "venv", "."])?;
                let pip = ["-m", "pip", "install", "--quiet"];
                let python = dir.join("bin/python");
                step(
                    &dir,
                    python.to_str().unwrap(),
                    &[&pip, self.packages].concat(),
                )?;
            }
            Tools::Node => {
                let npm = [
                    "install",
                    "--prefix",
                    ".",
                    "--no-package-lock",
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund",
                ];
                step(&dir, "npm", &[&npm, self.packages].concat())?;
            }
        }
        fs::write(whole, packages).unwrap();
        Ok(Installed { peer: self, dir })
    }
}

/// One command of an installation; its last line of complaint where it fails.
fn step(dir: &Path, tool: &str, words: &[&str]) -> Result<(), String> {
    let mut command = Command::new(tool);
    let quiet = command.args(words).current_dir(dir).stdin(Stdio::null());
    let ran = quiet
        .output()
        .map_err(|fault| format!("no {tool} on this machine: {fault}"))?;
    if ran.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ran.stderr);
    let last = said.lines().rfind(|line| !line.trim().is_empty());
    Err(format!("{tool} {}: {}", ran.status, last.unwrap_or("")))
}

impl Installed<'_> {
    /// Sends the orders of a file; results into a database.
    pub(crate) fn send(&self, side: &Side, orders: &Path, results: &Path) -> Used {
        let ca = side.secrets.join("ca.pem");
        let (ca, modules) = (ca.display(), self.dir.join("node_modules"));
        let trust = match self.peer.tools {
            Tools::Python => [
                format!("REQUESTS_CA_BUNDLE={ca}"),
                String::from("LC_ALL=C.UTF-8"),
            ],
            Tools::Node => [
                format!("NODE_EXTRA_CA_CERTS={ca}"),
                format!("NODE_PATH={}", modules.display()),
            ],
        };
        let program = match self.peer.tools {
            Tools::Python => self.dir.join("bin/python"),
            Tools::Node => PathBuf::from("node"),
        };
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/peers");
        let script = scripts.join(self.peer.script);
        let paths = [&program, &script].map(|path| path.to_str().unwrap());
        let mut words: Vec<&str> = trust.iter().map(String::as_str).collect();
        words.extend(paths);
        words.push(&side.base_url);
        words.extend([&side.secrets, orders, results].map(|path| path.to_str().unwrap()));
        measure(Path::new("env"), &words, None, None)
    }
}

/// The numbers that a script calls paid (or failed) in its database.
pub(crate) fn results(database: &Path) -> HashMap<String, bool> {
    let database = Connection::open(database).unwrap();
    let mut rows = database
        .prepare("SELECT mch_billno, status = 'paid' FROM result")
        .unwrap();
    let told = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    told.unwrap().collect::<Result<_, _>>().unwrap()
}
