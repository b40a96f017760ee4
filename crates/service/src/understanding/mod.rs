//! Understanding calls: read, load the world that they touch, decide, apply.

pub(crate) mod read;
pub(crate) mod reading;
#[cfg(test)]
mod rig;
#[cfg(test)]
mod status_tests;
pub(crate) mod subject;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod transaction_tests;
pub(crate) mod understand;
