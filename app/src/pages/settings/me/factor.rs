use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::account::{CodeUse, FactorView, MyAccount};

use super::{field::proof_field, set_up::set_up, step::Step};
use crate::{
    components::{Glyph, Icon, fold_title, pill, time},
    current_app::CurrentApp,
    form::failed,
    i18n::td,
    pages::settings::{form::saved, section_head::section_head},
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
        (_, Some(factor)) => on(account, factor, step).into_any(),
        (_, None) => off(account, step).into_any(),
    };
    view! {
        <section class="set-s" aria-labelledby="factor-h" id="factor">
            {section_head("factor-h", say!(locale, common.word.second_factor), text)}
            <div>
                {saved("factor", say!(locale, me.factor.saved))}
                {saved("factor_off", say!(locale, me.factor.removed))}
                {saved("codes", say!(locale, me.codes.saved))}
                {card}
            </div>
        </section>
    }
}

/// The form that begins a step, folded where it has a field for the password or a code. `is_first` makes its
/// button the primary one.
fn way_to(
    name: &'static str,
    word: &'static str,
    account: &MyAccount,
    step: &Step,
    is_first: bool,
) -> AnyView {
    let here = CurrentApp::expect().to("/settings/me");
    let class = if is_first { "btn primary" } else { "btn" };
    let Some(asked) = account.owner_proof() else {
        // Without Turbo, which accepts a form response without redirect only if it is an error.
        return view! {
            <form method="post" action=here data-turbo="false">
                <input type="hidden" name="step" value=name />
                <button class=class>{word}</button>
            </form>
        }
        .into_any();
    };
    let id = format!("{name}-proof");
    let error = match step {
        Step::Refused(refused, error) if *refused == name => Some(error.clone()),
        _ => None,
    };
    let is_open = error.is_some() || is_first && account.factor_is_demanded;
    view! {
        <details class="fold grow" open=is_open>
            {fold_title(word)}
            <form class="stack" method="post" action=here data-turbo="false">
                <input type="hidden" name="step" value=name />
                {proof_field(&id, asked, error)}
                <div class="btns"><button class=class>{word}</button></div>
            </form>
        </details>
    }
    .into_any()
}

fn off(account: &MyAccount, step: &Step) -> impl IntoView + use<> {
    let locale = locale();
    let set_up = say!(locale, me.factor.set_up);
    view! {
        <div class="card">
            <div class="card-p">
                <div class="between">
                    <span class="ent">
                        <Icon glyph=Glyph::Phone />
                        <b>{say!(locale, me.factor.app)}</b>
                        <small>{say!(locale, me.factor.off_text)}</small>
                    </span>
                    <span class="pill">{say!(locale, common.word.off)}</span>
                </div>
            </div>
            <div class="form-f">{way_to("phone", set_up, account, step, true)}</div>
        </div>
    }
}

fn on(account: &MyAccount, factor: &FactorView, step: &Step) -> impl IntoView + use<> {
    let locale = locale();
    let move_phone = say!(locale, me.factor.move_phone);
    let (since, last) = (time(factor.since), time(factor.last_used));
    let end = if account.factor_is_demanded {
        view! { <p class="hint grow">{say!(locale, me.factor.blocked)}</p> }.into_any()
    } else {
        switch_off(account).into_any()
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
                    {pill("ok", Glyph::Check, say!(locale, common.word.on))}
                </div>
            </div>
            {recovery(account, factor, step)}
            <div class="form-f">
                {end} {way_to("phone", move_phone, account, step, false)}
            </div>
        </div>
    }
}

/// The recovery codes: how many are left, and where the others were used.
fn recovery(account: &MyAccount, factor: &FactorView, step: &Step) -> impl IntoView + use<> {
    let locale = locale();
    let make = say!(locale, me.factor.make);
    let left = match factor.codes {
        0 => say!(locale, me.factor.none).to_owned(),
        all => say!(locale, me.factor.left, left = factor.codes_left(), all),
    };
    let uses = factor.used.iter().map(|CodeUse { at, from }| {
        let time = time(*at);
        match from.clone() {
            Some(from) => view! { <li>{td!(locale, me.factor.used, time, from)}</li> }.into_any(),
            None => view! { <li>{td!(locale, me.factor.used_somewhere, time)}</li> }.into_any(),
        }
    });
    let uses = uses.collect_view();
    let uses = (!uses.is_empty()).then(|| view! { <ul class="hint">{uses}</ul> });
    view! {
        <div class="card-p">
            <h3>{say!(locale, me.factor.recovery)} " " <span class="sub">{left}</span></h3>
            <p class="hint">{say!(locale, me.factor.each)}</p>
            {uses}
            {way_to("codes", make, account, step, false)}
        </div>
    }
}

/// The form that switches the second factor off.
fn switch_off(account: &MyAccount) -> impl IntoView + use<> {
    let locale = locale();
    let error = failed::<MyFactorOff>();
    let is_open = error.is_some();
    let field = account.owner_proof();
    let field = field.map(|asked| proof_field("off-proof", asked, error));
    view! {
        <details class="fold grow" open=is_open>
            {fold_title(say!(locale, common.action.switch_off))}
            <form class="stack" method="post" action=MyFactorOff::url()>
                <p class="hint">{say!(locale, me.factor.remove_text)}</p>
                {field}
                <div class="btns">
                    <button class="btn danger">{say!(locale, common.action.switch_off)}</button>
                </div>
            </form>
        </details>
    }
}
