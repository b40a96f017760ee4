//! `/recordings/views`: the saved views that an account sees; it changes and removes its own.

use axum::response::Response;
use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    saved_view::{Shared, ViewName, ViewRow, Views},
    user::GroupName,
    visible::visible_line,
};
use reelroom_service::Principal;

use super::{
    chips::{Chip, chips},
    filter::address_in,
    views::{bad_name, choices, kept},
};
use crate::{
    components::{Empty, FieldNote, Glyph, crumb, fold_title, form_error, switch, way_on},
    current_app::CurrentApp,
    error::ApiError,
    form::failed,
    i18n::Locale,
    query::Query,
    reader::Reader,
    server_fns::{ChangeView, RemoveView},
    this_page::locale,
    visit::{Page, Visit},
};

/// The page of saved views.
pub async fn saved_views(visit: Visit) -> Response {
    let views = match visit.app.id() {
        Ok(app) => visit
            .service
            .views(&visit.me, app)
            .await
            .map_err(ApiError::from),
        Err(error) => Err(error),
    };
    let me = visit.me.clone();
    visit.answer(views, |views| page(&views, &me)).await
}

fn page(views: &Views, me: &Principal) -> Page {
    let locale = locale();
    let library = CurrentApp::expect().to("/recordings");
    let rows = views.rows.iter().map(|row| line(locale, row, views, me));
    let list = if views.rows.is_empty() {
        let (title, text) = (say!(locale, views.none), say!(locale, views.none_text));
        let go = library.clone();
        view! {
            <Empty glyph=Glyph::Bookmark title=title text=text>
                {way_on("btn", go, say!(locale, views.go))}
            </Empty>
        }
        .into_any()
    } else {
        view! { <ul class="view-list">{rows.collect_view()}</ul> }.into_any()
    };
    let main = view! {
        <main class="sheet saved" id="content" data-page="views">
            <header class="page-h">
                {crumb(library, say!(locale, common.nav.library))}
                // Receives the focus when a view is removed (see `morph.js`).
                <h1 tabindex="-1" data-focus="">
                    {say!(locale, views.title)}
                </h1>
            </header>
            <div class="saved-b scroll" tabindex="-1">
                {form_error::<ChangeView>()}
                {form_error::<RemoveView>()}
                {list}
            </div>
        </main>
    };
    Page::new(say!(locale, views.title), main)
}

/// A view: a form where the account may change it.
fn line(locale: Locale, row: &ViewRow, views: &Views, me: &Principal) -> AnyView {
    let view = &row.view;
    let id = view.id.to_string();
    let name = visible_line(view.name.as_str(), ViewName::LONGEST);
    let list = &view.list;
    let href = address_in(&CurrentApp::expect(), &list.find, None, list.is_grid);
    let link = view! {
        <a class="trunc" href=href>
            {name.clone()}
        </a>
    };
    let filters = chips(&Reader::expect(), &list.find, &[]);
    let filters: Vec<String> = filters.iter().map(Chip::words).collect();
    let remove = view.may_remove(me.user, me.role()).then(|| {
        view! {
            <details class="fold">
                {fold_title(say!(locale, views.remove_open))}
                <form method="post" action=RemoveView::url()>
                    <input type="hidden" name="id" value=id.clone() />
                    <button class="btn danger" aria-label=say!(locale, common.action.remove_named, name)>
                        {say!(locale, common.action.remove)}
                    </button>
                </form>
            </details>
        }
    });
    let rest = if view.may_change(me.user) {
        form(locale, row, views).into_any()
    } else {
        let owner = visible_line(&row.owner, ViewName::LONGEST);
        let owner = say!(locale, views.of, owner);
        view! { <p class="muted">{owner} " · " {who(locale, row)}</p> }.into_any()
    };
    view! {
        <li id=format!("view-{id}")>
            <div class="what">{link} {kept(locale, filters)} {rest} {remove}</div>
        </li>
    }
    .into_any()
}

/// The people who see a view, in words.
fn who(locale: Locale, row: &ViewRow) -> String {
    let group = row.group.as_ref().map(GroupName::as_str);
    match (row.view.shared, group) {
        (Shared::All, _) => say!(locale, views.everyone).to_owned(),
        (Shared::Group(_), Some(name)) => {
            let name = visible_line(name, ViewName::LONGEST);
            say!(locale, views.group, name)
        }
        (Shared::Group(_) | Shared::Me, _) => say!(locale, views.only_me).to_owned(),
    }
}

/// The form that changes a view. After an error it has what was typed.
fn form(locale: Locale, row: &ViewRow, views: &Views) -> impl IntoView + use<> {
    let view = &row.view;
    let id = view.id.to_string();
    let query: Query = expect_context();
    let error = failed::<ChangeView>().filter(|_| query.get("id") == id);
    let wrong = |field| error.as_ref().and_then(|error| error.problem_of(field));
    let bad_name = wrong("name").map(|code| bad_name(locale, code));
    let bad_group = wrong("shared").map(|_| say!(locale, views.not_a_group));
    let (name, shared, is_tab) = if error.is_some() {
        let shared = Shared::parse(query.get("shared")).unwrap_or_default();
        (query.get("name"), shared, !query.get("tab").is_empty())
    } else {
        (view.name.as_str(), view.shared, view.is_tab)
    };
    let name = name.to_owned();
    let mut all = choices(locale, &views.groups);
    if !views.may_share {
        all.truncate(1);
    }
    if all.iter().all(|(one, _)| *one != view.shared) {
        // It was shared with a group that the account has left, or when the account had another role.
        all.push((view.shared, who(locale, row)));
    }
    let options = all.into_iter().map(|(one, word)| {
        let selected = one == shared;
        view! { <option value=one.to_string() selected=selected>{word}</option> }
    });
    let note = format!("view-note-{id}");
    view! {
        <form method="post" action=ChangeView::url() class="view-form">
            <input type="hidden" name="id" value=id />
            <input
                class="input"
                name="name"
                value=name
                maxlength=ViewName::LONGEST.to_string()
                autocomplete="off"
                aria-label=say!(locale, common.word.name)
                aria-describedby=note.clone()
                aria-invalid=bad_name.map(|_| "true")
                required
            />
            <select class="select" name="shared" aria-label=say!(locale, views.who)>
                {options.collect_view()}
            </select>
            {switch("tab", is_tab, say!(locale, views.as_tab))}
            <button class="btn">{say!(locale, common.action.save)}</button>
            <FieldNote id=note wrong=bad_name.or(bad_group) />
        </form>
    }
}
