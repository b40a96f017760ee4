//! `/settings/deleting`: the days in the trash, and what needs a second administrator.

use axum::response::Response;
use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    access::{Thing, Verb},
    keep::{KeepForm, KeepSettings},
};

use super::{
    form::{Form, Switch, TextField, end},
    nav::{SettingsPage, page},
};
use crate::{form::shown, server_fns::SetKeepSettings, this_page::locale, visit::Visit};

/// The settings of the trash. Administrators change them, auditors read them.
pub async fn deleting(visit: Visit) -> Response {
    let me = visit.me.clone();
    let may_change = me.may(Verb::Change, Thing::Settings);
    let loaded = visit.service.keep_settings(&visit.me).await;
    visit
        .answer(loaded, |settings| {
            let locale = locale();
            let title = say!(locale, trash.settings.title);
            let content = view! {
                <section class="set-s" aria-labelledby="trash-h">
                    <header>
                        <h2 id="trash-h">{say!(locale, trash.title)}</h2>
                        <p>{say!(locale, trash.settings.trash_text)}</p>
                        <p>{say!(locale, trash.settings.second_text)}</p>
                    </header>
                    <div>{form(settings, may_change)}</div>
                </section>
            };
            page(&me, SettingsPage::Deleting, "deleting", title, content)
        })
        .await
}

/// The form, with the typed values if it was rejected; disabled unless `may_change`.
fn form(settings: KeepSettings, may_change: bool) -> impl IntoView {
    let locale = locale();
    let form = Form::of::<SetKeepSettings>("deleting");
    let shown = shown::<SetKeepSettings, _>(KeepForm::of(settings));
    let second = form.wrong("second");
    let second = second.map(|wrong| view! { <p class="hint s6 wrong" role="alert">{wrong}</p> });
    let end = end(&form, may_change);
    view! {
        <form class="card" method="post" action=SetKeepSettings::url()>
            <fieldset class="form" disabled=!may_change>
                <TextField
                    name="trash_days"
                    form=form.clone()
                    label=say!(locale, trash.settings.days)
                    value=shown.trash_days
                    hint=say!(locale, trash.settings.days_hint)
                />
                <TextField
                    name="request_days"
                    form=form
                    label=say!(locale, trash.settings.request_days)
                    value=shown.request_days
                    hint=say!(locale, trash.settings.request_hint)
                />
                <Switch
                    name="second_for_delete_now"
                    label=say!(locale, trash.delete_now)
                    text=say!(locale, trash.settings.delete_now_text)
                    hint=say!(locale, trash.settings.delete_now_hint)
                    on=!shown.second_for_delete_now.is_empty()
                />
                <Switch
                    name="second_for_release"
                    label=say!(locale, keep.hold.release)
                    text=say!(locale, trash.settings.release_text)
                    hint=say!(locale, trash.settings.release_hint)
                    on=!shown.second_for_release.is_empty()
                />
                {second}
            </fieldset>
            {end}
        </form>
    }
}
