//! The banner of a recording whose files are overdue. It has the ways out, too, because the page of the room
//! is about the next recording once there is one.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{ids::RecordingId, view::RecordingView};

use crate::{
    components::{Banner, ErrorNote, Glyph, Icon, Time, action_form, ledger_lines},
    form::failed,
    paths,
    server_fns::{AcceptIncomplete, CheckRecording},
    this_page::locale,
    words::{self, TimeStyle},
};

/// The banner with the actions, which end with `room`, the link to the room.
pub fn overdue(
    recording: &RecordingView,
    may_record: bool,
    may_assign: bool,
    room: AnyView,
) -> AnyView {
    let locale = locale();
    let lines = ledger_lines(recording);
    let checked = recording.checks.map(|checks| {
        view! {
            <span class="muted num" aria-live="off">
                <Time at=checks.last_at style=TimeStyle::Seconds />
            </span>
            " "
            {words::missing(locale, checks.last.list)}
        }
    });
    let actions = may_record.then(|| actions(recording.row.id, may_assign));
    let error = failed::<CheckRecording>().or_else(failed::<AcceptIncomplete>);
    view! {
        <Banner title=say!(locale, recording.overdue)>
            <p>{say!(locale, recording.overdue_text)}</p>
            {lines}
            <p class="look" aria-live="polite">{checked}</p>
            <div class="btns">
                {actions}
                {room}
            </div>
            {error.map(|error| view! { <ErrorNote error=error /> })}
        </Banner>
    }
    .into_any()
}

/// Look again now, close without the missing files, and assign a file.
fn actions(id: RecordingId, may_assign: bool) -> impl IntoView {
    let locale = locale();
    let assign = may_assign.then(|| {
        let calls = paths::assign_to(id);
        view! { <a class="btn" href=calls>{say!(locale, rooms.overdue.assign)}</a> }
    });
    let id = id.to_string();
    view! {
        <form method="post" action=CheckRecording::url()>
            <input type="hidden" name="id" value=id.clone() />
            <button
                class="btn"
                title=say!(locale, rooms.overdue.check_means)
                data-busy=say!(locale, look.checking)
            >
                <Icon glyph=Glyph::Search />
                <span data-word="">{say!(locale, rooms.overdue.check)}</span>
            </button>
        </form>
        {action_form::<AcceptIncomplete>(id, "btn", say!(locale, rooms.overdue.accept))}
        {assign}
    }
}
