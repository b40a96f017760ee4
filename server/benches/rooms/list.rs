//! The list as HTML.

use std::time::Instant;

use anyhow::{Result, ensure};
use axum::{Router, http::header, routing::get};
use tokio::net::TcpListener;

use crate::{PAGES, millis, quantile, server::Server};

/// Measures the page of the list, and the same bytes from a bare handler.
pub async fn list(server: &Server, missed: &mut Vec<String>) -> Result<()> {
    let page = |path: &'static str| async move {
        let begun = Instant::now();
        let answer = server.access.get(path).send().await?.error_for_status()?;
        let text = answer.text().await?;
        Ok::<_, anyhow::Error>((millis(begun), text))
    };
    let (_, html) = page("/").await?;
    ensure!(html.contains("room-"), "the list is empty");
    let bytes = html.len();
    let bare = TcpListener::bind("127.0.0.1:0").await?;
    let bare_url = format!("http://{}/", bare.local_addr()?);
    let same = Router::new().route(
        "/",
        get(move || async move { ([(header::CONTENT_TYPE, "text/html")], html.clone()) }),
    );
    tokio::spawn(async move { axum::serve(bare, same).await });
    for (what, path, aim) in [
        ("list of rooms", "/", Some(30.0)),
        ("a search in it", "/?q=42", None),
        ("live rooms", "/?show=live", None),
    ] {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..PAGES {
            ours.push(page(path).await?.0);
            let begun = Instant::now();
            server
                .access
                .client
                .get(&bare_url)
                .send()
                .await?
                .bytes()
                .await?;
            theirs.push(millis(begun));
        }
        let (median, beside) = (quantile(&mut ours, 0.5), quantile(&mut theirs, 0.5));
        let slowest = quantile(&mut ours, 0.99);
        println!(
            "{what}: {median:.1} ms at the median, {slowest:.1} ms at 99 % ({bytes} bytes; a bare handler {beside:.2} ms: ×{:.0})",
            median / beside
        );
        if let Some(aim) = aim.filter(|aim| median >= *aim) {
            missed.push(format!("{what}: {median:.1} ms, not under {aim} ms"));
        }
    }
    Ok(())
}
