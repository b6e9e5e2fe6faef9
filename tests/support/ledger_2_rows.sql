INSERT INTO ledger VALUES (1, 'live', 7, 1);
INSERT INTO campaign (campaign, id, mch_id, wxappid, act_name, send_name, wishing, remark,
  has_row_key, created_at, loaded_rows, loaded_fen, numbers_checked_at)
VALUES (1, 'c', '10000098', 'wx8888888888888888', 'a', 's', 'w', 'r', 0, 1, 3, 600, 1);
INSERT INTO file VALUES (1, 1, randomblob(32), randomblob(32), 3, 600, 1, '["shop"]', NULL,
  1, 3, 3);
INSERT INTO bill (bill, campaign, file, line, row_key, openid, amount_fen, extra, mch_billno)
SELECT value, 1, 1, value + 1, 'k' || value, 'oABCDEFGHIJKLMNOPQRSTUV0000' || value,
  value * 100, '["x"]', '100000980000000000000000000' || value FROM
  (SELECT 1 AS value UNION SELECT 2 UNION SELECT 3);
UPDATE bill SET state = 'sent', next_action = NULL, due = NULL, sends = 1, first_sent_at = 5,
  has_package = 1 WHERE bill = 1;
UPDATE bill SET state = 'in_flight', next_action = NULL, due = NULL, sends = 1,
  first_sent_at = 5 WHERE bill = 2;
INSERT INTO receipt VALUES (1, 'l', 'p');
INSERT INTO attempt (bill, action, committed_at, ended_at, answer)
VALUES (NULL, 'query', 4, 5, 'not_found'), (1, 'send', 5, 6, 'accepted'),
  (2, 'send', 1795435190000, NULL, NULL), (1, 'query', 7, 8, 'unclear');
INSERT INTO journal (at, epoch, campaign, bill, attempt, event, state_from, state_to, note)
VALUES (4, 7, 1, NULL, NULL, 'loaded', NULL, NULL, 'rows=3'),
  (5, 7, 1, 1, 2, 'dispatched', 'ready', 'in_flight', NULL),
  (5, 7, 1, 2, 3, 'dispatched', 'ready', 'in_flight', NULL),
  (6, 7, 1, 1, 2, 'accepted', 'in_flight', 'sent', NULL);
INSERT INTO tally VALUES (1, 'ready', 1, 300), (1, 'sent', 1, 100), (1, 'in_doubt', 0, 0),
  (1, 'in_flight', 1, 200), (1, 'processing', 0, 0), (1, 'received', 0, 0),
  (1, 'refunding', 0, 0), (1, 'refunded', 0, 0), (1, 'refused', 0, 0), (1, 'review', 0, 0);
PRAGMA user_version = 2;
