-- Counts the first sends of each Beijing day and campaign, as sends count them from then on: within
-- a minute of midnight on both days. A refusal gives its day back.
INSERT INTO day (day, campaign, packets, fen)
SELECT day, campaign, count(*), sum(amount_fen) FROM (
  SELECT (first_sent_at + 28740000) / 86400000 AS day, campaign, amount_fen FROM bill
  WHERE first_sent_at IS NOT NULL AND state <> 'refused'
  UNION ALL
  SELECT (first_sent_at + 28860000) / 86400000, campaign, amount_fen FROM bill
  WHERE state <> 'refused'
    AND (first_sent_at + 28860000) / 86400000 > (first_sent_at + 28740000) / 86400000)
GROUP BY day, campaign;
