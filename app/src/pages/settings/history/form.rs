//! The search field, the filters as menus and chips, and the export.

use leptos::prelude::*;
use reelroom_domain::{
    act::{AccessHistory, ActGroup, ExportForm},
    search::SearchText,
    visible::visible_line,
};
use strum::VariantArray;

use super::filter::Filter;
use crate::{
    components::{self, Glyph, Icon, Menu, SearchForm},
    current_app::CurrentApp,
    i18n::Locale,
    paths,
    this_page::locale,
    words,
};

/// The maximum length of a filter on its chip, in characters.
const LONGEST: usize = 40;

/// The search field, a chip for each filter that applies, and a menu for each other one.
pub fn form(filter: &Filter, history: &AccessHistory) -> impl IntoView + use<> {
    let locale = locale();
    let clear = filter.is_narrowed().then(|| {
        let href = CurrentApp::expect().to("/settings/history");
        view! { <a class="btn quiet" href=href>{say!(locale, common.action.clear_filters)}</a> }
    });
    let hidden = filter.fields_without(&["q"]);
    view! {
        <div class="filter-bar">
            <SearchForm
                action="/settings/history"
                label=say!(locale, history.find)
                search=filter.search.clone()
            >
                {hidden}
            </SearchForm>
            {day(filter)}
            {person(filter)}
            {what(filter, history)}
            {address(filter)}
            {recording(filter, history)}
            {clear}
        </div>
    }
}

/// A filter that applies, with a link that removes it.
fn chip(
    filter: &Filter,
    label: &'static str,
    value: &str,
    names: &[&str],
    remove: &'static str,
) -> AnyView {
    let without: Vec<_> = names.iter().map(|name| (*name, "")).collect();
    let title = visible_line(value, SearchText::MAX_BYTES);
    let value = visible_line(value, LONGEST);
    components::chip(label, value, title, filter.link(&without), remove).into_any()
}

/// A menu with a form that sets the fields of these names.
fn menu(
    filter: &Filter,
    id: &'static str,
    word: &'static str,
    names: &[&str],
    fields: AnyView,
) -> AnyView {
    let button = view! { {word} <Icon glyph=Glyph::Down /> }.into_any();
    let hidden = filter.fields_without(names);
    let app = CurrentApp::expect().field().into_any();
    view! {
        <Menu id=id class="drop" button_class="btn" button=button>
            <form class="menu-form" action="/settings/history">
                {app} {hidden} {fields}
                <button class="btn primary">{say!(locale(), common.action.apply)}</button>
            </form>
        </Menu>
    }
    .into_any()
}

fn day(filter: &Filter) -> AnyView {
    let locale = locale();
    let (from, to) = (filter.from.as_str(), filter.to.as_str());
    let days = match (from, to) {
        ("", "") => {
            let fields = view! {
                <label class="field">
                    <span class="label">{say!(locale, common.word.from)}</span>
                    <input class="input" type="date" name="from" />
                </label>
                <label class="field">
                    <span class="label">{say!(locale, common.word.to)}</span>
                    <input class="input" type="date" name="to" />
                </label>
            };
            let word = say!(locale, common.word.day);
            return menu(
                filter,
                "history-day",
                word,
                &["from", "to"],
                fields.into_any(),
            );
        }
        (day, "") => say!(locale, history.since, day),
        ("", day) => say!(locale, history.until, day),
        (from, to) if from == to => from.to_owned(),
        (from, to) => format!("{from} – {to}"),
    };
    let (word, remove) = (
        say!(locale, common.word.day),
        say!(locale, history.remove.day),
    );
    chip(filter, word, &days, &["from", "to"], remove)
}

fn person(filter: &Filter) -> AnyView {
    let locale = locale();
    let word = say!(locale, common.word.person);
    if !filter.person.is_empty() {
        let remove = say!(locale, history.remove.person);
        return chip(filter, word, &filter.person, &["person"], remove);
    }
    let field = field("person", say!(locale, common.word.user_id));
    menu(filter, "history-person", word, &["person"], field)
}

fn address(filter: &Filter) -> AnyView {
    let locale = locale();
    let word = say!(locale, history.address);
    if !filter.address.is_empty() {
        let remove = say!(locale, history.remove.address);
        return chip(filter, word, &filter.address, &["address"], remove);
    }
    let field = field("address", word);
    menu(filter, "history-address", word, &["address"], field)
}

fn field(name: &'static str, label: &'static str) -> AnyView {
    view! {
        <label class="field">
            <span class="label">{label}</span>
            <input class="input" name=name maxlength=SearchText::MAX_BYTES.to_string() required />
        </label>
    }
    .into_any()
}

fn recording(filter: &Filter, history: &AccessHistory) -> Option<AnyView> {
    let locale = locale();
    if filter.recording.is_empty() {
        return None;
    }
    let mut names = history.acts.iter().map(|act| act.subject.as_str());
    let name = names.find(|name| !name.is_empty());
    let name = name.unwrap_or(&filter.recording);
    let word = say!(locale, common.word.recording);
    let remove = say!(locale, history.remove.recording);
    Some(chip(filter, word, name, &["recording"], remove))
}

/// The groups as links that add or remove them, and a chip for those that are chosen.
fn what(filter: &Filter, history: &AccessHistory) -> AnyView {
    let locale = locale();
    let item = |group: &ActGroup| {
        let is_chosen = filter.what.contains(group);
        let count = history.groups.iter().find(|(other, _)| other == group);
        let count = (!history.groups.is_empty()).then(|| count.map_or(0, |(_, count)| *count));
        view! {
            <a href=filter.toggled(*group) aria-current=is_chosen.then_some("true")>
                <span class="mark">{is_chosen.then(|| view! { <Icon glyph=Glyph::Check /> })}</span>
                {group_word(locale, *group)}
                <span class="count">{count}</span>
            </a>
        }
    };
    let items = ActGroup::VARIANTS.iter().map(item).collect_view();
    let word = say!(locale, history.what);
    let button = view! { {word} <Icon glyph=Glyph::Down /> }.into_any();
    let chosen = (!filter.what.is_empty()).then(|| {
        let chosen = filter.what.iter().map(|group| group_word(locale, *group));
        let chosen: Vec<&str> = chosen.collect();
        let remove = say!(locale, history.remove.what);
        chip(
            filter,
            word,
            &words::list(locale, &chosen),
            &["what"],
            remove,
        )
    });
    view! {
        {chosen}
        <Menu id="history-what" class="drop hist-what" button_class="btn" button=button>
            {items}
        </Menu>
    }
    .into_any()
}

fn group_word(locale: Locale, group: ActGroup) -> &'static str {
    match group {
        ActGroup::SignIn => say!(locale, people.signing.title),
        ActGroup::FailedSignIn => say!(locale, history.group.failed_sign_in),
        ActGroup::Watched => say!(locale, history.group.watched),
        ActGroup::Downloaded => say!(locale, history.group.downloaded),
        ActGroup::People => say!(locale, history.group.people),
        ActGroup::Settings => say!(locale, common.nav.settings),
        ActGroup::Recordings => say!(locale, history.group.recordings),
        ActGroup::Keeping => say!(locale, history.group.keeping),
    }
}

/// The export of all matches, for accounts that may export.
pub fn export(filter: &Filter, history: &AccessHistory) -> Option<AnyView> {
    let locale = locale();
    if !history.may_export {
        return None;
    }
    let title = say!(
        locale,
        history.export.title,
        entries = number(locale, history.total)
    );
    let open = say!(locale, common.action.export);
    let button = view! { <Icon glyph=Glyph::Export /> {open} }.into_any();
    let forms = ExportForm::VARIANTS.iter().map(|form| {
        let checked = *form == ExportForm::Csv;
        view! {
            <label>
                <input type="radio" name="form" value=form.as_str() checked=checked />
                {words::export_form(locale, *form)}
            </label>
        }
    });
    let forms = forms.collect_view();
    let hidden = filter.fields_without(&[]);
    let button = view! {
        <Menu id="export" class="drop hist-export" button_class="btn" button=button>
            <form class="menu-form" action=paths::EXPORT_HISTORY data-turbo="false">
                {hidden}
                <h2>{title.clone()}</h2>
                <p class="hint">{say!(locale, history.export.text)}</p>
                <div class="seg" role="radiogroup" aria-label=say!(locale, history.export.form)>
                    {forms}
                </div>
                <p class="hint">{say!(locale, history.export.hint)}</p>
                <button class="btn primary">
                    <Icon glyph=Glyph::Download />
                    {title}
                </button>
            </form>
        </Menu>
    };
    Some(button.into_any())
}

/// A number of acts, up to the limit of counting.
pub fn count(acts: u32) -> String {
    match acts {
        AccessHistory::COUNTED.. => "10,000+".to_owned(),
        n => n.to_string(),
    }
}

/// `1 entry`, `402 entries`, `10,000+ entries`.
fn number(locale: Locale, acts: u32) -> String {
    match acts {
        1 => say!(locale, history.entry).to_owned(),
        acts => say!(locale, history.entries, n = count(acts)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_are_counted_up_to_a_limit() {
        let number = |acts| number(Locale::en, acts);
        assert_eq!(number(1), "1 entry");
        assert_eq!(number(402), "402 entries");
        assert_eq!(number(10_000), "10,000+ entries");
        assert_eq!(super::number(Locale::zh_CN, 1), "1 条");
    }
}
