-- facts --
SELECT current_setting('server_version') AS version,
    (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS pgvector,
    (SELECT max(name) FROM schema_migration) AS schema,
    pg_database_size(current_database()) AS size;

-- largest --
-- Tables with their indexes, the largest first.
SELECT relname AS name, pg_total_relation_size(oid) AS size FROM pg_class
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
ORDER BY size DESC, name LIMIT %(limit)s;
