//! Tables of tests, as a person would write them.

/// The words of each row that is not empty.
pub(crate) fn rows(table: &str) -> Vec<Vec<&str>> {
    let rows = table.lines().map(|row| row.split_whitespace().collect());
    rows.filter(|row: &Vec<_>| !row.is_empty()).collect()
}
