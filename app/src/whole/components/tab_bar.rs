use leptos::prelude::*;
use reelroom_domain::view::Shell;

use super::{
    AppMenu, Glyph, Icon,
    sidebar::{Section, current},
};
use crate::{error::ApiError, i18n::use_i18n, whole::in_app::InApp};

/// Where to go, at the lower edge of a phone; with the numbers of rooms that are
/// being recorded and of callbacks that need a look.
#[component]
pub fn TabBar(
    /// What every page shows.
    shell: Resource<Result<Shell, ApiError>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let in_app = InApp::expect();
    let running = move || {
        let shell = shell.get().and_then(Result::ok)?;
        Some(shell.running).filter(|running| *running > 0)
    };
    let open = move || {
        let shell = shell.get().and_then(Result::ok)?;
        Some(shell.open_callbacks).filter(|open| *open > 0)
    };
    view! {
        <nav class="tabbar" aria-label=told!(i18n, common.nav.pages)>
            <a href=move || in_app.to("/") aria-current=current(Section::Rooms)>
                <Icon glyph=Glyph::Room />
                {told!(i18n, common.nav.rooms)}
                <Transition>
                    {move || {
                        running()
                            .map(|running| {
                                view! {
                                    <span class="n rec">
                                        {running}
                                        <span class="sr">
                                            " " {told!(i18n, common.nav.recording_now)}
                                        </span>
                                    </span>
                                }
                            })
                    }}
                </Transition>
            </a>
            <a href=move || in_app.to("/recordings") aria-current=current(Section::Library)>
                <Icon glyph=Glyph::Library />
                {told!(i18n, common.nav.library)}
            </a>
            <a href="/callbacks" aria-current=current(Section::Callbacks)>
                <Icon glyph=Glyph::Inbox />
                {told!(i18n, common.nav.callbacks)}
                <Transition>
                    {move || {
                        open()
                            .map(|open| {
                                view! {
                                    <span class="n">
                                        {open}
                                        <span class="sr">
                                            " " {told!(i18n, common.nav.open_callbacks)}
                                        </span>
                                    </span>
                                }
                            })
                    }}
                </Transition>
            </a>
            <a href=move || in_app.to("/settings") aria-current=current(Section::Settings)>
                <Icon glyph=Glyph::Sliders />
                {told!(i18n, common.nav.settings)}
            </a>
            <Transition>{move || apps(shell.get()?.ok()?)}</Transition>
        </nav>
    }
}

/// Where there are several apps: the way from one to another.
fn apps(shell: Shell) -> Option<impl IntoView> {
    let i18n = use_i18n();
    (shell.apps.len() > 1).then(|| {
        view! {
            <details class="drop">
                <summary>
                    <Icon glyph=Glyph::Updown />
                    <span class="trunc">{shell.app.name.clone()}</span>
                    <span class="sr">" " {told!(i18n, apps.switch)}</span>
                </summary>
                <AppMenu shell=Signal::stored(shell) />
            </details>
        }
    })
}
