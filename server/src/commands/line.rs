//! Values in a line of what commands print.

use reelroom_domain::time::{Civil, Timestamp};

/// The number of keys that are shown.
const SHOWN: usize = 10;

/// The first of these keys of the storage, after their number.
pub(super) fn keys(keys: &[String]) -> String {
    let first = keys.iter().take(SHOWN).map(String::as_str);
    let first: Vec<&str> = first.collect();
    let more = if keys.len() > SHOWN { ", …" } else { "" };
    format!("{}: {}{more}", keys.len(), first.join(", "))
}

/// A moment to the minute, in UTC: `2026-11-28 14:03`.
pub(super) fn minute(moment: Timestamp) -> String {
    let at = Civil::at(moment, 0);
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}",
        at.year, at.month, at.day, at.hour, at.minute
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_its_day_and_minute() {
        let moment = Timestamp::from_millis(1_795_365_005_000);
        assert_eq!(minute(moment), "2026-11-22 16:30");
    }

    #[test]
    fn some_keys_are_shown_after_their_number() {
        let keys: Vec<String> = (0..11).map(|n| n.to_string()).collect();
        assert_eq!(super::keys(&keys[..2]), "2: 0, 1");
        assert_eq!(super::keys(&keys), "11: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …");
    }
}
