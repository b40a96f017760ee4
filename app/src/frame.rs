//! The frame around every page of a signed-in person.

mod app_switch;
mod dialogs;
mod sidebar;
mod tab_bar;
mod user_row;

use leptos::prelude::*;
use reelroom_domain::{
    recording::RecordingState,
    view::{Me, RecordingRow, Shell},
};

use self::{
    dialogs::{jump_dialog, keys_help},
    sidebar::{short_sidebar, sidebar},
    tab_bar::tab_bar,
};
use crate::{
    components::{ErrorNote, Glyph, Icon},
    current_app::CurrentApp,
    error::ApiError,
    lint_line::{Level, LintLine},
    paths,
    section::Section,
    this_page::locale,
};

/// The side bar, the page at `path`, the tab bar of a phone, and the two keyboard dialogs.
pub fn frame(
    shell: Result<Shell, ApiError>,
    me: &Me,
    path: &str,
    page: AnyView,
) -> impl IntoView + use<> {
    let locale = locale();
    let section = Section::of(path);
    let news = shell.as_ref().ok();
    let news = news.map(|shell| {
        let toasts = shell.news.iter().filter_map(|row| toast(row, path));
        toasts.collect::<Vec<_>>()
    });
    let side = match &shell {
        Ok(shell) => sidebar(shell, section).into_any(),
        // The page says it.
        Err(ApiError::NothingGranted) => short_sidebar(me, section).into_any(),
        Err(error) => {
            let note = view! { <ErrorNote error=error.clone() /> };
            (note, short_sidebar(me, section)).into_any()
        }
    };
    view! {
        <a class="skip" href="#content">{say!(locale, common.nav.skip)}</a>
        // As in the side bar, where there is no room for it (see `live.js`).
        <div class="offline" data-silence="shown" role="status" hidden>
            <Icon glyph=Glyph::Pulse class="i-s" />
            <span>{say!(locale, common.health.silent)} " " <span data-silent-since=""></span></span>
        </div>
        // The changes that affect the bars: recordings, counts, apps.
        <div class="app" data-live="recordings callbacks apps">
            <aside class="side" aria-label=say!(locale, common.nav.main)>{side}</aside>
            {page}
            {tab_bar(shell.ok(), section)}
        </div>
        <div class="sr" id="announce" role="status"></div>
        // For a form that got no answer (see `forms.js`).
        <template id="no-answer">
            <div class="no-answer" role="alert">
                <LintLine level=Level::Error>{say!(locale, common.no_answer)}</LintLine>
            </div>
        </template>
        <div class="toasts" role="status">{news.into_iter().flatten().collect_view()}</div>
        {jump_dialog()}
        {keys_help()}
    }
}

/// A recording that just became ready, or needs attention: where the reader is, unless that is its page, and as
/// a notification of the browser (see `news.js`).
fn toast(row: &RecordingRow, path: &str) -> Option<impl IntoView + use<>> {
    let (locale, app) = (locale(), CurrentApp::expect());
    let room = row.room_name().to_owned();
    let files = row.ledger.arrived();
    let is_ready = row.state == RecordingState::Ready;
    let (glyph, text) = match (is_ready, files) {
        (false, _) => (Glyph::Alert, say!(locale, common.news.attention, room)),
        (true, 1) => (Glyph::Check, say!(locale, common.news.ready_single, room)),
        (true, n) => (Glyph::Check, say!(locale, common.news.ready, room, n)),
    };
    let page = if is_ready {
        app.to(&paths::recording(row.id))
    } else {
        paths::room(app.as_str(), &row.room)
    };
    let name = format!("{}-{}", row.id, row.state.as_str());
    let notify = (!is_ready).then(|| text.clone());
    if page.split('?').next() == Some(path) {
        return None;
    }
    Some(view! {
        <div class="toast" id=format!("news-{name}") data-notify=notify>
            <Icon glyph=glyph />
            {text}
            <a class="btn" href=page>{say!(locale, common.news.open)}</a>
        </div>
    })
}
