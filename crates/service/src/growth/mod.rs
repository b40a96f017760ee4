//! Rows other than recordings and files that grow in number: how long they are kept, and their deletion.

mod delete;
pub(crate) mod keeping;
