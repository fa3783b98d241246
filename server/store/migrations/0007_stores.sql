-- Merchants. `id` counts from 1; one that waits for its approval has no `approved_ms`. The rebate is a decimal.
CREATE TABLE merchant (
    id BIGINT PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    owner BIGINT NOT NULL REFERENCES member (id),
    region BIGINT NOT NULL,
    rebate TEXT NOT NULL,
    applied_ms BIGINT NOT NULL,
    approved_ms BIGINT
);
CREATE INDEX merchant_by_owner ON merchant (owner);

-- Bills at stores, in the name space of mall orders. One that no journal has booked waits for the buyer's word until `until_ms`.
-- `hi_shell` is what he deducts; `refunded` is a part of `amount`.
CREATE TABLE bill (
    name TEXT PRIMARY KEY,
    merchant BIGINT NOT NULL REFERENCES merchant (id),
    buyer BIGINT NOT NULL REFERENCES member (id),
    amount BIGINT NOT NULL,
    hi_shell BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,
    booked_in BIGINT,
    refunded BIGINT NOT NULL
) WITHOUT ROWID;

-- Operation centres that were applied for; approved ones stand in `approved_centre` too. `id` counts from 1; `joined_by`
-- is pack, senior or application.
CREATE TABLE centre (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    owner BIGINT NOT NULL REFERENCES member (id),
    region BIGINT NOT NULL,
    parent BIGINT REFERENCES centre (id),
    joined_by TEXT NOT NULL,
    applied_ms BIGINT NOT NULL
);

-- Centre packs that were received, one row each, and the centre that was applied for with it.
CREATE TABLE centre_pack (
    id BIGINT PRIMARY KEY,
    owner BIGINT NOT NULL REFERENCES member (id),
    paid BIGINT NOT NULL,
    order_name TEXT NOT NULL,
    centre BIGINT REFERENCES centre (id)
);
CREATE INDEX centre_pack_by_owner ON centre_pack (owner);

-- What was traded by listing on a day, in all: cash in 0.01 CNY, shells in 0.00000001 Hi-Shell.
CREATE TABLE trade_day (
    day BIGINT PRIMARY KEY,
    cash BIGINT NOT NULL,
    shells BIGINT NOT NULL
);
