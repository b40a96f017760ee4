//! Restores what was just moved to the trash. The address names the recordings, if they are few.

use leptos::prelude::*;
use reelroom_domain::ids::RecordingId;

use super::filter::{Filter, address};
use crate::{
    components::{Did, Reported},
    current_app::CurrentApp,
    paths,
    query::Query,
    this_page::locale,
};

/// The parameter of the address.
pub const UNDO: &str = "undo";
/// The most recordings that an address names.
const MOST: usize = 50;

/// The recordings that an address can name: all of `ids`, or none if there are too many.
pub fn undoable(ids: impl Iterator<Item = RecordingId>) -> Vec<RecordingId> {
    let ids: Vec<RecordingId> = ids.take(MOST + 1).collect();
    if ids.len() > MOST { Vec::new() } else { ids }
}

/// The recordings that the address names.
fn named(query: &Query) -> Vec<RecordingId> {
    let ids = query.get(UNDO).split('-').take(MOST);
    ids.filter_map(|id| id.parse().ok()).collect()
}

/// The form that restores what was moved to the trash, or a link to the trash.
pub fn undo(reported: Option<&Reported>, filter: &Filter) -> Option<AnyView> {
    let locale = locale();
    let reported = reported?;
    if reported.did() != Did::Trashed || reported.is_empty() {
        return None;
    }
    let ids = named(&expect_context());
    if ids.is_empty() {
        let word = say!(locale, keep.trashed.open);
        let link = view! { <a class="btn" href=paths::TRASH>{word}</a> };
        return Some(link.into_any());
    }
    let fields = ids.into_iter().map(|id| {
        view! { <input type="hidden" name="id" value=id.to_string() /> }
    });
    let form = view! {
        <form method="post" action=address(&filter.find, filter.page)>
            {CurrentApp::expect().field()}
            {fields.collect_view()}
            <button class="btn" name="do" value="restore">
                {say!(locale, common.action.undo)}
            </button>
        </form>
    };
    Some(form.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: usize) -> RecordingId {
        format!("{n:032x}").parse().unwrap()
    }

    #[test]
    fn an_address_names_few_recordings() {
        let few: Vec<RecordingId> = (1..=50).map(id).collect();
        assert_eq!(undoable(few.iter().copied()), few);
        assert_eq!(undoable((1..=51).map(id)), []);
        let names: Vec<String> = few.iter().map(ToString::to_string).collect();
        let query = Query::parse(&format!("undo={}", names.join("-")));
        assert_eq!(named(&query), few);
        assert_eq!(named(&Query::parse("undo=a-b")), []);
    }
}
