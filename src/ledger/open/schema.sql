-- The ledger, version 7. Times are milliseconds of the Unix epoch, money is fen.

-- One row: what this file is, and who wrote to it last.
CREATE TABLE ledger (
  id           INTEGER PRIMARY KEY CHECK (id = 1),
  mode         TEXT NOT NULL CHECK (mode IN ('simulator', 'live')),
  epoch        INTEGER NOT NULL,   -- rises with every process that took the lock
  highest_time INTEGER NOT NULL,   -- the clock never went back behind it unnoticed
  entries      INTEGER NOT NULL,   -- rows of the journal
  head         BLOB NOT NULL CHECK (length(head) = 32),  -- hash of the last one
  -- What was sent after this time may be missing: the ledger is behind. NULL: it is not.
  behind_since   INTEGER,
  behind_attempt INTEGER,          -- the last attempt before that was known
  heard_at       INTEGER,          -- the latest Date of WeChat Pay's answers
  inode          INTEGER,          -- of this file: a copy has another, or another birth; NULL: no
  born_ns        INTEGER,          -- process took it yet
  word           TEXT,             -- where no birth is kept: the lock file has the same
  seal         BLOB NOT NULL CHECK (length(seal) = 16),  -- of this row
  CHECK ((behind_since IS NULL) = (behind_attempt IS NULL)),
  CHECK ((inode IS NULL) = (born_ns IS NULL AND word IS NULL)),
  CHECK (born_ns IS NULL OR word IS NULL)
) STRICT;

-- A payout. Everything that goes on the wire is frozen here when its first file is loaded.
CREATE TABLE campaign (
  campaign           INTEGER PRIMARY KEY,
  id                 TEXT NOT NULL UNIQUE,
  mch_id             TEXT NOT NULL,
  wxappid            TEXT NOT NULL,
  act_name           TEXT NOT NULL,
  send_name          TEXT NOT NULL,
  wishing            TEXT NOT NULL,
  remark             TEXT NOT NULL,
  scene_id           TEXT,
  has_row_key        INTEGER NOT NULL CHECK (has_row_key IN (0, 1)),
  created_at         INTEGER NOT NULL,
  loaded_rows        INTEGER NOT NULL DEFAULT 0,  -- the counters of tally add up to these
  loaded_fen         INTEGER NOT NULL DEFAULT 0,
  numbers_checked_at INTEGER,      -- when WeChat Pay was asked whether it knows our numbers
  paused_at          INTEGER,
  paused_by          TEXT CHECK (paused_by IN ('person', 'halt')),
  paused_because     TEXT,
  deferred_until     INTEGER,      -- a daily limit of the merchant ends then
  is_clock_right     INTEGER NOT NULL DEFAULT 0 CHECK (is_clock_right IN (0, 1)),
  breaks             INTEGER NOT NULL DEFAULT 0,  -- bills of which WeChat Pay said both paid and not
  CHECK ((paused_at IS NULL) = (paused_by IS NULL)),
  CHECK ((paused_at IS NULL) = (paused_because IS NULL))
) STRICT;

-- A recipients file, once for each campaign it was loaded under. Its new rows are the bills from
-- first_bill to last_bill, none where first_bill is above last_bill.
CREATE TABLE file (
  file         INTEGER PRIMARY KEY,
  campaign     INTEGER NOT NULL REFERENCES campaign,
  sha256       BLOB NOT NULL CHECK (length(sha256) = 32),
  people       BLOB NOT NULL CHECK (length(people) = 32),  -- the set of openids and amounts
  rows         INTEGER NOT NULL,
  fen          INTEGER NOT NULL,
  loaded_at    INTEGER NOT NULL,
  extra        TEXT NOT NULL,         -- JSON array: names of the columns kept for the reports
  stamp        TEXT,                  -- what the file system said of it; NULL: look inside again
  first_bill   INTEGER NOT NULL,
  last_bill    INTEGER NOT NULL,
  untried_from INTEGER NOT NULL,      -- every bill before it was taken up once; it only rises
  seal         BLOB NOT NULL CHECK (length(seal) = 32),  -- of its bills as they were loaded
  UNIQUE (campaign, sha256)
) STRICT;
CREATE INDEX file_sha256 ON file (sha256);
CREATE INDEX file_people ON file (people);

-- A packet, one payment owed to one openid, under one mch_billno, with everything that goes on
-- the wire under that number. One table and few indexes: a load writes millions of these. The
-- number is derived from merchant, campaign, row key and generation, so that its uniqueness is
-- theirs too, and a row key is found by its number.
CREATE TABLE bill (
  bill             INTEGER PRIMARY KEY,
  campaign         INTEGER NOT NULL, -- no REFERENCES: looking both up costs a load a tenth, and
  file             INTEGER NOT NULL, -- the transaction that writes a bill wrote its file
  line             INTEGER NOT NULL,
  row_key          TEXT NOT NULL,
  openid           TEXT NOT NULL,
  amount_fen       INTEGER NOT NULL CHECK (amount_fen > 0),
  act_name         TEXT,           -- the row's own texts; NULL: the campaign's
  send_name        TEXT,
  wishing          TEXT,
  remark           TEXT,
  scene_id         TEXT,
  extra            TEXT,           -- JSON array of cells, as many as file.extra
  generation       INTEGER NOT NULL DEFAULT 1 CHECK (generation >= 1),
  mch_billno       TEXT NOT NULL CHECK (length(mch_billno) = 28),
  seal             INTEGER NOT NULL,  -- of everything from line to here
  state            TEXT NOT NULL DEFAULT 'ready',
  confirming       TEXT,
  confirming_since INTEGER,
  doubt_since      INTEGER,
  is_window_closed INTEGER NOT NULL DEFAULT 0,
  sends            INTEGER NOT NULL DEFAULT 0,
  doubtful_sends   INTEGER NOT NULL DEFAULT 0,
  idle_queries     INTEGER NOT NULL DEFAULT 0,
  not_found        INTEGER NOT NULL DEFAULT 0,
  has_package      INTEGER NOT NULL DEFAULT 0,  -- its receipt has one
  next_action      TEXT DEFAULT 'send',
  due              INTEGER DEFAULT 0,           -- 0: never taken up yet
  first_sent_at    INTEGER,
  settled_at       INTEGER,
  err_code         TEXT,           -- of the last answer that had one
  err_code_des     TEXT,
  CHECK (
    -- As loaded. Stands first so that a load need not look at the rest.
    (due IS 0 AND next_action IS 'send' AND state = 'ready' AND sends = 0 AND doubt_since IS NULL
      AND confirming IS NULL AND confirming_since IS NULL AND has_package = 0)
    -- Written out with OR: for an IN list of more than two words SQLite builds a temporary
    -- index at every update.
    OR ((state = 'ready' OR state = 'in_flight' OR state = 'in_doubt' OR state = 'processing'
        OR state = 'sent' OR state = 'received' OR state = 'refunding' OR state = 'refunded'
        OR state = 'refused' OR state = 'withdrawn' OR state = 'review')
      AND (confirming IS NULL
        OR ((confirming = 'refusal' OR confirming = 'unless_known' OR confirming = 'held'
            OR confirming = 'clash' OR confirming = 'failed')
          AND state = 'in_doubt' AND next_action IS NOT 'resend'))
      AND (next_action IS NULL
        OR ((next_action = 'send' OR next_action = 'resend' OR next_action = 'query')
          AND state <> 'received' AND state <> 'refunded' AND state <> 'refused'
          AND state <> 'withdrawn' AND state <> 'refunding'))
      AND (next_action IS NULL) = (due IS NULL)
      AND (confirming IS NULL) = (confirming_since IS NULL)
      -- What was on the wire is not taken back.
      AND (state <> 'withdrawn' OR sends = 0)
      -- Only a bill never in doubt is ready or in flight, and only those are sent for the first
      -- time.
      AND (state NOT IN ('ready', 'in_flight') OR (doubt_since IS NULL AND confirming IS NULL))
      AND (next_action IS 'send') <= (state = 'ready')
      AND (next_action IS 'resend') <= (state IN ('in_doubt', 'sent'))
      AND (has_package = 0 OR (has_package = 1 AND next_action IS NOT 'resend'))
      AND (is_window_closed = 0 OR is_window_closed = 1)
      AND sends >= 0 AND doubtful_sends >= 0 AND idle_queries >= 0 AND not_found >= 0))
) STRICT;
CREATE UNIQUE INDEX bill_number ON bill (mch_billno);
CREATE INDEX bill_due ON bill (campaign, next_action, due) WHERE due > 0;
CREATE INDEX bill_without_package ON bill (campaign) WHERE state = 'sent' AND has_package = 0;
-- Those that a run and a reconciliation ask about although they are at their end.
CREATE INDEX bill_at_end ON bill (campaign) WHERE state IN ('refused', 'withdrawn');

-- What a reply brought for a bill, beside it so that bills keep their size: a row that grows
-- splits its page.
CREATE TABLE receipt (
  bill        INTEGER PRIMARY KEY REFERENCES bill,
  send_listid TEXT,
  package     TEXT
) STRICT;

-- Bills whose refusal accused the set-up and not the recipient: to be sent once more, sent once more,
-- or called FAILED by a query. Beside the bills, for there are few.
CREATE TABLE again (
  bill INTEGER PRIMARY KEY REFERENCES bill,
  word TEXT NOT NULL CHECK (word IN ('owed', 'given', 'failed'))
) STRICT;
CREATE INDEX again_owed ON again (bill) WHERE word = 'owed';

-- What WeChat Pay says was paid under a number, where that is not what is owed: how much, and, where
-- it is another one, to whom.
CREATE TABLE paid (
  bill      INTEGER PRIMARY KEY REFERENCES bill,
  to_openid TEXT,
  paid_fen  INTEGER NOT NULL CHECK (paid_fen >= 0)
) STRICT;

-- What queries said of a number that WeChat Pay knows: when the last one was answered, and what
-- became of the payment, as far as they told; the first word about it stays.
CREATE TABLE fate (
  bill         INTEGER PRIMARY KEY REFERENCES bill,
  asked_at     INTEGER NOT NULL,
  received_at  INTEGER,            -- rcv_time: when it was claimed
  refunded_at  INTEGER,            -- refund_time: when what nobody claimed was back
  refunded_fen INTEGER CHECK (refunded_fen >= 0),
  reason       TEXT                -- the newest
) STRICT;

-- A match of a campaign with all fund-flow bills given so far, and what it came to. The journal's row
-- of it has a digest of this row, of its breaks and of its rows.
CREATE TABLE flow_match (
  flow_match   INTEGER PRIMARY KEY,
  campaign     INTEGER NOT NULL REFERENCES campaign,
  at           INTEGER NOT NULL,
  bills        TEXT NOT NULL,      -- JSON array: name, sha256, rows, days and so on of each
  days         TEXT NOT NULL,      -- JSON array: the Beijing days that they cover
  matched      INTEGER NOT NULL,   -- packets that agree to the fen
  matched_fen  INTEGER NOT NULL,
  not_covered  INTEGER NOT NULL,   -- paid packets of other days
  in_doubt     INTEGER NOT NULL,   -- packets in doubt that the bills call paid
  foreign_rows INTEGER NOT NULL,   -- of other business
  other_rows   INTEGER NOT NULL,   -- of other campaigns of the ledger
  breaks       TEXT NOT NULL,      -- JSON object: how many there were of each kind
  kept_rows    INTEGER             -- its rows in flow_row; NULL: made before those were kept, with
                                   -- the bills of one command alone
) STRICT;

-- The breaks of a match, the first ten thousand.
CREATE TABLE flow_break (
  flow_break  INTEGER PRIMARY KEY,
  flow_match  INTEGER NOT NULL REFERENCES flow_match,
  type        TEXT NOT NULL,
  bill        INTEGER,             -- NULL: the ledger has no such number
  mch_billno  TEXT,
  send_listid TEXT,
  ledger_fen  INTEGER,
  bill_fen    INTEGER,
  booked_at   INTEGER,
  movements   TEXT                 -- a digest of the rows that it is of
) STRICT;
CREATE INDEX flow_break_match ON flow_break (flow_match);

-- The rows about the campaign that the bills of a match brought: later matches see them too.
CREATE TABLE flow_row (
  flow_row   INTEGER PRIMARY KEY,
  flow_match INTEGER NOT NULL REFERENCES flow_match,
  file       INTEGER NOT NULL,     -- the number of its bill in the match
  booked_at  INTEGER NOT NULL,
  direction  TEXT NOT NULL CHECK (direction IN ('in', 'out')),
  fen        INTEGER NOT NULL CHECK (fen >= 0),
  voucher    TEXT NOT NULL,
  wx_order   TEXT NOT NULL,
  movement   TEXT NOT NULL,
  business   TEXT NOT NULL,
  kind       TEXT NOT NULL,
  is_ours    INTEGER NOT NULL      -- 0: it is called a red packet, and was nobody's then
) STRICT;
CREATE INDEX flow_row_match ON flow_row (flow_match);

-- One request about a bill. Its row is durable before the first byte leaves.
CREATE TABLE attempt (
  attempt      INTEGER PRIMARY KEY,
  bill         INTEGER REFERENCES bill,  -- NULL: a query about a number of nothing
  action       TEXT NOT NULL CHECK (action IN ('send', 'query')),
  committed_at INTEGER NOT NULL,
  ended_at     INTEGER,
  answer       TEXT,
  err_code     TEXT,
  err_code_des TEXT,
  CHECK ((ended_at IS NULL) = (answer IS NULL)),
  CHECK (bill IS NOT NULL OR action = 'query')
) STRICT;
CREATE UNIQUE INDEX attempt_open ON attempt (bill) WHERE ended_at IS NULL;
CREATE INDEX attempt_bill ON attempt (bill);

-- What happened, append-only and chained: replaying state_to gives the states of all bills, mark is
-- what the bill, or its campaign where bill is NULL, was after it, and hash covers the row, the hash
-- before it, and what the attempt was and said. src/ledger/seal.rs says which bytes are hashed.
CREATE TABLE journal (
  seq        INTEGER PRIMARY KEY,
  at         INTEGER NOT NULL,
  epoch      INTEGER NOT NULL,
  campaign   INTEGER NOT NULL,
  bill       INTEGER,
  attempt    INTEGER,
  event      TEXT NOT NULL,
  state_from TEXT,
  state_to   TEXT,
  note       TEXT,
  mark       BLOB NOT NULL CHECK (length(mark) = 16),
  hash       BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX journal_bill ON journal (bill) WHERE bill IS NOT NULL;
CREATE INDEX journal_campaign ON journal (campaign, event) WHERE bill IS NULL;
CREATE TRIGGER journal_keeps_rows BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_keeps_words BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- First sends of each Beijing day (days since 1970), for the daily caps. They add up to
-- bill.first_sent_at; what was sent within a minute of midnight counts on both days.
CREATE TABLE day (
  day      INTEGER NOT NULL,
  campaign INTEGER NOT NULL REFERENCES campaign,
  packets  INTEGER NOT NULL CHECK (packets >= 0),
  fen      INTEGER NOT NULL CHECK (fen >= 0),
  PRIMARY KEY (day, campaign)
) STRICT, WITHOUT ROWID;

-- Counters by state, moved together with every bill; they always add up to what was loaded.
CREATE TABLE tally (
  campaign INTEGER NOT NULL REFERENCES campaign,
  state    TEXT NOT NULL,
  count    INTEGER NOT NULL CHECK (count >= 0),
  fen      INTEGER NOT NULL CHECK (fen >= 0),
  PRIMARY KEY (campaign, state)
) STRICT, WITHOUT ROWID;
