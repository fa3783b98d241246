-- The first drop day. One row, once launched.
CREATE TABLE launch (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    day BIGINT NOT NULL
);

-- The price of each day from launch on, in ten-thousandths of a CNY per Hi-Shell.
CREATE TABLE shell_price (
    day BIGINT PRIMARY KEY,
    price BIGINT NOT NULL
);
