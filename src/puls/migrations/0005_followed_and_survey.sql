-- Events that a visitor follows, what they answer to the one question of the survey, and why a thumb is up or down.

-- `status` and `next_starts_at`: what the visitor last saw of the event, at `seen_at`; news is what differs from it.
CREATE TABLE followed_event (
    visitor_id      uuid NOT NULL REFERENCES visitor (id) ON DELETE CASCADE,
    uid             text NOT NULL,
    followed_at     timestamptz NOT NULL,
    seen_at         timestamptz NOT NULL,
    status          smallint NOT NULL,
    next_starts_at  timestamptz,
    PRIMARY KEY (visitor_id, uid)
);
CREATE INDEX followed_event_uid ON followed_event (uid);

-- « Avez-vous trouvé une sortie ? », once per turn; the last answer counts.
CREATE TABLE survey_answer (
    turn_id     uuid PRIMARY KEY,
    visitor_id  uuid NOT NULL,
    score       smallint NOT NULL CHECK (score BETWEEN 1 AND 5),
    comment     text,
    created_at  timestamptz NOT NULL,
    FOREIGN KEY (turn_id, visitor_id) REFERENCES turn (id, visitor_id) ON DELETE CASCADE
);

-- Beside the free words of `reason`.
ALTER TABLE feedback ADD COLUMN reason_code text
    CHECK (reason_code IN ('wrong_date', 'wrong_place', 'too_expensive', 'not_my_taste', 'not_real', 'other'));

DO $$
DECLARE
    held text;
BEGIN
    FOREACH held IN ARRAY ARRAY['followed_event', 'survey_answer'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', held);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', held);
        EXECUTE format('CREATE POLICY own_rows ON %I TO puls_visitor USING (visitor_id = puls_visitor_id())'
                       ' WITH CHECK (visitor_id = puls_visitor_id())', held);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO puls_visitor', held);
    END LOOP;
END $$;

-- The keeper deletes what is followed when its event is long over, and so must know when that was.
CREATE POLICY sweeping ON followed_event TO puls_keeper USING (true) WITH CHECK (false);
GRANT DELETE, SELECT (visitor_id, uid) ON followed_event TO puls_keeper;
GRANT SELECT (id, uid) ON event TO puls_keeper;
GRANT SELECT (event_id, ends_at) ON occurrence TO puls_keeper;
