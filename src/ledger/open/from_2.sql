-- From version 2 of the ledger, whose journal was no chain: the new tables are already there, the
-- old ones are named old_…. Rows keep their numbers. The journal follows in reseal.rs, and with it
-- every seal.

INSERT INTO ledger (id, mode, epoch, highest_time, entries, head, seal)
SELECT id, mode, epoch, highest_time, 0, zeroblob(32), zeroblob(16) FROM old_ledger;

INSERT INTO campaign SELECT * FROM old_campaign;

INSERT INTO file
SELECT file, campaign, sha256, people, rows, fen, loaded_at, extra, stamp, first_bill, last_bill,
  untried_from, zeroblob(32)
FROM old_file;

INSERT INTO bill
SELECT bill, campaign, file, line, row_key, openid, amount_fen, act_name, send_name, wishing, remark,
  scene_id, extra, generation, mch_billno, 0, state, confirming, confirming_since, doubt_since,
  is_window_closed, sends, doubtful_sends, idle_queries, not_found, has_package, next_action, due,
  first_sent_at, settled_at, err_code, err_code_des
FROM old_bill ORDER BY bill;

INSERT INTO receipt SELECT * FROM old_receipt
WHERE send_listid IS NOT NULL OR package IS NOT NULL;
INSERT INTO attempt SELECT * FROM old_attempt;
INSERT INTO tally SELECT * FROM old_tally;
