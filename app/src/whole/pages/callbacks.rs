//! `/callbacks`: every call of the platform, and beside the list the one that is open. Filters and
//! selection live in the address.

mod actions;
mod address;
mod assign;
mod body;
mod call;
mod desk;
mod hops;
mod keys;
mod list;
mod mark;
mod msg;
mod replaying;
mod search;
mod understood;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use reelroom_domain::{room::RoomId, visible::visible_line};

use self::{actions::Actions, address::Asked};
use crate::{
    i18n::use_i18n,
    server_fns::{load_call, load_desk, load_inbox},
    whole::components::{Empty, Glyph, Load, PageTitle},
    whole::live::Changes,
};

/// A room as it may be shown: its id came from outside.
fn room_name(room: &RoomId) -> String {
    visible_line(room.as_str(), RoomId::MAX_BYTES)
}

/// The inbox.
#[component]
pub fn CallbacksPage() -> impl IntoView {
    let i18n = use_i18n();
    let changes = Changes::expect();
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|query| Asked::read(|name| query.get(name))));
    let actions = Actions::new();
    provide_context(actions);
    let version = move || (changes.of_callbacks(), actions.version());
    // The list does not change with what is open beside it.
    let listed = Memo::new(move |_| asked.with(Asked::of_list));
    let inbox = Resource::new(
        move || (listed.get(), version()),
        |(asked, _)| {
            load_inbox(
                asked.show.as_str().to_owned(),
                asked.only.as_str().to_owned(),
                asked.room,
                asked.search,
                asked.before,
            )
        },
    );
    let opened = Memo::new(move |_| asked.with(|asked| (asked.call.clone(), asked.find.clone())));
    let call = Resource::new(
        // A recording that a call tells of moves, too.
        move || (opened.get(), version(), changes.all()),
        |((call, find), ..)| async move {
            if call.is_empty() {
                Ok(None)
            } else {
                load_call(call, find).await.map(Some)
            }
        },
    );
    let desk = Resource::new(version, |_| load_desk());
    keys::listen();
    view! {
        <PageTitle text=told!(i18n, callbacks.title) />
        <main
            class="sheet cb"
            id="content"
            data-call=move || asked.with(|asked| !asked.call.is_empty()).then_some("")
        >
            <header class="cb-h">
                <h1>{told!(i18n, callbacks.title)}</h1>
                <replaying::ReplayAllButton asked=asked inbox=inbox />
            </header>
            <div class="cb-top">
                <actions::Failed />
                <Load from=desk let:desk>
                    <desk::Strip desk=desk asked=asked />
                </Load>
                <replaying::Progress inbox=inbox />
            </div>
            <div class="panes">
                <list::ListPane asked=asked inbox=inbox />
                <section class="detail scroll" tabindex="-1" aria-label=told!(i18n, callbacks.open)>
                    <Load from=call let:call>
                        <call::CallPane call=call asked=asked />
                        {move || {
                            call.with(Option::is_none)
                                .then(|| {
                                    view! {
                                        <Empty
                                            glyph=Glyph::Inbox
                                            title=told!(i18n, callbacks.pick)
                                            text=told!(i18n, callbacks.pick_text)
                                        />
                                    }
                                })
                        }}
                    </Load>
                </section>
            </div>
        </main>
    }
    .into_any()
}
