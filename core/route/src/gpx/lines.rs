//! Counts lines and bytes while a file is read.

use std::io::{self, BufRead, Read};

/// A reader that knows in which line it is, and stops after a number of bytes.
pub(super) struct Lines<R> {
    inner: R,
    newlines: u64,
    left: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(inner: R, most_bytes: u64) -> Self {
        Self {
            inner,
            newlines: 0,
            left: most_bytes,
        }
    }

    /// The line that is being read, from 1.
    pub(super) fn line(&self) -> u64 {
        self.newlines + 1
    }

    /// Whether as many bytes were read as may be.
    pub(super) fn is_exhausted(&self) -> bool {
        self.left == 0
    }

    fn most(&self, len: usize) -> usize {
        usize::try_from(self.left).map_or(len, |left| left.min(len))
    }
}

impl<R: BufRead> Read for Lines<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let from = self.fill_buf()?;
        let len = from.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..len), from.get(..len)) {
            to.copy_from_slice(from);
        }
        self.consume(len);
        Ok(len)
    }
}

impl<R: BufRead> BufRead for Lines<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let most = self.most(usize::MAX);
        let buffer = self.inner.fill_buf()?;
        Ok(buffer.get(..most.min(buffer.len())).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        let amount = self.most(amount);
        let newlines = match self.inner.fill_buf() {
            Ok(buffer) => buffer.iter().take(amount).filter(|b| **b == b'\n').count(),
            Err(_) => 0,
        };
        self.newlines += u64::try_from(newlines).unwrap_or_default();
        self.left -= u64::try_from(amount).unwrap_or_default();
        self.inner.consume(amount);
    }
}
