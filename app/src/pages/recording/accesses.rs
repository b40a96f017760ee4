use leptos::prelude::*;
use reelroom_domain::{act::Act, ids::RecordingId, visible::visible_line};

use crate::{components::Time, current_app::CurrentApp, paths, this_page::locale, words};

/// The latest acts of watching and downloading the recording, with a link to all of them.
pub fn accesses(id: RecordingId, acts: &[Act]) -> impl IntoView + use<> {
    let locale = locale();
    let line = |act: &Act| {
        view! {
            <li>
                <b class="trunc">{visible_line(&act.name, 64)}</b>
                <span class="when num"><Time at=act.at /></span>
                <span class="what">{words::act(locale, act)}</span>
            </li>
        }
    };
    let lines = acts.iter().map(line).collect_view();
    let shown = if acts.is_empty() {
        view! { <p class="muted">{say!(locale, history.accesses.none)}</p> }.into_any()
    } else {
        let all = CurrentApp::expect().to(&paths::accesses(id));
        view! {
            <ul class="accesses">{lines}</ul>
            <a href=all>{say!(locale, history.accesses.all)}</a>
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="accesses-h">
            <h2 id="accesses-h">{say!(locale, history.accesses.title)}</h2>
            {shown}
        </section>
    }
}
