//! A server that reads one request and sends a given response.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// The reaction of the server to the request.
pub enum Action {
    /// Sends these bytes and closes the connection.
    Answer(Vec<u8>),
    /// Keeps the connection open without a response.
    Wait,
}

/// A server for one request.
pub struct Peer {
    pub at: SocketAddr,
    request: JoinHandle<String>,
}

impl Peer {
    pub async fn new(then: Action) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let request = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let request = read_request(&mut stream).await;
            match then {
                Action::Answer(bytes) => {
                    // The client may have closed the connection already.
                    let _ = stream.write_all(&bytes).await;
                    let _ = stream.shutdown().await;
                }
                Action::Wait => {
                    let _ = stream.read_u8().await;
                }
            }
            request
        });
        Self { at, request }
    }

    pub async fn request(self) -> String {
        self.request.await.unwrap()
    }
}

/// Reads one request: its head, and the body of its length.
async fn read_request(stream: &mut TcpStream) -> String {
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
