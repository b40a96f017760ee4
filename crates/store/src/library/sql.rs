//! A statement whose text and values are built together.

use crate::query::{Query, query};

/// A value of a placeholder.
#[derive(Debug, Clone)]
pub(super) enum Bound {
    Text(String),
    Number(i64),
}

/// The values of a statement that is being built.
#[derive(Debug, Default)]
pub(super) struct Sql(Vec<Bound>);

impl Sql {
    /// Appends a value, and returns its placeholder.
    pub fn bind(&mut self, value: Bound) -> String {
        self.0.push(value);
        format!("${}", self.0.len())
    }

    /// The statement with this text and the values.
    pub fn query(self, text: String) -> Query {
        self.0
            .into_iter()
            .fold(query(text), |query, value| match value {
                Bound::Text(text) => query.bind(text),
                Bound::Number(number) => query.bind(number),
            })
    }
}
