-- What `/ops` shows: figures about all visitors, and nothing about a single one.
--
-- Two roles beside `puls_visitor` and `puls_keeper` (docs/decisions/row-level-security.md). `puls_figures` counts over
-- everybody's rows and may read no word of anybody. `puls_reviewer` reads what was said, of turns alone whose answer got
-- a thumb down: row-level security is what limits it to them.

DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['puls_figures', 'puls_reviewer'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            END IF;
            IF NOT pg_has_role(current_user, wanted, 'SET') THEN
                EXECUTE format('GRANT %I TO CURRENT_USER WITH SET TRUE, INHERIT FALSE', wanted);
            END IF;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;  -- another database of this server was faster
            WHEN insufficient_privilege THEN
                RAISE insufficient_privilege USING MESSAGE = format(
                    'The role %I may neither create nor use the role %I. Let an administrator run: '
                    'CREATE ROLE %I NOLOGIN (unless it exists); GRANT %I TO %I WITH SET TRUE, INHERIT FALSE;',
                    current_user, wanted, wanted, wanted, current_user);
        END;
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = wanted AND (rolsuper OR rolbypassrls)) THEN
            RAISE insufficient_privilege USING MESSAGE = format(
                'The role %I would see every visitor''s data. Let an administrator run: ALTER ROLE %I NOSUPERUSER NOBYPASSRLS;',
                wanted, wanted);
        END IF;
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), wanted);
    END LOOP;
END $$;

-- What a turn found --------------------------------------------------------------------------------------------------

-- `seen`: what was found for the wish, with scores and what the web said of it (conversation/seen.py): ids, numbers and
-- codes, no words. `found`: 'on_theme', 'off_theme' (only what is near was shown) or 'nothing'; NULL when no event was
-- asked for. `place`, `theme` and `topic`: what was asked for, as /ops counts it. A place is a code (c commune,
-- p postcode, d département, r région, n a circle around a point rounded to 0.1° ≈ 10 km), 'visitor' (« près de moi »),
-- or '' for anywhere: never an address.
ALTER TABLE turn ADD COLUMN seen jsonb;
ALTER TABLE turn
    ADD COLUMN found text GENERATED ALWAYS AS (seen ->> 'found') STORED,
    ADD COLUMN place text GENERATED ALWAYS AS (CASE WHEN wish IS NOT NULL THEN coalesce(
        'p' || (wish #>> '{wish,where,postcodes,0}'), 'c' || (wish #>> '{wish,where,commune_codes,0}'),
        'd' || (wish #>> '{wish,where,department_codes,0}'), 'r' || (wish #>> '{wish,where,region_codes,0}'),
        CASE WHEN wish #> '{wish,where,around_visitor_km}' IS NOT NULL THEN 'visitor' END,
        'n' || round((wish #>> '{wish,where,near,center,lat}')::numeric, 1)::text || ','
            || round((wish #>> '{wish,where,near,center,lon}')::numeric, 1)::text,
        '') END) STORED,
    ADD COLUMN theme text GENERATED ALWAYS AS (
        CASE WHEN wish IS NOT NULL THEN coalesce(wish #>> '{wish,categories,0}', '') END) STORED,
    ADD COLUMN topic text GENERATED ALWAYS AS (
        CASE WHEN wish IS NOT NULL THEN left(lower(coalesce(wish #>> '{wish,topic}', '')), 80) END) STORED;

DROP INDEX turn_age;
CREATE INDEX turn_age ON turn (created_at) INCLUDE (visitor_id);
CREATE INDEX turn_ended ON turn (finished_at);
CREATE INDEX turn_unmet ON turn (created_at) INCLUDE (visitor_id, place, theme, topic)
    WHERE found IN ('off_theme', 'nothing');
CREATE INDEX feedback_age ON feedback (created_at);
CREATE INDEX feedback_bad ON feedback (created_at) INCLUDE (turn_id) WHERE thumb = 'down' AND uid IS NULL;
CREATE INDEX survey_answer_age ON survey_answer (created_at);
-- `has_returned`: seen a day or more after they were first met.
ALTER TABLE visitor ADD COLUMN has_returned boolean
    GENERATED ALWAYS AS (seen_at - created_at >= interval '24 hours') STORED;
CREATE INDEX visitor_seen ON visitor (seen_at) INCLUDE (created_at, kind, has_returned);

-- Who may see what ---------------------------------------------------------------------------------------------------

CREATE POLICY counting ON visitor FOR SELECT TO puls_figures USING (true);
CREATE POLICY counting ON turn FOR SELECT TO puls_figures USING (true);
CREATE POLICY counting ON feedback FOR SELECT TO puls_figures USING (true);
CREATE POLICY counting ON survey_answer FOR SELECT TO puls_figures USING (true);
GRANT SELECT (id, kind, created_at, seen_at, has_returned) ON visitor TO puls_figures;
GRANT SELECT (id, visitor_id, state, kind, language, writer, failure, milliseconds, checking, usage, created_at, begun_at,
              finished_at, seen, found, place, theme, topic) ON turn TO puls_figures;
GRANT SELECT (turn_id, uid, category, thumb, reason_code, created_at) ON feedback TO puls_figures;
GRANT SELECT (turn_id, score, created_at) ON survey_answer TO puls_figures;
GRANT SELECT ON model_call, web_search_call TO puls_figures;

CREATE POLICY badly_rated ON feedback FOR SELECT TO puls_reviewer USING (thumb = 'down' AND uid IS NULL);
CREATE POLICY badly_rated ON turn FOR SELECT TO puls_reviewer USING (EXISTS (
    SELECT FROM feedback WHERE turn_id = turn.id AND thumb = 'down' AND uid IS NULL));
CREATE POLICY badly_rated ON turn_event FOR SELECT TO puls_reviewer USING (EXISTS (
    SELECT FROM feedback WHERE feedback.turn_id = turn_event.turn_id AND thumb = 'down' AND uid IS NULL));
CREATE POLICY badly_rated ON survey_answer FOR SELECT TO puls_reviewer USING (EXISTS (
    SELECT FROM feedback WHERE feedback.turn_id = survey_answer.turn_id AND thumb = 'down' AND uid IS NULL));
GRANT SELECT (id, ordinal, state, text, kind, language, wish, answer, writer, failure, milliseconds, checking, usage, kept,
              seen, found, created_at) ON turn TO puls_reviewer;
GRANT SELECT (turn_id, uid, thumb, reason, reason_code, created_at) ON feedback TO puls_reviewer;
GRANT SELECT (turn_id, place, uid) ON turn_event TO puls_reviewer;
GRANT SELECT (turn_id, score, created_at) ON survey_answer TO puls_reviewer;
GRANT SELECT (uid, title) ON event TO puls_reviewer;

-- Figures by hour and by day -----------------------------------------------------------------------------------------

-- Milliseconds rounded up to two digits: what a page shows, and a few hundred values instead of millions.
CREATE FUNCTION puls_two_digits(milliseconds integer) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE
        WHEN milliseconds < 100 THEN milliseconds
        WHEN milliseconds < 1000 THEN (milliseconds + 9) / 10 * 10
        WHEN milliseconds < 10000 THEN (milliseconds + 99) / 100 * 100
        WHEN milliseconds < 100000 THEN (milliseconds + 999) / 1000 * 1000
        WHEN milliseconds < 1000000 THEN (milliseconds + 9999) / 10000 * 10000
        ELSE (least(milliseconds, 2147000000) + 99999) / 100000 * 100000 END
$$;

-- How often something was counted in an hour (UTC) or in a local day, and what it adds up to: see operating/measures.sql.
-- Nothing of anybody: counts by code. They are computed anew whenever something in their hour changes, and stay when the
-- turns behind them are deleted.
CREATE TABLE usage_figure (
    grain    text NOT NULL CHECK (grain IN ('hour', 'day')),
    start    timestamptz NOT NULL,
    measure  text NOT NULL,
    label    text NOT NULL,
    n        bigint NOT NULL,
    total    double precision NOT NULL,
    PRIMARY KEY (grain, start, measure, label) INCLUDE (n, total)
);

-- Until when changes are in the figures, and in which time zone their days are.
CREATE TABLE usage_counted (
    is_only   boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    until     timestamptz NOT NULL,
    timezone  text NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON usage_figure, usage_counted TO puls_figures;
