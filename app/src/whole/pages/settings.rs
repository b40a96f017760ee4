//! `/settings`: the callback's address, the apps, and how this browser shows the pages. The apps have
//! an address of their own, `/settings/apps`, on the same page.

mod app_card;
mod app_fields;
mod app_form;
mod apps;
mod callback;
mod choice;
mod connection;
mod field;
mod patience;
mod remove_app;
mod said;
mod show_app;
mod test_button;
mod token_field;

use leptos::prelude::*;
use reelroom_domain::view::Settings;

use self::{
    apps::{Apps, Deeds},
    callback::Callback,
    patience::PatienceSection,
    remove_app::leave_removed,
};
use crate::{
    i18n::use_i18n,
    server_fns::{SignOut, load_settings},
    whole::action::action,
    whole::components::{KeysChoice, LanguageChoice, Load, PageTitle, SkeletonShape, ThemeChoice},
};

/// The settings.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let i18n = use_i18n();
    let deeds = Deeds::new();
    leave_removed(deeds);
    let settings = Resource::new(move || deeds.done(), |_| load_settings());
    view! {
        <PageTitle text=told!(i18n, settings.title) />
        <main class="sheet set" id="content">
            <div class="set-b scroll" tabindex="-1">
                <h1>{told!(i18n, settings.title)}</h1>
                <Load from=settings skeleton=SkeletonShape::Form let:settings>
                    <ForAdmins settings=settings deeds=deeds />
                </Load>
                <PatienceSection />
                <Look />
            </div>
        </main>
    }
    .into_any()
}

/// Callback and apps; a sentence for everybody else. Loaded again, it keeps what was typed.
#[component]
fn ForAdmins(settings: Signal<Option<Settings>>, deeds: Deeds) -> impl IntoView {
    let i18n = use_i18n();
    let there = Memo::new(move |_| settings.with(Option::is_some));
    move || {
        there.track();
        let Some(first) = settings.get_untracked() else {
            return view! { <p class="muted">{told!(i18n, settings.only_admin)}</p> }.into_any();
        };
        let callback = first.clone();
        let current = Memo::new(move |last: Option<&Settings>| {
            let last = || last.unwrap_or(&first).clone();
            settings.get().unwrap_or_else(last)
        });
        view! {
            <Callback settings=callback />
            <Apps settings=current.into() deeds=deeds />
        }
        .into_any()
    }
}

/// Language, theme, and the way out.
#[component]
fn Look() -> impl IntoView {
    let i18n = use_i18n();
    let sign_out = action::<SignOut>();
    view! {
        <section class="set-s" aria-labelledby="look-h">
            <header>
                <h2 id="look-h">{told!(i18n, settings.look)}</h2>
                <p>{told!(i18n, settings.look_text)}</p>
            </header>
            <div class="prefs">
                <span class="label">{told!(i18n, settings.language)}</span>
                <LanguageChoice />
                <span class="label">{told!(i18n, settings.theme)}</span>
                <ThemeChoice />
                <span class="label scripted">{told!(i18n, keys.single)}</span>
                <KeysChoice />
                <span class="label">{told!(i18n, settings.account)}</span>
                <ActionForm action=sign_out>
                    <button class="btn">{told!(i18n, common.me.sign_out)}</button>
                </ActionForm>
            </div>
        </section>
    }
}
