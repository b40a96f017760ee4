//! How long an answer takes.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use anyhow::Result;
use futures::future::try_join_all;

/// The limit of answers for a figure.
const MOST: u32 = 500;

/// Times in milliseconds.
#[derive(Clone, Copy)]
pub struct Figure {
    pub p50: f64,
    pub p99: f64,
    pub longest: f64,
}

impl Figure {
    fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        let at = |percent: usize| {
            let place = times.len().saturating_sub(1) * percent / 100;
            times.get(place).copied().unwrap_or_default()
        };
        Self {
            p50: at(50),
            p99: at(99),
            longest: at(100),
        }
    }
}

/// Asks again and again with this many clients, until the time is over or there are [`MOST`] answers. The first answer
/// does not count.
pub async fn figure(
    clients: usize,
    time: Duration,
    ask: &impl AsyncFn() -> Result<()>,
) -> Result<Figure> {
    ask().await?;
    let until = Instant::now() + time;
    let left = Cell::new(MOST);
    let client = async || {
        let mut times = Vec::new();
        while left.get() > 0 && Instant::now() < until {
            left.set(left.get() - 1);
            let begun = Instant::now();
            ask().await?;
            times.push(millis(begun));
        }
        Ok::<_, anyhow::Error>(times)
    };
    let times = try_join_all((0..clients).map(|_| client())).await?;
    Ok(Figure::of(times.concat()))
}

pub fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}
