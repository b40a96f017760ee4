//! Files: copy them to the storage, probe those without a copy, check and describe the copies, make pictures of videos,
//! and open them for reading, one or several at once.

mod copy;
pub(crate) mod describe;
pub(crate) mod description;
mod download;
pub(crate) mod fetch;
pub(crate) mod keys;
pub(crate) mod media_type;
pub(crate) mod open;
pub(crate) mod pictures;
mod probe;
pub(crate) mod range;
mod reader;
mod retry;
pub(crate) mod scrub;
mod test_storage;
mod usage;
mod verify;
pub(crate) mod zip;
