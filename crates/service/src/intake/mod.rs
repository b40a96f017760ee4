//! Calls of the platform: authorisation, and durable bytes before the answer.

pub(crate) mod accept;
pub(crate) mod authorise;
pub(crate) mod rejected;
