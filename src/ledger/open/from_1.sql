-- From version 1 of the ledger, whose packets and bills were two tables: the new tables are already
-- there, the old ones are named old_…. Rows keep their numbers. The journal follows in reseal.rs, and
-- with it every seal.

INSERT INTO ledger (id, mode, epoch, highest_time, entries, head, seal)
SELECT id, mode, epoch, highest_time, 0, zeroblob(32), zeroblob(16) FROM old_ledger;
INSERT INTO campaign SELECT * FROM old_campaign;

-- Each file's rows stand together: one process wrote them in one transaction.
INSERT INTO file
SELECT file, campaign, sha256, people, rows, fen, loaded_at, extra, NULL,
  coalesce((SELECT min(bill) FROM old_bill JOIN old_packet USING (packet)
    WHERE old_packet.file = old_file.file), 1),
  coalesce((SELECT max(bill) FROM old_bill JOIN old_packet USING (packet)
    WHERE old_packet.file = old_file.file), 0),
  coalesce(
    (SELECT min(bill) FROM old_bill JOIN old_packet USING (packet)
      WHERE old_packet.file = old_file.file AND state = 'ready' AND due = 0),
    (SELECT max(bill) + 1 FROM old_bill JOIN old_packet USING (packet)
      WHERE old_packet.file = old_file.file),
    1),
  zeroblob(32)
FROM old_file;

INSERT INTO bill
SELECT b.bill, b.campaign, p.file, p.line, p.row_key, p.openid, p.amount_fen, p.act_name,
  p.send_name, p.wishing, p.remark, p.scene_id, p.extra, b.generation, b.mch_billno, 0, b.state,
  b.confirming, b.confirming_since, b.doubt_since, b.is_window_closed, b.sends, b.doubtful_sends,
  b.idle_queries, b.not_found, b.package IS NOT NULL, b.next_action, b.due, b.first_sent_at,
  b.settled_at, b.err_code, b.err_code_des
FROM old_bill AS b JOIN old_packet AS p USING (packet)
ORDER BY b.bill;

INSERT INTO receipt
SELECT bill, send_listid, package FROM old_bill
WHERE send_listid IS NOT NULL OR package IS NOT NULL
ORDER BY bill;

INSERT INTO attempt SELECT * FROM old_attempt;
INSERT INTO tally SELECT * FROM old_tally;
