//! Proves with a counting allocator that a sample costs no allocation.
#![allow(clippy::cast_possible_truncation, reason = "made-up numbers are small")]
#![allow(
    unsafe_code,
    reason = "an allocator can't be written otherwise; this one only counts"
)]

use haigou_motion::{GaitHint, Sample, StepCounter};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: hands everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promises are handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are handed on.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Ten minutes of walking with pauses and a gap, at 100 Hz.
fn sample(i: i32) -> Sample {
    let t = f64::from(i) / 100.0;
    let walks = t % 60.0 < 50.0;
    let strength = if walks { 0.3 + 0.05 * (1.3 * t).sin() } else { 0.0 };
    let magnitude = 1.0 + strength * (std::f64::consts::TAU * (1.8 * t + 0.1 * (0.9 * t).sin())).sin();
    let gap_us = if i > 30_000 { 5_000_000 } else { 0 };
    Sample {
        t_us: i64::from(i) * 10_000 + gap_us,
        magnitude_g: magnitude as f32,
    }
}

#[test]
fn a_sample_costs_no_allocation() {
    let mut counter = StepCounter::new(GaitHint::Auto);
    let mut steps = 0;
    let before = ALLOCATIONS.get();
    for i in 0..60_000 {
        counter.push(sample(i), &mut |_| steps += 1);
    }
    counter.finish(&mut |_| steps += 1);
    assert_eq!(ALLOCATIONS.get() - before, 0);
    assert!(steps > 800, "the counter had something to do: {steps}");

    let saved = counter.save();
    assert!(
        ALLOCATIONS.get() > before,
        "the allocator counts: {}",
        saved.len()
    );
}
