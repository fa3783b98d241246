-- The routes of activities, ten minutes or so in each row: packed, a twentieth of what they took as text one by one.
-- Those in `position` were recorded before, and stay there.
CREATE TABLE route (
    id       INTEGER PRIMARY KEY,
    activity TEXT    NOT NULL,
    seq      INTEGER NOT NULL,                 -- of its first position, as in `position`
    fixes    BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX route_once ON route (activity, seq);
