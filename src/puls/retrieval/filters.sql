-- from_now --
-- Something of it is still to come.
f.last_ends_at > %(now)s

-- during --
-- It is open during one of the intervals.
f.event_id IN ({open_events})

-- open_events --
-- The events that are open during one of the intervals, perhaps several times. Short occurrences are found by their
-- start alone (they last 25 h at most). What began well before an evening must stay open well into it (`open_from`).
    SELECT o.event_id
    FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[], %(open_from)s::timestamptz[]) AS asked (starts_at, ends_at, open_from)
    JOIN occurrence o ON NOT o.is_long AND o.starts_at < asked.ends_at
        AND o.starts_at > asked.starts_at - interval '25 hours' AND o.ends_at > asked.starts_at
        AND (o.starts_at >= asked.starts_at - interval '1 hour' OR o.ends_at > asked.open_from)
    WHERE {which}
    UNION ALL
    SELECT o.event_id
    FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[], %(open_from)s::timestamptz[]) AS asked (starts_at, ends_at, open_from)
    JOIN occurrence o ON o.is_long AND o.starts_at < asked.ends_at AND o.ends_at > asked.starts_at
        AND (o.starts_at >= asked.starts_at - interval '1 hour' OR o.ends_at > asked.open_from)
    WHERE {which}

-- any --
true

-- findable --
o.is_findable

-- matching --
SELECT f.event_id, true AS is_sure FROM event_filter f WHERE {filters}

-- matching_by_time_alone --
-- « Ce week-end » and nothing else: the occurrences know enough.
SELECT DISTINCT event_id, true AS is_sure FROM ({open_events}) AS open

-- matching_with_doubts --
-- The sure ones first, so that a limit never costs one of them.
(SELECT f.event_id, true AS is_sure FROM event_filter f WHERE {filters} AND {sure} LIMIT %(exact_limit)s + 1)
UNION ALL
(SELECT f.event_id, false FROM event_filter f WHERE {filters} AND ({sure}) IS NOT TRUE LIMIT %(exact_limit)s + 1)

-- in_areas --
(f.commune_code = ANY(%(commune_codes)s) OR f.postcode = ANY(%(postcodes)s)
 OR f.department_code = ANY(%(department_codes)s) OR f.region_code = ANY(%(region_codes)s))

-- in_circle --
-- The box finds candidates in the index; the haversine (IUGG mean radius) decides.
f.position <@ box(point(%(west)s, %(south)s), point(%(east)s, %(north)s))
AND 2 * 6371.0088 * asin(least(1, sqrt(
    sin(radians(f.position[1] - %(lat)s) / 2) ^ 2
    + cos(radians(%(lat)s)) * cos(radians(f.position[1])) * sin(radians(f.position[0] - %(lon)s) / 2) ^ 2))) <= %(radius_km)s

-- not_in_areas --
-- An event whose place is not known is in none of them.
(f.commune_code = ANY(%(not_commune_codes)s) OR f.postcode = ANY(%(not_postcodes)s)
 OR f.department_code = ANY(%(not_department_codes)s) OR f.region_code = ANY(%(not_region_codes)s)) IS NOT TRUE

-- not_in_circles --
NOT EXISTS (
    SELECT FROM unnest(%(not_lats)s::float8[], %(not_lons)s::float8[], %(not_radii_km)s::float8[]) AS hole (lat, lon, radius_km)
    WHERE 2 * 6371.0088 * asin(least(1, sqrt(
        sin(radians(f.position[1] - hole.lat) / 2) ^ 2
        + cos(radians(hole.lat)) * cos(radians(f.position[1])) * sin(radians(f.position[0] - hole.lon) / 2) ^ 2))) <= hole.radius_km)

-- free --
-- Unless it is stated to cost something.
NOT f.is_paid

-- free_for_sure --
f.is_free

-- at_most --
-- An unknown price stays: it is marked, not guessed.
(f.price_lowest IS NULL OR f.price_lowest <= %(max_price)s)

-- for_ages --
-- One of them at least is welcome, or no age is stated.
EXISTS (SELECT FROM unnest(%(ages)s::int[]) AS asked (age) WHERE age BETWEEN coalesce(f.age_min, 0) AND coalesce(f.age_max, 200))

-- for_ages_for_sure --
-- Everyone is welcome, or no age is stated.
coalesce(f.age_min, 0) <= %(youngest)s AND coalesce(f.age_max, 200) >= %(oldest)s

-- accessible --
-- Unless it is stated not to be.
f.inaccessible_bits & %(accessibility_bits)s = 0

-- accessible_for_sure --
f.accessibility_bits & %(accessibility_bits)s = %(accessibility_bits)s

-- by_attendance --
f.attendance = ANY(%(attendances)s)

-- of_categories --
f.category = ANY(%(categories)s)

-- not_of_categories --
f.category <> ALL(%(excluded_categories)s)

-- by_status --
f.status = ANY(%(statuses)s)

-- cultural --
f.is_cultural

-- cultural_or_asked_for --
-- « Une visite d'entreprise » names what is left out otherwise.
(f.is_cultural OR (SELECT non_cultural_reason FROM event WHERE id = f.event_id) = ANY(%(asked_for_by_name)s))

-- without_words --
NOT EXISTS (
    SELECT FROM event, unnest(%(excluded_words)s::text[]) AS unwanted (word)
    WHERE id = f.event_id AND search_text @@ phraseto_tsquery('puls_french', puls_fold(word)))
