-- stay_alive --
-- Prolong the lease of a process, and take what others ask it to stop.
WITH alive AS (
    INSERT INTO turn_process (id, alive_until)
    VALUES (%(process_id)s, clock_timestamp() + %(lasts)s::interval)
    ON CONFLICT (id) DO UPDATE SET alive_until = excluded.alive_until
)
DELETE FROM turn_stop WHERE process_id = %(process_id)s RETURNING turn_id;

-- whose_turn --
-- Which process answers a turn, and whether it is there; row-level security shows visitors their own.
SELECT turn.process_id, coalesce(turn_process.alive_until > clock_timestamp(), false) AS is_alive
FROM turn LEFT JOIN turn_process ON turn_process.id = turn.process_id
WHERE turn.id = %(turn_id)s AND turn.state = 'begun';

-- ask_to_stop --
INSERT INTO turn_stop (turn_id, process_id) VALUES (%(turn_id)s, %(process_id)s) ON CONFLICT (turn_id) DO NOTHING;

-- end --
DELETE FROM turn_process WHERE id = %(process_id)s;

-- forget_gone --
-- Processes that said no goodbye; a day is far beyond any lease.
DELETE FROM turn_process WHERE alive_until < clock_timestamp() - interval '1 day';
