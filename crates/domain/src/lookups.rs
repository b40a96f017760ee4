//! The rate limit and the back-off of looking up files at the platform.

/// The window of the rate limit: the platform's minute, and a second for the way there. Milliseconds.
pub const MINUTE: i64 = 61_000;

/// The milliseconds without a call after `refusals` refusals in a row: a minute, doubled by each further one, up
/// to an hour.
pub fn back_off(refusals: u32) -> i64 {
    MINUTE * (1_i64 << refusals.saturating_sub(1).min(6)).min(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_back_off_doubles_up_to_an_hour() {
        let minutes = [0, 1, 2, 3, 6, 7, 8, u32::MAX].map(|refusals| back_off(refusals) / MINUTE);
        assert_eq!(minutes, [1, 1, 2, 4, 32, 60, 60, 60]);
    }
}
