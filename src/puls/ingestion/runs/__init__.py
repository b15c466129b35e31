"""One run of ingestion from inside: reading, mapping, writing, removing. `puls.ingestion.sync` is the way in."""
