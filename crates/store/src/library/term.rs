//! How terms are written in SQL.

use reelroom_domain::find::Term;

use crate::engine::Engine;

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

/// The terms of facets in a column of `library`: on SQLite tokens, on PostgreSQL an array that also has terms of
/// letters.
pub(super) fn of_facets(engine: Engine, column: &str) -> impl Iterator<Item = Term> {
    let number = move |text: &str| match engine {
        Engine::Sqlite => u32::from_str_radix(text, 16).ok(),
        Engine::Postgres => text.parse().ok(),
    };
    let numbers = column.split([' ', ',', '{', '}']).filter_map(number);
    numbers.map(Term::new).filter(|term| term.is_of_facet())
}
