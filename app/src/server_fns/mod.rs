//! The server functions. Each checks the principal, makes one call into the service, and maps the result.
//! Each has a public address under `/fn/` and accepts a plain form post.

#![expect(
    missing_docs,
    reason = "the fields of the structs that #[server] makes are the arguments, named by the function's own comment"
)]
#![expect(
    clippy::unused_async,
    reason = "a server function is async even where it only sets a cookie"
)]

mod account;
mod apps;
mod callbacks;
mod choices;
mod presets;
mod recordings;
mod room_form;
mod rooms;

pub use account::{SetUp, SignIn, SignOut, set_up, sign_in, sign_out};
pub use apps::{
    AppFields, RemoveApp, SaveApp, SetPatience, TestApp, remove_app, save_app, set_patience,
    test_app,
};
pub use callbacks::{
    AssignCall, DealWithCall, ReplayAll, ReplayCall, SendTestCallback, assign_call, deal_with_call,
    replay_all, replay_call, send_test_callback,
};
pub use choices::{ChooseApp, SetLanguage, SetTheme, choose_app, set_language, set_theme};
pub use presets::{
    DefaultPreset, DeletePreset, FillIn, MovePreset, RenamePreset, SavePreset, default_preset,
    delete_preset, fill_in, move_preset, rename_preset, save_preset,
};
pub use recordings::{
    CheckRecording, GiveUpRecording, SayStopped, StartRecording, StopRecording, check_recording,
    give_up_recording, say_stopped, start_recording, stop_recording,
};
pub use room_form::StartFields;
pub use rooms::{
    AddRoom, DismissAlert, LabelRoom, MarkAlways, StartNow, add_room, dismiss_alert, label_room,
    mark_always, start_now,
};
