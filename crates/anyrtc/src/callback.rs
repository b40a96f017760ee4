//! The callback that announces a finished file: `POST /AR/V1/av` (`VENDOR.md` §3).

mod explain;
mod file;

pub use explain::{Field, Understood, WrittenAs, explain};
pub use file::{
    FileCallback, Kind, Lack, MediaKind, Revision, Unreadable, check, is_json, read, read_raw,
    write,
};
