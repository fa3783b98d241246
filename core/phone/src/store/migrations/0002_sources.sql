-- What bands counted, minute by minute: of each band the newest word, never a sum with what it said before.
CREATE TABLE told (
    owner      TEXT    NOT NULL,
    band       TEXT    NOT NULL,
    minute     INTEGER NOT NULL,
    steps      INTEGER NOT NULL,
    heart_rate INTEGER,
    kept       INTEGER NOT NULL,               -- 1: from the band's own memory; 0: added up from its counter while it was heard
    boot       TEXT    NOT NULL,               -- as in `minute`, for what was added up
    sure       INTEGER NOT NULL,
    PRIMARY KEY (minute, band, owner)
) STRICT, WITHOUT ROWID;

-- What the system's own stores of steps say of longer stretches.
CREATE TABLE stretch (
    owner      TEXT    NOT NULL,
    source     TEXT    NOT NULL,
    from_ms    INTEGER NOT NULL,
    to_ms      INTEGER NOT NULL,
    steps      INTEGER NOT NULL,
    PRIMARY KEY (to_ms, from_ms, source, owner)
) STRICT, WITHOUT ROWID;

-- What the server was told of each minute last. Whatever is counted otherwise later is sent as a correction.
CREATE TABLE sent (
    owner      TEXT    NOT NULL,
    minute     INTEGER NOT NULL,
    steps      INTEGER NOT NULL,
    source     TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    activity   TEXT    NOT NULL,
    upload     INTEGER NOT NULL,
    PRIMARY KEY (minute, owner)
) STRICT, WITHOUT ROWID;

-- Days on which something came to light after they were counted.
CREATE TABLE recount (
    owner      TEXT    NOT NULL,
    day        INTEGER NOT NULL,
    PRIMARY KEY (owner, day)
) STRICT, WITHOUT ROWID;

-- The bands that the member paired.
CREATE TABLE band (
    id         TEXT PRIMARY KEY,
    data       TEXT NOT NULL,
    cursor     INTEGER NOT NULL                -- the first minute of its memory that isn't stored yet
) STRICT;
