//! How often one address may ask for what costs something.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use haigou_contract::ErrorCode;
use haigou_store::Clock;
use serde::{Deserialize, Serialize};

use super::{Address, Refusal};

/// Addresses are forgotten once they are back at their full allowance; that is looked at every so many requests.
const FORGET_EVERY: u32 = 10_000;

/// A number of requests at once, and how many of them come back per hour. None at all: no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// At once.
    pub burst: NonZeroU32,
    /// Given back per hour.
    pub per_hour: NonZeroU32,
}

impl Allowance {
    /// An allowance; zeros count as ones.
    #[must_use]
    pub const fn new(burst: u32, per_hour: u32) -> Self {
        Self {
            burst: at_least_one(burst),
            per_hour: at_least_one(per_hour),
        }
    }
}

const fn at_least_one(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

/// Counts the requests of each address against an allowance.
pub struct AddressLimit {
    limiter: Option<Limiter>,
    counted: AtomicU32,
}

type Limiter = RateLimiter<IpAddr, DashMapStateStore<IpAddr>, ServerClock, NoOpMiddleware<Nanos>>;

impl AddressLimit {
    /// A limit by the server's clock.
    #[must_use]
    pub fn new(allowance: Option<Allowance>, clock: &Arc<dyn Clock>) -> Self {
        let limiter = allowance.map(|Allowance { burst, per_hour }| {
            let quota = Quota::per_hour(per_hour).allow_burst(burst);
            RateLimiter::new(
                quota,
                DashMapStateStore::default(),
                ServerClock(Arc::clone(clock)),
            )
        });
        Self {
            limiter,
            counted: AtomicU32::new(0),
        }
    }

    /// Counts one request.
    ///
    /// # Errors
    /// `rate_limited`, with the seconds until the next one is allowed.
    pub fn count(&self, address: Address) -> Result<(), Refusal> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        if self.counted.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            limiter.retain_recent();
        }
        limiter.check_key(&address.subscriber()).map_err(|until| {
            let wait = until.wait_time_from(limiter.clock().now());
            Refusal::new(ErrorCode::RateLimited).retry_after(wait.as_secs().saturating_add(1))
        })
    }
}

/// The server's clock as the limiter wants it.
#[derive(Clone)]
struct ServerClock(Arc<dyn Clock>);

impl GovernorClock for ServerClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Duration::from_millis(self.0.now_ms().try_into().unwrap_or(0)).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use haigou_store::ManualClock;

    #[test]
    fn an_allowance_is_used_up_and_comes_back() {
        let clock = Arc::new(ManualClock::new(1_800_000_000_000));
        let limit = AddressLimit::new(
            Some(Allowance::new(3, 60)),
            &(Arc::clone(&clock) as Arc<dyn Clock>),
        );
        let [one, two] = ["1.1.1.1", "2.2.2.2"].map(|text| Address(text.parse().unwrap()));
        for _ in 0..3 {
            assert_eq!(limit.count(one), Ok(()));
        }
        let refusal = limit.count(one).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::RateLimited);
        let wait = refusal.retry_after_s.unwrap();
        assert!((60..=61).contains(&wait), "{wait}");
        assert_eq!(limit.count(two), Ok(()));
        clock.advance(61_000);
        assert_eq!(limit.count(one), Ok(()));
        assert!(limit.count(one).is_err());
    }

    #[test]
    fn no_allowance_is_no_limit() {
        let limit = AddressLimit::new(None, &(Arc::new(ManualClock::new(0)) as Arc<dyn Clock>));
        assert!((0..1_000).all(|_| limit.count(Address("1.1.1.1".parse().unwrap())).is_ok()));
    }
}
