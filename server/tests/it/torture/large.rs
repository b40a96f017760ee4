//! The binary fetches a file of 3 GiB, and takes no more memory than for a small one.

use std::time::{Duration, Instant};

use reelroom_store::{Store, files, testing::Databases};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    time::sleep,
};

use super::{Caller, Server, prepare};
use crate::{
    common::file_call,
    fetch::{content, read_head},
};

/// MiB.
const SMALL: usize = 1;
const LARGE: usize = 3 << 10;
const MOST_MEMORY: u64 = 150;

/// A file server whose path is the size of the file in MiB. Returns its address.
async fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let Some((path, _)) = read_head(&mut stream).await else {
                    return;
                };
                let size: usize = path[1..].parse().unwrap_or(0);
                let bytes = content(1);
                let head = format!(
                    "HTTP/1.1 200 x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    size << 20
                );
                let mut sent = stream.write_all(head.as_bytes()).await;
                for _ in 0..size {
                    if sent.is_ok() {
                        sent = stream.write_all(&bytes[..1 << 20]).await;
                    }
                }
                // The client closes the connection.
                let _ = stream.read(&mut [0; 1]).await;
            });
        }
    });
    base
}

/// The most memory that the process had so far, in MiB.
fn memory(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let most = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    let kib: u64 = most.trim().trim_end_matches(" kB").parse().unwrap();
    kib / 1024
}

/// Announces a file of `size` MiB, and waits until `copies` are archived.
async fn fetch(server: &Server, store: &Store, base: &str, size: usize, copies: u32) {
    let (room, name) = (format!("room-{size}"), format!("{size}.mp4"));
    let call = file_call(&room, &name, size << 20, &format!("{base}/{size}"));
    let mut caller = Caller::connect(&server.address).unwrap();
    let call = call.to_string();
    assert_eq!(caller.post("av", call.as_bytes()).unwrap(), 200);
    let begun = Instant::now();
    loop {
        let mut read = store.read().await.unwrap();
        if files::count_archived(&mut read).await.unwrap() == copies {
            return;
        }
        drop(read);
        assert!(begun.elapsed() < Duration::from_mins(20), "{size} MiB");
        sleep(Duration::from_millis(200)).await;
    }
}

#[ignore = "writes 3 GiB and takes minutes: `make torture`"]
#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_costs_no_more_memory_than_a_small_one() {
    let (databases, folder) = (Databases::on_sqlite(), TempDir::new().unwrap());
    let database = databases.another();
    let base = serve().await;
    prepare(&database, folder.path(), &base).await;
    let mut server = Server::start(folder.path(), &database, &[]);
    let store = Store::connect(&database).await.unwrap();
    fetch(&server, &store, &base, SMALL, 1).await;
    let small = memory(&server);
    fetch(&server, &store, &base, LARGE, 2).await;
    let large = memory(&server);
    store.close().await;
    server.kill();
    println!("{small} MiB of memory after a file of {SMALL} MiB, {large} MiB after {LARGE} MiB");
    assert!(large < MOST_MEMORY, "{large} MiB");
}
