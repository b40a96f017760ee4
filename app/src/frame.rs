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
use reelroom_domain::view::Shell;

use self::{
    jump::JumpDialog, keys_help::KeysHelp, section::Section, sidebar::Sidebar, tab_bar::TabBar,
};
use crate::{components::ErrorNote, error::ApiError, this_page::locale};

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
    let side = match shell.clone() {
        Ok(shell) => view! { <Sidebar shell=shell section=section /> }.into_any(),
        Err(error) => view! { <ErrorNote error=error /> }.into_any(),
    };
    view! {
        <a class="skip" href="#content">
            {say!(locale, common.nav.skip)}
        </a>
        // The changes that affect the bars: recordings, counts, apps.
        <div class="app" data-live="recordings callbacks apps">
            <aside class="side" aria-label=say!(locale, common.nav.main)>
                {side}
            </aside>
            {children()}
            <TabBar shell=shell.ok() section=section />
        </div>
        <div class="sr" id="announce" role="status"></div>
        <JumpDialog />
        <KeysHelp />
    }
}
