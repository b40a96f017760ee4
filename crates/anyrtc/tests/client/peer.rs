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

    /// A server that sends a whole response.
    pub async fn answering(status: &str, body: &str) -> Self {
        Self::new(Action::Answer(response(status, body))).await
    }

    pub async fn request(self) -> String {
        self.request.await.unwrap()
    }
}

/// A whole response.
pub fn response(status: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
}

/// An address at which nobody listens.
pub async fn closed() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap()
}

/// A server of plain HTTP for a client that speaks TLS.
pub async fn without_tls() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut hello = [0; 4096];
        let _ = stream.read(&mut hello).await.unwrap();
        let words = b"HTTP/1.1 400 Bad Request\r\n\r\n";
        stream.write_all(words).await.unwrap();
        // The client closes once it has read the response.
        let _ = stream.read(&mut hello).await;
    });
    at
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
