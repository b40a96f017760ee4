//! Accounts, their sessions, and sign-in.

pub(crate) mod acts;
pub(crate) mod browser;
pub(crate) mod export;
#[cfg(test)]
mod factor_tests;
pub(crate) mod gather;
pub(crate) mod history;
pub(crate) mod me;
pub(crate) mod my_factor;
pub(crate) mod my_password;
pub(crate) mod my_sessions;
pub(crate) mod oidc;
pub(crate) mod once;
mod passwords_off;
pub(crate) mod people;
pub(crate) mod principal;
mod recovery_code;
pub(crate) mod rules;
mod sealed_token;
mod second_step;
pub(crate) mod session;
mod session_view;
pub(crate) mod set_up;
pub(crate) mod sign_in;
#[cfg(test)]
mod sign_in_tests;
#[cfg(test)]
mod tests;
pub(crate) mod users;
