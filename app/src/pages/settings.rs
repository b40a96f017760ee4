//! `/settings`: the callback's address, the apps, and how this browser shows the pages.

mod app_form;
mod callback;
mod choice;
mod field;
mod patience;

use leptos::prelude::*;
use leptos_meta::Title;
use reelroom_domain::view::{AppForm, Settings};

use self::{app_form::AppEditor, callback::Callback, patience::PatienceSection};
use crate::{
    components::{KeysChoice, LanguageChoice, Load, SkeletonShape, ThemeChoice},
    i18n::use_i18n,
    server_fns::{SaveApp, SignOut, load_settings},
};

/// The settings.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let i18n = use_i18n();
    let save = ServerAction::<SaveApp>::new();
    let settings = Resource::new(move || save.version().get(), |_| load_settings());
    view! {
        <Title text=say!(i18n, settings.title) />
        <main class="sheet set" id="content">
            <div class="set-b scroll" tabindex="-1">
                <h1>{say!(i18n, settings.title)}</h1>
                <Load from=settings skeleton=SkeletonShape::Form let:settings>
                    {move || match settings.get() {
                        Some(settings) => {
                            view! { <ForAdmins settings=settings save=save /> }.into_any()
                        }
                        None => {
                            view! { <p class="muted">{say!(i18n, settings.only_admin)}</p> }
                                .into_any()
                        }
                    }}
                </Load>
                <PatienceSection />
                <Look />
            </div>
        </main>
    }
    .into_any()
}

/// Callback and apps.
#[component]
fn ForAdmins(settings: Settings, save: ServerAction<SaveApp>) -> impl IntoView {
    let i18n = use_i18n();
    let apps = settings.apps.clone();
    let first = apps.is_empty();
    view! {
        <Callback settings=settings />
        <section class="set-s" aria-labelledby="apps-h">
            <header>
                <h2 id="apps-h">{say!(i18n, settings.apps)}</h2>
                <p>{say!(i18n, settings.apps_text)}</p>
            </header>
            <div>
                {first.then(|| view! { <p class="soft">{say!(i18n, settings.no_apps)}</p> })}
                {apps
                    .into_iter()
                    .chain([app_form::new_app()])
                    .map(|app| {
                        let open = first;
                        view! { <AppEditor app=app save=save open=open /> }
                    })
                    .collect_view()}
            </div>
        </section>
    }
}

/// Language, theme, and the way out.
#[component]
fn Look() -> impl IntoView {
    let i18n = use_i18n();
    let sign_out = ServerAction::<SignOut>::new();
    view! {
        <section class="set-s" aria-labelledby="look-h">
            <header>
                <h2 id="look-h">{say!(i18n, settings.look)}</h2>
                <p>{say!(i18n, settings.look_text)}</p>
            </header>
            <div class="prefs">
                <span class="label">{say!(i18n, settings.language)}</span>
                <LanguageChoice />
                <span class="label">{say!(i18n, settings.theme)}</span>
                <ThemeChoice />
                <span class="label scripted">{say!(i18n, keys.single)}</span>
                <KeysChoice />
                <span class="label">{say!(i18n, settings.account)}</span>
                <ActionForm action=sign_out>
                    <button class="btn">{say!(i18n, common.me.sign_out)}</button>
                </ActionForm>
            </div>
        </section>
    }
}

/// Whether `app` is one that is kept already.
pub(crate) const fn is_kept(app: &AppForm) -> bool {
    app.id.is_some()
}
