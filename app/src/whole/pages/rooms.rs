//! The panel of one room. Its list has moved to `crate::pages::rooms`; until the panel has followed, no
//! address leads here.

mod address;
mod alerts;
mod always;
mod banners;
mod check;
mod form;
mod form_more;
mod form_state;
mod kind_field;
mod label;
mod lanes;
mod now;
mod panel;
mod people;
mod presets;
mod progress;
mod recent;
mod shortcuts;
mod steps;
mod user_data;

use leptos::prelude::Memo;

pub use self::{alerts::RowAlert, panel::RoomPage, shortcuts::listen};

/// The room whose page is open, as the platform spells its id.
#[derive(Debug, Clone, Copy)]
struct OpenRoom(Memo<Option<String>>);
