//! The inbox: list and show the platform's calls, and act on one.

pub(crate) mod assign;
mod body;
mod call;
mod curl;
mod deal;
mod fields;
mod header;
mod linear;
pub(crate) mod list;
mod replay;
pub(crate) mod test_call;
mod tokens;
