-- What replicas share so as to be polite together on the web: pages read lately, robots.txt, hosts left alone, each
-- host's pace. No row names a visitor or holds a word of one: a page is kept by a hash of the address that was asked.
-- Unlogged: after a crash all of it is empty, and a few pages are read once more.

-- Other people's texts: a day at most, and so many bytes in all (web_search/keeping/pages.py).
CREATE UNLOGGED TABLE web_page (
    key           bytea PRIMARY KEY,
    url           text NOT NULL,  -- after redirects
    content_type  text NOT NULL,
    body          text NOT NULL,
    size          integer NOT NULL,  -- bytes of `body`
    fetched_at    timestamptz NOT NULL
);
CREATE INDEX web_page_age ON web_page (fetched_at);

-- `failure`: it could not be read, and the site counts as closed until then.
CREATE UNLOGGED TABLE web_robots (
    origin   text PRIMARY KEY,  -- scheme, host and port
    body     text NOT NULL,
    failure  text,
    until    timestamptz NOT NULL
);
CREATE INDEX web_robots_age ON web_robots (until);

-- Hosts that answered with a challenge or « too many »: asked nothing until then. Logged, unlike the rest: a crash is no
-- reason to knock again.
CREATE TABLE web_host_left_alone (
    host     text PRIMARY KEY,
    until    timestamptz NOT NULL,
    failure  text NOT NULL,
    why      text NOT NULL
);

-- A bucket of requests as one moment (GCRA), by this server's clock: what is paid for runs ahead of now by the burst at most.
CREATE UNLOGGED TABLE web_pace (
    host     text PRIMARY KEY,
    free_at  timestamptz NOT NULL
);
