-- Makes a freshly loaded ledger one whose campaign is almost over: every bill but the last :due
-- was sent and accepted, one after the other, from :age ago on for :span. Nobody else may have the
-- file open. The bench sets these and :due and :now, times in milliseconds.
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -262144;
BEGIN;
CREATE TEMP TABLE age AS SELECT max(bill) - :due AS last FROM bill;

UPDATE bill SET
  state = 'sent', next_action = NULL, due = NULL, sends = 1, has_package = 1,
  first_sent_at = :now - :age + bill * :span / (SELECT last FROM age)
WHERE bill <= (SELECT last FROM age);

INSERT INTO receipt (bill, send_listid, package)
SELECT bill, printf('1000041701202611230%012d', bill),
  printf('sendid=%064x&ver=8&sign=%0128x&mchid=10000098&appid=wx8888888888888888', bill, bill)
FROM bill WHERE state = 'sent';

INSERT INTO attempt (attempt, bill, action, committed_at, ended_at, answer, err_code, err_code_des)
SELECT bill, bill, 'send', first_sent_at, first_sent_at + 80, 'accepted', 'SUCCESS', '发放成功'
FROM bill WHERE state = 'sent';

-- No chain: only an audit would look at it, and the bench makes none. The numbers stand before those
-- that the program goes on from.
INSERT INTO journal (seq, at, epoch, campaign, bill, attempt, event, state_from, state_to, mark,
  hash)
SELECT -2 * bill - (column1 > 0), first_sent_at + column1, 1, campaign, bill, bill, column2, column3,
  column4, zeroblob(16), zeroblob(32)
FROM bill CROSS JOIN (VALUES
  (0, 'dispatched', 'ready', 'in_flight'),
  (80, 'accepted', 'in_flight', 'sent'))
WHERE state = 'sent';

UPDATE tally SET count = 0, fen = 0;
INSERT OR REPLACE INTO tally (campaign, state, count, fen)
SELECT campaign, state, count(*), sum(amount_fen) FROM bill GROUP BY campaign, state;

INSERT OR REPLACE INTO day (day, campaign, packets, fen)
SELECT (first_sent_at + 28800000) / 86400000 AS sent_on, campaign, count(*), sum(amount_fen)
FROM bill WHERE state = 'sent' GROUP BY sent_on, campaign;

UPDATE file SET untried_from = (SELECT last + 1 FROM age);
COMMIT;
PRAGMA journal_mode = WAL;
