//! Keep and delete recordings: the trash, holds and cases, purges and their certificates, the consent of a second
//! administrator.

mod case;
mod certificate;
pub(crate) mod consent;
mod delete_now;
pub(crate) mod error;
mod hold;
mod objects;
mod purge;
mod release;
pub(crate) mod requests;
mod say;
mod settings;
pub(crate) mod trash;
pub(crate) mod view;

#[cfg(test)]
mod tests;
