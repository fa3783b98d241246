//! One keep-alive connection: requests go out as the bytes they were made as.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Failed;

const MOST_HEADERS: usize = 32;

/// An answer: its status and body.
pub(super) struct Answer<'c> {
    pub(super) status: u16,
    pub(super) body: &'c [u8],
}

pub(super) struct Connection {
    stream: TcpStream,
    /// What was read; kept between answers so that its memory is.
    read: Vec<u8>,
}

impl Connection {
    pub(super) async fn open(address: SocketAddr) -> Result<Self, Failed> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            read: Vec::with_capacity(4096),
        })
    }

    /// Sends a whole request and waits for the whole answer.
    pub(super) async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>, Failed> {
        self.stream.write_all(request).await?;
        self.read.clear();
        loop {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err("the server closed a connection".into());
            }
            if let Some(Head { status, begin, end }) = head(&self.read)?
                && self.read.len() >= end
            {
                let body = self.read.get(begin..end).unwrap_or_default();
                return Ok(Answer { status, body });
            }
        }
    }
}

/// The head of an answer: its status, and where in what was read its body begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    status: u16,
    begin: usize,
    end: usize,
}

/// None as long as the head isn't whole.
fn head(read: &[u8]) -> Result<Option<Head>, Failed> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(begin) = response.parse(read)? else {
        return Ok(None);
    };
    let length = response
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = length.ok_or("an answer doesn't say how long it is")?;
    let length: usize = std::str::from_utf8(length.value)?.trim().parse()?;
    Ok(Some(Head {
        status: response.code.unwrap_or(0),
        begin,
        end: begin.saturating_add(length),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_when_it_is_whole() {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        let whole = Head {
            status: 200,
            begin: 38,
            end: 40,
        };
        assert_eq!(head(answer).unwrap(), Some(whole));
        assert_eq!(head(&answer[..20]).unwrap(), None);
        assert!(head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(head(b"nonsense\r\n\r\n").is_err());
    }
}
