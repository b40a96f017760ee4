use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{inbox::CallView, search::SearchText, view::RecordingRow};

use super::{address::Address, room_name::room_name};
use crate::{
    components::{Glyph, Icon, StateTag, Time},
    paths,
    server_fns::AssignCall,
    this_page::locale,
    words::TimeStyle,
};

/// Recordings that the file may belong to, most likely first, and a search for others.
#[component]
pub fn Assign(call: CallView, here: Address) -> impl IntoView {
    let locale = locale();
    let find = say!(locale, callbacks.assign.find);
    let none = call
        .candidates
        .is_empty()
        .then(|| view! { <p class="muted">{say!(locale, callbacks.assign.none)}</p> });
    view! {
        <details class="cb-assign" open=!here.find.is_empty() || call.is_open_and_names_a_file()>
            <summary data-key="a" data-does=say!(locale, keys.assign)>
                <Icon glyph=Glyph::Link />
                {say!(locale, callbacks.assign.title)}
            </summary>
            <p class="hint">{say!(locale, callbacks.assign.text)}</p>
            <form class="filters" role="search" action="/callbacks">
                {here.fields_without(&["find"])}
                <label class="search">
                    <span class="sr">{find}</span>
                    <Icon glyph=Glyph::Search />
                    <input
                        class="input"
                        type="search"
                        maxlength=SearchText::MAX_BYTES.to_string()
                        name="find"
                        autocomplete="off"
                        placeholder=find
                        value=here.find.clone()
                    />
                </label>
                <button class="btn">{say!(locale, common.action.search)}</button>
            </form>
            <ul class="cb-cands">
                {call
                    .candidates
                    .iter()
                    .map(|row| candidate(row, call.row.id.to_string(), &here))
                    .collect_view()}
            </ul>
            {none}
        </details>
    }
}

/// One recording, and the button that assigns the file to it.
fn candidate(row: &RecordingRow, call: String, here: &Address) -> impl IntoView + use<> {
    let locale = locale();
    let name = room_name(&row.room);
    let files = format!(" {} / {} ", row.ledger.arrived(), row.ledger.expected());
    view! {
        <li class="cand">
            <div>
                <a href=paths::recording(row.id)>
                    <b>
                        <bdi>{name.clone()}</bdi>
                    </b>
                </a>
                ", "
                <Time at=row.requested_at style=TimeStyle::Near />
                <br />
                <StateTag state=row.state />
                <span class="num">{files}</span>
                {say!(locale, callbacks.assign.files)}
            </div>
            <form method="post" action=AssignCall::url()>
                <input type="hidden" name="id" value=call />
                <input type="hidden" name="recording" value=row.id.to_string() />
                {here.back()}
                <button class="btn">
                    {say!(locale, callbacks.assign.here)} <span class="sr">" " {name}</span>
                </button>
            </form>
        </li>
    }
}
