use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::account::{MyAccount, SessionView};

use crate::{
    components::{ErrorNote, Glyph, Icon, Time, pill, post_form, time},
    form::failed,
    pages::settings::{form::saved, section_head::section_head},
    server_fns::{MySession, MySessions},
    this_page::locale,
    words,
};

/// The sessions of the account, with buttons that end them.
pub fn sessions(account: &MyAccount) -> impl IntoView + use<> {
    let locale = locale();
    let rules = &account.rules;
    let text = say!(
        locale,
        me.sessions.text,
        hours = rules.idle_hours,
        days = words::day_count(locale, rules.at_most_days)
    );
    let error = failed::<MySession>().or_else(failed::<MySessions>);
    let rows = account.sessions.iter().map(row).collect_view();
    view! {
        <section class="set-s" aria-labelledby="sessions-h">
            {section_head("sessions-h", say!(locale, me.sessions.title), text)}
            <div>
                {error.map(|error| view! { <ErrorNote error=error /> })}
                <div class="card">
                    <table class="table sess">
                        <thead>
                            <tr>
                                <th>{say!(locale, me.sessions.device)}</th>
                                <th class="wide">{say!(locale, me.sessions.since)}</th>
                                <th class="wide">{say!(locale, me.sessions.last)}</th>
                                <th>
                                    <span class="sr">{say!(locale, common.word.actions)}</span>
                                </th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                    {others(account)}
                </div>
            </div>
        </section>
    }
}

fn row(session: &SessionView) -> impl IntoView + use<> {
    let locale = locale();
    let name = words::device(locale, session.device);
    let glyph = if session.device.is_handheld() {
        Glyph::Phone
    } else {
        Glyph::Laptop
    };
    let (used_at, is_this) = (session.last_used, session.is_this);
    let since = time(session.since);
    let last = move || {
        if is_this {
            say!(locale, common.time.now).into_any()
        } else {
            view! { <Time at=used_at /> }.into_any()
        }
    };
    let address = session.address.clone();
    let address = address.map(|address| view! { <small>{address}</small> });
    let end = if is_this {
        pill("info", Glyph::Check, say!(locale, me.sessions.this)).into_any()
    } else {
        let label = say!(locale, me.sessions.end_of, device = name.clone());
        view! {
            <form method="post" action=MySession::url()>
                <input type="hidden" name="session" value=session.id.clone() />
                <button class="btn quiet" aria-label=label>{say!(locale, common.action.end)}</button>
            </form>
        }
        .into_any()
    };
    view! {
        // With an id, a morph does not turn the row, and the focus in it, into the row of another session.
        <tr id=format!("session-{}", session.id)>
            <td class="name">
                <span class="ent">
                    <Icon glyph=glyph />
                    <b>{name}</b>
                    {address}
                    <small class="phone-sub">
                        <span>{say!(locale, me.sessions.since)} " " {since()}</span>
                        " · "
                        <span>{say!(locale, me.sessions.last)} " " {last()}</span>
                    </small>
                </span>
            </td>
            <td class="wide">{since()}</td>
            <td class="wide">{last()}</td>
            <td class="r">{end}</td>
        </tr>
    }
}

/// The number of sessions, and the button that ends the others.
fn others(account: &MyAccount) -> impl IntoView + use<> {
    let locale = locale();
    let n = account.sessions.len();
    let count = plural!(locale, n, me.sessions.count_single, me.sessions.count, n);
    let n = account.sessions.iter().filter(|one| !one.is_this).count();
    let end = (n > 0).then(|| {
        let word = plural!(locale, n, me.sessions.end_other, me.sessions.end_others, n);
        post_form::<MySessions>((), "btn", word)
    });
    view! {
        <div class="form-f">
            <p class="hint">{count}</p>
            {saved("sessions", say!(locale, me.sessions.ended))}
            {end}
        </div>
    }
}
