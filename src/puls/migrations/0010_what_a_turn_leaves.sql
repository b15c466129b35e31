-- What a turn leaves for the next ones beside its wish: the event in focus, what was offered, the plan (conversation/state.py).
ALTER TABLE turn ADD COLUMN kept jsonb;
