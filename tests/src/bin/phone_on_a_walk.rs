//! A phone that walks, as a process of its own: `phone_on_a_walk FOLDER FROM_MS SPEED`.
//!
//! The world is the same in every run: somebody walks, and this process hears it from `FROM_MS` on (the time since the
//! walk began), so many times as fast as real time. It says the time that it has heard up to, line by line, until it is
//! killed or the walk is over.

use std::sync::Arc;
use std::time::{Duration, Instant};

use haigou_contract::ActivityKind;
use haigou_phone::Phone;
use haigou_tests::{Walk, walking_phone};

/// Samples are handed over so often, in milliseconds of the walk.
const BATCH_MS: i64 = 200;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let number = |index: usize| arguments[index].parse::<i64>().expect("a number");
    let (from_ms, speed) = (number(2), number(3));
    let mut walk = Walk::new();
    walk.skip_to(from_ms);
    let options = walking_phone(arguments[1].as_ref(), &walk);
    let phone: Arc<Phone> = Phone::open(options).expect("the app opens");
    if from_ms == 0 {
        phone
            .start_activity(ActivityKind::Walk)
            .expect("none is under way");
    }
    let began = Instant::now();
    while let Some(batch) = walk.hear(BATCH_MS) {
        let due =
            Duration::from_millis(u64::try_from((walk.now_ms() - from_ms) / speed).expect("time goes on"));
        std::thread::sleep(due.saturating_sub(began.elapsed()));
        phone.feed_samples(&batch).expect("numbers");
        println!("{}", walk.now_ms());
    }
    phone.close();
}
