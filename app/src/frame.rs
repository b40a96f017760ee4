//! The frame around every page of a signed-in person.

mod app_switch;
mod health;
mod jump;
mod keys_help;
mod section;
mod sidebar;
mod tab_bar;
mod user_row;

use leptos::prelude::*;
use reelroom_domain::{
    recording::RecordingState,
    view::{RecordingRow, Shell},
};

use self::{
    jump::JumpDialog, keys_help::KeysHelp, section::Section, sidebar::Sidebar, tab_bar::TabBar,
};
use crate::{
    components::{ErrorNote, Glyph, Icon},
    current_app::CurrentApp,
    error::ApiError,
    paths,
    this_page::locale,
};

/// The side bar, the page, the tab bar of a phone, and the two keyboard dialogs.
#[component]
pub fn Frame(
    /// The data of the bars.
    shell: Result<Shell, ApiError>,
    /// The path of the page.
    path: String,
    /// The page.
    children: Children,
) -> impl IntoView {
    let locale = locale();
    let section = Section::of(&path);
    let news = shell.as_ref().ok();
    let news = news.map(|shell| shell.news.iter().map(toast).collect::<Vec<_>>());
    let side = match shell.clone() {
        Ok(shell) => view! { <Sidebar shell=shell section=section /> }.into_any(),
        Err(error) => view! { <ErrorNote error=error /> }.into_any(),
    };
    view! {
        <a class="skip" href="#content">{say!(locale, common.nav.skip)}</a>
        // The changes that affect the bars: recordings, counts, apps.
        <div class="app" data-live="recordings callbacks apps">
            <aside class="side" aria-label=say!(locale, common.nav.main)>{side}</aside>
            {children()}
            <TabBar shell=shell.ok() section=section />
        </div>
        <div class="sr" id="announce" role="status"></div>
        <div class="toasts" role="status">{news.into_iter().flatten().collect_view()}</div>
        <JumpDialog />
        <KeysHelp />
    }
}

/// A recording that just became ready, or needs attention: where the reader is, and as a notification of the
/// browser (see `news.js`).
fn toast(row: &RecordingRow) -> impl IntoView + use<> {
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
    view! {
        <div class="toast" id=format!("news-{name}") data-notify=notify>
            <Icon glyph=glyph />
            {text}
            <a class="btn" href=page>{say!(locale, common.news.open)}</a>
        </div>
    }
}
