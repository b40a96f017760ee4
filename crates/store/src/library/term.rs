//! How terms are written in SQL.

use reelroom_domain::find::Term;

/// A term in SQLite's tables.
pub(super) fn token(term: Term) -> String {
    format!("{:x}", term.number())
}

/// Terms as text of a PostgreSQL array.
pub(super) fn array(terms: impl IntoIterator<Item = Term>) -> String {
    let numbers: Vec<String> = terms
        .into_iter()
        .map(|term| term.number().to_string())
        .collect();
    format!("{{{}}}", numbers.join(","))
}
