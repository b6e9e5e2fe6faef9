//! Pays out campaigns of WeChat Pay mini-program red packets: each packet at most once, none
//! lost, nothing guessed. This page is the map of the source; `README.md` says what the tool is for
//! and how to use it.
//!
//! # Bird's-eye view
//!
//! A campaign is a file of settings and a list of openids and amounts. The list becomes *packets*
//! in a SQLite *ledger*, each with a *bill*: the packet under one `mch_billno`. A pool of workers
//! makes *attempts* about bills, sends or queries, and records the answer to each. Everything
//! dangerous is arranged around one sentence: an attempt is durable before its first byte leaves,
//! and nothing but WeChat Pay's word about a number clears a doubt about it.
//!
//! [`domain`] decides, [`ledger`] remembers, [`wechat`] speaks, [`runner`] drives, [`commands`]
//! tell. [`simulator`] is the other side: a stand-in for WeChat Pay that shares no code with the
//! client that it tests.
//!
//! # The way of one packet
//!
//! 1. [`recipients::PacketReader`] turns bytes into rows and rows into
//!    [`domain::packet::Packet`]s. It goes on after a fault and collects every one; nothing is
//!    used before the end of the file.
//! 2. [`ledger::Drafter`] asks for the first number ([`domain::ids::MchBillno::derive`]), and
//!    [`ledger::Loading::add`] writes the packet as a bill in the transaction of the whole file.
//! 3. [`runner::run`] asks the ledger for what is due. In one commit the bill moves to `in_flight`
//!    and the attempt's row is written; then there is an [`ledger::Attempt`], a value that nothing
//!    else can make and that sending uses up.
//! 4. A worker opens or keeps a connection, waits for a permit of [`runner::Pace`], looks at
//!    [`runner::Gate`] once more, and posts what [`wechat::redpack`] wrote and [`wechat::sign`]
//!    signed.
//! 5. The reply is judged from the outside in and becomes an [`domain::outcome::Outcome`]; a
//!    query's becomes a [`domain::outcome::Sighting`]. Neither is an error: `Err` means that the
//!    tool itself cannot go on.
//! 6. What concerns the whole merchant shuts the gate at once. The rest goes to the ledger's
//!    writer: [`domain::policy`] says what is next, [`domain::state::State::on`] whether that is
//!    legal, and one commit keeps the outcome, the state, the counters and a journal row together.
//! 7. [`report`] reads the rows into a CSV or JSON, and [`commands`] end with an exit code and
//!    the next command to type.
//!
//! # Code map
//!
//! A line for each folder; its `mod.rs`, where it has one, lists the files. `tests/tidy.rs` holds
//! the doors: a folder imports only from those before it.
//!
//! - [`domain`] decides:
//!   - `value`: checked values: money, ids with the number made of them, texts, caps, packets,
//!     approvals, settings;
//!   - `bill`: the facts of a bill, every legal move (`state`), and states in words (`explain`);
//!   - `flow`: a packet beside the rows of a fund-flow bill (`judge`), and ten kinds of breaks;
//!   - `told`: what an answer does to a bill and what is next: `policy` after a send, `seen` after
//!     a query; `reissue`: whether a packet may go out again, and under which number.
//! - [`words`]: what a person is told, in both languages: `comments`, `count`, `lang`, `part`,
//!   `recall` and `shown` are the machinery, `foreign` and `names` what others say and what the
//!   ledger keeps, the rest is a file a topic. What a state, a code or an exit is called stands
//!   with it: `domain/bill/explain`, `wechat/err_code`, [`exit`].
//! - [`config`]: the campaign file: `campaign` has its types, `parse` makes them, `layer` is one
//!   of its files; `write` prints them, `scaffold` makes a new one; `secrets` apart from it, from
//!   `private` files; `document` and `secrets` also say what a file is that is none.
//! - [`wechat`]: `xml`, `sign`, `reply`: the form of requests and replies; `redpack`, `hbinfo`: a
//!   send and a query, in bytes and back; `err_code`: the class of each code, `explain`: what a
//!   person should know of it, `hint`: of the text beside it; `jsapi`, `page`: what a mini-program
//!   opens a packet with; `client`: HTTP/1.1 over mutual TLS, the only sockets to WeChat Pay.
//! - [`recipients`]:
//!   - `fault`: what is told of a file, and where in it; `hash`, `stamp`: whether it is the same;
//!   - `row`: what the cells of a row mean; `text`, `xlsx`: rows of a text (`encoding`) and of a
//!     workbook (`strings`: those that cells share);
//!   - `list`: a file, one sheet of it, or a pipe; `kind`: what is no list;
//!   - `source`, `reader`, `head`: rows of either, packets, the first rows;
//!   - `rejects`, `people`: the rows that cannot be loaded, and whose they are; `forms`: openids
//!     that look alike.
//! - [`fund_flow`]: the merchant's fund-flow bill as rows, and whether it is whole.
//! - [`ledger`], each room from its `mod.rs` on, and each only with what is left of it:
//!   - `columns`, `paths`, `refusal`, `fault`, `wrapped`: how types stand in columns, paths beside
//!     the ledger, why a file is not loaded, errors, what SQLite says;
//!   - `journal`: the chain. `seal`: which bytes are hashed; `chain`: a row; `write_tx`: the
//!     transaction that ends with the `counters` and the ledger's own row;
//!   - `bill`: `advance` writes a state, nothing else does; `candidate`: a bill that is read with
//!     its seal checked; `number`: who alone asks `domain::ids` for a packet's number; `lineage`:
//!     its others; `picks`: conditions that pick bills;
//!   - `open`: `lock`, `names`, `home` and `leftover`: whose the file is; `connect`, `schema`,
//!     `migrate`, `reseal`: what is in it; `reader` (and `look`, where nothing may be written) and
//!     `owner`: who may read, who may write; `unused`: one that was made for nothing;
//!   - `take`: what is due becomes an attempt (`take_due`, `make`; its row: `attempt`), or waits
//!     for a cap (`defer`, by `spent_by_day`), a limit of this run (`run_limit`) or a question
//!     (`question`); `approved`: what was approved, to be sent;
//!   - `read`: `campaign`, `due`, `held_back`, `tally`, `report_rows`, `history`; `sample`: the
//!     numbers that a run asks about first;
//!   - `audit`: every hash and sum made again;
//!   - `flow`: fund-flow bills beside the ledger: `compare`, by `domain/flow/judge`;
//!   - `load`: a recipients file, all or nothing: `draft`, `loading`; `frozen`: what the first load
//!     fixes; `rows`: where a bill is born, and a person of an earlier file is noticed; `known`: a
//!     row that is there already, or twice in its file (in a big first load: `bulk`); `twin`,
//!     `met`, `lately`: the same list, or the same people, paid by other campaigns; `stamp`,
//!     `forms`: what was loaded before, and what looks alike;
//!   - `record`: what an answer does to a bill (`answer`, `receipt`, `paid`), to the number after
//!     it (`walk`);
//!     `behind`: a ledger that may have missed something; `recover`: what a process that died left;
//!   - `decide`: what a person says: `pause`, `verdict`, `approval`; `reissue`: a packet's next
//!     number; `withdraw`: packets that are taken back; `exported`: those paid from another list;
//!   - `plan`: `schedule`, `content`, `paid_before`: what a run would do;
//!   - `write`: the one thread that writes: `job`, `writer_thread`, `writer`; its jobs in
//!     `attempts` and `kept`; `played`, the same in virtual time;
//!   - `runs`: the two rows of each process that spoke to WeChat Pay;
//!   - `copy`: `backup`, `folder`, `restore`, `adopt`: the ledger as a file.
//! - [`report`]: rows in words, a file or a folder a format (`html` is the page); `columns` for
//!   all, `standing` for summaries, `claims` for a mini-program, `input_csv` for a load.
//! - [`runner`]:
//!   - `rate`: both limits (`pace`), even `spacing`, the requests of earlier processes (`lead`);
//!   - `health`: why nothing may leave: halts, pauses, signals (`stop`), a wrong clock or set-up;
//!     `gate`: shut by each of these, and to sends alone by the end of an open time; `reach`: a
//!     gateway that no request has reached;
//!   - `wire`: one request at a time (`worker`), its connection, and how far attempts are ahead;
//!   - `drive`: the first questions, runs, reconciliations, reissues.
//! - [`notify`]: who is told of a run: `event` and `message` are what, `sign`, `letter` and `post`
//!   how, `lookup` where, `notifier` beside a run.
//! - [`simulator`]: `wire`: bytes and texts; `faults`: what goes wrong on demand, drawn in `rates`
//!   for `rules/requests`; `books`: what was paid; `rules`: what WeChat Pay would answer; `server`:
//!   the same behind sockets.
//! - [`cli`]: what can be typed, a file a kind of verb; `manual`: the same for shells and `man`;
//!   `chinese`: its help and its errors once more.
//! - [`commands`]:
//!   - `console`: stdout and stderr; `output`: every file that a person names, whole or not there
//!     (`whole` fsyncs and renames);
//!   - `setup`: how a verb begins: `context` opens a campaign, `gateway` the other side, `intake` a
//!     recipients file, `approval` checks the one that a live run needs;
//!   - `finish`: how it ends: exit code (`ending`), the next command (`next`), report, progress, a
//!     person's confirmation;
//!   - `look`, `decide`, `keep`: verbs that only look, by which a person decides, that write files;
//!   - `run/events`: the journal as lines beside a run, by a thread of its own, `run/follower`;
//!     `run/window`: when a run may send; `run/canary`: a few packets first;
//!   - each other file is a verb, with a folder of its own where it is long; `execute` finds the
//!     verb that was typed.
//! - In `src` itself: `main`; [`mod@error`] and [`exit`]: what stops a command, and its exit code;
//!   [`aside`]: stderr, which never stops one, and its form; [`logs`]: what is logged there;
//!   [`service`]: what systemd is told of a run; [`approval`]: keys and signatures; [`account`]:
//!   whose process this is, and what it may not read or write; [`clock`]: the time as a parameter;
//!   [`guard`]: no core of a process that knows secrets; [`planted`]: mistakes that the tests' own
//!   build can make, to show that they are found.
//!
//! # Imports
//!
//! `domain <- config <- {recipients, fund_flow, wechat, ledger, simulator, report}
//! <- {runner, notify} <- commands <- main`. The six do not import each other, but for [`report`],
//! which puts the ledger's rows into words. [`simulator`] imports nothing of the crate.
//! `tests/tidy.rs` holds the exact table and the homes of crates.
//!
//! # Invariants
//!
//! What is there:
//!
//! - Every change of a state goes through [`domain::state::State::on`], and only
//!   `ledger/bill/advance.rs` writes one. It keeps the counters in the same transaction.
//! - At most one attempt of a bill is open: a partial unique index says so.
//! - An attempt in the hands of a worker is in the file: the writer answers after COMMIT.
//! - Everything on the wire but the sign is fixed when the file is loaded. A resend says the same
//!   to the byte.
//! - `ready` and `in_flight` are exactly the bills never in doubt, or freed since. From `in_doubt`
//!   to `ready` leads NOT_FOUND, asked a day after the last unanswered send; and from there, as
//!   from `refused`, the second chance of who was refused while the set-up was to blame.
//! - A packet that a fund-flow bill calls paid, or one of whose numbers turned out to be paid, is
//!   sent under no number. Who was exported for another list has no second chance.
//! - That a number is unknown proves nothing once queries do not reach back to it.
//! - Numbers have no gaps: a new one is made only after WeChat Pay called the one before FAILED,
//!   and a walk up from any number finds the live one. A number that was called FAILED is never
//!   sent again.
//! - A packet that an earlier process sent, and each packet of a ledger that may be behind, is
//!   asked about before it is sent.
//! - A packet has one live bill, that of its newest number; the numbers before it are proven
//!   unpaid, and counted nowhere.
//! - A connection is open before a permit is taken: a slow handshake does not turn spacing into a
//!   burst.
//! - What a query told of a claim or a refund stays as it was first told: another word is a break.
//! - A run asks about what it sent before only where no send can want that place.
//! - A run in simulator mode opens another ledger file than a live one.
//! - Each change of a bill, a request, a campaign or a file writes a row of the journal with the
//!   hash of the changed row; a packet that is not as it was loaded is never sent.
//! - The fields of a request are hashed into the journal's row of its begin. Where an approval is
//!   required, the transaction that makes the request compares it with the approved packet.
//! - Triggers and views that somebody else put into the ledger do not run in our connections, and a
//!   ledger whose schema is not exactly this version's is not written to.
//!
//! What is absent:
//!
//! - Nothing outside `ledger/` names rusqlite; nothing outside `wechat/client` names hyper.
//! - No number is made outside [`domain::ids`], and only `ledger/bill/number.rs` asks for one.
//! - No retry or redirect in the client, and no proxy but the one of `[gateway]`, which sees TLS
//!   alone: one call is at most one request.
//! - No clock, dice, I/O, float or SQL in [`domain`].
//! - No package outside `hongbao claims`: no other verb, no message and no log shows one.
//! - No logic on `err_code_des`: codes decide, texts are shown, and choose a remedy's words. One
//!   exception: that a number is too old to be asked about has no code of its own (`hbinfo`).
//! - No message to anybody elsewhere holds a run up, changes its exit code, or has a person, an
//!   address or a secret in it: [`notify`].
//! - No message ends a run: [`aside`] alone writes to stderr, and ignores every error of it.
//! - No output replaces a file that a campaign uses, nor, without `--force`, any file but an
//!   earlier output of the same kind.
//! - No message in one language only, and no language in a global: `main` decides it once. The form
//!   of stderr is one, since a log has no caller to ask.
//! - No `_ =>` over a code, nor over an outcome where it decides what becomes of a bill.
//! - No rescue by elapsed time: a lock ends with the process that holds it.
//! - No SQL that brings a final state back to an open one. A payment seen after a proof of none is
//!   kept as a broken proof, and ends in exit code 11.
//!
//! # Threads, and where the time goes
//!
//! One thread serves all connections to the gateway, and one writes the ledger; each wakes the
//! other once for a group of requests or answers. A load has one thread that reads and
//! checks, one that derives, and one that writes; a report one that reads and one that writes; a
//! plan one that hashes what the other reads. `tests/bench` showed that these matter as well:
//!
//! - A load writes one table and sorts one index at its end. First sends are found by a place in
//!   their file (`file.untried_from`), not by an index that every send would have to change.
//! - A bill keeps its size while it is sent: receipts stand in a table of their own.
//! - Counters are written once a commit. A group of answers alone waits up to four milliseconds for
//!   a job that somebody awaits: the attempts that take their places are made without waiting for
//!   them and share their commit, which is half the commits. Where answers come fast, up to twelve
//!   attempts for each connection are open.
//! - SQLite plans a statement once (`QPSG`): planning anew for a bound number was a tenth of all.
//!
//! # Where durability happens
//!
//! The ledger is in WAL mode with `synchronous=EXTRA`, which is FULL there; while it is filled for
//! the first time it has a rollback journal, which need not copy newly added pages. Three commits
//! matter:
//!
//! - before "loaded" is printed: packets, numbers, totals, the file's SHA-256
//!   ([`ledger::Loading::commit`]);
//! - before the first byte leaves: the attempt and `in_flight` ([`ledger::Writer::take`]);
//! - before a packet counts as done: outcome, state, `package`, counters and journal row, together
//!   ([`ledger::Writer::record_send`]).
//!
//! The writer commits in groups and answers each caller after the COMMIT with its part. After any
//! error of a commit it answers no caller: whether that commit happened is unknown, so the process
//! stops sending and ends, and the next start reads the truth. A report is a temporary file,
//! fsynced and renamed.
//!
//! # What a crash leaves
//!
//! - Killed while loading: nothing of that file.
//! - Killed after an attempt's commit, before or after its bytes: an open attempt. The next run
//!   calls the bill `in_doubt`, asks about it, and sends it again under its number if need be.
//! - Killed after the answer and before its commit: the same; the answer is asked for again.
//! - Killed while writing a report: the old report, or none.
//! - Killed while moving an older ledger to this version: the older one. It is one transaction.
//!
//! So a crash costs questions and never a payment. A ledger that is lost, or put back to an earlier
//! day, is another matter: every live run first asks WeChat Pay about some numbers that its ledger
//! never sent, and if one is known, about each packet before it is sent.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")
)]

#[macro_use]
pub mod planted;

pub mod account;
pub mod approval;
pub mod aside;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod domain;
pub mod error;
pub mod exit;
pub mod fund_flow;
pub mod guard;
pub mod ledger;
pub mod logs;
pub mod notify;
pub mod recipients;
pub mod report;
pub mod runner;
pub mod service;
pub mod simulator;
pub mod wechat;
pub mod words;
