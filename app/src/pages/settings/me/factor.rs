use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::account::{CodeUse, FactorView, MyAccount};

use super::{
    field::{PasswordField, saved, sentence},
    set_up::set_up,
    step::Step,
};
use crate::{
    components::{ErrorNote, Glyph, Icon, Time},
    current_app::CurrentApp,
    error::ApiError,
    form::failed,
    i18n::td,
    server_fns::MyFactorOff,
    this_page::locale,
};

/// The second factor: off, being set up, or on.
pub fn second_factor(account: &MyAccount, step: &Step) -> impl IntoView + use<> {
    let locale = locale();
    let text = if account.factor_is_demanded {
        say!(locale, me.factor.text_demanded)
    } else {
        say!(locale, me.factor.text)
    };
    let card = match (step, &account.factor) {
        (Step::Phone(new, is_wrong), factor) => {
            set_up(&account.name, new, *is_wrong, factor.is_some()).into_any()
        }
        (_, Some(factor)) => on(account, factor).into_any(),
        (_, None) => off().into_any(),
    };
    view! {
        <section class="set-s" aria-labelledby="factor-h" id="factor">
            <header>
                <h2 id="factor-h">{say!(locale, me.factor.title)}</h2>
                <p>{text}</p>
            </header>
            <div>
                {saved("factor", say!(locale, me.factor.saved))}
                {saved("factor_off", say!(locale, me.factor.removed))}
                {saved("codes", say!(locale, me.codes.saved))}
                {card}
            </div>
        </section>
    }
}

/// A button that leads to a step.
fn step_button(step: &'static str, class: &'static str, word: &'static str) -> impl IntoView {
    // Without Turbo, which accepts a form response without redirect only if it is an error.
    view! {
        <form method="post" action=CurrentApp::expect().to("/settings/me") data-turbo="false">
            <input type="hidden" name="step" value=step />
            <button class=class>{word}</button>
        </form>
    }
}

fn off() -> impl IntoView {
    let locale = locale();
    view! {
        <div class="card">
            <div class="card-p">
                <div class="between">
                    <span class="ent">
                        <Icon glyph=Glyph::Phone />
                        <b>{say!(locale, me.factor.app)}</b>
                        <small>{say!(locale, me.factor.off_text)}</small>
                    </span>
                    <span class="pill">{say!(locale, me.factor.off)}</span>
                </div>
            </div>
            <div class="form-f">
                <span class="grow"></span>
                {step_button("phone", "btn primary", say!(locale, me.factor.set_up))}
            </div>
        </div>
    }
}

fn on(account: &MyAccount, factor: &FactorView) -> impl IntoView + use<> {
    let locale = locale();
    let (at, used_at) = (factor.since, factor.last_used);
    let since = move || view! { <Time at=at /> };
    let last = move || view! { <Time at=used_at /> };
    let end = if account.factor_is_demanded {
        view! { <p class="hint grow">{say!(locale, me.factor.blocked)}</p> }.into_any()
    } else {
        switch_off().into_any()
    };
    view! {
        <div class="card">
            <div class="card-p">
                <div class="between">
                    <span class="ent">
                        <Icon glyph=Glyph::Phone />
                        <b>{say!(locale, me.factor.app)}</b>
                        <small>{td!(locale, me.factor.since, since, last)}</small>
                    </span>
                    <span class="pill" data-tone="ok">
                        <Icon glyph=Glyph::Check />
                        {say!(locale, me.factor.on)}
                    </span>
                </div>
            </div>
            {recovery(factor)}
            <div class="form-f">
                {end}
                {step_button("phone", "btn", say!(locale, me.factor.move_phone))}
            </div>
        </div>
    }
}

/// The recovery codes: how many are left, and where the others were used.
fn recovery(factor: &FactorView) -> impl IntoView + use<> {
    let locale = locale();
    let left = match factor.codes {
        0 => say!(locale, me.factor.none).to_owned(),
        all => say!(locale, me.factor.left, left = factor.codes_left(), all),
    };
    let uses = factor.used.iter().map(|CodeUse { at, from }| {
        let at = *at;
        let time = move || view! { <Time at=at /> };
        match from.clone() {
            Some(from) => view! { <li>{td!(locale, me.factor.used, time, from)}</li> }.into_any(),
            None => view! { <li>{td!(locale, me.factor.used_somewhere, time)}</li> }.into_any(),
        }
    });
    let uses = uses.collect_view();
    let uses = (!uses.is_empty()).then(|| view! { <ul class="hint">{uses}</ul> });
    view! {
        <div class="card-p">
            <div class="between">
                <h3>{say!(locale, me.factor.recovery)} " " <span class="sub">{left}</span></h3>
                {step_button("codes", "btn", say!(locale, me.factor.make))}
            </div>
            <p class="hint">{say!(locale, me.factor.each)}</p>
            {uses}
        </div>
    }
}

/// The form that switches the second factor off, with the password.
fn switch_off() -> impl IntoView {
    let locale = locale();
    let error = failed::<MyFactorOff>();
    let is_open = error.is_some();
    let wrong = error.as_ref().and_then(|error| {
        let mut codes = error.problems_of("password");
        codes.find_map(|code| sentence(locale, code))
    });
    let other = error.and_then(ApiError::of_no_field);
    view! {
        <details class="fold grow" open=is_open>
            <summary><Icon glyph=Glyph::Right />{say!(locale, me.factor.remove)}</summary>
            <form class="stack" method="post" action=MyFactorOff::url()>
                {other.map(|error| view! { <ErrorNote error=error /> })}
                <p class="hint">{say!(locale, me.factor.remove_text)}</p>
                <PasswordField
                    id="off-password"
                    name="password"
                    label=say!(locale, me.password.present)
                    wrong=wrong
                />
                <div class="btns">
                    <button class="btn danger">{say!(locale, me.factor.remove)}</button>
                </div>
            </form>
        </details>
    }
}
