-- Nothing: what SQLite counts and digests for itself, because anything may befall its file, the server of this
-- database answers for.
SELECT 1;
