//! Single sign-on by OpenID Connect: the authorization code flow with PKCE, and sign-out at both ends.

mod account;
mod claims;
pub(crate) mod error;
pub(crate) mod finish;
mod flow;
mod sign_out;
pub(crate) mod start;
mod token;
