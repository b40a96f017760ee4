use leptos::prelude::*;
use reelroom_domain::{
    app::{AppForm, AppSettings, ConnectionTest, VideoToken},
    ids::AppId,
    view::Settings,
};

use super::{app_card::AppCard, app_form::new_app};
use crate::{
    i18n::use_i18n,
    server_fns::{RemoveApp, SaveApp},
    whole::action::action,
};

/// What can be done with apps.
#[derive(Clone, Copy)]
pub struct Deeds {
    /// Keeps one.
    pub save: ServerAction<SaveApp>,
    /// Removes one.
    pub remove: ServerAction<RemoveApp>,
}

impl Deeds {
    /// None done yet.
    pub fn new() -> Self {
        Self {
            save: action(),
            remove: action(),
        }
    }

    /// Grows with each deed that is done: then the settings are loaded again.
    pub fn done(self) -> usize {
        self.save.version().get() + self.remove.version().get()
    }
}

/// All of an app that its card shows from the start. Where it changes, the card is made anew; the
/// other cards keep what was typed in them.
type Face = (AppForm, String, VideoToken);

fn face(app: &AppSettings) -> Face {
    (app.form.clone(), app.masked_id.clone(), app.token)
}

/// What the last test of an app said; unlike its face it changes under a card that stays.
fn last_test(settings: Signal<Settings>, id: Option<AppId>) -> Signal<Option<ConnectionTest>> {
    Signal::derive(move || {
        settings.with(|settings| {
            let app = settings.apps.iter().find(|app| app.form.id == id)?;
            app.test.clone()
        })
    })
}

/// The apps, a card each, and one for a new one.
#[component]
pub fn Apps(
    /// The settings.
    settings: Signal<Settings>,
    /// What can be done.
    deeds: Deeds,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| settings.with(|settings| settings.apps.len()));
    view! {
        <section class="set-s" aria-labelledby="apps-h" id="apps">
            <header>
                <h2 id="apps-h">{told!(i18n, settings.apps)}</h2>
                <p>{told!(i18n, settings.apps_text)}</p>
            </header>
            <div>
                {move || {
                    (count.get() == 0)
                        .then(|| view! { <p class="soft">{told!(i18n, settings.no_apps)}</p> })
                }}
                <For
                    each=move || settings.with(|settings| settings.apps.clone())
                    key=face
                    children=move |app| {
                        let last_test = last_test(settings, app.form.id);
                        view! { <AppCard app=app last_test=last_test deeds=deeds /> }
                    }
                />
                {move || {
                    let open = count.get() == 0;
                    view! { <AppCard app=new_app() deeds=deeds open=open /> }
                }}
            </div>
        </section>
    }
}
