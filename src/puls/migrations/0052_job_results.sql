-- What jobs find out and somebody reads later.

-- Fixed questions asked on a schedule: the kind of answer that is expected and the one that came.
CREATE TABLE canary_answer (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    question    text NOT NULL,
    asked_at    timestamptz NOT NULL,
    expected    text NOT NULL,
    got         text NOT NULL,
    is_expected boolean NOT NULL,
    events      integer NOT NULL,
    ms          integer NOT NULL,
    UNIQUE (question, asked_at)
);
CREATE INDEX canary_answer_at ON canary_answer (asked_at);

-- One row a day (in PULS_TIMEZONE): figures without a visitor in them. Made again, it says the same or more.
CREATE TABLE daily_report (
    day     date PRIMARY KEY,
    made_at timestamptz NOT NULL,
    figures jsonb NOT NULL
);

-- What is new about an event since its follower looked, noticed once: the same news never makes a second row.
-- `delivering_at` without `delivered_at`: whoever was to deliver it was stopped meanwhile; it is not sent again.
CREATE TABLE followed_news (
    visitor_id    uuid NOT NULL,
    uid           text NOT NULL,
    fingerprint   text NOT NULL,
    codes         text[] NOT NULL,
    noticed_at    timestamptz NOT NULL,
    delivering_at timestamptz,
    delivered_at  timestamptz,
    PRIMARY KEY (visitor_id, uid, fingerprint),
    FOREIGN KEY (visitor_id, uid) REFERENCES followed_event (visitor_id, uid) ON DELETE CASCADE
);
ALTER TABLE followed_news ENABLE ROW LEVEL SECURITY;
ALTER TABLE followed_news FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON followed_news TO puls_visitor USING (visitor_id = puls_visitor_id())
    WITH CHECK (visitor_id = puls_visitor_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON followed_news TO puls_visitor;
