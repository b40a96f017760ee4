//! The way of a callback: who may call, raw before understood, understanding.

pub(crate) mod authorise;
pub(crate) mod take_in;
pub(crate) mod understand;
pub(crate) mod understand_file;
pub(crate) mod understand_status;
