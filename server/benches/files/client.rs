//! A client that does little more than read.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::Instant,
};

use anyhow::{Context, Result, ensure};

use crate::{SIZE, megabytes};

/// A connection that is kept.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    pub fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: vec![0; 1 << 20],
        })
    }

    /// Sends a request, and hands the body of the answer to `take`. Returns the head.
    pub fn send(&mut self, request: &str, mut take: impl FnMut(&[u8])) -> Result<String> {
        self.stream.write_all(request.as_bytes())?;
        let mut head = Vec::new();
        let body = loop {
            head.extend_from_slice(self.read()?);
            if let Some(end) = head.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break head.split_off(end + 4);
            }
        };
        let head = String::from_utf8(head)?;
        let length = header(&head, "content-length").map_or(Ok(0), str::parse::<usize>)?;
        take(&body);
        let mut left = length.checked_sub(body.len()).context("a longer body")?;
        while left > 0 {
            let bytes = self.read()?;
            take(bytes);
            left = left.checked_sub(bytes.len()).context("a longer body")?;
        }
        Ok(head)
    }

    fn read(&mut self) -> Result<&[u8]> {
        let n = self.stream.read(&mut self.buffer)?;
        ensure!(n > 0, "the connection ended");
        Ok(&self.buffer[..n])
    }
}

/// The first header of that name.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

/// The file at one of the servers.
pub struct Site {
    pub address: SocketAddr,
    pub path: String,
    pub cookie: String,
}

impl Site {
    pub fn without_session(address: SocketAddr, path: &str) -> Self {
        Self {
            address,
            path: path.to_owned(),
            cookie: String::new(),
        }
    }

    /// Megabytes a second of `connections` downloads at the same time.
    pub fn speed(&self, connections: u32) -> Result<f64> {
        let begun = Instant::now();
        thread::scope(|scope| {
            let downloads = (0..connections).map(|_| scope.spawn(|| self.download()));
            // All run before one is waited for.
            let downloads: Vec<_> = downloads.collect();
            let mut downloads = downloads.into_iter();
            downloads.try_for_each(|download| download.join().expect("a download panicked"))
        })?;
        Ok(megabytes(connections) / begun.elapsed().as_secs_f64())
    }

    fn download(&self) -> Result<()> {
        let mut length = 0;
        let request = self.request("");
        let head = Client::connect(self.address)?.send(&request, |bytes| length += bytes.len())?;
        ensure!(head.starts_with("HTTP/1.1 200") && length == SIZE, "{head}");
        Ok(())
    }

    /// Ranges a second, each at one of `offsets` and as long as `length`, over one connection.
    pub fn ranges(&self, content: &[u8], offsets: &[usize], length: usize) -> Result<f64> {
        let mut client = Client::connect(self.address)?;
        let begun = Instant::now();
        for &offset in offsets {
            let end = offset + length;
            let request = self.request(&format!("range: bytes={offset}-{}\r\n", end - 1));
            let mut body = Vec::with_capacity(length);
            let head = client.send(&request, |bytes| body.extend_from_slice(bytes))?;
            ensure!(head.starts_with("HTTP/1.1 206"), "{head}");
            ensure!(body == content[offset..end], "other bytes at {offset}");
        }
        let count = u32::try_from(offsets.len())?;
        Ok(f64::from(count) / begun.elapsed().as_secs_f64())
    }

    fn request(&self, headers: &str) -> String {
        let (path, cookie) = (&self.path, &self.cookie);
        format!("GET {path} HTTP/1.1\r\nhost: bench\r\ncookie: {cookie}\r\n{headers}\r\n")
    }
}
