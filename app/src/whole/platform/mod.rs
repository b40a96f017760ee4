//! What the server and the browser do each in their own way. Both halves have the same functions;
//! nothing else in this crate asks on which side it runs.

#[cfg(not(feature = "ssr"))]
mod browser;
#[cfg(feature = "ssr")]
mod server;

#[cfg(not(feature = "ssr"))]
pub use browser::*;
#[cfg(feature = "ssr")]
pub use server::*;
