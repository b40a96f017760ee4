//! Components that pages share.

mod code;
mod control;
mod credential;
mod field;
mod file;
mod ledger;
mod message;
mod named;
mod pill;
mod point;
mod report;
mod request;
mod select_shown;
mod state;
mod steps;
mod thumbnail;
mod time;
mod trouble;

pub use crate::{
    icon::{Glyph, Icon},
    text_area::TextArea,
};
pub use code::Code;
pub use control::{
    CopyButton, IconLink, LanguageChoice, Menu, SearchForm, action_form, back_link, chip,
    close_link, crumb, fold_title, hidden, icon_form, icon_link, post_form, switch, way_on,
};
pub use credential::{NameField, PasswordField};
pub use field::{Field, InputField, reason_field};
pub use file::{FileName, FileTag, file_glyph};
pub use ledger::{LedgerBar, ledger_lines};
pub use message::{
    Banner, Empty, ErrorNote, FetchingPauses, FieldNote, Rejected, Tone, form_error,
};
pub use named::recordings;
pub use pill::pill;
pub use point::point;
pub use report::{ACTIONS, DID, Did, Report, Reported, report};
pub use request::request_note;
pub use select_shown::select_shown;
pub use state::{RoomTag, room_id, row_tag, row_word, state_look, state_word};
pub use steps::{Step, StepMark, Steps};
pub use thumbnail::thumbnail;
pub use time::{Time, Timer, time, time_as};
pub use trouble::{retry_form, trouble_note};
