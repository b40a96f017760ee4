//! Saved views above the list: the tabs, and the dialog that saves the present filter.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    find::{Count, Find},
    ids::GroupId,
    saved_view::{BuiltIn, ListView, Shared, Tab, TabName, Tabs, ViewName, Views},
    user::GroupName,
};
use reelroom_service::{LibraryQuery, ServiceError};

use super::filter::{Filter, address, address_in, is_grid};
use crate::{
    components::{FieldNote, Glyph, Icon, InputField, back_link, form_error, switch},
    current_app::CurrentApp,
    form::failed,
    i18n::Locale,
    paths,
    query::Query,
    server_fns::SaveView,
    this_page::locale,
    visit::Visit,
    words,
};

/// The parameter of an address with which the dialog is open.
const SAVE: &str = "save";

/// The saved views on the page of a list.
pub struct Saved {
    tabs: Tabs,
    /// The data of the dialog, if it is open.
    saving: Option<Views>,
    /// The number of recordings in the list.
    total: Count,
}

impl Saved {
    /// Loads them for the list of `query`, which has `total` recordings.
    pub async fn load(
        visit: &Visit,
        query: &LibraryQuery,
        total: Count,
    ) -> Result<Self, ServiceError> {
        let Visit { service, me, .. } = visit;
        let days = |days| visit.reader.between(days);
        let tabs = service.tabs(me, query, total, days).await?;
        let saving = if visit.query.get(SAVE).is_empty() {
            None
        } else {
            Some(service.views(me, query.app).await?)
        };
        Ok(Self {
            tabs,
            saving,
            total,
        })
    }

    /// Whether the dialog is open, behind which the page is inert.
    pub const fn has_dialog(&self) -> bool {
        self.saving.is_some()
    }
}

/// The link that opens the dialog.
pub fn save_link(filter: &Filter) -> impl IntoView + use<> {
    let locale = locale();
    let href = paths::with_query(&address(&filter.find, filter.page), &[(SAVE, "yes")]);
    view! {
        <a
            class="btn quiet save-view"
            href=href
            aria-label=say!(locale, views.save)
            data-turbo-action="replace"
        >
            <Icon glyph=Glyph::Bookmark />
            <span>{say!(locale, views.save)}</span>
        </a>
    }
}

/// The tabs of built-in and saved views; on a phone they are a menu.
pub fn tabs(saved: &Saved, find: &Find) -> impl IntoView + use<> {
    let locale = locale();
    let Tabs { tabs, has_saved } = &saved.tabs;
    let current = saved.tabs.current(find);
    let (app, grid) = (CurrentApp::expect(), is_grid(&expect_context::<Query>()));
    let tab = |at: usize, tab: &Tab| {
        view! {
            <a
                href=address_in(&app, &tab.find, None, tab.is_grid.unwrap_or(grid))
                data-closes=""
                aria-current=(current == Some(at)).then_some("page")
            >
                {label(locale, tab)}
            </a>
        }
    };
    let links: Vec<_> = tabs
        .iter()
        .enumerate()
        .map(|(at, of)| tab(at, of))
        .collect();
    let manage = has_saved.then(|| {
        let href = CurrentApp::expect().to(paths::VIEWS);
        view! { <a class="manage" href=href>{say!(locale, views.manage)}</a> }
    });
    let chosen = current.and_then(|at| tabs.get(at));
    let chosen = match chosen {
        Some(tab) => label(locale, tab).into_any(),
        None => say!(locale, views.tabs).into_any(),
    };
    view! {
        <div class="drop views">
            <button type="button" class="btn" popovertarget="views">
                {chosen}
                <Icon glyph=Glyph::Down />
            </button>
            <nav
                class="menu"
                id="views"
                popover="auto"
                aria-label=say!(locale, views.tabs)
            >
                {links}
                {manage}
            </nav>
        </div>
    }
}

/// The name of a tab and its number.
fn label(locale: Locale, tab: &Tab) -> impl IntoView + use<> {
    let name = match &tab.name {
        TabName::BuiltIn(view) => built_in(locale, *view).to_owned(),
        TabName::Saved(name) => name.as_str().to_owned(),
    };
    view! {
        <span class="trunc">{name}</span>
        " "
        <span class="count">{words::count(tab.count)}</span>
    }
}

fn built_in(locale: Locale, view: BuiltIn) -> &'static str {
    match view {
        BuiltIn::All => say!(locale, common.word.all),
        BuiltIn::NotSeen => say!(locale, views.not_seen),
        BuiltIn::ThisWeek => say!(locale, views.this_week),
        BuiltIn::NotArchived => say!(locale, views.not_archived),
        BuiltIn::OnHold => say!(locale, keep.hold.on),
    }
}

/// The dialog that saves the filter of the list, if it is open. `keeps` are the parts of the filter in words. After
/// an error it has what was typed.
pub fn dialog(saved: &Saved, filter: &Filter, keeps: Vec<String>) -> Option<impl IntoView + use<>> {
    let views = saved.saving.as_ref()?;
    let locale = locale();
    let query: Query = expect_context();
    let error = failed::<SaveView>();
    let wrong = |field| error.as_ref().and_then(|error| error.problem_of(field));
    let bad_name = wrong("name").map(|code| bad_name(locale, code));
    let is_tab = error.is_none() || !query.get("tab").is_empty();
    let list = ListView {
        find: filter.find.clone(),
        is_grid: is_grid(&query),
    };
    let pairs = list.pairs();
    let pairs: Vec<_> = pairs.iter().map(|(key, value)| (*key, &**value)).collect();
    let find = paths::with_query("", &pairs);
    let find = find.trim_start_matches('?').to_owned();
    let sharing = sharing(locale, views, &query, wrong("shared").is_some());
    let n = words::count(saved.total);
    Some(view! {
        <div class="scrim">
            <div class="dialog" role="dialog" aria-modal="true" aria-labelledby="save-h">
                <form method="post" action=SaveView::url() data-edit="">
                    {CurrentApp::expect().field()}
                    <input type="hidden" name="find" value=find />
                    <h2 id="save-h">{say!(locale, views.save)}</h2>
                    {form_error::<SaveView>()}
                    <div class="fields">
                        <InputField
                            id="view-name"
                            name="name"
                            label=say!(locale, common.word.name)
                            value=query.get("name")
                            wrong=bad_name
                            longest=ViewName::LONGEST
                            required=true
                            autofocus=true
                        />
                        <div class="field">
                            <span class="label">{say!(locale, views.keeps)}</span>
                            {kept(locale, keeps)}
                            <p class="hint">{say!(locale, views.keeps_hint, n)}</p>
                        </div>
                        {sharing}
                        {switch("tab", is_tab, say!(locale, views.as_tab))}
                    </div>
                    <div class="btns">
                        {back_link(address(&filter.find, filter.page), say!(locale, common.action.cancel))}
                        <button class="btn primary">{say!(locale, views.submit)}</button>
                    </div>
                </form>
            </div>
        </div>
    })
}

/// The filters of a view in words, or that it has none.
pub fn kept(locale: Locale, filters: Vec<String>) -> AnyView {
    if filters.is_empty() {
        return view! { <p class="muted">{say!(locale, views.keeps_all)}</p> }.into_any();
    }
    let tags = filters.into_iter();
    let tags = tags.map(|text| view! { <span class="tag trunc">{text}</span> });
    view! { <div class="tags">{tags.collect_view()}</div> }.into_any()
}

/// The choice of who sees a view; for an account that may not share, a note.
fn sharing(locale: Locale, views: &Views, query: &Query, is_wrong: bool) -> AnyView {
    if !views.may_share {
        return view! { <p class="hint">{say!(locale, views.own_hint)}</p> }.into_any();
    }
    let chosen = Shared::parse(query.get("shared")).unwrap_or_default();
    let choices = choices(locale, &views.groups).into_iter();
    let choices = choices.map(|(shared, word)| {
        view! {
            <label>
                <input
                    type="radio"
                    name="shared"
                    value=shared.to_string()
                    checked=shared == chosen
                />
                <span class="trunc">{word}</span>
            </label>
        }
    });
    let wrong = is_wrong.then(|| say!(locale, views.not_a_group));
    view! {
        <fieldset class="field" aria-describedby="view-shared-note">
            <legend class="label">{say!(locale, views.who)}</legend>
            <div class="seg">{choices.collect_view()}</div>
            <FieldNote
                id="view-shared-note"
                wrong=wrong
                hint=say!(locale, views.shared_hint)
            />
        </fieldset>
    }
    .into_any()
}

/// Everybody that a view may be shared with, in words.
pub fn choices(locale: Locale, groups: &[(GroupId, GroupName)]) -> Vec<(Shared, String)> {
    let mut choices = vec![(Shared::Me, say!(locale, views.only_me).to_owned())];
    choices.extend(groups.iter().map(|(id, name)| {
        let name = name.as_str();
        (Shared::Group(*id), say!(locale, views.group, name))
    }));
    choices.push((Shared::All, say!(locale, views.everyone).to_owned()));
    choices
}

/// The sentence for a name that was refused.
pub fn bad_name(locale: Locale, code: &str) -> &'static str {
    match code {
        "taken" => say!(locale, views.taken),
        "full" => say!(locale, views.full),
        _ => say!(locale, views.bad_name),
    }
}
