-- Positions, a stretch of an activity's way in each row: packed, a twentieth of what they took as text one by one.
-- Those in `position` were recorded before, and stay there.
CREATE TABLE stretch (
    id       INTEGER PRIMARY KEY,
    activity TEXT    NOT NULL,
    seq      INTEGER NOT NULL,                 -- of its first position, as in `position`
    fixes    BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX stretch_once ON stretch (activity, seq);
