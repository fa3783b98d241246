//! Where an order stands, and how it goes on. Refunds are an axis of their own.

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderStatus {
    /// Placed, not paid.
    AwaitingPayment,
    /// Paid.
    Paid,
    /// On its way.
    Shipped,
    /// Received: its rewards are booked.
    Received,
    /// Nothing more can happen to it.
    Closed,
    /// Not paid, and never will be.
    Cancelled,
}

/// What can happen to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderStep {
    /// It is paid.
    Pay,
    /// It is shipped.
    Ship,
    /// It is received.
    Receive,
    /// It is given up before it was paid.
    Cancel,
    /// It is refunded whole before receipt, or can't be refunded any more after it.
    Close,
}

impl OrderStatus {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::AwaitingPayment,
        Self::Paid,
        Self::Shipped,
        Self::Received,
        Self::Closed,
        Self::Cancelled,
    ];

    /// Where it stands after a step; none if the step isn't possible.
    #[must_use]
    pub const fn after(self, step: OrderStep) -> Option<Self> {
        match (self, step) {
            (Self::AwaitingPayment, OrderStep::Pay) => Some(Self::Paid),
            (Self::AwaitingPayment, OrderStep::Cancel) => Some(Self::Cancelled),
            (Self::Paid, OrderStep::Ship) => Some(Self::Shipped),
            (Self::Shipped, OrderStep::Receive) => Some(Self::Received),
            (Self::Paid | Self::Shipped | Self::Received, OrderStep::Close) => Some(Self::Closed),
            _ => None,
        }
    }

    /// The name in database and API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AwaitingPayment => "awaiting_payment",
            Self::Paid => "paid",
            Self::Shipped => "shipped",
            Self::Received => "received",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [OrderStep; 5] = [
        OrderStep::Pay,
        OrderStep::Ship,
        OrderStep::Receive,
        OrderStep::Cancel,
        OrderStep::Close,
    ];

    #[test]
    fn every_way_ends_and_no_step_is_taken_twice() {
        fn walk(status: OrderStatus, taken: &mut Vec<OrderStep>) {
            let ways = STEPS.map(|step| (step, status.after(step)));
            let is_end = matches!(status, OrderStatus::Closed | OrderStatus::Cancelled);
            assert_eq!(ways.iter().all(|(_, next)| next.is_none()), is_end, "{status:?}");
            for (step, next) in ways {
                if let Some(next) = next {
                    assert!(!taken.contains(&step));
                    taken.push(step);
                    walk(next, taken);
                    taken.pop();
                }
            }
        }
        walk(OrderStatus::AwaitingPayment, &mut Vec::new());
    }

    #[test]
    fn a_status_is_read_as_it_was_written() {
        for status in OrderStatus::ALL {
            assert_eq!(OrderStatus::named(status.name()), Some(status));
        }
        assert_eq!(OrderStatus::named("lost"), None);
    }
}
