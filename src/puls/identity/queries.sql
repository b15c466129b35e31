-- use_secret --
-- The mark of the secret in use, and the one of the secret used before.
WITH before AS (SELECT mark FROM secret_in_use)
INSERT INTO secret_in_use (mark) VALUES (%(mark)s)
ON CONFLICT (is_only) DO UPDATE SET mark = excluded.mark
RETURNING (SELECT mark FROM before) AS before;

-- create_key --
INSERT INTO api_key (id, name, prefix, hash, scopes, created_at)
VALUES (%(id)s, %(name)s, %(prefix)s, %(hash)s, %(scopes)s, %(now)s);

-- list_keys --
SELECT id, name, prefix, scopes, created_at, last_used_at, revoked_at FROM api_key ORDER BY created_at, prefix;

-- revoke_key --
-- Once revoked it stays so; the first moment is kept.
UPDATE api_key SET revoked_at = coalesce(revoked_at, %(now)s) WHERE prefix = %(prefix)s
RETURNING id, name, prefix, scopes, created_at, last_used_at, revoked_at;

-- use_key --
-- The key of a hash, if it is good. Its last use is written at most once a minute: a busy program is no write load.
WITH good AS (
    SELECT id, scopes, last_used_at FROM api_key WHERE hash = %(hash)s AND revoked_at IS NULL
), used AS (
    UPDATE api_key SET last_used_at = %(now)s FROM good
    WHERE api_key.id = good.id
      AND (good.last_used_at IS NULL OR good.last_used_at < %(now)s::timestamptz - interval '1 minute')
)
SELECT id, scopes FROM good;

-- take --
-- One request out of a bucket (GCRA): allowed while what is paid for runs ahead of now by less than the burst. A refused
-- request writes nothing; then `paid_until` is the row as it was. A row further ahead than any burst was written by a
-- clock that went wrong: it is taken for a full bucket.
WITH taken AS (
    INSERT INTO rate_limit AS bucket (key, paid_until)
    VALUES (%(key)s, %(now)s::timestamptz + %(each)s::interval)
    ON CONFLICT (key) DO UPDATE SET paid_until = CASE
            WHEN bucket.paid_until > %(now)s::timestamptz + 2 * %(burst)s::interval THEN %(now)s
            ELSE greatest(bucket.paid_until, %(now)s)
        END + %(each)s::interval
        WHERE bucket.paid_until > %(now)s::timestamptz + 2 * %(burst)s::interval
            OR greatest(bucket.paid_until, %(now)s) + %(each)s::interval <= %(now)s::timestamptz + %(burst)s::interval
    RETURNING paid_until
)
SELECT EXISTS (SELECT FROM taken) AS is_allowed, (SELECT paid_until FROM rate_limit WHERE key = %(key)s) AS paid_until;

-- forget_idle --
-- Buckets that are full again say nothing any more.
DELETE FROM rate_limit WHERE paid_until < %(now)s;

-- add_erased --
INSERT INTO erased_visitor (mark, erased_at) VALUES (%(mark)s, %(now)s) ON CONFLICT (mark) DO NOTHING;

-- erased_since --
SELECT mark, ordinal FROM erased_visitor WHERE ordinal > %(after)s;

-- forget_erased --
DELETE FROM erased_visitor WHERE erased_at < %(before)s;

-- living_keys --
SELECT id FROM api_key WHERE revoked_at IS NULL;
