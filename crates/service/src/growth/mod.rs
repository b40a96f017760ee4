//! What grows beside recordings and their files: for how long it is kept, and its end.

mod delete;
pub(crate) mod keeping;
