//! A peer that hears one call and answers with given bytes.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// The peer's action after it has read the request.
pub enum Then {
    /// Answers with these bytes and closes.
    Answer(Vec<u8>),
    /// Keeps the connection open without an answer.
    Wait,
}

/// One received request as text; `None` if there was none.
pub struct Peer {
    pub at: SocketAddr,
    heard: JoinHandle<String>,
}

impl Peer {
    pub async fn new(then: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let heard = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let heard = hear(&mut stream).await;
            match then {
                Then::Answer(bytes) => {
                    // The client may have had enough and be gone.
                    let _ = stream.write_all(&bytes).await;
                    let _ = stream.shutdown().await;
                }
                Then::Wait => {
                    let _ = stream.read_u8().await;
                }
            }
            heard
        });
        Self { at, heard }
    }

    pub async fn heard(self) -> String {
        self.heard.await.unwrap()
    }
}

/// Reads one request: its head, and a body of its length.
async fn hear(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await.unwrap();
        assert_ne!(read, 0, "the request broke off");
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase()
                        .strip_prefix("content-length:")?
                        .trim()
                        .parse::<usize>()
                        .ok()
                })
                .unwrap_or_default();
            if body.len() >= length {
                return text.into_owned();
            }
        }
    }
}
