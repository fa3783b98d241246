//! The mall: what it sells, and the way of an order.

mod cancel;
mod order;
mod place;
mod product;
mod receive;
mod refund;
mod status;

pub use cancel::CancelOrder;
pub use order::Order;
pub use place::PlaceOrder;
pub use product::product;
pub use receive::ReceiveOrder;
pub use refund::Refund;
pub use status::{OrderStatus, OrderStep};
