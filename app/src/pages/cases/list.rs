//! The list of cases with its search and filter.

use leptos::prelude::*;
use reelroom_domain::{case::CaseRow, search::SearchText, visible::visible_line};

use super::address::{Address, Which};
use crate::{
    components::{Empty, Glyph, IconLink, SearchForm, Time, crumb, hidden, pill},
    i18n::Locale,
    paths,
    this_page::locale,
    words,
};

/// The longest number or name that is shown, in characters.
pub const LONGEST: usize = 80;

/// The search, the choice of open and closed cases, and the cases that match.
pub fn list(
    cases: &[CaseRow],
    here: &Address,
    may_open: bool,
    has_dialog: bool,
) -> impl IntoView + use<> {
    let locale = locale();
    let title = say!(locale, cases.title);
    let new = may_open.then(|| {
        view! {
            <IconLink
                href=here.opening("new")
                glyph=Glyph::Plus
                word=say!(locale, cases.open_new)
                attr:data-turbo-action="replace"
            />
        }
    });
    let found: Vec<&CaseRow> = cases.iter().filter(|row| here.finds(row)).collect();
    let which = Which::ALL.map(|which| {
        let n = found.iter().filter(|row| which.has(row)).count();
        choice(locale, here, which, n)
    });
    let shown = found.iter().filter(|row| here.which.has(row));
    let rows: Vec<_> = shown.map(|row| line(locale, here, row)).collect();
    let nothing = rows.is_empty().then(|| nothing(locale, here));
    let show = hidden([("show", here.which.as_str())]);
    view! {
        <section class="cl" aria-label=title inert=has_dialog>
            <header>
                <div>
                    {crumb("/recordings".to_owned(), say!(locale, common.nav.library))}
                    <h1 tabindex="-1" data-focus=here.open.is_empty().then_some("")>
                        {title}
                    </h1>
                    {new}
                </div>
                <SearchForm
                    action=paths::CASES
                    label=say!(locale, cases.find)
                    search=here.search.clone()
                >
                    {show}
                </SearchForm>
                <nav class="seg" aria-label=say!(locale, cases.which)>
                    {which.into_iter().collect_view()}
                </nav>
            </header>
            <div class="scroll" tabindex="-1">
                <ol>{rows}</ol>
                {nothing}
            </div>
        </section>
    }
}

fn choice(locale: Locale, here: &Address, which: Which, n: usize) -> impl IntoView + use<> {
    let word = match which {
        Which::Open => say!(locale, cases.open),
        Which::Closed => say!(locale, cases.closed),
        Which::All => say!(locale, common.word.all),
    };
    let is_on = which == here.which;
    view! {
        <a href=here.show(which) aria-current=is_on.then_some("true")>
            {word}
            <span class="count">{n}</span>
        </a>
    }
}

fn line(locale: Locale, here: &Address, row: &CaseRow) -> impl IntoView + use<> {
    let text = &row.case.text;
    let is_here = row.case.id.to_string() == here.open;
    let (number, name) = (
        visible_line(&text.number, LONGEST),
        visible_line(&text.name, LONGEST),
    );
    view! {
        <li>
            <a
                class="it"
                href=here.case(row.case.id)
                aria-current=is_here.then_some("true")
                data-walk=""
            >
                <b>{name}</b>
                {state(locale, row.case.closed.is_some(), row.held)}
                <small class="num">{number}</small>
                <small class="num">
                    <Time at=row.changed_at />
                </small>
            </a>
        </li>
    }
}

/// The number of recordings that a case holds, or the word that it is closed.
pub fn state(locale: Locale, is_closed: bool, held: u32) -> impl IntoView {
    let (glyph, word) = if is_closed {
        (Glyph::Unlock, say!(locale, cases.closed).to_owned())
    } else {
        let n = words::number(held);
        let word = plural!(locale, held, cases.held_single, cases.held, n);
        (Glyph::Lock, word)
    };
    pill("", glyph, word)
}

fn nothing(locale: Locale, here: &Address) -> AnyView {
    if SearchText::parse(&here.search).is_some() || here.which != Which::Open {
        return view! { <Empty glyph=Glyph::Search title=say!(locale, cases.none_found) /> }
            .into_any();
    }
    let (title, text) = (say!(locale, cases.none), say!(locale, cases.none_text));
    view! { <Empty glyph=Glyph::Folder title=title text=text /> }.into_any()
}
