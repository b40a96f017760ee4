//! Pages of lists that are ordered by time, and their cursors in addresses.

use std::{fmt::Display, str::FromStr};

use reelroom_domain::time::Timestamp;

/// Cuts rows, of which one more than a page was read, to the page. Returns the cursor of the next page, if
/// there is one; `place` is the time and the id of a row.
pub(crate) fn cut<T, I: Display>(
    rows: &mut Vec<T>,
    page: u32,
    place: impl Fn(&T) -> (Timestamp, I),
) -> Option<String> {
    let has_more = rows.len() > page as usize;
    rows.truncate(page as usize);
    let (at, id) = place(rows.last().filter(|_| has_more)?);
    Some(format!("{}.{id}", at.as_millis()))
}

/// Parses a cursor: the time and the id of the last row of the page before.
pub(crate) fn parse<I: FromStr>(text: &str) -> Option<(Timestamp, I)> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp::from_millis(at.parse().ok()?), id.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_the_time_and_the_id_of_the_last_row() {
        let place = |row: &i64| (Timestamp::from_millis(12), *row);
        let mut rows = vec![6, 7, 8];
        assert_eq!(cut(&mut rows, 2, place).as_deref(), Some("12.7"));
        assert_eq!(rows, [6, 7]);
        assert_eq!(cut(&mut rows, 2, place), None);
        assert_eq!(parse("12.7"), Some((Timestamp::from_millis(12), 7_i64)));
        for text in ["", "12", "12.", "a.7", "12.7.1"] {
            assert_eq!(parse::<i64>(text), None, "{text}");
        }
    }
}
