//! The server functions. Each checks the principal, makes one call into the service, and maps the result.
//! Each has a public address under `/fn/` and accepts a plain form post.

#![expect(
    missing_docs,
    reason = "the fields of the structs that #[server] makes are the arguments, named by the function's own comment"
)]
#![expect(
    clippy::too_many_arguments,
    reason = "the arguments are the fields of a plain form"
)]
#![expect(
    clippy::unused_async,
    reason = "a server function is async even where it only sets a cookie"
)]

mod add_room;
mod back_to_apps;
mod back_to_inbox;
mod back_to_room;
mod choose_app;
mod dismiss_alert;
mod inbox_assign;
mod inbox_deal;
mod inbox_replay;
mod inbox_test;
mod mark_always;
mod preset_default;
mod preset_delete;
mod preset_errors;
mod preset_fill_in;
mod preset_move;
mod preset_rename;
mod preset_save;
mod recording_check;
mod recording_give_up;
mod recording_say_stopped;
mod recording_start;
mod recording_stop;
mod remove_app;
mod room_label;
mod save_app;
mod set_language;
mod set_patience;
mod set_theme;
mod set_up;
mod sign_in;
mod sign_out;
mod start_now;
mod test_app;
mod token_change;

pub use add_room::{AddRoom, add_room};
pub use choose_app::{ChooseApp, choose_app};
pub use dismiss_alert::{DismissAlert, dismiss_alert};
pub use inbox_assign::{AssignCall, assign_call};
pub use inbox_deal::{DealWithCall, deal_with_call};
pub use inbox_replay::{ReplayAll, ReplayCall, replay_all, replay_call};
pub use inbox_test::{SendTestCallback, send_test_callback};
pub use mark_always::{MarkAlways, mark_always};
pub use preset_default::{DefaultPreset, default_preset};
pub use preset_delete::{DeletePreset, delete_preset};
pub use preset_fill_in::{FillIn, fill_in};
pub use preset_move::{MovePreset, move_preset};
pub use preset_rename::{RenamePreset, rename_preset};
pub use preset_save::{SavePreset, save_preset};
pub use recording_check::{CheckRecording, check_recording};
pub use recording_give_up::{GiveUpRecording, give_up_recording};
pub use recording_say_stopped::{SayStopped, say_stopped};
pub use recording_start::{StartRecording, start_recording};
pub use recording_stop::{StopRecording, stop_recording};
pub use remove_app::{RemoveApp, remove_app};
pub use room_label::{LabelRoom, label_room};
pub use save_app::{SaveApp, save_app};
pub use set_language::{SetLanguage, set_language};
pub use set_patience::{SetPatience, set_patience};
pub use set_theme::{SetTheme, set_theme};
pub use set_up::{SetUp, set_up};
pub use sign_in::{SignIn, sign_in};
pub use sign_out::{SignOut, sign_out};
pub use start_now::{StartNow, start_now};
pub use test_app::{TestApp, test_app};
