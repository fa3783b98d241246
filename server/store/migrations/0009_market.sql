-- Listings of Hi-Shell. `id` counts from 1, so the older has the smaller; `price` in 0.0001 CNY per Hi-Shell;
-- `remaining` is what can still be taken, 0 once it is sold out or taken back.
CREATE TABLE listing (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    seller BIGINT NOT NULL REFERENCES member (id),
    price BIGINT NOT NULL,
    remaining BIGINT NOT NULL,
    listed_ms BIGINT NOT NULL
);
CREATE INDEX listing_by_price ON listing (price, id) WHERE remaining > 0;
CREATE INDEX listing_by_seller ON listing (seller);
