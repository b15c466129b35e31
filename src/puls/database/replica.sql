-- position --
-- How far a server is: what a primary has written, what a replica has replayed; in bytes since the beginning of the log.
SELECT
    (SELECT system_identifier FROM pg_control_system()) AS system,
    pg_is_in_recovery() AS is_replica,
    pg_wal_lsn_diff(
        CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END,
        '0/0'
    ) AS position
