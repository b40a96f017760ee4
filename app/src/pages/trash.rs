//! `/trash`: deleted recordings, which can be restored until they are deleted for good, and the requests that wait for
//! a second administrator. The search, the page and the open dialog are in the address.

mod address;
mod confirm;
mod list;
mod requests;

use axum::response::Response;
use leptos::prelude::*;
use reelroom_domain::{access::Right, find::Count, keep::KeepSettings, search::SearchText};
use reelroom_service::{RequestLine, TrashQuery, TrashView};

use self::{
    address::here,
    confirm::{Confirm, confirm},
    list::list,
    requests::{Answer, answer, requests},
};
use crate::{
    components::{Empty, Glyph, Reported, SearchForm, crumb, icon_link, report, way_on},
    current_app::CurrentApp,
    error::ApiError,
    i18n::Locale,
    paths,
    query::Query,
    this_page::locale,
    visit::{Page, Visit},
    words,
};

/// The trash, for accounts that may delete; for a second administrator who may not, the requests.
pub async fn trash(visit: Visit) -> Response {
    let loaded = load(&visit).await;
    visit.answer(loaded, |loaded| page(&loaded)).await
}

struct Loaded {
    trash: TrashView,
    requests: Vec<RequestLine>,
    /// Whether the reader may delete, and sees the trash and not only requests.
    may_delete: bool,
    reported: Option<Reported>,
    /// The open dialog, if there is one.
    confirm: Option<Confirm>,
    answer: Option<Answer>,
}

async fn load(visit: &Visit) -> Result<Loaded, ApiError> {
    let Visit { service, me, .. } = visit;
    let after = visit.query.get("after");
    let query = TrashQuery {
        app: visit.app.id()?,
        search: SearchText::parse(visit.query.get("q")),
        after: (!after.is_empty()).then(|| after.to_owned()),
    };
    let requests = service.requests(me).await?;
    let may_delete = me.access.rights.has(Right::Delete);
    let trash = if may_delete || requests.is_empty() {
        service.trash_list(me, &query).await?
    } else {
        // The requests alone.
        nothing_deleted(visit)
    };
    Ok(Loaded {
        confirm: Confirm::load(visit, &trash)?,
        answer: Answer::load(visit, &requests).await?,
        reported: Reported::load(service, me, &visit.query).await?,
        trash,
        requests,
        may_delete,
    })
}

/// A trash without recordings.
fn nothing_deleted(visit: &Visit) -> TrashView {
    TrashView {
        recordings: Vec::new(),
        total: (0, 0),
        more: None,
        settings: KeepSettings::default(),
        now: visit.reader.now,
    }
}

fn page(loaded: &Loaded) -> Page {
    let locale = locale();
    let query: Query = expect_context();
    let title = say!(locale, trash.title);
    let (trash, has_dialog) = (
        &loaded.trash,
        loaded.confirm.is_some() || loaded.answer.is_some(),
    );
    let content = if !loaded.may_delete {
        ().into_any()
    } else if trash.recordings.is_empty() {
        nothing(locale, trash, !query.get("q").is_empty()).into_any()
    } else {
        list(trash, &loaded.requests).into_any()
    };
    let sum = loaded.may_delete.then(|| sum(locale, trash));
    let search = loaded.may_delete.then(|| {
        let search = query.get("q").to_owned();
        view! { <SearchForm action=paths::TRASH label=say!(locale, trash.find) search=search /> }
    });
    let report = report(loaded.reported.as_ref(), here(), None);
    let link =
        |to: &str, glyph, word: &'static str| icon_link("btn quiet", to.to_owned(), glyph, word);
    let main = view! {
        <main class="sheet lib trash" id="content" data-page="trash">
            <header class="page-h" inert=has_dialog>
                {crumb(CurrentApp::expect().to("/recordings"), say!(locale, common.nav.library))}
                // Receives the focus when the focused element is removed (see `morph.js`).
                <h1 tabindex="-1" data-focus="">
                    {title}
                </h1>
                <span class="grow muted num">{sum}</span>
                {link(paths::CASES, Glyph::Folder, say!(locale, cases.title))}
                {link(paths::CERTIFICATES, Glyph::Doc, say!(locale, trash.certificates))}
            </header>
            <div class="lib-b scroll" data-place="" tabindex="-1" inert=has_dialog>
                {requests(&loaded.requests)}
                {search}
                {content}
            </div>
            {report}
            {list::bar(trash, has_dialog)}
            {loaded.confirm.as_ref().map(|of| confirm(of, &trash.settings))}
            {loaded.answer.as_ref().map(answer)}
        </main>
    };
    Page::new(title, main).live("recordings")
}

/// The number of recordings in the trash, their size, and for how long they stay.
fn sum(locale: Locale, trash: &TrashView) -> String {
    let (n, bytes) = trash.total;
    let count = words::recordings(locale, Count { n, more: false });
    let size = words::bytes(locale, bytes);
    let days = words::day_count(locale, trash.settings.trash_days);
    say!(locale, trash.sum, count, size, days)
}

fn nothing(locale: Locale, trash: &TrashView, is_searched: bool) -> impl IntoView + use<> {
    if is_searched {
        let href = CurrentApp::expect().to(paths::TRASH);
        return view! {
            <Empty glyph=Glyph::Search title=say!(locale, trash.no_match)>
                {way_on("btn", href, say!(locale, trash.clear))}
            </Empty>
        }
        .into_any();
    }
    let days = words::day_count(locale, trash.settings.trash_days);
    let text = say!(locale, trash.empty_text, days);
    view! { <Empty glyph=Glyph::Trash title=say!(locale, trash.empty) text=text /> }.into_any()
}
