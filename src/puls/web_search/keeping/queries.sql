-- page --
SELECT url, content_type, body, fetched_at FROM web_page WHERE key = %(key)s AND fetched_at >= %(read_since)s;

-- keep_page --
-- An older reading never replaces a newer one: two replicas may end in either order.
INSERT INTO web_page (key, url, content_type, body, size, fetched_at)
VALUES (%(key)s, %(url)s, %(content_type)s, %(body)s, octet_length(%(body)s), %(fetched_at)s)
ON CONFLICT (key) DO UPDATE SET
    url = excluded.url, content_type = excluded.content_type, body = excluded.body, size = excluded.size,
    fetched_at = excluded.fetched_at
    WHERE web_page.fetched_at <= excluded.fetched_at;

-- robots --
SELECT body, failure, until FROM web_robots WHERE origin = %(origin)s AND until > %(now)s;

-- keep_robots --
INSERT INTO web_robots (origin, body, failure, until) VALUES (%(origin)s, %(body)s, %(failure)s, %(until)s)
ON CONFLICT (origin) DO UPDATE SET body = excluded.body, failure = excluded.failure, until = excluded.until;

-- left_alone --
SELECT until, failure, why FROM web_host_left_alone WHERE host = %(host)s AND until > %(now)s;

-- leave_alone --
-- Never shortened: a « try in a minute » does not end a day's rest.
INSERT INTO web_host_left_alone (host, until, failure, why) VALUES (%(host)s, %(until)s, %(failure)s, %(why)s)
ON CONFLICT (host) DO UPDATE SET until = excluded.until, failure = excluded.failure, why = excluded.why
    WHERE web_host_left_alone.until < excluded.until;

-- take --
-- One request out of a host's bucket, now or reserved within `within`; one that would have to wait longer writes nothing,
-- and then `wait` is of the row as it was. Moments are this server's, so that the clocks of replicas do not matter. A row
-- further ahead than anybody can reserve was written by a clock that went wrong: it is taken for a full bucket.
WITH taken AS (
    INSERT INTO web_pace AS bucket (host, free_at)
    VALUES (%(host)s, statement_timestamp() + %(each)s::interval)
    ON CONFLICT (host) DO UPDATE SET free_at = %(each)s::interval + CASE
            WHEN bucket.free_at > statement_timestamp() + %(ahead)s::interval + interval '2 hours' THEN statement_timestamp()
            ELSE greatest(bucket.free_at, statement_timestamp())
        END
        WHERE bucket.free_at <= statement_timestamp() + %(ahead)s::interval + %(within)s::interval
            OR bucket.free_at > statement_timestamp() + %(ahead)s::interval + interval '2 hours'
    RETURNING free_at - %(each)s::interval AS taken_at
)
SELECT extract(epoch FROM taken_at - %(ahead)s::interval - statement_timestamp())::float8 AS wait FROM (
    SELECT taken_at FROM taken
    UNION ALL SELECT free_at FROM web_pace WHERE host = %(host)s AND NOT EXISTS (SELECT FROM taken)
) AS moment;

-- forget_pages --
DELETE FROM web_page WHERE fetched_at < %(before)s;

-- forget_surplus --
-- The oldest beyond so many bytes in all; rows that another replica deletes meanwhile are left to it.
DELETE FROM web_page WHERE key IN (
    SELECT web_page.key
    FROM web_page JOIN (
        SELECT key, sum(size) OVER (ORDER BY fetched_at DESC, key) AS bytes FROM web_page
    ) AS newest_first ON newest_first.key = web_page.key AND newest_first.bytes > %(most_bytes)s
    FOR UPDATE OF web_page SKIP LOCKED
);

-- forget_robots --
DELETE FROM web_robots WHERE until < %(now)s;

-- forget_left_alone --
DELETE FROM web_host_left_alone WHERE until < %(now)s;

-- forget_pace --
-- Buckets that are full again say nothing any more.
DELETE FROM web_pace WHERE free_at < statement_timestamp() - interval '1 minute';
