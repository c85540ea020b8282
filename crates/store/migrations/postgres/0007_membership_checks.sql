-- Nothing: the number keeps in step with that of SQLite, where rows are counted.
SELECT 1;
