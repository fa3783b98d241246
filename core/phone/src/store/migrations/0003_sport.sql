-- What a record is called, and where it comes from.
ALTER TABLE activity ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;  -- read from a file: shown, never counted or uploaded
ALTER TABLE activity ADD COLUMN title TEXT;
ALTER TABLE activity ADD COLUMN note TEXT;
-- Its figures for sums and personal records, made once; none where they have to be made (again).
ALTER TABLE activity ADD COLUMN figures TEXT;

-- Records of the member's that he doesn't want to see any more, although the server knows them.
CREATE TABLE hidden_record (
    id    INTEGER PRIMARY KEY,
    owner TEXT    NOT NULL,
    record TEXT   NOT NULL
) STRICT;
CREATE UNIQUE INDEX hidden_record_once ON hidden_record (owner, record);

-- The sums of a day that is over; its minutes are forgotten one day, these are not.
CREATE TABLE day (
    id          INTEGER PRIMARY KEY,
    owner       TEXT    NOT NULL,
    day         INTEGER NOT NULL,              -- days since 1970-01-01, Asia/Shanghai
    walk        INTEGER NOT NULL,
    run         INTEGER NOT NULL,
    passive     INTEGER NOT NULL,
    distance_m  REAL    NOT NULL,
    estimated_m REAL    NOT NULL,
    active_ms   INTEGER NOT NULL,
    kcal        REAL    NOT NULL,
    activities  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX day_once ON day (owner, day);

-- Days whose sums have to be made (again). The triggers see every change, whoever makes it.
CREATE TABLE stale_day (
    id    INTEGER PRIMARY KEY,
    owner TEXT    NOT NULL,
    day   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX stale_day_once ON stale_day (owner, day);

CREATE TRIGGER minute_came AFTER INSERT ON minute WHEN new.steps > 0 BEGIN
    INSERT INTO stale_day (owner, day) SELECT new.owner, (new.minute + 480) / 1440
        WHERE NOT EXISTS (SELECT 1 FROM stale_day WHERE owner = new.owner AND day = (new.minute + 480) / 1440);
END;
CREATE TRIGGER minute_changed AFTER UPDATE OF owner, minute, source, activity, kind, steps, covered_ms ON minute BEGIN
    INSERT INTO stale_day (owner, day) SELECT new.owner, (new.minute + 480) / 1440
        WHERE NOT EXISTS (SELECT 1 FROM stale_day WHERE owner = new.owner AND day = (new.minute + 480) / 1440);
END;
CREATE TRIGGER minute_went AFTER DELETE ON minute WHEN old.steps > 0 BEGIN
    INSERT INTO stale_day (owner, day) SELECT old.owner, (old.minute + 480) / 1440
        WHERE NOT EXISTS (SELECT 1 FROM stale_day WHERE owner = old.owner AND day = (old.minute + 480) / 1440);
END;
CREATE TRIGGER activity_came AFTER INSERT ON activity WHEN new.ended_ms IS NOT NULL BEGIN
    INSERT INTO stale_day (owner, day) SELECT new.owner, (new.started_ms + 28800000) / 86400000
        WHERE NOT EXISTS (SELECT 1 FROM stale_day
            WHERE owner = new.owner AND day = (new.started_ms + 28800000) / 86400000);
END;
CREATE TRIGGER activity_changed AFTER UPDATE OF owner, started_ms, ended_ms, data ON activity
    WHEN new.ended_ms IS NOT NULL AND (new.data IS NOT old.data OR new.owner IS NOT old.owner) BEGIN
    INSERT INTO stale_day (owner, day) SELECT owner, day
        FROM (SELECT new.owner AS owner, (new.started_ms + 28800000) / 86400000 AS day
              UNION SELECT old.owner, (old.started_ms + 28800000) / 86400000) AS touched
        WHERE NOT EXISTS (SELECT 1 FROM stale_day AS known
            WHERE known.owner = touched.owner AND known.day = touched.day);
END;
CREATE TRIGGER activity_went AFTER DELETE ON activity BEGIN
    INSERT INTO stale_day (owner, day) SELECT old.owner, (old.started_ms + 28800000) / 86400000
        WHERE NOT EXISTS (SELECT 1 FROM stale_day
            WHERE owner = old.owner AND day = (old.started_ms + 28800000) / 86400000);
END;

CREATE TRIGGER told_came AFTER INSERT ON told BEGIN
    INSERT INTO stale_day (owner, day) SELECT new.owner, (new.minute + 480) / 1440
        WHERE NOT EXISTS (SELECT 1 FROM stale_day WHERE owner = new.owner AND day = (new.minute + 480) / 1440);
END;
CREATE TRIGGER told_changed AFTER UPDATE OF steps, owner ON told BEGIN
    INSERT INTO stale_day (owner, day) SELECT new.owner, (new.minute + 480) / 1440
        WHERE NOT EXISTS (SELECT 1 FROM stale_day WHERE owner = new.owner AND day = (new.minute + 480) / 1440);
END;
CREATE TRIGGER told_went AFTER DELETE ON told BEGIN
    INSERT INTO stale_day (owner, day) SELECT old.owner, (old.minute + 480) / 1440
        WHERE NOT EXISTS (SELECT 1 FROM stale_day WHERE owner = old.owner AND day = (old.minute + 480) / 1440);
END;
CREATE TRIGGER stretch_came AFTER INSERT ON stretch BEGIN
    INSERT INTO stale_day (owner, day) SELECT new.owner, (new.from_ms + 28800000) / 86400000
        WHERE NOT EXISTS (SELECT 1 FROM stale_day WHERE owner = new.owner AND day = (new.from_ms + 28800000) / 86400000);
END;
CREATE TRIGGER stretch_changed AFTER UPDATE OF steps, owner ON stretch BEGIN
    INSERT INTO stale_day (owner, day) SELECT new.owner, (new.from_ms + 28800000) / 86400000
        WHERE NOT EXISTS (SELECT 1 FROM stale_day WHERE owner = new.owner AND day = (new.from_ms + 28800000) / 86400000);
END;
CREATE TRIGGER stretch_went AFTER DELETE ON stretch BEGIN
    INSERT INTO stale_day (owner, day) SELECT old.owner, (old.from_ms + 28800000) / 86400000
        WHERE NOT EXISTS (SELECT 1 FROM stale_day WHERE owner = old.owner AND day = (old.from_ms + 28800000) / 86400000);
END;

-- What was recorded before there were sums.
INSERT INTO stale_day (owner, day) SELECT DISTINCT owner, (minute + 480) / 1440 FROM minute WHERE steps > 0
    UNION SELECT owner, (started_ms + 28800000) / 86400000 FROM activity;
