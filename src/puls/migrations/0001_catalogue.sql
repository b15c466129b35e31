-- The catalogue: what sources said (source_record), what Puls understood of it (venue, event, occurrence) and the narrow
-- row that search reads (event_filter: one per event that may be found).

CREATE EXTENSION IF NOT EXISTS vector;

-- Full text ---------------------------------------------------------------------------------------------------------

-- Lower case without accents or ligatures, so that « Théâtre » and « theatre » are one word. Mirrors puls.geo.names.fold.
CREATE FUNCTION puls_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT lower(replace(replace(translate(words,
        'ÀÁÂÃÄÅàáâãäåÇçÈÉÊËèéêëÌÍÎÏìíîïÑñÒÓÔÕÖòóôõöÙÚÛÜùúûüÝýÿŸŒœÆæ’‘ʼ-–—_/',
        'AAAAAAaaaaaaCcEEEEeeeeIIIIiiiiNnOOOOOoooooUUUUuuuuYyyYŒœÆæ         '), 'œ', 'oe'), 'Œ', 'oe'))
$$;

CREATE TEXT SEARCH DICTIONARY puls_french_stem (TEMPLATE = snowball, LANGUAGE = french, STOPWORDS = french);
CREATE TEXT SEARCH CONFIGURATION puls_french (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION puls_french
    ALTER MAPPING FOR asciiword, word, hword, hword_part, hword_asciipart, asciihword WITH puls_french_stem;

-- Sources -----------------------------------------------------------------------------------------------------------

CREATE TABLE ingest_run (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source        text NOT NULL,
    is_full       boolean NOT NULL,
    started_at    timestamptz NOT NULL,
    finished_at   timestamptz,
    failure       text,
    cursor        text,
    seen          bigint NOT NULL DEFAULT 0,
    new           bigint NOT NULL DEFAULT 0,
    changed       bigint NOT NULL DEFAULT 0,
    unchanged     bigint NOT NULL DEFAULT 0,
    removed       bigint NOT NULL DEFAULT 0,
    quarantined   jsonb  NOT NULL DEFAULT '{}'
);
CREATE INDEX ON ingest_run (source, id);

-- Each record as it came, less the contributor's personal data. A record that could not become an event carries why.
-- `ref` is the record's uid, or `line:N` of a file when it has none. `record` is JSON text in ASCII (lone surrogates
-- stay escaped, which jsonb would refuse).
CREATE TABLE source_record (
    source              text NOT NULL,
    ref                 text NOT NULL,
    hash                bytea NOT NULL,
    record              text NOT NULL,
    quarantine_reason   text,
    quarantine_detail   text,
    PRIMARY KEY (source, ref)
);
CREATE INDEX ON source_record (quarantine_reason) WHERE quarantine_reason IS NOT NULL;

-- Which records a full run has met; what it has not met is removed at its end.
CREATE UNLOGGED TABLE ingest_seen (
    run_id  bigint NOT NULL,
    ref     text NOT NULL,
    PRIMARY KEY (run_id, ref)
);

-- Catalogue ---------------------------------------------------------------------------------------------------------

CREATE TABLE venue (
    id               integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key              text NOT NULL UNIQUE,
    name             text,
    address          text,
    district         text,
    postcode         text,
    city             text,
    commune_code     text,
    department_code  text,
    region_code      text,
    country_code     text NOT NULL,
    lat              double precision,
    lon              double precision,
    is_approximate   boolean NOT NULL
);

CREATE TABLE event (
    id                   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid                  text NOT NULL UNIQUE,
    source               text NOT NULL,
    title                text NOT NULL,
    slug                 text,
    description          text,
    details              text,
    keywords             text[] NOT NULL,
    category             text NOT NULL,
    non_cultural_reason  text,
    status               smallint NOT NULL,
    attendance           smallint NOT NULL,
    accessibility        text[] NOT NULL,
    age_min              smallint,
    age_max              smallint,
    price_kind           text NOT NULL,
    price_lowest         real,
    price_highest        real,
    price_on_registration boolean NOT NULL,
    price_conditions     text,
    image_url            text,
    image_credits        text,
    registration         jsonb NOT NULL,
    online_url           text,
    timezone             text NOT NULL,
    venue_id             integer REFERENCES venue (id),
    agenda_uid           text,
    agenda_title         text,
    url                  text,
    updated_at           timestamptz,
    licence              text NOT NULL,
    duplicate_key        text NOT NULL,
    series_key           text NOT NULL,
    content_hash         bytea NOT NULL,
    removed_at           timestamptz,
    search_text          tsvector NOT NULL
);
-- Long texts live apart from the row, so that ranking by words reads few pages.
ALTER TABLE event SET (toast_tuple_target = 256);
ALTER TABLE event ALTER search_text SET STORAGE MAIN;
CREATE INDEX event_search_text ON event USING gin (search_text);
CREATE INDEX event_venue ON event (venue_id);
CREATE INDEX event_duplicate_key ON event (duplicate_key);
CREATE INDEX event_content_hash ON event (content_hash);

-- Every time when an event is open. `is_long`: more than a day, which only ranges without hours are (OpenAgenda's own
-- timings are at most 24 h), so that short ones are found by their start alone.
CREATE TABLE occurrence (
    event_id           integer NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    starts_at          timestamptz NOT NULL,
    ends_at            timestamptz NOT NULL CHECK (ends_at > starts_at),
    is_possible        boolean NOT NULL,
    is_day_known_only  boolean NOT NULL,
    -- Whether its event is among those that a search without particular wishes may show; saves such a search, « ce
    -- week-end » alone, from reading a row of event_filter per event.
    is_findable        boolean NOT NULL,
    is_long            boolean GENERATED ALWAYS AS (ends_at - starts_at > interval '25 hours') STORED,
    PRIMARY KEY (event_id, starts_at, ends_at)
);
CREATE INDEX occurrence_short ON occurrence (starts_at) INCLUDE (ends_at, event_id, is_findable) WHERE NOT is_long;
CREATE INDEX occurrence_long ON occurrence (ends_at) INCLUDE (starts_at, event_id, is_findable) WHERE is_long;

-- The narrow row that filters read: present if and only if the event may be found.
-- `accessibility_bits`: 1 hi, 2 vi, 4 pi, 8 mi, 16 ii.
CREATE TABLE event_filter (
    event_id            integer NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    last_ends_at        timestamptz NOT NULL,
    position            point,
    commune_code        text,
    postcode            text,
    department_code     text,
    region_code         text,
    price_lowest        real,
    age_min             smallint,
    age_max             smallint,
    accessibility_bits  smallint NOT NULL,
    status              smallint NOT NULL,
    attendance          smallint NOT NULL,
    is_free             boolean NOT NULL,
    is_cultural         boolean NOT NULL,
    category            text NOT NULL,
    -- What every search asks of an event is in the index itself: half the time of a probe.
    PRIMARY KEY (event_id) INCLUDE (last_ends_at, status, is_cultural)
);
CREATE INDEX event_filter_position ON event_filter USING gist (position);
CREATE INDEX event_filter_commune ON event_filter (commune_code);
CREATE INDEX event_filter_department ON event_filter (department_code);

-- Vectors -----------------------------------------------------------------------------------------------------------

-- One row per index version; its vectors are in the table `embedding_<id>` (event_id, content_hash, embedding).
CREATE TABLE index_version (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model        text NOT NULL,
    dimensions   integer NOT NULL CHECK (dimensions BETWEEN 1 AND 4000),
    recipe       text NOT NULL,
    state        text NOT NULL CHECK (state IN ('building', 'live', 'retired')),
    created_at   timestamptz NOT NULL DEFAULT now(),
    switched_at  timestamptz
);
CREATE UNIQUE INDEX one_live_index_version ON index_version (state) WHERE state = 'live';

-- What searches read while no version is live: no vectors, so that words alone decide.
CREATE TABLE embedding_none (event_id integer PRIMARY KEY, embedding halfvec NOT NULL);

-- Which events a worker is embedding right now; a claim that ran out may be taken over.
CREATE TABLE embedding_claim (
    version_id     integer NOT NULL REFERENCES index_version (id) ON DELETE CASCADE,
    event_id       integer NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    claimed_until  timestamptz NOT NULL,
    PRIMARY KEY (version_id, event_id)
);

-- How many events hold each word's stem, for weighing words; and the words of titles, keywords and venues, for mending
-- typing mistakes. Both are counted anew after an ingestion that changed something.
CREATE TABLE search_lexeme (
    lexeme  text PRIMARY KEY,
    events  integer NOT NULL
);
CREATE TABLE search_word (
    word    text PRIMARY KEY,
    events  integer NOT NULL
);
