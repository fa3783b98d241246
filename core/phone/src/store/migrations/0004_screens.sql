-- The statement as far as it was asked for: lines never change. `place` rises with time; `units` is the amount in the
-- asset's smallest unit, for sums; `value` is the whole line as the server said it.
CREATE TABLE statement_line (
    owner   TEXT    NOT NULL,
    place   INTEGER NOT NULL,
    line    TEXT    NOT NULL,
    at_ms   INTEGER NOT NULL,
    asset   TEXT    NOT NULL,
    bucket  TEXT    NOT NULL,
    units   INTEGER NOT NULL,
    event   TEXT    NOT NULL,
    journal INTEGER NOT NULL,
    value   TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX statement_place ON statement_line (owner, place);
CREATE UNIQUE INDEX statement_once ON statement_line (owner, line);
CREATE INDEX statement_time ON statement_line (owner, at_ms);

-- Messages, each once: `origin` names what it was made from. `owner` is '' for those of the phone itself.
CREATE TABLE message (
    id      INTEGER PRIMARY KEY,
    owner   TEXT    NOT NULL,
    origin  TEXT    NOT NULL,
    at_ms   INTEGER NOT NULL,
    subject TEXT    NOT NULL,
    read    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX message_once ON message (owner, origin);
CREATE INDEX message_time ON message (owner, at_ms);
