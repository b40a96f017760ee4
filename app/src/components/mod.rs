//! Components that pages share.

mod banner;
mod code;
mod copy_button;
mod empty;
mod error_note;
mod field_note;
mod file;
mod language_choice;
mod ledger;
mod menu;
mod rejected;
mod search_form;
mod state;
mod steps;
mod time;

pub use crate::{
    icon::{Glyph, Icon},
    text_area::TextArea,
};
pub use banner::{Banner, Tone};
pub use code::Code;
pub use copy_button::CopyButton;
pub use empty::Empty;
pub use error_note::ErrorNote;
pub use field_note::FieldNote;
pub use file::{Archive, ArchiveTag, FileName};
pub use language_choice::LanguageChoice;
pub use ledger::{LedgerBar, ledger_lines};
pub use menu::Menu;
pub use rejected::Rejected;
pub use search_form::SearchForm;
pub use state::{RoomTag, StateTag, state_look, state_word};
pub use steps::{Step, StepMark, Steps};
pub use time::{Time, Timer};
