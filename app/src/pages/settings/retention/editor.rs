//! The form of a rule, beside the list.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    recording::RecordingState,
    retention::{RetentionView, Rule, RuleForm},
};

use super::{
    field::{Boxes, form},
    text,
};
use crate::{
    components::{
        Field, Glyph, Icon, action_form, close_link, form_error, hidden, post_form, time,
    },
    form::shown,
    i18n::{Locale, td},
    pages::settings::form::{TextField, saved},
    paths,
    server_fns::{DryRun, RemoveRule, SaveRule},
    this_page::locale,
    words,
};

/// The panel of a rule; without one, of a new rule.
pub fn editor(of: &RetentionView, rule: Option<&Rule>) -> impl IntoView + use<> {
    let locale = locale();
    let stored = rule.map_or_else(RuleForm::fresh, |rule| RuleForm::of(&rule.text));
    let head = match rule {
        None => say!(locale, retention.edit.add).to_owned(),
        Some(rule) => rule.text.name.as_str().to_owned(),
    };
    let changed = rule.map(|rule| {
        let (time, by) = (time(rule.changed_at), rule.changed_by.clone());
        view! { <small>{td!(locale, retention.edit.changed, time, by)}</small> }
    });
    let say = rule.map(|rule| {
        let words = text::sentence(locale, &rule.text, &of.apps, of.trash_days);
        view! { <section><p class="say">{words}</p></section> }
    });
    let may_change = of.may_change;
    let id = rule.map(|rule| rule.id.to_string()).unwrap_or_default();
    let others =
        (may_change && rule.is_some()).then(|| (dry_run(locale, &id), remove(locale, &id)));
    let end = may_change.then(|| end(locale));
    let fields = fields(locale, of, shown::<SaveRule, _>(stored));
    let note = form_error::<SaveRule>().map(|note| view! { <section>{note}</section> });
    view! {
        <section class="inspector scroll" id="detail" tabindex="-1" aria-labelledby="rule-h">
            <header>
                <div>
                    <h1 id="rule-h" tabindex="-1" data-focus="">
                        {head}
                    </h1>
                    {changed}
                </div>
                {close_link(paths::RETENTION.to_owned(), say!(locale, retention.edit.close))}
            </header>
            {note}
            {say}
            <form method="post" action=SaveRule::url()>
                <input type="hidden" name="id" value=id />
                <fieldset disabled=!may_change>{fields}</fieldset>
                {end}
            </form>
            {others}
        </section>
    }
}

fn fields(locale: Locale, of: &RetentionView, shown: RuleForm) -> impl IntoView + use<> {
    let form = form::<SaveRule>();
    macro_rules! ticked {
        ($name:ident, $word:expr) => {
            (stringify!($name), $word, !shown.$name.is_empty())
        };
    }
    let state = |state| words::recording_state(locale, state);
    let states = [
        ticked!(state_ready, state(RecordingState::Ready)),
        ticked!(state_failed, state(RecordingState::Failed)),
        ticked!(state_overdue, state(RecordingState::Overdue)),
    ];
    let kinds = [
        ticked!(composite, say!(locale, retention.kind.composite)),
        ticked!(track, say!(locale, retention.kind.track)),
        ticked!(frame, say!(locale, retention.kind.frame)),
    ];
    view! {
        <section aria-labelledby="which-h">
            <h2 id="which-h">{say!(locale, retention.edit.which)}</h2>
            <TextField
                name="name"
                form=form.clone()
                label=say!(locale, common.word.name)
                value=shown.name
                hint=say!(locale, retention.edit.name_hint)
            />
            {app(locale, of, &shown.in_app, form.wrong("in_app"))}
            <TextField
                name="rooms"
                form=form.clone()
                label=say!(locale, people.grant.room)
                value=shown.rooms
                hint=say!(locale, retention.edit.rooms_hint)
                mono=true
            />
            <TextField
                name="tags"
                form=form.clone()
                label=say!(locale, common.word.tags)
                value=shown.tags
                hint=say!(locale, retention.edit.tags_hint)
            />
            <Boxes
                name="states"
                label=say!(locale, retention.edit.states)
                boxes=states
                wrong=form.wrong("states")
            />
            <Boxes
                name="kinds"
                label=say!(locale, retention.edit.files)
                boxes=kinds
                wrong=form.wrong("kinds")
                hint=say!(locale, retention.edit.files_hint)
            />
        </section>
        <section aria-labelledby="when-h">
            <h2 id="when-h">{say!(locale, retention.edit.when)}</h2>
            {when(locale, &shown.when)}
            <TextField
                name="days"
                form=form.clone()
                label=say!(locale, retention.edit.days)
                value=shown.days
            />
            <TextField
                name="gigabytes"
                form=form.clone()
                label=say!(locale, retention.edit.gigabytes)
                value=shown.gigabytes
            />
        </section>
    }
}

/// The choice of the app.
fn app(
    locale: Locale,
    of: &RetentionView,
    chosen: &str,
    wrong: Option<&'static str>,
) -> impl IntoView + use<> {
    let apps = of.apps.iter().map(|(id, name)| {
        let id = id.to_string();
        let selected = id == chosen;
        view! { <option value=id selected=selected>{name.clone()}</option> }
    });
    let apps = apps.collect_view();
    view! {
        <Field id="rule-app" label=say!(locale, common.word.app) wrong=wrong>
            <select
                class="select"
                id="rule-app"
                name="in_app"
                aria-describedby="rule-app-note"
                aria-invalid=wrong.map(|_| "true")
            >
                <option value="">{say!(locale, retention.edit.every_app)}</option>
                {apps}
            </select>
        </Field>
    }
}

/// Whether it is by age or by total size.
fn when(locale: Locale, chosen: &str) -> impl IntoView + use<> {
    let is_size = chosen == "size";
    view! {
        <fieldset class="field">
            <legend class="sr">{say!(locale, retention.edit.when)}</legend>
            <div class="seg">
                <label>
                    <input type="radio" name="when" value="age" checked=!is_size />
                    {say!(locale, retention.edit.age)}
                </label>
                <label>
                    <input type="radio" name="when" value="size" checked=is_size />
                    {say!(locale, retention.edit.size)}
                </label>
            </div>
        </fieldset>
    }
}

/// The end of the form.
fn end(locale: Locale) -> impl IntoView {
    view! {
        <footer>
            {saved("rule", say!(locale, settings.saved))}
            <p class="hint">{say!(locale, retention.edit.off_until)}</p>
            <button class="btn primary">{say!(locale, common.action.save)}</button>
        </footer>
    }
}

/// The button that makes a dry run with this rule.
fn dry_run(locale: Locale, id: &str) -> impl IntoView + use<> {
    let text = say!(locale, retention.rules.look);
    let word = view! { <Icon glyph=Glyph::Eye /> {text} };
    view! {
        <section aria-labelledby="dry-rule-h">
            <h2 id="dry-rule-h">{say!(locale, retention.edit.dry)}</h2>
            <p class="hint">{say!(locale, retention.edit.dry_text)}</p>
            {post_form::<DryRun>(hidden([("with", id)]), "btn", word)}
        </section>
    }
}

fn remove(locale: Locale, id: &str) -> impl IntoView + use<> {
    let word = say!(locale, retention.edit.remove);
    view! { <section>{action_form::<RemoveRule>(id.to_owned(), "btn danger", word)}</section> }
}
