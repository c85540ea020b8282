-- How many rows there are of what, and the sum of their digests: a row that was changed, lost, swapped or
-- brought back by anything but a transaction of ours is noticed by the next read of it.

CREATE TABLE checks (
  noun INTEGER NOT NULL,
  query INTEGER NOT NULL,
  records INTEGER NOT NULL,
  sum INTEGER NOT NULL,
  PRIMARY KEY (noun, query)
) STRICT, WITHOUT ROWID;
