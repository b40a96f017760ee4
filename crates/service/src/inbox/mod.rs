//! The inbox: every call of the platform as people see it, and what they may do about one.

pub(crate) mod assign;
mod body;
mod call;
mod curl;
mod deal;
mod desk;
mod fields;
mod linear;
pub(crate) mod list;
mod replay;
pub(crate) mod test_call;
mod tokens;
