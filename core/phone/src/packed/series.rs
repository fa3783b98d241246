//! Numbers that follow one another, in few bits: each as what it differs by from what was to be expected.
//!
//! Five guesses are made from the numbers before, and the one that was best of late is taken; the difference is written by
//! Rice's code, as wide as the guess was off of late. Both ends learn the same from the same numbers, so nothing but the
//! differences is written, and a series may be broken off and gone on with anywhere. What that saves: DECISIONS.md.

use std::io;

use bitstream_io::{BitRead, BitWrite};

const GUESSES: usize = 5;
/// Guesses are judged by about the last 2^4 numbers.
const MEMORY: u32 = 4;
/// A difference this many times as large as usual is written as it is.
const LONGEST: u32 = 20;

/// The numbers so far, as far as they say what comes next. Any numbers can be written; those that jump take 84 bits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Series {
    /// The latest first; none before the first number.
    past: Option<[i64; 3]>,
    /// The mean step, times 2^[`MEMORY`].
    step: i64,
    /// How far each guess was off in the mean, times 2^[`MEMORY`].
    off: [u64; GUESSES],
}

impl Series {
    pub(crate) fn write(&mut self, bits: &mut impl BitWrite, value: i64) -> io::Result<()> {
        if self.past.is_none() {
            bits.write::<64, i64>(value)?;
        } else {
            let (guess, width) = self.best_guess();
            let difference = to_unsigned(value.wrapping_sub(guess));
            match u32::try_from(difference >> width) {
                Ok(times) if times < LONGEST => {
                    bits.write_unary::<1>(times)?;
                    bits.write_var(width, difference & !(u64::MAX << width))?;
                }
                _ => {
                    bits.write_unary::<1>(LONGEST)?;
                    bits.write::<64, u64>(difference)?;
                }
            }
        }
        self.learn(value);
        Ok(())
    }

    pub(crate) fn read(&mut self, bits: &mut impl BitRead) -> io::Result<i64> {
        let value = if self.past.is_none() {
            bits.read::<64, i64>()?
        } else {
            let (guess, width) = self.best_guess();
            let difference = match bits.read_unary::<1>()? {
                times if times < LONGEST => u64::from(times) << width | bits.read_var::<u64>(width)?,
                _ => bits.read::<64, u64>()?,
            };
            guess.wrapping_add(to_signed(difference))
        };
        self.learn(value);
        Ok(value)
    }

    /// The guess that was best of late, and the width that suits how far it was off: Rice's code is shortest where the width
    /// is that of the mean.
    fn best_guess(&self) -> (i64, u32) {
        let best = self
            .guesses()
            .into_iter()
            .zip(self.off)
            .min_by_key(|(_, off)| *off);
        let (guess, off) = best.unwrap_or_default();
        // Differences are written without their sign, as twice as large numbers.
        let mean = off >> (MEMORY - 1);
        (guess, mean.checked_ilog2().unwrap_or(0))
    }

    /// As before; a mean step on; the latest step once more, or half of it; a parabola.
    fn guesses(&self) -> [i64; GUESSES] {
        let [a, b, c] = self.past.unwrap_or_default();
        let step = a.wrapping_sub(b);
        let bend = step.wrapping_sub(b.wrapping_sub(c));
        [
            a,
            a.wrapping_add(self.step >> MEMORY),
            a.wrapping_add(step),
            a.wrapping_add(step / 2),
            a.wrapping_add(step).wrapping_add(bend),
        ]
    }

    fn learn(&mut self, value: i64) {
        let Some([a, b, _]) = self.past else {
            self.past = Some([value; 3]);
            return;
        };
        let guesses = self.guesses();
        for (off, guess) in self.off.iter_mut().zip(guesses) {
            let now = value.wrapping_sub(guess).unsigned_abs();
            *off = (*off - (*off >> MEMORY)).saturating_add(now);
        }
        let step = value.wrapping_sub(a);
        self.step = self.step.wrapping_sub(self.step >> MEMORY).wrapping_add(step);
        self.past = Some([value, a, b]);
    }
}

/// 0, -1, 1, -2, ... as 0, 1, 2, 3, ...
const fn to_unsigned(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

const fn to_signed(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use bitstream_io::{BigEndian, BitReader, BitWriter};
    use proptest::prelude::*;

    use super::*;

    fn written(values: &[i64]) -> Vec<u8> {
        let mut bits = BitWriter::endian(Vec::new(), BigEndian);
        let mut series = Series::default();
        for value in values {
            series.write(&mut bits, *value).unwrap();
        }
        bits.byte_align().unwrap();
        bits.into_writer()
    }

    fn read(bytes: &[u8], count: usize) -> io::Result<Vec<i64>> {
        let mut bits = BitReader::endian(bytes, BigEndian);
        let mut series = Series::default();
        (0..count).map(|_| series.read(&mut bits)).collect()
    }

    proptest! {
        #[test]
        fn any_numbers_come_back(values in prop::collection::vec(prop_oneof![any::<i64>(), -50..50_i64, Just(i64::MIN), Just(i64::MAX)], 0..300)) {
            prop_assert_eq!(read(&written(&values), values.len()).unwrap(), values);
        }

        #[test]
        fn any_bytes_are_numbers_until_they_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(read(&bytes, 8 * bytes.len() + 2).is_err());
        }
    }

    #[test]
    fn what_was_to_be_expected_takes_a_bit() {
        let clock: Vec<i64> = (0..800).map(|n| 1_000_000 + n * 200).collect();
        // The first as it is, the second a surprise that is soon forgotten, then a bit each.
        assert!(written(&clock).len() < 8 + 100 + 40, "{}", written(&clock).len());
        let still = written(&[7; 800]);
        assert!(still.len() <= 8 + 100, "{}", still.len());
    }

    #[test]
    fn a_jump_is_forgotten_soon() {
        let mut values = vec![100; 200];
        values[50] = 1_000_000_000;
        assert!(written(&values).len() < 500, "{}", written(&values).len());
    }
}
