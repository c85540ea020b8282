-- The ledger: what the syncs of a query did, the last ones of each.

CREATE TABLE syncs (
  number INTEGER PRIMARY KEY,
  query INTEGER NOT NULL REFERENCES queries (row) ON DELETE CASCADE,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX syncs_of_query ON syncs (query, number);
