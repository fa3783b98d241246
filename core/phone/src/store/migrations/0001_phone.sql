-- Small things by name: timeline, detector, step counter, body profile.
CREATE TABLE state (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT;

-- Steps per minute, source and activity. `owner` is the member, '' before the first sign-in.
-- The sums add up: several writes to one minute give the same as one.
CREATE TABLE minute (
    id              INTEGER PRIMARY KEY,
    owner           TEXT    NOT NULL,
    minute          INTEGER NOT NULL,
    source          TEXT    NOT NULL,
    activity        TEXT    NOT NULL,          -- '' for passive steps
    kind            TEXT    NOT NULL,
    steps           INTEGER NOT NULL,
    covered_ms      INTEGER NOT NULL,
    distance_m      REAL    NOT NULL,
    interval_cv     INTEGER,                   -- per mille
    peak_cv         INTEGER,
    boot            TEXT    NOT NULL,          -- the start of the phone that its time was measured in,
    sure            INTEGER NOT NULL,          -- and whether the server's time was known then
    upload          INTEGER                    -- the upload that it was frozen into
) STRICT;
CREATE UNIQUE INDEX minute_once ON minute (minute, source, activity, owner);
CREATE INDEX minute_waiting ON minute (owner, minute) WHERE upload IS NULL;

CREATE TABLE activity (
    id         TEXT PRIMARY KEY,
    owner      TEXT    NOT NULL,
    started_ms INTEGER NOT NULL,
    ended_ms   INTEGER,                        -- none while it is under way
    boot       TEXT    NOT NULL,
    sure       INTEGER NOT NULL,
    data       TEXT    NOT NULL,               -- the whole activity, as the recorder knows it
    summary    TEXT,                           -- as it was uploaded
    upload     INTEGER,
    record     TEXT                            -- as the server keeps it
) STRICT;
CREATE INDEX activity_by_time ON activity (owner, started_ms);

CREATE TABLE position (
    id         INTEGER PRIMARY KEY,
    activity   TEXT    NOT NULL,
    seq        INTEGER NOT NULL,
    used       INTEGER NOT NULL,
    fix        TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX position_once ON position (activity, seq);

-- Uploads with their frozen bodies. 0 waits, 1 was answered, 2 was refused.
CREATE TABLE upload (
    id         INTEGER PRIMARY KEY,
    owner      TEXT    NOT NULL,
    key        TEXT    NOT NULL UNIQUE,
    body       BLOB    NOT NULL,
    minutes    INTEGER NOT NULL,
    activities INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    state      INTEGER NOT NULL,
    answer     TEXT                            -- the answer, or the problem that refused it
) STRICT;
CREATE INDEX upload_waiting ON upload (owner, id) WHERE state = 0;

-- What screens knew last, with its age.
CREATE TABLE cache (
    owner      TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    value      TEXT    NOT NULL,
    fetched_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX cache_once ON cache (owner, name);

-- What the member has to be told, until it was read.
CREATE TABLE notice (
    id     INTEGER PRIMARY KEY,
    code   TEXT    NOT NULL,
    detail TEXT    NOT NULL,
    at_ms  INTEGER NOT NULL
) STRICT;
