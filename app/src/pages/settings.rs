//! `/settings`: the callback's address and the apps, for administrators and auditors.
//! `/settings/apps` is the same page.

mod app_card;
mod app_fields;
mod connection;
pub mod deleting;
mod facts;
mod form;
pub mod history;
pub mod me;
mod nav;
mod outcome;
pub mod people;
pub mod retention;
mod section_head;
pub mod sign_in;
pub mod storage;

use axum::response::{IntoResponse, Response};
use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    access::{Thing, Verb},
    app::{AppForm, AppSettings, DEFAULT_KIND, VideoToken},
    ledger::Patience,
    view::Settings,
};
use reelroom_service::ServiceError;

use self::{
    app_card::app_card,
    facts::{app_facts, limits},
    form::{Form, FormEnd, TextField},
    nav::{SettingsPage, page},
    section_head::section_head,
};
use crate::{
    components::{Banner, Rejected, Tone},
    paths,
    query::Query,
    server_fns::SetPatience,
    this_page::locale,
    visit::Visit,
};

/// The settings of the server. Other readers have those of their own account alone.
pub async fn settings(visit: Visit) -> Response {
    let me = visit.me.clone();
    if !me.may(Verb::See, Thing::Settings) {
        return paths::account().into_response();
    }
    let loaded = load(&visit).await;
    let may_change = me.may(Verb::Change, Thing::Settings);
    visit
        .answer(loaded, |(settings, patience)| {
            let title = say!(locale(), common.nav.settings);
            let content = (
                first_steps(),
                callback(&settings, may_change),
                apps(settings.apps, may_change),
                time_limits(&patience, may_change),
            );
            page(&me, SettingsPage::General, "settings", title, content)
        })
        .await
}

async fn load(visit: &Visit) -> Result<(Settings, Patience), ServiceError> {
    let settings = visit.service.settings(&visit.me).await?;
    Ok((settings, visit.service.patience().await?))
}

/// The next steps, on the page that follows the first set-up.
fn first_steps() -> Option<impl IntoView> {
    let locale = locale();
    let query: Query = expect_context();
    (query.get("first") == "yes").then(|| {
        let add = paths::with_query(paths::PEOPLE, &[("add", "yes")]);
        let own = paths::account().to_string();
        view! {
            <Banner tone=Tone::Info title=say!(locale, settings.first.title)>
                <p>{say!(locale, settings.first.text)}</p>
                <div class="btns">
                    <a class="btn" href=add>{say!(locale, people.add)}</a>
                    <a class="btn" href=own>{say!(locale, settings.first.factor)}</a>
                </div>
            </Banner>
        }
    })
}

/// The values to paste into the platform's console.
fn callback(settings: &Settings, may_change: bool) -> impl IntoView + use<> {
    let locale = locale();
    let show = may_change.then(|| {
        view! { <a class="btn" href="/callbacks">{say!(locale, settings.show_secret)}</a> }
    });
    let public_url = settings.public_url.as_deref();
    let files = address(public_url, &settings.callback_path);
    let status = address(public_url, &settings.status_path);
    let unset = public_url.is_none().then(|| {
        let title = say!(locale, settings.no_public_url);
        let text = say!(locale, settings.no_public_url_text);
        view! { <Banner tone=Tone::Wait title=title><p>{text}</p></Banner> }
    });
    let text = say!(locale, settings.callback_text);
    view! {
        <section class="set-s" aria-labelledby="callback-h">
            {section_head("callback-h", say!(locale, settings.callback), text)}
            <div>
                {unset}
                <div class="field">
                    <span class="label">{say!(locale, settings.callback_url)}</span>
                    <div class="copybox"><code id="callback-url">{files}</code></div>
                    <p class="hint">{say!(locale, settings.secret_hint)}</p>
                    <Rejected rejected=settings.rejected.clone() />
                </div>
                <div class="field">
                    <span class="label">{say!(locale, settings.status_url)}</span>
                    <div class="copybox"><code>{status}</code></div>
                    <p class="hint">{say!(locale, settings.status_hint)}</p>
                </div>
                {show}
            </div>
        </section>
    }
}

/// The full callback address, or only its path if the public address is unknown.
fn address(public_url: Option<&str>, path: &str) -> String {
    let site = public_url.unwrap_or_default().trim_end_matches('/');
    format!("{site}{path}")
}

/// A card for each app, and one for adding an app.
fn apps(apps: Vec<AppSettings>, may_change: bool) -> impl IntoView {
    let locale = locale();
    let ids: Vec<_> = apps.iter().map(|app| app.form.id).collect();
    let typed = outcome::typed(&ids);
    let none = apps.is_empty();
    let card = |app| app_card(app, typed.as_ref(), none);
    let cards = if may_change {
        let cards = apps.into_iter().chain([new_app()]);
        cards.map(card).collect_view().into_any()
    } else {
        apps.into_iter().map(app_facts).collect_view().into_any()
    };
    view! {
        <section class="set-s" aria-labelledby="apps-h" id="apps">
            {section_head("apps-h", say!(locale, settings.apps), say!(locale, settings.apps_text))}
            <div>
                {none.then(|| view! { <p class="soft">{say!(locale, settings.no_apps)}</p> })}
                {cards}
            </div>
        </section>
    }
}

/// The settings of a new app, with default values from the given document.
fn new_app() -> AppSettings {
    AppSettings {
        form: AppForm {
            api_base: "http://www.anyrtc.io".to_owned(),
            zone: "Asia/Shanghai".to_owned(),
            kinds: DEFAULT_KIND.to_owned(),
            vod_base: "https://vdn.anyrtc.cc".to_owned(),
            ..AppForm::default()
        },
        masked_id: String::new(),
        token: VideoToken::Absent,
        is_default: false,
        has_recordings: false,
        test: None,
        typed: None,
    }
}

/// The time limits for the files of a recording.
fn time_limits(patience: &Patience, may_change: bool) -> impl IntoView + use<> {
    let locale = locale();
    let query: Query = expect_context();
    let form = Form::of::<SetPatience>("patience");
    let value = |name: &str, set: i64| match query.get(name) {
        "" => (set / 60_000).to_string(),
        typed => typed.to_owned(),
    };
    let shown = if may_change {
        view! {
            <form class="card" method="post" action=SetPatience::url()>
                <div class="form">
                    <TextField
                        name="late"
                        form=form.clone()
                        label=say!(locale, watch.patience.late)
                        value=value("late", patience.late_after)
                        hint=say!(locale, watch.patience.late_hint)
                    />
                    <TextField
                        name="due"
                        form=form.clone()
                        label=say!(locale, watch.patience.due)
                        value=value("due", patience.due_after)
                        hint=say!(locale, watch.patience.due_hint)
                    />
                </div>
                <FormEnd form=form saved=query.get("saved") == "patience" />
            </form>
        }
        .into_any()
    } else {
        limits(patience).into_any()
    };
    let text = say!(locale, watch.patience.text);
    view! {
        <section class="set-s" aria-labelledby="patience-h">
            {section_head("patience-h", say!(locale, common.files.expected), text)}
            <div>{shown}</div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_app_speaks_as_the_given_document() {
        let app = new_app().form;
        assert_eq!(app.id, None);
        assert_eq!(app.api_base, "http://www.anyrtc.io");
        assert_eq!(app.zone, "Asia/Shanghai");
        assert_eq!(app.kinds, "Meet");
    }

    #[test]
    fn one_slash_between_site_and_path() {
        let path = "/k7/AR/V1/av";
        let full = address(Some("https://rec.example.org/"), path);
        assert_eq!(full, "https://rec.example.org/k7/AR/V1/av");
        assert_eq!(address(None, path), path);
    }
}
