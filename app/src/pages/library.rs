//! `/recordings`: the recordings that a person finds. What the list is narrowed to, its order, view and page are in
//! the address.

mod act;
mod bar;
mod beside;
mod calendar;
mod chips;
mod choosing;
mod filter;
mod filters;
mod instead;
pub mod narrow;
mod nothing;
mod results;
mod row;
pub mod saved;
mod selected;
mod selection;
mod undo;
mod views;

use axum::response::Response;
use futures::future::try_join;
use leptos::prelude::*;
use reelroom_domain::{trouble::Trouble, view::Library};

pub use self::{
    act::act_on_selected,
    selected::{listed, selected},
};
use self::{
    bar::bar,
    beside::beside,
    calendar::{Calendar, calendar, calendar_button},
    chips::{Chip, Instead, chip_row, chips},
    choosing::Choosing,
    filter::{Filter, IN_TROUBLE, is_grid},
    filters::filters,
    instead::{of_day, of_nothing},
    nothing::nothing,
    results::results,
    views::{Saved, dialog, save_link, tabs},
};
use crate::{
    components::{Banner, ErrorNote, Glyph, Icon, way_on},
    current_app::CurrentApp,
    error::ApiError,
    form::failed,
    paths,
    reader::Reader,
    server_fns::RetryFiles,
    this_page::locale,
    visit::{Page, Visit},
    words,
};

/// The library.
pub async fn library(visit: Visit) -> Response {
    let filter = Filter::of(&visit.query);
    let loaded = load(&visit, &filter).await;
    let (role, grid) = (visit.me.role(), is_grid(&visit.query));
    visit
        .answer(loaded, |loaded| {
            let Loaded {
                library,
                day,
                others,
                choosing,
                saved,
                month,
            } = loaded;
            provide_context(choosing);
            let reader = Reader::expect();
            let locale = reader.locale;
            let keeps = chips(&reader, &filter.find, &library.recordings);
            let keeps = keeps.iter().map(Chip::words).collect();
            let empty = library.recordings.is_empty();
            let day = day.as_ref();
            let main = view! {
                <main
                    class="sheet lib"
                    id="content"
                    data-page="library"
                    data-view=grid.then_some("grid")
                >
                    <header class="lib-h" inert=saved.has_dialog()>
                        <h1>{say!(locale, common.nav.library)}</h1>
                        {calendar_button()}
                        {keeping()}
                        {save_link(&filter)}
                        {tabs(&saved, &filter.find)}
                    </header>
                    <div
                        class="lib-b scroll"
                        data-place=""
                        tabindex="-1"
                        inert=saved.has_dialog()
                    >
                        {filters(&filter.find)}
                        {chip_row(&filter, &library, day.filter(|_| !empty))}
                        {in_trouble(&library.trouble.all, &filter)}
                        <div class="cols">
                            <div>
                                {results(&library, &filter, role)}
                                {empty.then(|| nothing(&filter, day, &others))}
                            </div>
                            <div class="beside">
                                {calendar(&month, &filter)}
                                {beside(&library, &filter)}
                            </div>
                        </div>
                    </div>
                    {bar(&library, &filter)}
                    {dialog(&saved, &filter, keeps)}
                </main>
            };
            Page::new(say!(locale, common.nav.library), main)
        })
        .await
}

/// Links to the cases and to the trash, with the numbers of open cases and of requests that wait for the reader.
fn keeping() -> impl IntoView + use<> {
    let locale = locale();
    let choosing = Choosing::expect();
    let number = |n: usize| (n > 0).then(|| view! { " " <span class="count">{n}</span> });
    let cases = (choosing.cases.is_some() || choosing.open_cases > 0).then(|| {
        view! {
            <a class="btn quiet" href=paths::CASES>
                <Icon glyph=Glyph::Folder />
                {say!(locale, cases.title)}
                {number(choosing.open_cases)}
            </a>
        }
    });
    let waiting = (choosing.requests > 0).then(|| {
        view! { <span class="sr">" " {say!(locale, trash.waits)}</span> }
    });
    let trash = (choosing.may_delete || choosing.requests > 0).then(|| {
        view! {
            <a class="btn quiet" href=CurrentApp::expect().to(paths::TRASH)>
                <Icon glyph=Glyph::Trash />
                {say!(locale, trash.title)}
                {number(choosing.requests)}
                {waiting}
            </a>
        }
    });
    view! { {cases} {trash} }
}

struct Loaded {
    library: Library,
    /// The list of the day that the search text names.
    day: Option<Instead>,
    /// The lists to offer where this one is empty.
    others: Vec<Instead>,
    /// The selection.
    choosing: Choosing,
    saved: Saved,
    month: Calendar,
}

async fn load(visit: &Visit, filter: &Filter) -> Result<Loaded, ApiError> {
    let query = filter.query(&visit.reader, &visit.app)?;
    let library = visit.service.library(&visit.me, query.clone());
    let (library, month) = try_join(library, Calendar::load(visit, &query)).await?;
    let others = if library.total.n == 0 {
        of_nothing(visit, filter).await?
    } else {
        Vec::new()
    };
    Ok(Loaded {
        choosing: Choosing::load(visit, library.total, &library.recordings).await?,
        saved: Saved::load(visit, &query, library.total).await?,
        month,
        library,
        day: of_day(visit, filter).await?,
        others,
    })
}

/// The number of files in trouble, with a link to their recordings; nothing if there are none.
fn in_trouble(all: &Trouble, filter: &Filter) -> impl IntoView + use<> {
    let Reader { locale, now, .. } = Reader::expect();
    let error = failed::<RetryFiles>().map(|error| view! { <ErrorNote error=error /> });
    let link = (!filter.find.has(&IN_TROUBLE)).then(|| {
        let href = paths::in_trouble(CurrentApp::expect().as_str());
        let word = say!(locale, library.show_in_trouble);
        way_on("btn", href, word)
    });
    let banner = (all.files() > 0).then(|| {
        view! { <Banner title=words::no_copy(locale, all, now)>{link}</Banner> }
    });
    (error, banner)
}
