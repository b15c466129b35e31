-- known_hashes --
-- What is already held of these records, so that an unchanged one costs nothing more.
SELECT ref, hash FROM source_record WHERE source = %(source)s AND ref = ANY(%(refs)s)

-- save_source_records --
INSERT INTO source_record (source, ref, hash, record, quarantine_reason, quarantine_detail)
SELECT %(source)s, r.ref, decode(r.hash, 'hex'), r.record, r.reason, r.detail
FROM json_to_recordset(%(rows)s) AS r (ref text, hash text, record text, reason text, detail text)
ON CONFLICT (source, ref) DO UPDATE SET
    hash = excluded.hash, record = excluded.record,
    quarantine_reason = excluded.quarantine_reason, quarantine_detail = excluded.quarantine_detail

-- save_venues --
-- A venue never changes: another address is another key. So the order of batches cannot matter.
INSERT INTO venue (key, name, address, district, postcode, city, commune_code, department_code, region_code,
                   country_code, lat, lon, is_approximate)
SELECT * FROM json_to_recordset(%(rows)s) AS v (
    key text, name text, address text, district text, postcode text, city text, commune_code text,
    department_code text, region_code text, country_code text, lat float8, lon float8, is_approximate bool)
ON CONFLICT (key) DO NOTHING

-- save_events --
-- The words to search come folded (`rows.search_folded`), since folding them here takes half of the whole ingestion.
INSERT INTO event (uid, source, title, slug, description, details, keywords, category, non_cultural_reason, status,
                   attendance, accessibility, not_accessible, age_min, age_max, price_kind, price_lowest, price_highest,
                   price_on_registration, price_conditions, image_url, image_credits, registration, online_url,
                   timezone, venue_id, agenda_uid, agenda_title, url, updated_at, licence, duplicate_key, series_key,
                   content_hash, search_text)
SELECT e.uid, %(source)s, e.title, e.slug, e.description, e.details, e.keywords, e.category, e.non_cultural_reason,
       e.status, e.attendance, e.accessibility, e.not_accessible, e.age_min, e.age_max, e.price_kind, e.price_lowest, e.price_highest,
       e.price_on_registration, e.price_conditions, e.image_url, e.image_credits, e.registration, e.online_url,
       e.timezone, v.id, e.agenda_uid, e.agenda_title, e.url, e.updated_at, e.licence, e.duplicate_key, e.series_key,
       decode(e.content_hash, 'hex'),
       setweight(to_tsvector('puls_french', e.words_a), 'A') || setweight(to_tsvector('puls_french', e.words_b), 'B')
       || setweight(to_tsvector('puls_french', e.words_c), 'C') || setweight(to_tsvector('puls_french', e.words_d), 'D')
FROM json_to_recordset(%(rows)s) AS e (
    uid text, title text, slug text, description text, details text, keywords text[], category text,
    non_cultural_reason text, status int2, attendance int2, accessibility text[], not_accessible text[], age_min int2,
    age_max int2, price_kind text, price_lowest float4, price_highest float4, price_on_registration bool, price_conditions text,
    image_url text, image_credits text, registration jsonb, online_url text, timezone text, venue_key text,
    agenda_uid text, agenda_title text, url text, updated_at timestamptz, licence text, duplicate_key text,
    series_key text, content_hash text, words_a text, words_b text, words_c text, words_d text)
LEFT JOIN venue v ON v.key = e.venue_key
ON CONFLICT (uid) DO UPDATE SET
    source = excluded.source, title = excluded.title, slug = excluded.slug, description = excluded.description,
    details = excluded.details, keywords = excluded.keywords, category = excluded.category,
    non_cultural_reason = excluded.non_cultural_reason, status = excluded.status, attendance = excluded.attendance,
    accessibility = excluded.accessibility, not_accessible = excluded.not_accessible, age_min = excluded.age_min, age_max = excluded.age_max,
    price_kind = excluded.price_kind, price_lowest = excluded.price_lowest, price_highest = excluded.price_highest,
    price_on_registration = excluded.price_on_registration, price_conditions = excluded.price_conditions,
    image_url = excluded.image_url, image_credits = excluded.image_credits, registration = excluded.registration,
    online_url = excluded.online_url, timezone = excluded.timezone, venue_id = excluded.venue_id,
    agenda_uid = excluded.agenda_uid, agenda_title = excluded.agenda_title, url = excluded.url,
    updated_at = excluded.updated_at, licence = excluded.licence, duplicate_key = excluded.duplicate_key,
    series_key = excluded.series_key, content_hash = excluded.content_hash, search_text = excluded.search_text,
    removed_at = NULL

-- forget_occurrences --
DELETE FROM occurrence WHERE event_id IN (SELECT id FROM event WHERE uid = ANY(%(uids)s))

-- save_occurrences --
INSERT INTO occurrence (event_id, starts_at, ends_at, is_possible, is_day_known_only, is_findable)
SELECT e.id, o.starts_at, o.ends_at, o.is_possible, o.is_day_known_only, o.is_findable
FROM json_to_recordset(%(rows)s) AS o (
    uid text, starts_at timestamptz, ends_at timestamptz, is_possible bool, is_day_known_only bool, is_findable bool)
JOIN event e USING (uid)
ON CONFLICT DO NOTHING

-- save_filters --
INSERT INTO event_filter (event_id, last_ends_at, position, commune_code, postcode, department_code, region_code,
                          price_lowest, age_min, age_max, accessibility_bits, inaccessible_bits, status, attendance,
                          is_free, is_paid, is_cultural, category)
SELECT e.id, f.last_ends_at, point(f.lon, f.lat), f.commune_code, f.postcode, f.department_code, f.region_code,
       f.price_lowest, f.age_min, f.age_max, f.accessibility_bits, f.inaccessible_bits, f.status, f.attendance,
       f.is_free, f.is_paid, f.is_cultural, f.category
FROM json_to_recordset(%(rows)s) AS f (
    uid text, last_ends_at timestamptz, lat float8, lon float8, commune_code text, postcode text,
    department_code text, region_code text, price_lowest float4, age_min int2, age_max int2, accessibility_bits int2,
    inaccessible_bits int2, status int2, attendance int2, is_free bool, is_paid bool, is_cultural bool, category text)
JOIN event e USING (uid)
ON CONFLICT (event_id) DO UPDATE SET
    last_ends_at = excluded.last_ends_at, position = excluded.position, commune_code = excluded.commune_code,
    postcode = excluded.postcode, department_code = excluded.department_code, region_code = excluded.region_code,
    price_lowest = excluded.price_lowest, age_min = excluded.age_min, age_max = excluded.age_max,
    accessibility_bits = excluded.accessibility_bits, inaccessible_bits = excluded.inaccessible_bits,
    status = excluded.status, attendance = excluded.attendance, is_free = excluded.is_free, is_paid = excluded.is_paid,
    is_cultural = excluded.is_cultural, category = excluded.category

-- remove_events --
-- Out of search at once; the event itself stays readable, so that an answer that cited it still can be checked.
WITH gone AS (
    UPDATE event SET removed_at = %(now)s WHERE uid = ANY(%(uids)s) AND source = %(source)s AND removed_at IS NULL
    RETURNING id, uid
), unfindable AS (
    DELETE FROM event_filter WHERE event_id IN (SELECT id FROM gone)
), closed AS (
    UPDATE occurrence SET is_findable = false WHERE event_id IN (SELECT id FROM gone)
)
SELECT uid FROM gone

-- forget_source_records --
DELETE FROM source_record WHERE source = %(source)s AND ref = ANY(%(refs)s)

-- runs --
SELECT * FROM ingest_run ORDER BY id DESC LIMIT %(limit)s

-- count_lexemes --
-- How many events hold each stem. Stems of a single event weigh like unknown ones, so they need no row.
WITH forgotten AS (DELETE FROM search_lexeme)
INSERT INTO search_lexeme (lexeme, events)
SELECT word, ndoc FROM ts_stat('SELECT search_text FROM event JOIN event_filter ON event_id = id') WHERE ndoc > 1
ON CONFLICT (lexeme) DO UPDATE SET events = excluded.events

-- count_words --
-- The words people mistype: those of titles, keywords, venues and towns.
WITH forgotten AS (DELETE FROM search_word)
INSERT INTO search_word (word, events)
SELECT word, ndoc FROM ts_stat($$
    SELECT to_tsvector('simple', puls_fold(concat_ws(' ', e.title, array_to_string(e.keywords, ' '), v.name, v.city)))
    FROM event e JOIN event_filter ON event_id = e.id LEFT JOIN venue v ON v.id = e.venue_id$$)
WHERE length(word) >= 4 AND word !~ '[0-9]'
ON CONFLICT (word) DO UPDATE SET events = excluded.events

-- events_by_uid --
SELECT e.*, v.key AS venue_key, v.name AS venue_name, v.address, v.district, v.postcode, v.city, v.commune_code,
       v.department_code, v.region_code, v.country_code, v.lat, v.lon, v.is_approximate
FROM event e LEFT JOIN venue v ON v.id = e.venue_id
WHERE e.uid = ANY(%(uids)s)

-- occurrences_of --
SELECT event_id, starts_at, ends_at, is_possible, is_day_known_only FROM occurrence
WHERE event_id = ANY(%(ids)s) ORDER BY event_id, starts_at

-- uids_of_duplicates --
SELECT duplicate_key, uid FROM event WHERE duplicate_key = ANY(%(duplicate_keys)s) AND removed_at IS NULL ORDER BY uid

-- figures --
SELECT (SELECT count(*) FROM event WHERE removed_at IS NULL) AS events,
       (SELECT count(*) FROM event_filter WHERE is_cultural) AS cultural,
       (SELECT count(*) FROM event_filter WHERE last_ends_at > %(now)s) AS current,
       (SELECT count(*) FROM event WHERE removed_at IS NOT NULL) AS removed,
       (SELECT count(*) FROM occurrence) AS occurrences,
       (SELECT count(*) FROM venue) AS venues,
       (SELECT count(*) FROM source_record WHERE quarantine_reason IS NOT NULL) AS quarantined

-- venue_names --
-- Venues where something findable happens, well located, with how much: names that people may say. Agendas describe
-- one venue in many ways: of those with one name in one commune, the one with most events counts.
SELECT DISTINCT ON (v.name, v.city, v.commune_code)
       v.name, v.city, v.commune_code, v.lat, v.lon, count(*) AS events
FROM venue v JOIN event e ON e.venue_id = v.id JOIN event_filter f ON f.event_id = e.id
WHERE v.name IS NOT NULL AND v.lat IS NOT NULL AND NOT v.is_approximate
GROUP BY v.id
ORDER BY v.name, v.city, v.commune_code, count(*) DESC, v.id

-- another_source --
SELECT source FROM event WHERE source <> %(source)s AND removed_at IS NULL LIMIT 1

-- standing --
-- What a page says of the whole catalogue.
SELECT (SELECT count(*) FROM event_filter WHERE last_ends_at > %(now)s AND is_cultural) AS to_come,
       (SELECT max(finished_at) FROM ingest_run WHERE failure IS NULL) AS read_at,
       NOT EXISTS (SELECT FROM event WHERE source <> 'sample' AND removed_at IS NULL)
       AND EXISTS (SELECT FROM event WHERE removed_at IS NULL) AS is_sample

-- quarantine --
SELECT source, ref, quarantine_reason AS reason, quarantine_detail AS detail
FROM source_record WHERE quarantine_reason IS NOT NULL ORDER BY source, ref LIMIT %(limit)s

-- checksum --
-- One value for all that ingestion decides, free of internal ids and clocks: two catalogues are equal if these are. What the
-- web noted meanwhile stands over it and is no part of it.
WITH part (name, line) AS (
    SELECT 'source_record', md5(r::text) FROM source_record r
    UNION ALL
    SELECT 'event', md5(concat_ws('|', (to_jsonb(e) - 'id' - 'venue_id' - 'removed_at')::text, v.key, e.removed_at IS NULL))
    FROM event e LEFT JOIN venue v ON v.id = e.venue_id
    UNION ALL
    SELECT 'occurrence', md5(concat_ws('|', e.uid, extract(epoch FROM o.starts_at), extract(epoch FROM o.ends_at),
                                       o.is_possible, o.is_day_known_only,
                                       CASE WHEN n.event_id IS NULL THEN o.is_findable
                                            ELSE coalesce(f.is_cultural, false) AND e.status = ANY(%(findable)s) END))
    FROM occurrence o JOIN event e ON e.id = o.event_id
    LEFT JOIN web_note n ON n.event_id = e.id LEFT JOIN event_filter f ON f.event_id = e.id
    UNION ALL
    SELECT 'event_filter', md5(e.uid || (to_jsonb(f) - 'event_id' || jsonb_build_object('status', e.status))::text)
    FROM event_filter f JOIN event e ON e.id = f.event_id
)
SELECT md5(string_agg(name || line, '' ORDER BY name, line)) AS checksum FROM part

-- read_at --
-- When the sources of these events were last read to the end.
SELECT e.uid, max(r.finished_at) AS read_at
FROM event e JOIN ingest_run r ON r.source = e.source AND r.failure IS NULL AND r.finished_at IS NOT NULL
WHERE e.uid = ANY(%(uids)s)
GROUP BY e.uid;
