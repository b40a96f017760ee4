//! Downloads of one file of 200 MB beside nginx and a bare axum handler with the same file, and fetching
//! beside `curl` piped into `sha256sum`.
//!
//! `make bench` runs it with the built binary, over loopback. The servers take turns; each figure is the
//! median of the rounds.

mod client;
mod servers;

use std::{
    collections::BTreeSet,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use client::{Client, Site};
use reelroom_domain::{file::FileState, ids::FileId};
use reelroom_store::{Store, files};
use servers::{Running, SECRET};
use tempfile::TempDir;
use tokio::time::sleep;

/// The size of the file in megabytes, and in bytes.
const MEGABYTES: u32 = 200;
const SIZE: usize = MEGABYTES as usize * 1_000_000;
const ROUNDS: usize = 5;
/// Each fetches the file once, so there are fewer.
const FETCHES: usize = 3;
/// The number and the bytes of the random ranges.
const RANGES: (usize, usize) = (1000, 64 << 10);
const MANY: u32 = 64;

/// The size of the file times `times`, in megabytes.
fn megabytes(times: u32) -> f64 {
    f64::from(times * MEGABYTES)
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, serve, address, file, ..] = &arguments[..]
        && serve == "serve"
    {
        return servers::serve_bare(address, file).await;
    }
    // `cargo test --benches` only checks that it starts.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return Ok(());
    }
    // The client of the service requires a provider, though nothing here uses TLS.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // On the disk that the project is on: a folder in memory would be no measure.
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
    compare(folder.path()).await
}

async fn compare(folder: &Path) -> Result<()> {
    let content = content();
    let www = folder.join("www");
    std::fs::create_dir(&www)?;
    let file = www.join("file");
    std::fs::write(&file, &content)?;
    let (listen, proxy) = (servers::free()?, servers::free()?);
    let nginx = servers::nginx(folder, proxy, listen)?;
    let bare = servers::bare(&file)?;
    let database = servers::prepare(folder, nginx.address).await?;
    let ours = servers::ours(folder, listen, "none")?;
    let store = Store::connect(&database).await?;
    let id = compare_fetching(folder, &store, &ours, &nginx).await?;
    store.close().await;

    let ours_site = Site {
        address: listen,
        path: format!("/files/{id}"),
        cookie: servers::sign_in(listen)?,
    };
    let nginx_site = Site::without_session(nginx.address, "/file");
    let bare_site = Site::without_session(bare.address, "/");
    println!("\nDownloads, MB/s; aims: 0.4 of nginx, 0.9 of the bare handler");
    println!(
        "{:>11} {:>8} {:>8} {:>8} {:>9} {:>8}",
        "connections", "ours", "nginx", "bare", "of nginx", "of bare"
    );
    for connections in [1, 8] {
        let sites = [&ours_site, &nginx_site, &bare_site];
        let [ours, nginx, bare] = take_turns(sites, |site| site.speed(connections))?;
        println!(
            "{connections:>11} {ours:>8.0} {nginx:>8.0} {bare:>8.0} {:>9.2} {:>8.2}",
            ours / nginx,
            ours / bare
        );
    }
    let (count, length) = RANGES;
    let offsets = offsets(count, SIZE - length);
    let [ranges, beside] = take_turns([&ours_site, &nginx_site], |site| {
        site.ranges(&content, &offsets, length)
    })?;
    println!(
        "{count} random ranges of {} KiB: {ranges:.0}/s, nginx {beside:.0}/s: ×{:.2}",
        length >> 10,
        ranges / beside
    );
    let speed = ours_site.speed(MANY)?;
    println!(
        "{MANY} downloads at once: {speed:.0} MB/s, {} MiB at most; aim: < 150 MiB",
        ours.memory()?
    );

    drop(ours);
    let _ours = servers::ours(folder, listen, "x-accel")?;
    let proxied = Site {
        address: proxy,
        ..ours_site
    };
    println!("\nDownloads through nginx with --file-offload x-accel, MB/s; aim: 0.95 of nginx");
    for connections in [1, 8] {
        let sites = [&proxied, &nginx_site];
        let [ours, nginx] = take_turns(sites, |site| site.speed(connections))?;
        let ratio = ours / nginx;
        println!("{connections:>11} {ours:>8.0} {nginx:>8.0} {ratio:>9.2}");
    }
    Ok(())
}

/// Fetches the file some times, each as another file, beside `curl`. Returns one of the copies.
async fn compare_fetching(
    folder: &Path,
    store: &Store,
    ours: &Running,
    nginx: &Running,
) -> Result<FileId> {
    let (mut fetched, mut piped, mut last) = (Vec::new(), Vec::new(), None);
    for round in 0..FETCHES {
        // Another address is another file.
        let name = format!("{round}.mp4");
        std::fs::hard_link(folder.join("www/file"), folder.join("www").join(&name))?;
        let url = format!("http://{}/{name}", nginx.address);
        let begun = Instant::now();
        last = Some(fetch(folder, store, ours, &name, &url).await?);
        fetched.push(megabytes(1) / begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        let pipe = r#"curl --fail --silent "$1" | sha256sum >/dev/null"#;
        let done = Command::new("sh").args(["-c", pipe, "sh", &url]).status()?;
        ensure!(done.success(), "curl: {done}");
        piped.push(megabytes(1) / begun.elapsed().as_secs_f64());
    }
    let (fetched, piped) = (median(fetched), median(piped));
    println!(
        "Fetched until archived: {fetched:.0} MB/s, curl | sha256sum {piped:.0} MB/s: ×{:.2}; aim: 0.9",
        fetched / piped
    );
    last.context("nothing was fetched")
}

/// Announces the file at `url`, and waits until its copy is archived.
async fn fetch(
    folder: &Path,
    store: &Store,
    ours: &Running,
    name: &str,
    url: &str,
) -> Result<FileId> {
    let before = copies(folder);
    let call = format!(
        r#"{{"type":"1","mediaType":"video","userId":"u1","groupId":"{name}","fileName":"{name}",
            "fileSize":{SIZE},"duration":3,"startTime":"2018-3-21 13:06:27",
            "endTime":"2018-3-21 13:06:30","downloadUrl":"{url}","userData":""}}"#
    );
    let request = format!(
        "POST /{SECRET}/AR/V1/av HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{call}",
        call.len()
    );
    let head = Client::connect(ours.address)?.send(&request, |_| ())?;
    ensure!(head.starts_with("HTTP/1.1 200"), "{head}");
    let begun = Instant::now();
    loop {
        if let Some(id) = copies(folder).difference(&before).next() {
            let mut read = store.read().await?;
            let file = files::get(&mut read, *id).await?;
            if file.is_some_and(|file| file.state == FileState::Archived) {
                return Ok(*id);
            }
        }
        ensure!(begun.elapsed() < Duration::from_mins(2), "it is not copied");
        sleep(Duration::from_millis(5)).await;
    }
}

/// The files in the storage, by the names of their copies.
fn copies(folder: &Path) -> BTreeSet<FileId> {
    let entries = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten();
    let recordings = entries(&folder.join("files"));
    let found = recordings.flat_map(|recording| entries(&recording.path()));
    let ids = found.filter_map(|copy| {
        let name = copy.file_name().into_string().ok()?;
        name.split_once('-')?.0.parse().ok()
    });
    ids.collect()
}

/// The medians of `measure` at each site.
fn take_turns<const N: usize>(
    sites: [&Site; N],
    measure: impl Fn(&Site) -> Result<f64>,
) -> Result<[f64; N]> {
    let mut figures = [const { Vec::new() }; N];
    for _ in 0..ROUNDS {
        for (site, figures) in sites.iter().zip(&mut figures) {
            figures.push(measure(site)?);
        }
    }
    Ok(figures.map(median))
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Bytes that no compression makes smaller.
fn content() -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()
    };
    (0..SIZE / 4).flat_map(|_| next()).collect()
}

/// Places below `end`, the same ones in each run.
fn offsets(count: usize, end: usize) -> Vec<usize> {
    let mut place = 7;
    let mut next = || {
        place = (place * 69_069 + 12_345) % end;
        place
    };
    (0..count).map(|_| next()).collect()
}
