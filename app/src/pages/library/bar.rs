//! The bar of actions on the selected recordings, and the export of the list.

use leptos::prelude::*;
use reelroom_domain::{
    about::{Tag, Tags},
    act::ExportForm,
    case::CaseRow,
    view::Library,
};
use reelroom_service::{Actionable, Selection};
use strum::VariantArray;

use super::{
    act::{ADD, REMOVE},
    choosing::Choosing,
    filter::{Filter, fields},
    selected::Mode,
    selection::{FORM, here, shown},
    undo::undo,
};
use crate::{
    components::{Glyph, Icon, Menu, report},
    current_app::CurrentApp,
    i18n::{Locale, td},
    open_cases::options,
    paths,
    query::Query,
    this_page::locale,
    words,
};

/// The id of the menu of tags.
const TAGGING: &str = "tagging";

/// The result of the last action, and the actions on the selected recordings. The style sheet counts these and shows
/// the actions once there is one, so they stand after the table.
pub fn bar(library: &Library, filter: &Filter) -> impl IntoView + use<> {
    let locale = locale();
    let choosing = Choosing::expect();
    let mode = choosing.mode;
    let is_all = mode == Mode::All;
    let form = (shown(library) > 0).then(|| {
        let hidden = is_all.then(|| {
            let all = Mode::All.as_str();
            (
                fields(&filter.find, &[]),
                view! { <input type="hidden" name="all" value=all /> },
            )
        });
        // The first button is that of the Enter key in a field of tags.
        let enter = choosing.may_tag.then(|| {
            view! { <button hidden name="do" value="tag" data-keeps=""></button> }
        });
        let actions = if is_all && library.total.more {
            too_many(locale).into_any()
        } else {
            actions(library, &choosing).into_any()
        };
        view! {
            <form
                class="bulk"
                id=FORM
                method="post"
                action=here(filter, mode)
                autocomplete="off"
                data-turbo-action="replace"
                data-all=is_all.then_some("")
                aria-label=say!(locale, selection.title)
            >
                {enter}
                {CurrentApp::expect().field()}
                {hidden}
                {numbers(locale, library, filter, &choosing)}
                {actions}
                {choosing.may_export.then(|| export_of_form(locale))}
                {clear(locale, filter, mode)}
            </form>
        }
    });
    let reported = choosing.reported.as_ref();
    view! {
        {report(reported, here(filter, mode), undo(reported, filter))}
        {form}
    }
}

/// A number that the style sheet counts, or that of all that match.
fn number(
    class: &'static str,
    of_all: Option<u32>,
) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    move || match of_all {
        Some(n) => words::number(n).into_any(),
        None => view! { <span class=class></span> }.into_any(),
    }
}

/// How many are selected, why some of them cannot be downloaded, and a link that selects all rows.
fn numbers(
    locale: Locale,
    library: &Library,
    filter: &Filter,
    choosing: &Choosing,
) -> impl IntoView + use<> {
    let of_all = (choosing.mode == Mode::All).then_some(choosing.of_all);
    let total = of_all.map(|_| words::count(library.total));
    let chosen = move || match total.clone() {
        Some(total) => total.into_any(),
        None => view! { <span class="n-chosen"></span> }.into_any(),
    };
    let is_told = |n: fn(Actionable) -> u32| {
        may_download(library, choosing) && of_all.is_none_or(|of_all| n(of_all) > 0)
    };
    let bare = is_told(|of_all| of_all.bare).then(|| {
        let n = number("n-bare", of_all.map(|of_all| of_all.bare));
        view! { <span class="hint bare">{td!(locale, selection.bare, n)}</span> }
    });
    let denied = is_told(|of_all| of_all.denied).then(|| {
        let n = number("n-denied", of_all.map(|of_all| of_all.denied));
        view! { <span class="hint denied">{td!(locale, selection.denied, n)}</span> }
    });
    let rest = of_all.is_none().then(|| {
        let word = say!(locale, selection.shown, n = shown(library));
        let href = here(filter, Mode::Shown);
        view! { <a class="rest" href=href data-select-shown="">{word}</a> }
    });
    view! {
        <div>
            <span class="strong num">{td!(locale, selection.chosen, n = chosen)}</span>
            {bare}
            {denied}
            {rest}
        </div>
    }
}

/// Whether the reader may download some of what can be selected.
fn may_download(library: &Library, choosing: &Choosing) -> bool {
    match choosing.mode {
        Mode::All => choosing.of_all.ready + choosing.of_all.bare > 0,
        Mode::Nothing | Mode::Shown => library.recordings.iter().any(|row| row.may_download),
    }
}

/// The note in place of actions, where too many recordings are selected.
fn too_many(locale: Locale) -> impl IntoView + use<> {
    let text = say!(
        locale,
        selection.too_many,
        n = words::number(Selection::MOST)
    );
    view! {
        <p>{text}</p>
        <a class="btn" href="#find" data-turbo="false">
            {say!(locale, library.aside)}
        </a>
    }
}

fn actions(library: &Library, choosing: &Choosing) -> impl IntoView + use<> {
    let locale = locale();
    let is_all = choosing.mode == Mode::All;
    let of_all = is_all.then_some(choosing.of_all);
    let downloads = may_download(library, choosing) && of_all.is_none_or(|of| of.ready > 0);
    let downloads = downloads.then(|| {
        let n = number("n-ready", of_all.map(|of_all| of_all.ready));
        let of = number("n-chosen", of_all.map(|_| library.total.n));
        view! {
            <button
                class="btn primary down"
                formmethod="get"
                formaction=paths::SELECTED_ZIP
                data-turbo="false"
            >
                <Icon glyph=Glyph::Download />
                <span>{td!(locale, selection.download, n, of)}</span>
                <kbd
                    class="scripted"
                    aria-hidden="true"
                    data-keys="d"
                    data-does=say!(locale, common.action.download)
                >
                    "D"
                </kbd>
            </button>
            <button
                class="btn down"
                formmethod="get"
                formaction=paths::SELECTED_ADDRESSES
                data-turbo="false"
            >
                <Icon glyph=Glyph::List />
                {say!(locale, selection.addresses)}
            </button>
        }
    });
    view! {
        {downloads}
        {choosing.may_tag.then(|| tagging(locale))}
        {marking(locale)}
        {choosing.cases.as_deref().map(|cases| to_case(locale, cases, is_all))}
        {choosing.may_delete.then(|| deleting(locale, of_all, library.total.n))}
    }
}

/// The menu that marks what is selected as seen or not seen.
fn marking(locale: Locale) -> impl IntoView {
    let choice = |value: &'static str, word: &'static str| {
        view! {
            <button name="do" value=value data-keeps="" data-closes="">
                {word}
            </button>
        }
    };
    let button = view! {
        <Icon glyph=Glyph::Eye />
        {say!(locale, selection.mark)}
    };
    view! {
        <Menu id="marking" class="drop bulk-menu" button_class="btn" button=button.into_any()>
            {choice("seen", say!(locale, selection.seen))}
            {choice("unseen", say!(locale, selection.unseen))}
        </Menu>
    }
}

/// The menu that moves what is selected to the trash, as far as it can be moved there.
fn deleting(locale: Locale, of_all: Option<Actionable>, total: u32) -> impl IntoView + use<> {
    let button = view! {
        <Icon glyph=Glyph::Trash />
        {say!(locale, common.action.delete)}
        <kbd hidden data-keys="Delete" data-does=say!(locale, common.action.delete)></kbd>
    };
    let n = number("n-deletable", of_all.map(|of_all| of_all.deletable));
    let of = number("n-chosen", of_all.map(|_| total));
    view! {
        <Menu
            id="deleting"
            class="drop bulk-menu"
            button_class="btn danger"
            button=button.into_any()
        >
            <div class="bulk-tags">
                <p class="soft">{say!(locale, selection.trash.text)}</p>
                <button class="btn danger primary" name="do" value="trash" data-closes="">
                    <Icon glyph=Glyph::Trash />
                    <span>{td!(locale, selection.trash.submit, n, of)}</span>
                </button>
            </div>
        </Menu>
    }
}

/// The menu that adds what is selected to a case.
fn to_case(locale: Locale, cases: &[CaseRow], is_all: bool) -> impl IntoView + use<> {
    let choice = (!cases.is_empty()).then(|| {
        view! {
            <select class="select" name="case" aria-label=say!(locale, common.word.case)>
                {options(cases)}
            </select>
            <button class="btn primary" name="do" value="hold" data-closes="">
                {say!(locale, selection.case.submit)}
            </button>
        }
    });
    // An address names the recordings of a new case.
    let new = (!is_all).then(|| {
        view! {
            <button class="btn" name="new" value="yes" formmethod="get" formaction=paths::CASES>
                {say!(locale, cases.open_new)}
            </button>
        }
    });
    let button = view! {
        <Icon glyph=Glyph::Folder />
        {say!(locale, keep.hold.to_case)}
    };
    view! {
        <Menu id="to-case" class="drop bulk-menu" button_class="btn" button=button.into_any()>
            <div class="bulk-tags">
                <p class="hint">{say!(locale, selection.case.hint)}</p>
                {choice}
                {new}
            </div>
        </Menu>
    }
}

/// The menu that adds and removes tags.
fn tagging(locale: Locale) -> impl IntoView + use<> {
    let query = expect_context::<Query>();
    let field = |name: &'static str, label: &'static str| {
        let most = Tags::MOST * (Tag::LONGEST + 2);
        view! {
            <label class="field">
                <span class="label">{label}</span>
                <input
                    class="input"
                    name=name
                    value=query.get(name).to_owned()
                    maxlength=most.to_string()
                />
            </label>
        }
    };
    let fields = (
        field(ADD, say!(locale, selection.tags.add)),
        field(REMOVE, say!(locale, selection.tags.remove)),
    );
    let button = view! {
        <Icon glyph=Glyph::Tag />
        {say!(locale, library.facet.tag)}
        <kbd class="scripted" aria-hidden="true" data-keys="t" data-does=say!(locale, library.facet.tag)>
            "T"
        </kbd>
    };
    view! {
        <Menu id=TAGGING class="drop bulk-menu" button_class="btn" button=button.into_any()>
            <div class="bulk-tags">
                {fields}
                <p class="hint">{say!(locale, selection.tags.hint)}</p>
                <button class="btn primary" name="do" value="tag" data-keeps="">
                    {say!(locale, selection.tags.change)}
                </button>
            </div>
        </Menu>
    }
}

fn clear(locale: Locale, filter: &Filter, mode: Mode) -> impl IntoView + use<> {
    let word = say!(locale, selection.clear);
    let key = view! { <kbd hidden data-keys="Escape" data-does=word></kbd> };
    if mode == Mode::Nothing {
        return view! {
            <button type="reset" class="btn quiet icon" aria-label=word title=word>
                <Icon glyph=Glyph::X />
                {key}
            </button>
        }
        .into_any();
    }
    let href = here(filter, Mode::Nothing);
    view! {
        <a
            class="btn quiet icon clear"
            href=href
            aria-label=word
            title=word
            data-turbo-action="replace"
        >
            <Icon glyph=Glyph::X />
            {key}
        </a>
    }
    .into_any()
}

fn export_button(locale: Locale) -> AnyView {
    view! {
        <Icon glyph=Glyph::Export />
        {say!(locale, selection.export)}
    }
    .into_any()
}

/// The menu that exports what is selected.
fn export_of_form(locale: Locale) -> impl IntoView + use<> {
    let forms = ExportForm::VARIANTS.iter().map(|form| {
        view! {
            <button
                name="form"
                value=form.as_str()
                formmethod="get"
                formaction=paths::EXPORT_RECORDINGS
                data-turbo="false"
            >
                {words::export_form(locale, *form)}
            </button>
        }
    });
    let forms = forms.collect_view();
    view! {
        <Menu
            id="export-selected"
            class="drop bulk-menu"
            button_class="btn"
            button=export_button(locale)
        >
            {forms}
        </Menu>
    }
}

/// The menu that exports all that match, for accounts that may export.
pub fn export_link(filter: &Filter) -> Option<AnyView> {
    let locale = locale();
    if !Choosing::expect().may_export {
        return None;
    }
    let link = |form: &ExportForm| {
        let list = paths::with_list(paths::EXPORT_RECORDINGS, &filter.find);
        let href = paths::with_query(&list, &[("form", form.as_str())]);
        let href = CurrentApp::expect().to(&href);
        view! {
            <a href=href download="" data-turbo="false">
                {words::export_form(locale, *form)}
            </a>
        }
    };
    let links = ExportForm::VARIANTS.iter().map(link).collect_view();
    let menu = view! {
        <Menu id="export" class="drop" button_class="btn quiet" button=export_button(locale)>
            {links}
        </Menu>
    };
    Some(menu.into_any())
}
