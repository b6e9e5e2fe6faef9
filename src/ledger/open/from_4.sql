-- From version 4 of the ledger. What a request says is in its mark from here on, which a row of the
-- journal that follows in migrate.rs tells; rows before it stay what they are.

-- A reply that brought nothing left a row of nothing, which nobody could tell from one that was
-- added.
DELETE FROM receipt WHERE send_listid IS NULL AND package IS NULL;

-- A refusal gives its day back from here on: fill_day.sql counts the days anew.
DELETE FROM day;
