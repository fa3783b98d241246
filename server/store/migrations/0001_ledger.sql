-- The journal is the truth; every other table here follows from it and is proved by the audit.
-- Amounts in the smallest unit of their asset; days as days since 1970-01-01; times in UTC milliseconds.
-- An engine other than SQLite reads INTEGER as a 64-bit integer, BLOB as its type of bytes, and needs no WITHOUT ROWID.

-- One row per journal: what it is about, its encoded postings with the links that members' statements follow back,
-- and the hash that chains it to the one before.
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    cause TEXT NOT NULL,
    rulebook INTEGER NOT NULL,
    idempotency_key TEXT NOT NULL UNIQUE,
    body BLOB NOT NULL,
    hash BLOB NOT NULL
);

-- What each member has, in one row: every bucket (a debt is negative), and the rewards that wait for the reward pool;
-- whether he is active, through which day he has his shares of the airdrop, and the journal that settled him last (or 0);
-- and the newest journal that moved each asset of his (or 0): where his statement begins.
CREATE TABLE holder (
    member INTEGER PRIMARY KEY,
    active INTEGER NOT NULL,
    settled_through INTEGER,
    settled_in INTEGER NOT NULL,
    hi_value_inactive INTEGER NOT NULL,
    hi_value_active INTEGER NOT NULL,
    hi_value_debt INTEGER NOT NULL,
    hi_shell_available INTEGER NOT NULL,
    hi_shell_held INTEGER NOT NULL,
    hi_shell_debt INTEGER NOT NULL,
    challenge_frozen INTEGER NOT NULL,
    challenge_available INTEGER NOT NULL,
    challenge_debt INTEGER NOT NULL,
    shopping_available INTEGER NOT NULL,
    shopping_held INTEGER NOT NULL,
    shopping_debt INTEGER NOT NULL,
    cash_available INTEGER NOT NULL,
    cash_held INTEGER NOT NULL,
    cash_debt INTEGER NOT NULL,
    hi_shell_waiting INTEGER NOT NULL,
    hi_value_newest INTEGER NOT NULL,
    hi_shell_newest INTEGER NOT NULL,
    challenge_newest INTEGER NOT NULL,
    shopping_newest INTEGER NOT NULL,
    cash_newest INTEGER NOT NULL
);
-- Rows change again and again: with room beside them the new version stays on the same page, and no index changes.
-- PostgreSQL: ALTER TABLE holder SET (fillfactor = 50);

-- Where the platform's own accounts stand, by their numbers, which are negative.
CREATE TABLE platform (
    account INTEGER PRIMARY KEY,
    units INTEGER NOT NULL
);

-- A closed day: what was dropped on it, and on how much active Hi-Value (0: the drop was forfeited).
CREATE TABLE airdrop_day (
    day INTEGER PRIMARY KEY,
    drop_units INTEGER NOT NULL,
    network_units INTEGER NOT NULL,
    journal INTEGER NOT NULL
);

-- Rewards in Hi-Shell that wait for the reward pool, oldest first: what is left of each.
CREATE TABLE waiting (
    journal INTEGER NOT NULL,
    posting INTEGER NOT NULL,
    member INTEGER NOT NULL,
    units INTEGER NOT NULL,
    PRIMARY KEY (journal, posting)
) WITHOUT ROWID;

-- The rulebook's versions. The journal that laid one down carries its text's hash.
CREATE TABLE rulebook (
    version INTEGER PRIMARY KEY,
    starts_at_ms INTEGER NOT NULL,
    text TEXT NOT NULL,
    journal INTEGER NOT NULL
);
