//! What pages are made of. One component a file.

mod archive_tag;
mod banner;
mod code;
mod copy_button;
mod empty;
mod error_note;
mod field_note;
mod file_name;
mod icon;
mod rejected;
mod search_form;
mod state_tag;
mod time;
mod timer;

pub use archive_tag::{Archive, ArchiveTag};
pub use banner::{Banner, Tone};
pub use code::Code;
pub use copy_button::CopyButton;
pub use empty::Empty;
pub use error_note::ErrorNote;
pub use field_note::FieldNote;
pub use file_name::FileName;
pub use icon::{Glyph, Icon};
pub use rejected::Rejected;
pub use search_form::SearchForm;
pub use state_tag::{StateTag, state_look, state_word};
pub use time::Time;
pub use timer::Timer;
