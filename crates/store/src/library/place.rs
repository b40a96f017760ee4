//! Places: the numbers of the rows, which grow with the starts.

use reelroom_domain::time::Timestamp;

use crate::{Result, engine::json};

/// A place in the library: the number of a row of the index.
pub type Place = i64;

/// Recordings that start in the same second have places of their own: this many, then those of the next second.
pub(super) const A_SECOND: i64 = 64;
/// The last second of a place; a later start counts as it.
const LAST_SECOND: i64 = 1 << 40;

/// The first place of the second of a start.
pub(super) fn first_of_second(at: Timestamp) -> Place {
    let second = at.as_millis().div_euclid(1000);
    second.clamp(0, LAST_SECOND) * A_SECOND
}

/// A JSON array of places, each as a text of digits.
pub(super) fn numbers(places: &[Place]) -> Result<String> {
    let texts: Vec<String> = places.iter().map(ToString::to_string).collect();
    Ok(json(&texts)?)
}
