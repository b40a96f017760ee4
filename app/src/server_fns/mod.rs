//! The server functions: who asks, one call into the service, the answer. Each has a public address
//! under `/fn/`, and takes what a plain form can post.

#![expect(
    missing_docs,
    reason = "the fields of the structs that #[server] makes are the arguments, named by the function's own comment"
)]
#![expect(
    clippy::too_many_arguments,
    reason = "the arguments are the fields of a plain form"
)]
#![cfg_attr(
    feature = "ssr",
    expect(
        clippy::unused_async,
        reason = "a server function is async even where it only sets a cookie"
    )
)]

#[cfg(feature = "ssr")]
mod back_to_apps;
#[cfg(feature = "ssr")]
mod back_to_room;
mod choose_app;
mod library;
mod load_shell;
mod recording;
mod recording_give_up;
mod recording_start;
mod recording_stop;
mod remove_app;
mod room_label;
mod room_view;
mod rooms_list;
mod save_app;
mod set_language;
mod set_theme;
mod set_up;
mod settings;
mod sign_in;
mod sign_out;
mod test_app;

pub use choose_app::{ChooseApp, choose_app};
pub use library::{LoadLibrary, load_library};
pub use load_shell::{LoadShell, load_shell};
pub use recording::{LoadRecording, load_recording};
pub use recording_give_up::{GiveUpRecording, give_up_recording};
pub use recording_start::{StartRecording, start_recording};
pub use recording_stop::{StopRecording, stop_recording};
pub use remove_app::{RemoveApp, remove_app};
pub use room_label::{LabelRoom, label_room};
pub use room_view::{LoadRoom, load_room};
pub use rooms_list::{ListRooms, list_rooms};
pub use save_app::{SaveApp, save_app};
pub use set_language::{SetLanguage, set_language};
pub use set_theme::{SetTheme, set_theme};
pub use set_up::{NeedsSetUp, SetUp, needs_set_up, set_up};
pub use settings::{LoadSettings, load_settings};
pub use sign_in::{SignIn, sign_in};
pub use sign_out::{SignOut, sign_out};
pub use test_app::{TestApp, test_app};
