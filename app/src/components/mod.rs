//! Components that pages share, one per file.

mod archive_tag;
mod banner;
mod code;
mod copy_button;
mod empty;
mod error_note;
mod field_note;
mod file_name;
mod language_choice;
mod ledger_bar;
mod ledger_lines;
mod menu;
mod rejected;
mod room_tag;
mod search_form;
mod state_tag;
mod steps;
mod time;
mod timer;

pub use crate::{
    icon::{Glyph, Icon},
    text_area::TextArea,
};
pub use archive_tag::{Archive, ArchiveTag};
pub use banner::{Banner, Tone};
pub use code::Code;
pub use copy_button::CopyButton;
pub use empty::Empty;
pub use error_note::ErrorNote;
pub use field_note::FieldNote;
pub use file_name::FileName;
pub use language_choice::LanguageChoice;
pub use ledger_bar::LedgerBar;
pub use ledger_lines::LedgerLines;
pub use menu::Menu;
pub use rejected::Rejected;
pub use room_tag::RoomTag;
pub use search_form::SearchForm;
pub use state_tag::{StateTag, state_look, state_word};
pub use steps::{Step, StepMark, Steps};
pub use time::Time;
pub use timer::Timer;
