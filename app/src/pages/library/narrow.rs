//! `/recordings/narrow?key=…`: the values of facets, with how many recordings have each, as a form that narrows the
//! list. It is a page of its own and, as a frame, the content of a popover. With `show=yes` it leads to the list.

mod choices;
mod form;
mod panel;

use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use reelroom_domain::{
    find::{Facet, FacetKey},
    room::RoomId,
    search::SearchText,
    view::FacetCount,
};

pub use self::panel::{PATH, Panel};
use self::{
    choices::{Narrowing, choices},
    form::form,
};
use super::filter::{Filter, address, address_in, is_grid};
use crate::{
    error::ApiError,
    paths::LocalAddress,
    this_page::locale,
    visit::{Page, Visit},
};

/// The form, or the list.
pub async fn narrow(visit: Visit) -> Response {
    let filter = Filter::of(&visit.query);
    if visit.query.get("show") == "yes" {
        let address = address_in(&visit.app, &filter.find, None, is_grid(&visit.query));
        return LocalAddress::or_home(&address).into_response();
    }
    let loaded = load(&visit, &filter).await;
    if visit.is_frame {
        return visit.part(loaded, |narrowing| form(&filter.find, &narrowing));
    }
    visit
        .answer(loaded, |narrowing| {
            let locale = locale();
            let what = narrowing.panel.word(locale);
            let title = say!(locale, library.narrow.title, what);
            let main = view! {
                <main class="sheet lib" id="content" data-page="narrow">
                    <header class="lib-h"><h1>{title.clone()}</h1></header>
                    <div class="lib-b scroll" tabindex="-1">
                        {form(&filter.find, &narrowing)}
                        <a class="btn quiet" href=address(&filter.find, None)>
                            {say!(locale, library.narrow.back)}
                        </a>
                    </div>
                </main>
            };
            Page::new(title, main)
        })
        .await
}

async fn load(visit: &Visit, filter: &Filter) -> Result<Narrowing, ApiError> {
    let (service, me, locale) = (&visit.service, &visit.me, visit.reader.locale);
    let panel: Panel = visit
        .query
        .get("key")
        .parse()
        .map_err(|_| ApiError::NotFound)?;
    let typed = SearchText::parse(visit.query.get("typed"));
    let typed = typed.as_ref().map_or("", SearchText::as_str);
    let query = filter.query(&visit.reader, &visit.app)?;
    let mut groups = Vec::new();
    for key in panel.keys() {
        // Rooms and beginnings of rooms add up, so each is counted alone.
        let mut alone = query.clone();
        if panel == Panel::Room {
            alone.find = alone.find.without(FacetKey::Room).without(FacetKey::Prefix);
        }
        let mut values = service.facet_values(me, &alone, *key, typed).await?;
        if let (FacetKey::Prefix, Ok(prefix)) = (key, RoomId::new(typed)) {
            let facet = Facet::Prefix(prefix);
            alone.find = alone.find.toggled(&facet);
            let count = service.count_found(me, &alone).await?;
            values.extend((count.n > 0).then(|| FacetCount {
                key: *key,
                value: facet.value(),
                title: String::new(),
                count,
            }));
        }
        groups.push((*key, choices(locale, &filter.find, *key, &values)));
    }
    Ok(Narrowing {
        panel,
        typed: typed.to_owned(),
        groups,
        total: service.count_found(me, &query).await?,
    })
}
