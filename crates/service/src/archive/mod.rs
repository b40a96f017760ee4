//! Files: from where they may come, making our copy, handing them out.

pub(crate) mod fetch;
pub(crate) mod media_type;
pub(crate) mod open;
pub(crate) mod range;
