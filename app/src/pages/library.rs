//! `/recordings`: the recordings that a person finds. What the list is narrowed to, its order, view and page are in
//! the address.

mod beside;
mod chips;
mod filter;
mod filters;
pub mod narrow;
mod nothing;
mod results;
mod row;
mod selection;

use axum::response::Response;
use leptos::prelude::*;
use reelroom_domain::{find::Count, trouble::Trouble, view::Library};

use self::{
    beside::beside,
    chips::{Chip, chip_row},
    filter::{Filter, IN_TROUBLE, is_grid},
    filters::filters,
    nothing::{nothing, without_each},
    results::results,
    selection::{bar, may_select},
};
use crate::{
    components::{Banner, ErrorNote},
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
        .answer(loaded, |(library, without)| {
            let locale = locale();
            let empty = library.recordings.is_empty();
            let main = view! {
                <main
                    class="sheet lib"
                    id="content"
                    data-page="library"
                    data-view=grid.then_some("grid")
                >
                    <header class="lib-h"><h1>{say!(locale, library.title)}</h1></header>
                    <div class="lib-b scroll" data-place="" tabindex="-1">
                        {filters(&filter.find)}
                        {chip_row(&filter, &library)}
                        {in_trouble(&library.trouble.all, &filter)}
                        <div class="cols">
                            <div>
                                {results(&library, &filter, role)}
                                {empty.then(|| nothing(&filter, &without))}
                            </div>
                            {beside(&library, &filter)}
                        </div>
                    </div>
                    {may_select(&library).then(bar)}
                </main>
            };
            Page::new(say!(locale, library.title), main)
        })
        .await
}

/// The library; where it is empty, also what would be found without each filter.
async fn load(visit: &Visit, filter: &Filter) -> Result<(Library, Vec<(Chip, Count)>), ApiError> {
    let query = filter.query(&visit.reader, &visit.app)?;
    let library = visit.service.library(&visit.me, query).await?;
    let without = if library.total.n == 0 {
        without_each(visit, filter).await?
    } else {
        Vec::new()
    };
    Ok((library, without))
}

/// The number of files in trouble, with a link to their recordings; nothing if there are none.
fn in_trouble(all: &Trouble, filter: &Filter) -> impl IntoView + use<> {
    let Reader { locale, now, .. } = Reader::expect();
    let error = failed::<RetryFiles>().map(|error| view! { <ErrorNote error=error /> });
    let link = (!filter.find.has(&IN_TROUBLE)).then(|| {
        let href = paths::in_trouble(CurrentApp::expect().as_str());
        let word = say!(locale, library.show_in_trouble);
        view! { <div class="btns"><a class="btn" href=href>{word}</a></div> }
    });
    let banner = (all.files() > 0).then(|| {
        view! { <Banner title=words::no_copy(locale, all, now)>{link}</Banner> }
    });
    (error, banner)
}
