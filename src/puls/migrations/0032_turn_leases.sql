-- Who answers a turn, and whether they are still there: a process that is killed says no goodbye, and what it had begun
-- must be answered by another within seconds. Moments are this server's own, whatever the clocks of the processes say.

-- A process that answers turns; it prolongs `alive_until` by some seconds every second or two.
CREATE TABLE turn_process (
    id           uuid PRIMARY KEY,
    alive_until  timestamptz NOT NULL
);
GRANT SELECT ON turn_process TO puls_visitor;

ALTER TABLE turn ADD COLUMN process_id uuid;

-- « Stop », asked of another process than the one that answers.
CREATE TABLE turn_stop (
    turn_id     uuid PRIMARY KEY,
    process_id  uuid NOT NULL REFERENCES turn_process (id) ON DELETE CASCADE
);
CREATE INDEX turn_stop_of_process ON turn_stop (process_id);

-- A model's thoughts may stand in answers kept until now.
DELETE FROM shared_answer;
