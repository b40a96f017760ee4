//! The actions on the open call.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    file::FileKind,
    inbox::{Assignable, CallView},
    room::RoomId,
    search::SearchText,
    view::RecordingRow,
    visible::visible_line,
};

use super::address::Address;
use crate::{
    components::{Glyph, Icon, Time, hidden, post_form, room_id, row_tag},
    paths,
    query::Query,
    server_fns::{AssignCall, DealWithCall, ReplayCall, UnassignCall},
    this_page::locale,
    words,
};

/// The buttons: replay, mark as dealt with, copy as a command.
#[component]
pub fn Buttons(call: CallView, here: Address) -> impl IntoView {
    let locale = locale();
    let id = call.row.id.to_string();
    let may = call.role.may_record();
    let is_deleted = call.is_deleted();
    let replay = (may && !is_deleted).then(|| {
        view! {
            <form method="post" action=ReplayCall::url()>
                <input type="hidden" name="id" value=id.clone() />
                {here.back()}
                <button class="btn" data-key="p" data-does=say!(locale, callbacks.replay)>
                    <Icon glyph=Glyph::Refresh />
                    {say!(locale, callbacks.replay)}
                </button>
            </form>
        }
    });
    let is_open = call.row.needs_attention();
    let deal = (may && (is_open || call.dealt.is_some())).then(|| {
        let (glyph, word, dealt) = if is_open {
            (Glyph::Check, say!(locale, callbacks.deal), "yes")
        } else {
            (Glyph::Question, say!(locale, callbacks.undeal), "")
        };
        let fields = (hidden([("id", &*id), ("dealt", dealt)]), here.back());
        post_form::<DealWithCall>(fields, "btn", view! { <Icon glyph=glyph />{word} })
    });
    let curl = call.curl.filter(|_| !is_deleted).map(|command| {
        view! {
            // The command is shown below and can be selected.
            <copy-button class="scripted" text=command done=say!(locale, common.action.copied)>
                <button type="button" class="btn" data-key="y" data-does=say!(locale, callbacks.curl.copy)>
                    <Icon glyph=Glyph::Terminal />
                    <span aria-live="polite">{say!(locale, callbacks.curl.copy)}</span>
                </button>
            </copy-button>
        }
    });
    let undo = (may && call.can_unassign).then(|| {
        let fields = (hidden([("id", &*id)]), here.back());
        let text = say!(locale, callbacks.assign.undo);
        post_form::<UnassignCall>(
            fields,
            "btn",
            view! { <Icon glyph=Glyph::History /> {text} },
        )
    });
    let replayed = match expect_context::<Query>().get("replayed") {
        "changed" => Some(say!(locale, callbacks.replayed_changed)),
        "same" => Some(say!(locale, callbacks.replayed_same)),
        _ => None,
    };
    let replayed = replayed.map(|text| view! { <p class="hint" role="status">{text}</p> });
    view! { {replay} {undo} {deal} {curl} {replayed} }
}

/// Recordings that the file may belong to, most likely first, and a search for others.
#[component]
pub fn Assign(call: CallView, here: Address) -> impl IntoView {
    let locale = locale();
    let find = say!(locale, callbacks.assign.find);
    let rows = call.candidates.iter();
    let candidates = rows.map(|row| {
        candidate(
            row,
            call.row.id.to_string(),
            call.assignable == Assignable::AskKind,
            &here,
        )
    });
    let none = call
        .candidates
        .is_empty()
        .then(|| match here.find.as_str() {
            "" => say!(locale, callbacks.assign.none),
            _ => say!(locale, callbacks.assign.none_found),
        });
    let is_searched = [&here.find, &here.target]
        .iter()
        .any(|text| !text.is_empty());
    let is_open = is_searched || call.is_open_and_names_a_file();
    view! {
        <details class="cb-assign" open=is_open>
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
                        placeholder=say!(locale, library.find)
                        value=here.find.clone()
                    />
                </label>
                <button class="btn">{say!(locale, common.action.search)}</button>
            </form>
            <ul class="cb-cands">{candidates.collect_view()}</ul>
            {none.map(|text| view! { <p class="muted">{text}</p> })}
        </details>
    }
}

/// One recording, and the button that assigns the file to it: the primary one if the recording was chosen on
/// its page.
fn candidate(
    row: &RecordingRow,
    call: String,
    lacks_kind: bool,
    here: &Address,
) -> impl IntoView + use<> {
    let locale = locale();
    let kind = lacks_kind.then(|| {
        let kinds = [FileKind::Composite, FileKind::Track, FileKind::Frame];
        let option = |kind: FileKind| {
            view! { <option value=kind.as_str()>{words::file_kind(locale, kind)}</option> }
        };
        view! {
            <select
                class="select"
                name="kind"
                required
                aria-label=say!(locale, callbacks.assign.kind)
            >
                <option value="">{say!(locale, callbacks.assign.kind)}</option>
                {kinds.map(option)}
            </select>
        }
    });
    let id = row.id.to_string();
    let item = format!("cand-{id}");
    let class = if id == here.target {
        "btn primary"
    } else {
        "btn"
    };
    let name = room_name(row);
    let files = format!(" {} / {} ", row.ledger.arrived(), row.ledger.expected());
    view! {
        // The id keeps a morph from turning one candidate, with the focus, into the next.
        <li class="cand" id=item>
            <div>
                <a href=paths::recording(row.id)><b><bdi>{name.clone()}</bdi></b></a>
                {id_beside(row)}
                ", "
                <Time at=row.requested_at />
                <br />
                {row_tag(row)}
                <span class="num">{files}</span>
                {say!(locale, callbacks.assign.files)}
            </div>
            <form method="post" action=AssignCall::url()>
                <input type="hidden" name="id" value=call />
                <input type="hidden" name="recording" value=id />
                {here.back()}
                {kind}
                <button class=class>
                    {say!(locale, callbacks.assign.here)} <span class="sr">" " {name}</span>
                </button>
            </form>
        </li>
    }
}

/// The title of a recording's room, or else its id, escaped for display because it comes from outside.
pub fn room_name(row: &RecordingRow) -> String {
    visible_line(row.room_name(), RoomId::MAX_BYTES)
}

/// The id of a recording's room beside its title, escaped in the same way.
pub fn id_beside(row: &RecordingRow) -> impl IntoView + use<> {
    let id = visible_line(row.room.as_str(), RoomId::MAX_BYTES);
    room_id(&row.title, &id)
}
