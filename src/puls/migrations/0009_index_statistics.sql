-- What tells « near for this topic » from « near as everything is »: the mean of typical topics, which every topic's vector is
-- centred by, and the vectors of a fixed sample of the version's events, against which similarities are standardised.
-- Both are 16-bit floats, little-endian, row after row. `drawn_from`: how many vectors there were.
CREATE TABLE index_statistics (
    version_id  integer PRIMARY KEY REFERENCES index_version (id) ON DELETE CASCADE,
    mean_topic  bytea NOT NULL,
    sample      bytea NOT NULL,
    drawn_from  integer NOT NULL,
    drawn_at    timestamptz NOT NULL
);
