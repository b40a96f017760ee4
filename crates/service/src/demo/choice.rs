//! Random choices.

use rand::{Rng, rngs::StdRng};

use crate::SharedRng;

/// A minute in milliseconds.
pub const MINUTE: i64 = 60_000;

/// The source of all choices of a demo: the same for the same seed.
pub struct Source {
    pub rng: StdRng,
    pub ids: SharedRng,
}

/// Values with weights: how often each is chosen.
pub struct Weighted<T> {
    /// Each value with the sum of the weights up to its own.
    values: Vec<(u64, T)>,
    total: u64,
}

impl<T> Weighted<T> {
    /// These weights and values; one weight at least is not 0.
    pub fn new(weighted: impl IntoIterator<Item = (u64, T)>) -> Self {
        let mut total = 0;
        let add = |(weight, value): (u64, T)| {
            total += weight;
            (total, value)
        };
        let values = weighted.into_iter().map(add).collect();
        Self { values, total }
    }

    /// One of the values.
    pub fn choose(&self, rng: &mut impl Rng) -> &T {
        let at = rng.random_range(0..self.total);
        let place = self.values.partition_point(|(sum, _)| *sum <= at);
        &self.values[place].1
    }
}

/// One of these values, of which there is at least one.
pub fn one_of<'a, T>(rng: &mut impl Rng, values: &'a [T]) -> &'a T {
    &values[rng.random_range(0..values.len())]
}
