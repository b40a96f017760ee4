//! For how long what grows beside recordings and their files is kept.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::growth::{KeepingForm, KeepingView};

use crate::{
    current_app::CurrentApp,
    form::shown,
    pages::settings::{
        form::{Form, TextField, end},
        section_head::section_head,
    },
    server_fns::SetKeeping,
    this_page::locale,
    words,
};

/// The form, with the typed values if it was rejected; disabled unless `may_change`.
pub fn keeping_section(of: &KeepingView, may_change: bool) -> impl IntoView + use<> {
    let locale = locale();
    let form = Form::of::<SetKeeping>("keeping");
    let shown = shown::<SetKeeping, _>(KeepingForm::of(&of.keeping));
    let end = end(&form, may_change);
    let text = say!(locale, storage.keep.text);
    let days = words::day_count(locale, of.history_days);
    let history = say!(locale, storage.keep.history, days);
    let sign_in = CurrentApp::expect().to("/settings/sign-in");
    view! {
        <section class="set-s" aria-labelledby="keeping-h">
            {section_head("keeping-h", say!(locale, storage.keep.title), text)}
            <div>
                <form class="card" method="post" action=SetKeeping::url()>
                    <fieldset class="form" disabled=!may_change>{fields(&form, &shown)}</fieldset>
                    {end}
                </form>
                <p class="hint">
                    {history} " " <a href=sign_in>{say!(locale, storage.keep.change)}</a>
                </p>
            </div>
        </section>
    }
}

fn fields(form: &Form, shown: &KeepingForm) -> impl IntoView + use<> {
    let locale = locale();
    macro_rules! field {
        ($name:ident, $hint:ident) => {
            view! {
                <TextField
                    name=stringify!($name)
                    form=form.clone()
                    label=say!(locale, storage.keep.$name)
                    value=shown.$name.clone()
                    hint=say!(locale, storage.keep.$hint)
                />
            }
        };
    }
    (
        field!(call_bodies, call_bodies_hint),
        field!(status_events, status_events_hint),
        field!(lookup_finds, lookup_finds_hint),
        field!(seen, seen_hint),
    )
}
