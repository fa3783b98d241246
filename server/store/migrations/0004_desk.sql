-- The newest time that the desk has used (UTC ms): time never goes back, not even over a restart. One row.
CREATE TABLE desk (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    newest_ms BIGINT NOT NULL
);
INSERT INTO desk (id, newest_ms) VALUES (1, 0);

-- Which of several programs on one database may write: its name, where it takes changes that others pass on, and until
-- when, by the database's clock (UTC ms). Each holder has a greater token than the one before. One row; a database in a
-- file goes without.
CREATE TABLE writer_lease (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    token BIGINT NOT NULL,
    holder TEXT NOT NULL,
    address TEXT NOT NULL,
    until_ms BIGINT NOT NULL
);
INSERT INTO writer_lease (id, token, holder, address, until_ms) VALUES (1, 0, '', '', 0);

-- What was answered to a change, by whose it was and its idempotency key.
CREATE TABLE idempotency (
    scope TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    status BIGINT NOT NULL,
    answer TEXT NOT NULL,
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (scope, idempotency_key)
);
CREATE INDEX idempotency_by_age ON idempotency (answered_at);
