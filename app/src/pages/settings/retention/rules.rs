//! The rules in their order, with their switches.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    about::Tag,
    retention::{RetentionView, Rule, RuleState},
};

use super::text;
use crate::{
    components::{Empty, Glyph, Icon, hidden, icon_form, post_form},
    form::yes,
    i18n::Locale,
    paths::{self, with_query},
    server_fns::{DryRun, MoveRule, SwitchRule},
    this_page::locale,
    words,
};

/// The table of the rules.
pub fn rules(of: &RetentionView, open: &str) -> impl IntoView + use<> {
    let locale = locale();
    let rows = of.rules.iter().enumerate();
    let rows: Vec<_> = rows
        .map(|(at, rule)| row(locale, of, at, rule, open))
        .collect();
    let table = if rows.is_empty() {
        let none = say!(locale, retention.rules.none);
        let text = say!(locale, retention.rules.none_text);
        view! { <Empty glyph=Glyph::Hourglass title=none text=text /> }.into_any()
    } else {
        view! {
            <table class="table rules" aria-labelledby="rules-h">
                <thead>
                    <tr>
                        <th>{say!(locale, retention.rules.order)}</th>
                        <th>{say!(locale, common.word.recordings)}</th>
                        <th>{say!(locale, retention.rules.keep)}</th>
                        <th>{say!(locale, retention.rules.then)}</th>
                        <th class="r">{say!(locale, retention.figs.tonight)}</th>
                        <th>{say!(locale, retention.rules.on)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="rules-h">
            <h2 id="rules-h">{say!(locale, retention.rules.title)}</h2>
            <div class="box">{table}</div>
            <p class="hint">{say!(locale, retention.rules.hint)}</p>
        </section>
    }
}

fn row(
    locale: Locale,
    of: &RetentionView,
    at: usize,
    rule: &Rule,
    open: &str,
) -> impl IntoView + use<> {
    let id = rule.id.to_string();
    let text = &rule.text;
    let name = text.name.as_str().to_owned();
    let current = (open == id).then_some("true");
    let edit = with_query(paths::RETENTION, &[("open", &id)]);
    let label = say!(locale, retention.rules.edit, name = name.clone());
    let tags: Vec<&str> = text.tags.as_slice().iter().map(Tag::as_str).collect();
    let tags = (!tags.is_empty()).then(|| {
        let tags = words::list(locale, &tags);
        say!(locale, retention.rules.tags, tags)
    });
    let about = [
        Some(text::rooms(locale, &text.rooms, &of.apps)),
        tags,
        Some(text::states(locale, text)),
    ];
    let about: Vec<String> = about.into_iter().flatten().collect();
    let order = of
        .may_change
        .then(|| moves(locale, rule, at, of.rules.len()));
    let class = (rule.state != RuleState::On).then_some("off");
    view! {
        <tr class=class>
            <td class="c-order">
                <span class="num">{at + 1}</span>
                {order}
            </td>
            <td class="c-what">
                <a href=edit aria-label=label aria-current=current>
                    {name}
                </a>
                <small>{about.join(" · ")}</small>
            </td>
            <td class="c-keep" data-label=say!(locale, retention.rules.keep)>
                {text::keep(locale, text.when)}
            </td>
            <td class="c-then" data-label=say!(locale, retention.rules.then)>
                {text::then(locale, &text.kinds)}
            </td>
            <td class="c-tonight num r" data-label=say!(locale, retention.figs.tonight)>
                {tonight(locale, of, rule)}
            </td>
            <td class="c-on" data-label=say!(locale, retention.rules.on)>
                {switch(locale, rule, of.may_change)}
            </td>
        </tr>
    }
}

/// The buttons that move a rule up and down.
fn moves(locale: Locale, rule: &Rule, at: usize, all: usize) -> impl IntoView + use<> {
    let id = rule.id.to_string();
    let name = rule.text.name.as_str();
    let button = |to: &'static str, glyph: Glyph, word: String, is_there: bool| {
        let fields = hidden([("id", &*id), ("to", to)]);
        is_there.then(|| icon_form::<MoveRule>(fields, glyph, word))
    };
    let up = say!(locale, retention.rules.up, name);
    let down = say!(locale, retention.rules.down, name);
    view! {
        {button("up", Glyph::Up, up, at > 0)}
        {button("down", Glyph::Down, down, at + 1 < all)}
    }
}

/// The sum of what a rule deletes at the next run, by a dry run of the present rules; `None` while all rules are off.
fn tonight(locale: Locale, of: &RetentionView, rule: &Rule) -> Option<String> {
    let dry_run = of
        .dry_run
        .as_ref()
        .filter(|dry_run| of.schedule.off.is_none() && dry_run.is_of(&of.rules))?;
    let is_in = dry_run.rules.iter().any(|due| due.rule.id == rule.id);
    is_in.then(|| {
        let sum = dry_run.sums.rules.get(&rule.id).copied();
        text::tally(locale, sum.unwrap_or_default())
    })
}

/// The switch of a rule. A new rule has the button of its dry run instead, which has to be looked at first.
fn switch(locale: Locale, rule: &Rule, may_change: bool) -> AnyView {
    let id = rule.id.to_string();
    let (is_on, state) = match rule.state {
        RuleState::New => (false, say!(locale, retention.rules.look_first)),
        RuleState::Off => (false, say!(locale, retention.rules.is_off)),
        RuleState::On => (true, say!(locale, common.word.on)),
    };
    if !may_change {
        return view! { <span class="muted">{state}</span> }.into_any();
    }
    if rule.state == RuleState::New {
        let text = say!(locale, retention.rules.look);
        let word = view! { <Icon glyph=Glyph::Eye /> {text} };
        return post_form::<DryRun>(hidden([("with", &*id)]), "btn", word).into_any();
    }
    let word = if is_on {
        say!(locale, common.action.switch_off)
    } else {
        say!(locale, common.action.switch_on)
    };
    view! {
        <form method="post" action=SwitchRule::url()>
            <input type="hidden" name="id" value=id />
            <input type="hidden" name="on" value=yes(!is_on) />
            <span class="muted">{state}</span>
            <button class="btn">{word}</button>
        </form>
    }
    .into_any()
}
