-- Counts the first sends of each Beijing day, of each openid and of the merchant: as sends count
-- them from then on.
INSERT INTO day
SELECT (first_sent_at + 28800000) / 86400000 AS day, openid, count(*), sum(amount_fen)
FROM bill WHERE first_sent_at IS NOT NULL GROUP BY day, openid;
INSERT INTO day SELECT day, '', sum(packets), sum(fen) FROM day GROUP BY day;
