//! Sending many requests over many connections, as fast as they are answered or at a set pace.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use tokio::task::JoinSet;

use super::connection::Connection;
use crate::Failed;

/// When a request is sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Pace {
    /// As soon as a connection is free.
    AsFastAsPossible,
    /// At its own time, so many a second, whether the ones before are answered or not. Its latency counts from that
    /// time on: what waits for a free connection, because the server was slow, was waiting for the server.
    PerSecond(f64),
}

/// What came of it.
pub(super) struct Load {
    pub(super) answered: u64,
    pub(super) seconds: f64,
    latency_us: Histogram<u64>,
}

impl Load {
    /// The latency that so many percent don't exceed, in milliseconds.
    pub(super) fn ms_at(&self, percent: f64) -> f64 {
        self.latency_us.value_at_percentile(percent) as f64 / 1e3
    }
}

struct Queue {
    requests: Vec<Vec<u8>>,
    next: AtomicUsize,
    started: Instant,
    pace: Pace,
    /// How the body of each answer begins.
    expected: String,
}

impl Queue {
    /// The next request, and when it is due.
    fn next(&self) -> Option<(&[u8], Instant)> {
        let nth = self.next.fetch_add(1, Ordering::Relaxed);
        let due = match self.pace {
            Pace::AsFastAsPossible => Instant::now(),
            Pace::PerSecond(rate) => self.started + Duration::from_secs_f64(nth as f64 / rate),
        };
        Some((self.requests.get(nth)?, due))
    }
}

/// Sends all requests; ends at the first answer that isn't 200 with a body that begins as expected.
pub(super) async fn drive(
    address: SocketAddr,
    connections: usize,
    requests: Vec<Vec<u8>>,
    pace: Pace,
    expected: &str,
) -> Result<Load, Failed> {
    let mut open = Vec::new();
    for _ in 0..connections {
        open.push(Connection::open(address).await?);
    }
    let started = Instant::now();
    let queue = Arc::new(Queue {
        requests,
        next: AtomicUsize::new(0),
        started,
        pace,
        expected: expected.to_owned(),
    });
    let mut sending = JoinSet::new();
    for connection in open {
        sending.spawn(send(connection, Arc::clone(&queue)));
    }
    let mut latency_us = Histogram::new(3)?;
    while let Some(sent) = sending.join_next().await {
        latency_us.add(sent??)?;
    }
    Ok(Load {
        answered: latency_us.len(),
        seconds: started.elapsed().as_secs_f64(),
        latency_us,
    })
}

async fn send(mut connection: Connection, queue: Arc<Queue>) -> Result<Histogram<u64>, Failed> {
    let mut latency_us = Histogram::new(3)?;
    while let Some((request, due)) = queue.next() {
        tokio::time::sleep_until(due.into()).await;
        let answer = connection.ask(request).await?;
        if answer.status != 200 || !answer.body.starts_with(queue.expected.as_bytes()) {
            let said = String::from_utf8_lossy(answer.body);
            return Err(format!("a request was answered with {}: {said}", answer.status).into());
        }
        latency_us.record(u64::try_from(due.elapsed().as_micros())?)?;
    }
    Ok(latency_us)
}
