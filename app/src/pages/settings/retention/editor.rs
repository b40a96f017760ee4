//! The form of a rule, beside the list.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    recording::RecordingState,
    retention::{RetentionView, Rule, RuleForm},
};

use super::{
    field::{Boxes, Text, wrong},
    text,
};
use crate::{
    components::{Field, Glyph, Icon, action_form, close_link, form_error, time},
    error::ApiError,
    form::failed,
    i18n::{Locale, td},
    pages::settings::form::saved,
    paths,
    query::Query,
    server_fns::{DryRun, RemoveRule, SaveRule},
    this_page::locale,
    words,
};

/// The panel of a rule; without one, of a new rule.
pub fn editor(of: &RetentionView, rule: Option<&Rule>) -> impl IntoView + use<> {
    let locale = locale();
    let error = failed::<SaveRule>();
    let query: Query = expect_context();
    let form = match (&error, rule) {
        (Some(_), _) => typed(&query),
        (None, Some(rule)) => RuleForm::of(&rule.text),
        (None, None) => RuleForm::fresh(),
    };
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
    let fields = fields(locale, of, form, error.as_ref());
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

/// The form in the address.
fn typed(query: &Query) -> RuleForm {
    RuleForm::typed(|name| query.get(name).to_owned())
}

fn fields(
    locale: Locale,
    of: &RetentionView,
    form: RuleForm,
    error: Option<&ApiError>,
) -> impl IntoView + use<> {
    let states = [
        (
            "state_ready",
            RecordingState::Ready,
            !form.state_ready.is_empty(),
        ),
        (
            "state_failed",
            RecordingState::Failed,
            !form.state_failed.is_empty(),
        ),
        (
            "state_overdue",
            RecordingState::Overdue,
            !form.state_overdue.is_empty(),
        ),
    ];
    let states =
        states.map(|(name, state, ticked)| (name, words::recording_state(locale, state), ticked));
    let kinds = [
        (
            "composite",
            say!(locale, retention.kind.composite),
            !form.composite.is_empty(),
        ),
        (
            "track",
            say!(locale, retention.kind.track),
            !form.track.is_empty(),
        ),
        (
            "frame",
            say!(locale, retention.kind.frame),
            !form.frame.is_empty(),
        ),
    ];
    view! {
        <section aria-labelledby="which-h">
            <h2 id="which-h">{say!(locale, retention.edit.which)}</h2>
            <Text
                name="name"
                label=say!(locale, retention.edit.name)
                value=form.name
                wrong=wrong(error, "name")
                hint=say!(locale, retention.edit.name_hint)
            />
            {app(locale, of, &form.in_app, wrong(error, "in_app"))}
            <Text
                name="rooms"
                label=say!(locale, retention.edit.rooms)
                value=form.rooms
                wrong=wrong(error, "rooms")
                hint=say!(locale, retention.edit.rooms_hint)
                mono=true
            />
            <Text
                name="tags"
                label=say!(locale, retention.edit.tags)
                value=form.tags
                wrong=wrong(error, "tags")
                hint=say!(locale, retention.edit.tags_hint)
            />
            <Boxes
                name="states"
                label=say!(locale, retention.edit.states)
                boxes=states
                wrong=wrong(error, "states")
            />
            <Boxes
                name="kinds"
                label=say!(locale, retention.edit.files)
                boxes=kinds
                wrong=wrong(error, "kinds")
                hint=say!(locale, retention.edit.files_hint)
            />
        </section>
        <section aria-labelledby="when-h">
            <h2 id="when-h">{say!(locale, retention.edit.when)}</h2>
            {when(locale, &form.when)}
            <Text
                name="days"
                label=say!(locale, retention.edit.days)
                value=form.days
                wrong=wrong(error, "days")
            />
            <Text
                name="gigabytes"
                label=say!(locale, retention.edit.gigabytes)
                value=form.gigabytes
                wrong=wrong(error, "gigabytes")
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
        <Field id="rule-app" label=say!(locale, retention.edit.app) wrong=wrong>
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
            <button class="btn primary">{say!(locale, settings.save)}</button>
        </footer>
    }
}

/// The button that makes a dry run with this rule.
fn dry_run(locale: Locale, id: &str) -> impl IntoView + use<> {
    view! {
        <section aria-labelledby="dry-rule-h">
            <h2 id="dry-rule-h">{say!(locale, retention.edit.dry)}</h2>
            <p class="hint">{say!(locale, retention.edit.dry_text)}</p>
            <form method="post" action=DryRun::url()>
                <input type="hidden" name="with" value=id.to_owned() />
                <button class="btn">
                    <Icon glyph=Glyph::Eye />
                    {say!(locale, retention.edit.dry_run)}
                </button>
            </form>
        </section>
    }
}

fn remove(locale: Locale, id: &str) -> impl IntoView + use<> {
    let word = say!(locale, retention.edit.remove);
    view! { <section>{action_form::<RemoveRule>(id.to_owned(), "btn danger", word)}</section> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths::with_query;

    #[test]
    fn what_was_typed_comes_back_from_the_address() {
        let form = RuleForm {
            name: "a & b".to_owned(),
            rooms: "客服*".to_owned(),
            days: "x".to_owned(),
            ..RuleForm::fresh()
        };
        let address = with_query(paths::RETENTION, &form.fields());
        assert_eq!(typed(&Query::of(&address.parse().unwrap())), form);
    }
}
