//! Calls of the platform: who may call, and bytes that are durable before the answer.

pub(crate) mod authorise;
pub(crate) mod rejected;
pub(crate) mod take_in;
