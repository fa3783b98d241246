-- What the mall sells. `kind` is goods, service_card, starter_pack or centre_pack; price, hi_value and challenge in 0.01.
CREATE TABLE product (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    price BIGINT NOT NULL,
    hi_value BIGINT NOT NULL,
    challenge BIGINT NOT NULL
);
INSERT INTO product (name, kind, price, hi_value, challenge) VALUES
    ('starter-99', 'starter_pack', 9900, 9900, 0),
    ('starter-399', 'starter_pack', 39900, 59900, 0),
    ('starter-999', 'starter_pack', 99900, 199900, 0),
    ('centre-9800', 'centre_pack', 980000, 0, 0),
    ('card-199', 'service_card', 19900, 20000, 20000),
    ('card-599', 'service_card', 59900, 70000, 70000),
    ('rice-50', 'goods', 5000, 5000, 0),
    ('shoes-300', 'goods', 30000, 15000, 0);

-- Orders, in one name space with bills. `lines` as JSON, amounts of money in 0.01. `hi_shell_value` is what was paid in
-- Hi-Shell, in money; `payment` and `receipt` are the journals, none where nothing was paid inside or nothing is received
-- yet; `refunded` is a part of `total`.
CREATE TABLE mall_order (
    name TEXT PRIMARY KEY,
    buyer BIGINT NOT NULL REFERENCES member (id),
    lines TEXT NOT NULL,
    total BIGINT NOT NULL,
    hi_shell_value BIGINT NOT NULL,
    status TEXT NOT NULL,
    payment BIGINT,
    receipt BIGINT,
    refunded BIGINT NOT NULL,
    placed_ms BIGINT NOT NULL
);
CREATE INDEX mall_order_by_buyer ON mall_order (buyer);
