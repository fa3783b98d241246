-- People. `id` counts from 1 without gaps and is the member's number in the ledger. A deleted member keeps his row and
-- his place in the line; phone, name and invite code are gone.
CREATE TABLE member (
    id BIGINT PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    phone TEXT UNIQUE,
    invite_code TEXT UNIQUE,
    nickname TEXT NOT NULL,
    language TEXT NOT NULL,
    registered_ms BIGINT NOT NULL,
    deleted_ms BIGINT
);

-- What a member signs in with. Without a key it is signed out.
CREATE TABLE device (
    id BIGINT PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    member BIGINT NOT NULL REFERENCES member (id),
    name TEXT NOT NULL,
    platform TEXT NOT NULL,
    public_key BLOB,
    signed_in_ms BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL
);
CREATE INDEX device_by_member ON device (member);

-- A sign-in of a device. Of the tokens only SHA-256 is kept: of the newest pair, and of the refresh token that the
-- newest pair was given for, with the idempotency key of that request. `used` says that the newest pair has reached the phone.
CREATE TABLE session (
    id BLOB PRIMARY KEY,
    member BIGINT NOT NULL REFERENCES member (id),
    device BIGINT NOT NULL REFERENCES device (id),
    version BIGINT NOT NULL,
    access_hash BLOB NOT NULL,
    access_until_ms BIGINT NOT NULL,
    refresh_hash BLOB NOT NULL,
    refresh_until_ms BIGINT NOT NULL,
    previous_hash BLOB,
    exchange_key TEXT,
    used BIGINT NOT NULL,
    ended TEXT
);
CREATE INDEX session_by_member ON session (member);
CREATE INDEX session_by_age ON session (refresh_until_ms);

-- SMS codes of the last 24 hours, for their limits; the newest of a number is the one that is valid. `session` is the
-- one that it signed in, `attempt` the idempotency key that asked for it.
CREATE TABLE sms_code (
    phone TEXT NOT NULL,
    sent_ms BIGINT NOT NULL,
    code_hash BLOB NOT NULL,
    attempt TEXT,
    tries BIGINT NOT NULL,
    session BLOB,
    PRIMARY KEY (phone, sent_ms)
);
CREATE INDEX sms_code_by_age ON sms_code (sent_ms);

-- Consents given and taken back; the newest of a purpose counts. They are never changed.
CREATE TABLE consent (
    id BIGINT PRIMARY KEY,
    member BIGINT NOT NULL REFERENCES member (id),
    purpose TEXT NOT NULL,
    version TEXT NOT NULL,
    given BIGINT NOT NULL,
    at_ms BIGINT NOT NULL
);
CREATE INDEX consent_by_member ON consent (member);
