-- From version 3 of the ledger, which did not count the first sends of a day: nothing else is
-- touched, so that journal and seals stay what they are.
CREATE TABLE day (
  day      INTEGER NOT NULL,
  campaign INTEGER NOT NULL REFERENCES campaign,
  packets  INTEGER NOT NULL CHECK (packets >= 0),
  fen      INTEGER NOT NULL CHECK (fen >= 0),
  PRIMARY KEY (day, campaign)
) STRICT, WITHOUT ROWID;
