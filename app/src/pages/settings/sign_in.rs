//! `/settings/sign-in`: the rules of sessions, links and passwords.

use axum::response::Response;
use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    access::{Thing, Verb},
    sign_in::{SignInForm, SignInSettings},
};

use super::{
    form::{Form, Switch, TextField, end},
    nav::{SettingsPage, page},
    section_head::section_head,
};
use crate::{form::shown, server_fns::SetSignInRules, this_page::locale, visit::Visit};

/// The rules of sign-in. Administrators change them, auditors read them.
pub async fn sign_in(visit: Visit) -> Response {
    let me = visit.me.clone();
    let may_change = me.may(Verb::Change, Thing::Settings);
    let loaded = visit.service.sign_in_settings(&visit.me).await;
    visit
        .answer(loaded, |settings| {
            let locale = locale();
            let title = say!(locale, sign_in.title);
            let text = say!(locale, sign_in.rules_text);
            let content = view! {
                <section class="set-s" aria-labelledby="rules-h">
                    {section_head("rules-h", say!(locale, sign_in.rules), text)}
                    <div>{rules(&settings, may_change)}</div>
                </section>
            };
            page(&me, SettingsPage::SignIn, "sign-in", title, content)
        })
        .await
}

/// The form, with the typed values if it was rejected; disabled unless `may_change`.
fn rules(settings: &SignInSettings, may_change: bool) -> impl IntoView + use<> {
    let locale = locale();
    let form = Form::of::<SetSignInRules>("rules");
    let shown = shown::<SetSignInRules, _>(SignInForm::of(&settings.rules));
    let end = end(&form, may_change);
    let numbers = numbers(&form, &shown);
    let second_factor = !shown.admins_need_second_factor.is_empty();
    let second_factor_hint = if settings.has_single_sign_on {
        say!(locale, sign_in.second_factor_hint_sso)
    } else {
        say!(locale, sign_in.second_factor_hint)
    };
    let passwords = passwords(form, shown, settings.has_single_sign_on);
    view! {
        <form class="card" method="post" action=SetSignInRules::url()>
            <fieldset class="form" disabled=!may_change>
                {numbers}
                <Switch
                    name="admins_need_second_factor"
                    label=say!(locale, common.word.second_factor)
                    text=say!(locale, sign_in.second_factor_text)
                    hint=second_factor_hint
                    on=second_factor
                />
                {passwords}
            </fieldset>
            {end}
        </form>
    }
}

/// The fields that hold a number.
fn numbers(form: &Form, shown: &SignInForm) -> impl IntoView + use<> {
    let locale = locale();
    macro_rules! field {
        ($name:ident, $hint:ident) => {
            view! {
                <TextField
                    name=stringify!($name)
                    form=form.clone()
                    label=say!(locale, sign_in.$name)
                    value=shown.$name.clone()
                    hint=say!(locale, sign_in.$hint)
                />
            }
        };
    }
    (
        field!(idle_hours, idle_hint),
        field!(at_most_days, at_most_hint),
        field!(password_length, password_hint),
        field!(link_hours, link_hint),
        field!(history_days, history_hint),
    )
}

/// Whether passwords are off, and the account that keeps its own. Only with single sign-on.
fn passwords(form: Form, shown: SignInForm, has_single_sign_on: bool) -> AnyView {
    let locale = locale();
    if !has_single_sign_on {
        let words = say!(locale, sign_in.no_single_sign_on);
        return view! { <p class="hint s6">{words}</p> }.into_any();
    }
    view! {
        <Switch
            name="passwords_off"
            label=say!(locale, sign_in.passwords)
            text=say!(locale, sign_in.passwords_text)
            hint=say!(locale, sign_in.passwords_hint)
            on=!shown.passwords_off.is_empty()
        />
        <TextField
            name="break_glass"
            form=form
            label=say!(locale, sign_in.break_glass)
            value=shown.break_glass
            hint=say!(locale, sign_in.break_glass_hint)
        />
    }
    .into_any()
}
