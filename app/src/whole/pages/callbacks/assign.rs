//! The choice of a recording that a file belongs to.

use leptos::prelude::*;
use leptos_router::components::Form;
use reelroom_domain::{inbox::CallView, search::SearchText, view::RecordingRow};

use super::{actions::Actions, address::Asked, keys, room_name};
use crate::{
    i18n::use_i18n,
    paths,
    whole::components::{Glyph, Icon, StateTag, Time},
    words::TimeStyle,
};

/// Recordings that the file may belong to, the likely ones first, and a search for others.
#[component]
pub fn Assign(call: Memo<CallView>, asked: Memo<Asked>) -> impl IntoView {
    let offered = Memo::new(move |_| call.with(|call| call.assignable && call.role.may_record()));
    let open = asked.with_untracked(|asked| !asked.find.is_empty())
        || call.with_untracked(CallView::is_open_and_names_a_file);
    move || {
        offered
            .get()
            .then(|| view! { <Choice call=call asked=asked open=open /> })
    }
}

#[component]
fn Choice(call: Memo<CallView>, asked: Memo<Asked>, open: bool) -> impl IntoView {
    let i18n = use_i18n();
    let candidates = Memo::new(move |_| call.with(|call| call.candidates.clone()));
    let id = call.with_untracked(|call| call.row.id);
    let list = move || {
        candidates
            .get()
            .into_iter()
            .map(|row| view! { <Candidate id=id.to_string() row=row asked=asked /> })
            .collect_view()
    };
    let kept = move |name: &'static str, value: fn(&Asked) -> String| {
        move || {
            let value = asked.with(value);
            (!value.is_empty()).then(|| view! { <input type="hidden" name=name value=value /> })
        }
    };
    view! {
        <details class="cb-assign" open=open>
            <summary id=keys::ASSIGN>
                <Icon glyph=Glyph::Link />
                {told!(i18n, callbacks.assign.title)}
            </summary>
            <p class="hint">{told!(i18n, callbacks.assign.text)}</p>
            <Form method="GET" action="/callbacks" attr:class="inbox-f" attr:role="search">
                {kept("show", |asked| asked.show.as_str().to_owned())}
                {kept("only", |asked| asked.only.as_str().to_owned())}
                {kept("room", |asked| asked.room.clone())}
                {kept("q", |asked| asked.search.clone())}
                {kept("before", |asked| asked.before.clone())}
                {kept("call", |asked| asked.call.clone())}
                <label class="search">
                    <span class="sr">{told!(i18n, callbacks.assign.find)}</span>
                    <Icon glyph=Glyph::Search />
                    <input
                        class="input"
                        r#type="search"
                        maxlength=SearchText::MAX_BYTES.to_string()
                        name="find"
                        autocomplete="off"
                        placeholder=told!(i18n, callbacks.assign.find)
                        value=asked.with_untracked(|asked| asked.find.clone())
                    />
                </label>
                <button class="btn">{told!(i18n, common.action.search)}</button>
            </Form>
            <ul class="cb-cands">{list}</ul>
            {move || {
                candidates
                    .with(Vec::is_empty)
                    .then(|| view! { <p class="muted">{told!(i18n, callbacks.assign.none)}</p> })
            }}
        </details>
    }
}

/// One recording, and the button that ties the file to it.
#[component]
fn Candidate(id: String, row: RecordingRow, asked: Memo<Asked>) -> impl IntoView {
    let i18n = use_i18n();
    let actions: Actions = expect_context();
    let (state, at, name) = (row.state, row.requested_at, room_name(&row.room));
    let (arrived, expected) = (row.ledger.arrived(), row.ledger.expected());
    view! {
        <li class="cand">
            <div>
                <a href=paths::recording(row.id)>
                    <b>
                        <bdi>{name.clone()}</bdi>
                    </b>
                </a>
                ", "
                <Time at=at style=TimeStyle::Near />
                <br />
                <StateTag state=state />
                <span class="num">{format!(" {arrived} / {expected} ")}</span>
                {told!(i18n, callbacks.assign.files)}
            </div>
            <ActionForm action=actions.assign>
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="recording" value=row.id.to_string() />
                <input type="hidden" name="back" value=move || asked.with(Asked::path) />
                <button class="btn">
                    {told!(i18n, callbacks.assign.here)} <span class="sr">" " {name}</span>
                </button>
            </ActionForm>
        </li>
    }
}
