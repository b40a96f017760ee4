//! The files in trouble, above the list of rooms.

use leptos::prelude::*;
use reelroom_domain::trouble::{RecentTrouble, TroubledRecording};

use crate::{
    components::{ErrorNote, Time, trouble_note},
    current_app::CurrentApp,
    form::failed,
    paths,
    server_fns::RetryFiles,
    this_page::locale,
};

/// The newest recordings with files in trouble, and a link to all of them; nothing if there are none.
pub fn trouble(trouble: &RecentTrouble, may_record: bool) -> impl IntoView + use<> {
    let locale = locale();
    let error = failed::<RetryFiles>().map(|error| view! { <ErrorNote error=error /> });
    let n = trouble.more;
    let more = (n > 0).then(|| {
        let href = paths::in_trouble(CurrentApp::expect().as_str());
        view! { <li><a href=href>{say!(locale, common.more, n)}</a></li> }
    });
    let recordings = trouble.recordings.iter();
    let list = (!trouble.recordings.is_empty()).then(|| {
        view! {
            <ul class="troubles" aria-label=say!(locale, common.trouble.title)>
                {recordings.map(|of| row(of, may_record)).collect_view()}
                {more}
            </ul>
        }
    });
    (error, list)
}

fn row(of: &TroubledRecording, may_record: bool) -> impl IntoView + use<> {
    let href = CurrentApp::expect().to(&paths::recording(of.id));
    view! {
        <li id=format!("trouble-{}", of.id)>
            <p class="of">
                <a class="trunc" href=href title=of.room.to_string()>
                    {of.room.titled(&of.title).to_owned()}
                </a>
                <Time at=of.requested_at />
            </p>
            {trouble_note(&of.trouble, of.id, may_record)}
        </li>
    }
}
