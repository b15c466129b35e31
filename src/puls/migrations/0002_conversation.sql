-- What visitors say and what Puls keeps of it, who programs are, and how often anybody may ask.
--
-- Every table that holds a visitor's data has `visitor_id`, cascades from `visitor`, and is closed to everybody but two
-- roles, the owner included: `puls_visitor` sees the rows of the visitor named by the setting `puls.visitor_id`;
-- `puls_keeper` sees dates and deletes what is old. See docs/decisions/row-level-security.md.

DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['puls_visitor', 'puls_keeper'] LOOP
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

-- The visitor on whose behalf this transaction runs; NULL, and so nobody's rows, outside of one.
CREATE FUNCTION puls_visitor_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('puls.visitor_id', true), '')::uuid
$$;

-- Visitors ----------------------------------------------------------------------------------------------------------

-- `kind`: anonymous (a signed cookie or token) or program (an API key; the id is derived from the key's).
CREATE TABLE visitor (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('anonymous', 'program')),
    created_at  timestamptz NOT NULL,
    seen_at     timestamptz NOT NULL
);

-- What the visitor agreed to, in the words shown, and when; kept with `withdrawn_at` as the proof of both.
CREATE TABLE consent (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    visitor_id    uuid NOT NULL REFERENCES visitor (id) ON DELETE CASCADE,
    purpose       text NOT NULL CHECK (purpose IN ('preferences', 'accessibility')),
    wording       text NOT NULL,
    given_at      timestamptz NOT NULL,
    withdrawn_at  timestamptz,
    UNIQUE (id, visitor_id)
);
CREATE UNIQUE INDEX consent_in_force ON consent (visitor_id, purpose) WHERE withdrawn_at IS NULL;

-- Conversations -----------------------------------------------------------------------------------------------------

-- Keys of what belongs together hold the visitor too: a reference is checked without row-level security.
CREATE TABLE conversation (
    id            uuid PRIMARY KEY,
    visitor_id    uuid NOT NULL REFERENCES visitor (id) ON DELETE CASCADE,
    title         text NOT NULL,
    created_at    timestamptz NOT NULL,
    last_turn_at  timestamptz NOT NULL,
    UNIQUE (id, visitor_id)
);
CREATE INDEX conversation_of_visitor ON conversation (visitor_id, last_turn_at DESC);
CREATE INDEX conversation_age ON conversation (last_turn_at);

-- `wish` is what the next follow-up changes (conversation/stored_wish.py); `milliseconds`, `checking` and `usage` as in
-- conversation/turn.py. A turn is `begun` until it is `finished` or `failed`.
CREATE TABLE turn (
    id               uuid PRIMARY KEY,
    ordinal          bigint GENERATED ALWAYS AS IDENTITY,
    visitor_id       uuid NOT NULL,
    conversation_id  uuid NOT NULL,
    request_id       uuid NOT NULL,
    state            text NOT NULL DEFAULT 'begun' CHECK (state IN ('begun', 'finished', 'failed')),
    text             text NOT NULL,
    kind             text,
    language         text,
    wish             jsonb,
    answer           text,
    writer           text,
    failure          text,
    milliseconds     jsonb,
    checking         jsonb,
    usage            jsonb,
    created_at       timestamptz NOT NULL,
    begun_at         timestamptz NOT NULL,
    finished_at      timestamptz,
    UNIQUE (id, visitor_id),
    UNIQUE (visitor_id, request_id),
    FOREIGN KEY (conversation_id, visitor_id) REFERENCES conversation (id, visitor_id) ON DELETE CASCADE
);
CREATE INDEX turn_of_conversation ON turn (conversation_id, ordinal DESC);
CREATE INDEX turn_age ON turn (created_at);

-- The events that a turn showed, in their order: what « la 2e » means.
CREATE TABLE turn_event (
    turn_id     uuid NOT NULL,
    visitor_id  uuid NOT NULL,
    place       smallint NOT NULL CHECK (place > 0),
    uid         text NOT NULL,
    PRIMARY KEY (turn_id, place),
    FOREIGN KEY (turn_id, visitor_id) REFERENCES turn (id, visitor_id) ON DELETE CASCADE
);

-- A thumb on an answer, or on one event of it (`uid`, with its category then). The last one counts.
CREATE TABLE feedback (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    visitor_id  uuid NOT NULL,
    turn_id     uuid NOT NULL,
    uid         text,
    category    text,
    thumb       text NOT NULL CHECK (thumb IN ('up', 'down')),
    reason      text,
    created_at  timestamptz NOT NULL,
    UNIQUE NULLS NOT DISTINCT (turn_id, uid),
    FOREIGN KEY (turn_id, visitor_id) REFERENCES turn (id, visitor_id) ON DELETE CASCADE
);
CREATE INDEX feedback_of_visitor ON feedback (visitor_id, created_at);

-- Preferences -------------------------------------------------------------------------------------------------------

-- One row per thing preferred: `about` is the theme of a like or a dislike, else empty. A row stands on a consent in
-- force and goes with it.
CREATE TABLE preference (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    visitor_id   uuid NOT NULL REFERENCES visitor (id) ON DELETE CASCADE,
    kind         text NOT NULL,
    about        text NOT NULL,
    value        jsonb NOT NULL,
    origin       text NOT NULL CHECK (origin IN ('stated', 'learnt')),
    source_turn  uuid,
    consent_id   bigint NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    UNIQUE (visitor_id, kind, about),
    FOREIGN KEY (consent_id, visitor_id) REFERENCES consent (id, visitor_id) ON DELETE CASCADE,
    FOREIGN KEY (source_turn, visitor_id) REFERENCES turn (id, visitor_id) ON DELETE SET NULL (source_turn)
);
CREATE INDEX preference_expiry ON preference (expires_at);

-- Who may see what --------------------------------------------------------------------------------------------------

DO $$
DECLARE
    held text;
    owner_column text;
BEGIN
    FOREACH held IN ARRAY ARRAY['visitor', 'consent', 'conversation', 'turn', 'turn_event', 'feedback', 'preference'] LOOP
        owner_column := CASE held WHEN 'visitor' THEN 'id' ELSE 'visitor_id' END;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', held);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', held);
        EXECUTE format('CREATE POLICY own_rows ON %I TO puls_visitor USING (%I = puls_visitor_id())'
                       ' WITH CHECK (%I = puls_visitor_id())', held, owner_column, owner_column);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO puls_visitor', held);
    END LOOP;
    FOREACH held IN ARRAY ARRAY['visitor', 'conversation', 'turn', 'preference'] LOOP
        EXECUTE format('CREATE POLICY sweeping ON %I TO puls_keeper USING (true) WITH CHECK (false)', held);
        EXECUTE format('GRANT DELETE ON %I TO puls_keeper', held);
    END LOOP;
END $$;
GRANT SELECT (id, seen_at) ON visitor TO puls_keeper;
GRANT SELECT (id, visitor_id, last_turn_at) ON conversation TO puls_keeper;
GRANT SELECT (id, visitor_id, conversation_id, created_at) ON turn TO puls_keeper;
GRANT SELECT (id, visitor_id, expires_at) ON preference TO puls_keeper;

-- Programs and rates ------------------------------------------------------------------------------------------------

-- Keys of programs. Only a hash is kept; `prefix` is what a list shows. Not a visitor's data: an operator's.
CREATE TABLE api_key (
    id            uuid PRIMARY KEY,
    name          text NOT NULL,
    prefix        text NOT NULL UNIQUE,
    hash          bytea NOT NULL UNIQUE,
    scopes        text[] NOT NULL CHECK (scopes <@ ARRAY['search', 'chat', 'operator'] AND scopes <> '{}'),
    created_at    timestamptz NOT NULL,
    last_used_at  timestamptz,
    revoked_at    timestamptz
);

-- How far ahead of its allowance a bucket is: `paid_until` moves on with each request and may run ahead of now by the
-- burst only. `key` is a hash with the day's salt, so that yesterday's rows name nobody.
CREATE UNLOGGED TABLE rate_limit (
    key         bytea PRIMARY KEY,
    paid_until  timestamptz NOT NULL
);
CREATE INDEX rate_limit_age ON rate_limit (paid_until);
