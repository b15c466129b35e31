-- What a full run has met is held by the run itself: a table of it was unlogged, so that a crash of PostgreSQL emptied it
-- and the run then removed what it had met. `origin`: where the source was read (a path, an address); `held`: how many
-- events it had in the catalogue at the end. Both tell a changed or a shrunken source from an edited one.
DROP TABLE ingest_seen;
ALTER TABLE ingest_run ADD COLUMN origin text, ADD COLUMN held bigint;
