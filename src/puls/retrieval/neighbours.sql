-- vector_of --
SELECT embedding::text AS vector FROM {embeddings} WHERE event_id = (SELECT id FROM event WHERE uid = %(uid)s)
