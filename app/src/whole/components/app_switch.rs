use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_location;
use reelroom_domain::view::{AppView, Shell};

use super::{Glyph, Icon, sidebar::Section};
use crate::{i18n::use_i18n, server_fns::ChooseApp};

/// The app whose rooms are shown; where there are several, the way to the others.
#[component]
pub fn AppSwitch(
    /// Which apps there are.
    shell: Signal<Shell>,
) -> impl IntoView {
    let i18n = use_i18n();
    let app = Memo::new(move |_| shell.with(|shell| shell.app.clone()));
    let several = Memo::new(move |_| shell.with(|shell| shell.apps.len() > 1));
    move || {
        if several.get() {
            view! {
                <details class="drop switch-app">
                    <summary class="appswitch">
                        <span>{move || about(app.get())}</span>
                        <Icon glyph=Glyph::Updown />
                        <span class="sr">{told!(i18n, apps.switch)}</span>
                    </summary>
                    <AppMenu shell=shell />
                </details>
            }
            .into_any()
        } else {
            view! {
                <div class="appswitch">
                    <span>{move || about(app.get())}</span>
                </div>
            }
            .into_any()
        }
    }
}

/// The apps to choose from. A plain form in any case: another app is another page.
#[component]
pub fn AppMenu(
    /// Which apps there are.
    shell: Signal<Shell>,
) -> impl IntoView {
    let path = use_location().pathname;
    let next = move || path.with(|path| top(path));
    view! {
        <form class="menu" method="post" action=ChooseApp::url()>
            <input type="hidden" name="next" value=next />
            {move || {
                shell
                    .with(|shell| {
                        let here = shell.app.id;
                        shell
                            .apps
                            .iter()
                            .map(|app| {
                                view! {
                                    <button
                                        name="app"
                                        value=app.id.to_string()
                                        aria-current=(app.id == here).then_some("true")
                                    >
                                        <span>{about(app.clone())}</span>
                                        {(app.id == here)
                                            .then(|| view! { <Icon glyph=Glyph::Check /> })}
                                    </button>
                                }
                            })
                            .collect_view()
                    })
            }}
        </form>
    }
}

/// Its name, and what tells it from another of that name.
fn about(app: AppView) -> impl IntoView {
    let i18n = use_i18n();
    let what = if app.sandbox {
        told!(i18n, common.nav.sandbox).into_any()
    } else {
        view! {
            {told!(i18n, common.nav.app_id)}
            " "
            <span class="mono">{app.masked_id}</span>
        }
        .into_any()
    };
    view! {
        <b class="trunc">{app.name}</b>
        <small>{what}</small>
    }
}

/// Where to go on in another app: the part of the product, not the room or the recording.
fn top(path: &str) -> &'static str {
    match Section::of(path) {
        Some(Section::Library) => "/recordings",
        Some(Section::Settings) => "/settings",
        Some(Section::Callbacks) => "/callbacks",
        Some(Section::Rooms) | None => "/",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_app_begins_at_the_top_of_the_same_part() {
        for (path, expected) in [
            ("/", "/"),
            ("/rooms/board-weekly", "/"),
            ("/recordings/0192", "/recordings"),
            ("/settings/apps", "/settings"),
            ("/elsewhere", "/"),
        ] {
            assert_eq!(top(path), expected, "{path}");
        }
    }
}
