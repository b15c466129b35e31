-- Pages of venues, and links that let others read a plan or a conversation.

-- Agendas describe one venue under many keys: its page gathers those of one name in one commune.
CREATE INDEX venue_name ON venue (commune_code, puls_fold(name));

-- What a visitor lets others read. The link holds a secret that the server can make again for its owner; here is its hash,
-- so that a copy of the table opens nothing. A plan is its stops (uids and hours); of a conversation, the turns up to
-- `last_ordinal` and none later.
CREATE TABLE share (
    id               uuid PRIMARY KEY,
    visitor_id       uuid NOT NULL REFERENCES visitor (id) ON DELETE CASCADE,
    mark             bytea NOT NULL UNIQUE,
    kind             text NOT NULL CHECK (kind IN ('plan', 'conversation')),
    conversation_id  uuid,
    last_ordinal     bigint,
    stops            jsonb,
    language         text NOT NULL,
    title            text NOT NULL,
    created_at       timestamptz NOT NULL,
    FOREIGN KEY (conversation_id, visitor_id) REFERENCES conversation (id, visitor_id) ON DELETE CASCADE,
    CHECK ((kind = 'plan') = (stops IS NOT NULL)),
    CHECK ((kind = 'conversation') = (conversation_id IS NOT NULL AND last_ordinal IS NOT NULL))
);
CREATE INDEX share_of_visitor ON share (visitor_id, created_at DESC);
CREATE INDEX share_age ON share (created_at);

ALTER TABLE share ENABLE ROW LEVEL SECURITY;
ALTER TABLE share FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON share TO puls_visitor USING (visitor_id = puls_visitor_id())
    WITH CHECK (visitor_id = puls_visitor_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON share TO puls_visitor;
-- Whoever holds a link reads its one row, as whom no visitor is.
CREATE POLICY by_its_link ON share FOR SELECT TO CURRENT_USER
    USING (mark = decode(nullif(current_setting('puls.share', true), ''), 'hex'));
CREATE POLICY sweeping ON share TO puls_keeper USING (true) WITH CHECK (false);
GRANT DELETE, SELECT (id, visitor_id, created_at) ON share TO puls_keeper;
