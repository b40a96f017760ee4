//! How an account signs in, and its sessions.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{account::SessionView, people::PersonView};

use crate::{
    components::{Glyph, Icon, action_form, pill, time},
    i18n::{Locale, td},
    paths,
    server_fns::{EndSessionsOf, MakeLink, ResetSecondFactor},
    words,
};

/// The password, the second factor and the one-time link of an account; `takes_password`: it may sign in by
/// its password.
pub fn signing_in(
    locale: Locale,
    of: &PersonView,
    may_change: bool,
    takes_password: bool,
) -> impl IntoView + use<> {
    let password = match of.password_at {
        Some(at) => td!(locale, people.signing.set, time = time(at)).into_any(),
        None => say!(locale, people.signing.not_set).into_any(),
    };
    let has_factor = of.second_factor_at.is_some();
    let factor = if has_factor {
        pill("ok", Glyph::Check, say!(locale, common.word.on)).into_any()
    } else {
        say!(locale, common.word.off).into_any()
    };
    let link = of.row.link_until.map(|at| {
        let time = time(at);
        view! {
            <dt>{say!(locale, people.signing.link)}</dt>
            <dd>{td!(locale, people.signing.link_until, time)}</dd>
        }
    });
    let change = may_change.then(|| {
        if of.is_own {
            let here = paths::account().to_string();
            view! { <p class="hint"><a href=here>{say!(locale, people.signing.own)}</a></p> }
                .into_any()
        } else {
            buttons(locale, of, has_factor, takes_password).into_any()
        }
    });
    view! {
        <section aria-labelledby="signing-h">
            <h2 id="signing-h">{say!(locale, people.signing.title)}</h2>
            <dl class="kv">
                <dt>{say!(locale, common.word.password)}</dt>
                <dd>{password}</dd>
                <dt>{say!(locale, common.word.second_factor)}</dt>
                <dd>{factor}</dd>
                {link}
            </dl>
            {change}
        </section>
    }
}

/// The buttons that make a link and reset the second factor.
fn buttons(
    locale: Locale,
    of: &PersonView,
    has_factor: bool,
    takes_password: bool,
) -> impl IntoView + use<> {
    let id = of.row.id.to_string();
    let word = match of.row.link_until {
        Some(_) => say!(locale, people.signing.replace),
        None => say!(locale, people.signing.make),
    };
    // Without Turbo: a morph keeps a link that is shown already.
    let makes = takes_password && of.row.disabled_at.is_none();
    let make = makes.then(|| {
        view! {
            <form method="post" action=MakeLink::url() data-turbo="false">
                <input type="hidden" name="id" value=id.clone() />
                <button class="btn">
                    <Icon glyph=Glyph::Link />
                    {word}
                </button>
            </form>
        }
    });
    let reset = has_factor.then(|| {
        let word = say!(locale, people.signing.reset);
        action_form::<ResetSecondFactor>(id.clone(), "btn quiet", word)
    });
    let no_link = (!takes_password).then(|| {
        view! { <p class="hint">{say!(locale, people.signing.no_link)}</p> }
    });
    view! {
        <div class="btns">{make} {reset}</div>
        {no_link}
    }
}

/// The sessions of an account, and the buttons that end them.
pub fn sessions(locale: Locale, of: &PersonView, may_change: bool) -> impl IntoView + use<> {
    let id = of.row.id.to_string();
    let n = of.sessions.len();
    let lines = of.sessions.iter();
    let lines = lines.map(|session| line(locale, session, &id, may_change));
    let list = if n == 0 {
        view! { <p class="muted">{say!(locale, people.sessions.none)}</p> }.into_any()
    } else {
        view! { <ul class="lines">{lines.collect_view()}</ul> }.into_any()
    };
    let all = (may_change && n > 1).then(|| {
        action_form::<EndSessionsOf>(id.clone(), "btn", say!(locale, people.sessions.end_all, n))
    });
    view! {
        <section aria-labelledby="sessions-h">
            <h2 id="sessions-h">{say!(locale, people.sessions.title)} <span>{n}</span></h2>
            {list}
            {all}
        </section>
    }
}

fn line(locale: Locale, of: &SessionView, user: &str, may_change: bool) -> impl IntoView + use<> {
    let name = words::device(locale, of.device);
    let glyph = if of.device.is_handheld() {
        Glyph::Phone
    } else {
        Glyph::Laptop
    };
    let address = of.address.clone().map(|address| format!("{address} · "));
    let (since, last) = (time(of.since), time(of.last_used));
    let end = if of.is_this {
        let word = say!(locale, people.sessions.this);
        view! { <span class="pill" data-tone="info">{word}</span> }.into_any()
    } else {
        let label = say!(locale, people.sessions.end_of, device = name.as_str());
        may_change
            .then(|| {
                view! {
                    <form method="post" action=EndSessionsOf::url()>
                        <input type="hidden" name="id" value=user.to_owned() />
                        <input type="hidden" name="session" value=of.id.clone() />
                        <button class="btn quiet" aria-label=label>
                            {say!(locale, common.action.end)}
                        </button>
                    </form>
                }
            })
            .into_any()
    };
    view! {
        // With an id, a morph does not turn the line, and the focus in it, into the line of another session.
        <li id=format!("session-{}", of.id)>
            <span class="what">
                <Icon glyph=glyph />
                <span>
                    {name}
                    <small>{address} {td!(locale, people.sessions.line, since, last)}</small>
                </span>
            </span>
            {end}
        </li>
    }
}
