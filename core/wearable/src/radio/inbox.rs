//! What a band has sent and nobody has taken yet. Bounded: where a band is faster than we are, its oldest values go.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;
use uuid::Uuid;

use crate::Notification;

/// So many values of one characteristic wait at most. A history's packets are counted, so that a loss is noticed; of
/// everything else the newest is what counts.
const WAITING: usize = 4096;
/// No attribute of Bluetooth's is longer.
const LONGEST: usize = 512;

/// See the module.
#[derive(Default)]
pub(super) struct Inbox {
    waiting: Mutex<Waiting>,
    more: Notify,
}

#[derive(Default)]
struct Waiting {
    of: HashMap<Uuid, VecDeque<(u64, Vec<u8>)>>,
    came: u64,
}

impl Inbox {
    /// Puts a value in.
    pub(super) fn put(&self, of: Uuid, value: Vec<u8>) {
        if value.len() > LONGEST {
            return;
        }
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.came += 1;
        let came = waiting.came;
        let queue = waiting.of.entry(of).or_default();
        if queue.len() >= WAITING {
            queue.pop_front();
        }
        queue.push_back((came, value));
        drop(waiting);
        self.more.notify_one();
    }

    /// The oldest value of these, if there is one.
    pub(super) fn take(&self, of: &[Uuid]) -> Option<Notification> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let first = |uuid: &Uuid| Some((waiting.of.get(uuid)?.front()?.0, *uuid));
        let (_, characteristic) = of.iter().filter_map(first).min()?;
        let (_, value) = waiting.of.get_mut(&characteristic)?.pop_front()?;
        Some(Notification {
            characteristic,
            value,
        })
    }

    /// Waits for the next value of these. One task at a time may wait.
    pub(super) async fn next(&self, of: &[Uuid]) -> Notification {
        loop {
            if let Some(notification) = self.take(of) {
                return notification;
            }
            self.more.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Uuid = Uuid::from_u128(1);
    const B: Uuid = Uuid::from_u128(2);

    fn taken(inbox: &Inbox, of: &[Uuid]) -> Vec<u8> {
        std::iter::from_fn(|| inbox.take(of))
            .flat_map(|value| value.value)
            .collect()
    }

    #[test]
    fn values_come_in_order_and_wait_for_whoever_asks_for_them() {
        let inbox = Inbox::default();
        for (of, value) in [(A, 1), (B, 2), (A, 3), (B, 4)] {
            inbox.put(of, vec![value]);
        }
        assert_eq!(taken(&inbox, &[B]), [2, 4]);
        inbox.put(B, vec![5]);
        assert_eq!(taken(&inbox, &[B, A]), [1, 3, 5]);
    }

    #[test]
    fn a_flood_keeps_its_newest_and_leaves_others_their_room() {
        let inbox = Inbox::default();
        inbox.put(B, vec![7]);
        for number in 0..1_000_000_u32 {
            inbox.put(A, number.to_le_bytes().to_vec());
        }
        inbox.put(A, vec![0; LONGEST + 1]);
        let newest: Vec<u32> = std::iter::from_fn(|| inbox.take(&[A]))
            .map(|value| u32::from_le_bytes(value.value.try_into().unwrap()))
            .collect();
        assert_eq!(newest.len(), WAITING);
        assert_eq!(newest.last(), Some(&999_999));
        assert_eq!(taken(&inbox, &[B]), [7]);
    }

    #[tokio::test]
    async fn whoever_waits_is_woken() {
        let inbox = std::sync::Arc::new(Inbox::default());
        let waiting = tokio::spawn({
            let inbox = inbox.clone();
            async move { inbox.next(&[B]).await.value }
        });
        tokio::task::yield_now().await;
        inbox.put(A, vec![1]);
        inbox.put(B, vec![2]);
        assert_eq!(waiting.await.unwrap(), [2]);
    }
}
