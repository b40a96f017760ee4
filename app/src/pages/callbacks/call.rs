//! One call: summary, actions, body, and interpretation.

use leptos::prelude::*;
use reelroom_domain::{
    callback::CallbackKind,
    inbox::{Assignable, CallMark, CallView, Trouble},
};

use super::{
    actions::{Assign, Buttons, id_beside, room_name},
    address::Address,
    body::Body,
    mark::Mark,
    understood::Fields,
};
use crate::{
    components::{Banner, Glyph, Icon, Time, Tone, room_id, time, time_as},
    i18n::{Locale, td},
    paths,
    query::Query,
    this_page::locale,
    words::{self, TimeStyle},
};

/// The open call.
#[component]
pub fn Call(call: CallView, here: Address) -> impl IntoView {
    let locale = locale();
    let trouble = call.trouble.as_ref().filter(|_| call.recording.is_none());
    let trouble = trouble.map(|trouble| {
        let title = trouble_words(locale, trouble);
        let then = say!(locale, callbacks.trouble.then);
        view! { <Banner tone=Tone::Wait title=title><p>{then}</p></Banner> }
    });
    let assign = (call.assignable != Assignable::No && call.role.may_record())
        .then(|| view! { <Assign call=call.clone() here=here.clone() /> });
    let curl = (!call.is_deleted()).then(|| {
        view! {
            <details class="cb-curl">
                <summary>{say!(locale, callbacks.curl.title)}</summary>
                {curl(locale, call.curl.clone())}
            </details>
        }
    });
    let fields = (!call.is_deleted()).then(|| view! { <Fields fields=call.fields.clone() /> });
    let back = say!(locale, common.action.back);
    view! {
        <article class="detail-b" aria-labelledby="call-h">
            <header class="detail-h">
                <a class="btn quiet icon back" href=here.list() aria-label=back>
                    <Icon glyph=Glyph::Left />
                </a>
                {heading(locale, &call)}
                <Buttons call=call.clone() here=here />
            </header>
            {trouble}
            {recording(locale, &call)}
            {dealt(locale, &call)}
            {assign}
            <div class="split">
                <Body call=call />
                {fields}
            </div>
            {curl}
        </article>
    }
}

/// The kind of the call, its time and origin, and when it was last read.
fn heading(locale: Locale, call: &CallView) -> impl IntoView + use<> {
    let at = call.row.received_at;
    let came = match call.remote.clone() {
        remote if remote.is_empty() => view! { <Time at=at style=TimeStyle::Full /> }.into_any(),
        remote => {
            let time = time_as(at, TimeStyle::Full);
            td!(locale, callbacks.from, time, address = remote).into_any()
        }
    };
    let read = call.understood_at.map(|at| {
        let time = time_as(at, TimeStyle::Seconds);
        view! { " · " {td!(locale, callbacks.read_at, time)} }
    });
    let focus = expect_context::<Query>().get("assigned") == "no";
    view! {
        <div>
            // Receives the focus when the focused element is removed (see `morph.js`), or an assignment was
            // taken back.
            <h2 id="call-h" tabindex="-1" data-focus="" autofocus=focus>
                <bdi>{title(locale, call)}</bdi>
                {call.row.room.as_deref().map(|id| room_id(&call.row.title, id))}
                <Mark mark=call.row.mark dealt=call.row.dealt />
            </h2>
            <p>{came} {read}</p>
        </div>
    }
}

/// The recording that the call is about, and who assigned it. It has the focus when it answers the reader's
/// action.
fn recording(locale: Locale, call: &CallView) -> impl IntoView + use<> {
    let by = call.assigned_by.as_ref();
    let by = by.map(|name| format!(" · {}", say!(locale, callbacks.assigned_by, name)));
    let focus = by.is_some() && expect_context::<Query>().get("assigned") == "yes";
    call.recording.as_ref().map(|row| {
        view! {
            <p
                class="cb-tied"
                role=focus.then_some("status")
                tabindex=focus.then_some("-1")
                autofocus=focus
            >
                <Icon glyph=Glyph::Link />
                <span>
                    <a href=paths::recording(row.id)><bdi>{room_name(row)}</bdi></a>
                    {id_beside(row)}
                    ", "
                    <Time at=row.requested_at />
                    {by}
                </span>
            </p>
        }
    })
}

/// The account that marked it as dealt with, and when.
fn dealt(locale: Locale, call: &CallView) -> impl IntoView + use<> {
    call.dealt.clone().map(|(name, at)| {
        let time = time(at);
        view! {
            <p class="cb-tied">
                <Icon glyph=Glyph::Check />
                <span>{td!(locale, callbacks.dealt_by, name, time)}</span>
            </p>
        }
    })
}

/// A command that sends the call again.
fn curl(locale: Locale, command: Option<String>) -> AnyView {
    match command {
        Some(command) => view! {
            <div class="codeview">
                <pre class="cb-pre" tabindex="0" dir="ltr">{command}</pre>
            </div>
            <p class="hint">{say!(locale, callbacks.curl.hint)}</p>
        }
        .into_any(),
        None => view! { <p class="hint">{say!(locale, callbacks.curl.too_large)}</p> }.into_any(),
    }
}

/// "Track of u1040 in class-7B", as far as it is known.
fn title(locale: Locale, call: &CallView) -> String {
    let row = &call.row;
    match row.mark {
        CallMark::Test => return say!(locale, callbacks.what.test).to_owned(),
        CallMark::AddressCheck => return say!(locale, callbacks.what.tried).to_owned(),
        _ => {}
    }
    let what = match (row.kind, row.file_kind, &row.participant) {
        (CallbackKind::Status, ..) => say!(locale, callbacks.what.status).to_owned(),
        (CallbackKind::Av, Some(kind), Some(person)) => {
            let what = words::file_kind(locale, kind);
            say!(locale, callbacks.what.of, what, person)
        }
        (CallbackKind::Av, Some(kind), None) => words::file_kind(locale, kind).to_owned(),
        (CallbackKind::Av, None, _) => say!(locale, common.word.file).to_owned(),
    };
    match row.room_name() {
        Some(room) => say!(locale, callbacks.what.in_room, what, room),
        None => what,
    }
}

fn trouble_words(locale: Locale, trouble: &Trouble) -> String {
    let fixed = match trouble {
        Trouble::NotJson(words) => return say!(locale, callbacks.trouble.not_json, words),
        Trouble::Missing(name) => return say!(locale, callbacks.trouble.missing, name),
        Trouble::Unreadable(name) => return say!(locale, callbacks.trouble.unreadable, name),
        Trouble::UnknownKind(kind) => return say!(locale, callbacks.trouble.kind, kind),
        Trouble::NotAnObject => say!(locale, callbacks.trouble.shape),
        Trouble::BadRoom => say!(locale, callbacks.trouble.room),
        Trouble::LongName => say!(locale, callbacks.trouble.long_name),
        Trouble::NoEvent => say!(locale, callbacks.trouble.no_event),
    };
    fixed.to_owned()
}
