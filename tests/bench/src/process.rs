//! What this process has used and written, as Linux tells it.

use crate::Failed;

/// Bytes that the process has written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written {
    /// Handed to the system, whatever the file.
    pub(crate) by_us: u64,
    /// What the system has passed on to the disk for it, or is going to.
    pub(crate) for_disk: u64,
}

impl Written {
    pub(crate) fn so_far() -> Result<Self, Failed> {
        let text = std::fs::read_to_string("/proc/self/io")?;
        Ok(Self {
            by_us: number(&text, "wchar:")?,
            for_disk: number(&text, "write_bytes:")?.saturating_sub(number(&text, "cancelled_write_bytes:")?),
        })
    }

    pub(crate) const fn since(self, before: Self) -> Self {
        Self {
            by_us: self.by_us.saturating_sub(before.by_us),
            for_disk: self.for_disk.saturating_sub(before.for_disk),
        }
    }
}

/// The most memory that it has had at a time, in MB.
pub(crate) fn peak_memory_mb() -> Result<f64, Failed> {
    memory("VmHWM:")
}

/// The memory that it has, in MB.
pub(crate) fn memory_mb() -> Result<f64, Failed> {
    memory("VmRSS:")
}

/// Processor time of this thread, in seconds.
pub(crate) fn processor_s() -> Result<f64, Failed> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(number(&text, "")? as f64 / 1e9)
}

fn memory(name: &str) -> Result<f64, Failed> {
    let kib = number(&std::fs::read_to_string("/proc/self/status")?, name)?;
    Ok(kib as f64 * 1024.0 / 1e6)
}

/// The first number of the line that begins so.
fn number(text: &str, begin: &str) -> Result<u64, Failed> {
    let line = text.lines().find_map(|line| line.strip_prefix(begin));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number
        .ok_or_else(|| format!("this system doesn't say `{begin}`"))?
        .parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_apart() {
        let io = "wchar: 7\nwrite_bytes: 8\ncancelled_write_bytes: 3\n";
        assert_eq!(number(io, "write_bytes:").unwrap(), 8);
        assert_eq!(number(io, "cancelled_write_bytes:").unwrap(), 3);
        assert_eq!(number("42 1 2\n", "").unwrap(), 42);
        assert!(number(io, "syscw:").is_err());
    }
}
