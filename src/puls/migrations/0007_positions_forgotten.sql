-- A stored wish no longer holds where its visitor was: of « near me » it keeps the kilometres. What was stored before
-- this is brought to that form. Row-level security is lifted from the owner for this statement and put back.
ALTER TABLE turn NO FORCE ROW LEVEL SECURITY;
UPDATE turn SET wish = CASE
        WHEN wish #>> '{wish,where,label}' LIKE 'près de vous (%' THEN jsonb_set(
            wish #- '{wish,position}' #- '{wish,where,near}', '{wish,where,around_visitor_km}',
            coalesce(wish #> '{wish,where,near,radius_km}', wish #> '{wish,where,around_visitor_km}', '20'))
        ELSE wish #- '{wish,position}'
    END
WHERE wish #> '{wish,position}' IS NOT NULL OR wish #>> '{wish,where,label}' LIKE 'près de vous (%';
ALTER TABLE turn FORCE ROW LEVEL SECURITY;
