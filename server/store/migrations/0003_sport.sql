-- A member's day: its counted steps by kind, what was claimed, and in `book` its minutes with their verdicts, its
-- activities' names and the milestones that were reached.
CREATE TABLE sport_day (
    member BIGINT NOT NULL REFERENCES member (id),
    day BIGINT NOT NULL,
    walk BIGINT NOT NULL,
    run BIGINT NOT NULL,
    passive BIGINT NOT NULL,
    claimed BIGINT NOT NULL,
    book BLOB NOT NULL,
    PRIMARY KEY (member, day)
);

-- An activity as the phone summed it up (JSON), and how far it is believed (doubts as JSON).
CREATE TABLE sport_activity (
    member BIGINT NOT NULL REFERENCES member (id),
    id TEXT NOT NULL,
    started_ms BIGINT NOT NULL,
    ended_ms BIGINT NOT NULL,
    summary TEXT NOT NULL,
    trust BIGINT NOT NULL,
    doubts TEXT NOT NULL,
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (member, id)
);
CREATE INDEX sport_activity_by_start ON sport_activity (member, started_ms, id);

-- A member disagrees. `status` is open, granted or refused.
CREATE TABLE sport_appeal (
    id TEXT PRIMARY KEY,
    member BIGINT NOT NULL REFERENCES member (id),
    day BIGINT NOT NULL,
    activity TEXT,
    text TEXT NOT NULL,
    status TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);
CREATE INDEX sport_appeal_by_member ON sport_appeal (member, at_ms, id);
