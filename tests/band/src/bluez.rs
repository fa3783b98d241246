//! The service `org.bluez` on a bus.

mod calls;
mod objects;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::JoinHandle;
use zbus::MessageStream;
use zbus::message::Type;

use crate::air::Air;

/// So often bands are asked what they send.
const BEAT: Duration = Duration::from_millis(4);
/// So often bands announce themselves.
const ANNOUNCING: Duration = Duration::from_millis(100);

/// All that is simulated, behind one lock that is never held across a wait.
pub(crate) type Shared = Arc<Mutex<Air>>;

pub(crate) fn lock(air: &Shared) -> MutexGuard<'_, Air> {
    air.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The service on a bus; it is gone with this value.
pub(crate) struct Service {
    air: Shared,
    tasks: [JoinHandle<()>; 3],
}

impl Service {
    /// Begins to serve. The name comes last: whoever waits for it finds everything there.
    pub(crate) async fn start(address: &str, air: &Shared) -> zbus::Result<Self> {
        let connection = zbus::connection::Builder::address(address).build().await?;
        let mut calls = MessageStream::from(&connection);
        let (out, mut outgoing) = unbounded_channel();
        lock(air).serve(out);

        let answering = air.clone();
        let answers = async move {
            while let Some(Ok(message)) = calls.next().await {
                if message.message_type() == Type::MethodCall {
                    lock(&answering).answer(&message);
                }
            }
        };
        let sender = connection.clone();
        let sends = async move {
            let mut messages = Vec::new();
            while outgoing.recv_many(&mut messages, 64).await > 0 {
                // A bus that has died takes nothing more, and nobody is there to be told.
                let _sent = sender.send_all(&messages).await;
                messages.clear();
            }
        };
        let living = air.clone();
        let lives = async move {
            let mut beat = tokio::time::interval(BEAT);
            let (mut lived, mut announced) = (Instant::now(), Instant::now());
            loop {
                beat.tick().await;
                let mut air = lock(&living);
                let after = lived.elapsed();
                lived = Instant::now();
                air.live(u64::try_from(after.as_micros()).unwrap_or(u64::MAX));
                if announced.elapsed() >= ANNOUNCING {
                    announced = Instant::now();
                    air.advertise();
                }
            }
        };
        let tasks = [tokio::spawn(answers), tokio::spawn(sends), tokio::spawn(lives)];
        let service = Self {
            air: air.clone(),
            tasks,
        };
        connection.request_name("org.bluez").await?;
        Ok(service)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        lock(&self.air).leave();
        for task in &self.tasks {
            task.abort();
        }
    }
}
