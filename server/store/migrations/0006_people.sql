-- A member's place in the line and what the rules made of him: written by nobody but them, and proved by the audit.
-- `sponsor` is 0 for nobody; `tier` 1 junior, 2 middle, 3 senior, 0 none.
CREATE TABLE person (
    member BIGINT PRIMARY KEY,
    sponsor BIGINT NOT NULL,
    depth BIGINT NOT NULL,
    direct BIGINT NOT NULL,
    team BIGINT NOT NULL,
    juniors BIGINT NOT NULL,
    direct_juniors BIGINT NOT NULL,
    middles BIGINT NOT NULL,
    direct_middles BIGINT NOT NULL,
    vip BIGINT NOT NULL,
    owns_centre BIGINT NOT NULL,
    tier BIGINT NOT NULL
);
CREATE INDEX person_by_sponsor ON person (sponsor);

-- The approved operation centres, in the order of their approval. One a region.
CREATE TABLE approved_centre (
    centre BIGINT PRIMARY KEY,
    place BIGINT NOT NULL UNIQUE,
    owner BIGINT NOT NULL,
    region BIGINT NOT NULL UNIQUE,
    parent BIGINT
);
