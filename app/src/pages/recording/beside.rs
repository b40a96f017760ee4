//! The recordings beside this one: in the list that it was opened from, and in its room.

use leptos::prelude::*;
use reelroom_domain::{
    find::{Facet, Find, Sort},
    ids::RecordingId,
    view::{Neighbour, Neighbours, RecordingView},
};

use crate::{
    components::{Glyph, Icon, time},
    current_app::CurrentApp,
    error::ApiError,
    i18n::td,
    paths,
    query::Query,
    this_page::locale,
    visit::Visit,
};

/// The recordings beside this one.
pub struct Beside {
    /// The list that it was opened from, and those in it.
    list: Option<(Find, Neighbours)>,
    /// The recordings of its room, without failed starts; `None` while the index does not have this recording.
    room: Option<Neighbours>,
}

/// The list that the address of a recording names. Addresses without a list have no order (see
/// [`paths::recording_in`]).
fn list_of(query: &Query) -> Option<Find> {
    (!query.get("sort").is_empty()).then(|| Find::of(query.pairs()))
}

/// Loads them.
pub async fn load(visit: &Visit, recording: &RecordingView) -> Result<Beside, ApiError> {
    let Visit { service, me, .. } = visit;
    let id = recording.row.id;
    let list = match list_of(&visit.query) {
        Some(find) => {
            let between = visit.reader.between(find.days);
            let found = service.neighbours(me, id, &find, between).await?;
            Some((find, found.unwrap_or_default()))
        }
        None => None,
    };
    let room = Facet::Room(recording.row.room.clone());
    let room = Find::default().toggled(&room);
    let room = service.neighbours(me, id, &room, (None, None)).await?;
    Ok(Beside { list, room })
}

/// The address of this page, in the list that it was opened from, without what it plays.
pub fn here(id: RecordingId) -> String {
    let list = list_of(&expect_context());
    list.map_or_else(|| paths::recording(id), |find| in_list(id, &find))
}

/// The address of a recording of the list that this page was opened from.
fn in_list(id: RecordingId, find: &Find) -> String {
    with_place(&paths::recording_in(id, find))
}

/// `address` with the view and the page of the list that this page was opened from.
fn with_place(address: &str) -> String {
    paths::with_query(address, &expect_context::<Query>().place())
}

/// The address of the list that the recording was opened from, or else of the library.
pub fn list(beside: &Beside) -> String {
    let path = "/recordings";
    let list = beside.list.as_ref();
    let list = list.map(|(find, _)| with_place(&paths::with_list(path, find)));
    CurrentApp::expect().to(list.as_deref().unwrap_or(path))
}

/// Links to the recordings before and after this one in the list that it was opened from.
pub fn arrows(beside: &Beside) -> Option<impl IntoView + use<>> {
    let locale = locale();
    let (find, Neighbours { before, after }) = beside.list.as_ref()?;
    let (left, right) = if find.sort == Sort::Newest {
        (
            say!(locale, recording.beside.newer),
            say!(locale, recording.beside.older),
        )
    } else {
        (
            say!(locale, recording.beside.previous),
            say!(locale, recording.beside.next),
        )
    };
    Some(view! {
        <nav aria-label=say!(locale, recording.beside.list)>
            {arrow(find, *before, Glyph::Left, left, "k")}
            {arrow(find, *after, Glyph::Right, right, "j")}
        </nav>
    })
}

/// A link to a recording of a list; at the end of the list it leads nowhere.
fn arrow(
    find: &Find,
    to: Option<Neighbour>,
    glyph: Glyph,
    word: &'static str,
    key: &'static str,
) -> impl IntoView + use<> {
    let href = to.map(|to| CurrentApp::expect().to(&in_list(to.id, find)));
    view! {
        <a
            class="btn quiet icon"
            role=to.is_none().then_some("link")
            href=href
            aria-disabled=to.is_none().then_some("true")
            aria-label=word
            title=format!("{word} ({})", key.to_uppercase())
            data-key=key
        >
            <Icon glyph=glyph />
        </a>
    }
}

/// The fact which recordings the room has before and after this one.
pub fn in_room(beside: &Beside) -> Option<impl IntoView + use<>> {
    let locale = locale();
    let room = beside.room?;
    let end = |word: &'static str| view! { <span class="muted">{word}</span> }.into_any();
    let shown = if room == Neighbours::default() {
        end(say!(locale, recording.beside.only))
    } else {
        let older = match room.after.map(link) {
            Some((href, time)) => {
                view! { <a href=href>{td!(locale, recording.beside.older_at, time)}</a> }.into_any()
            }
            None => end(say!(locale, recording.beside.oldest)),
        };
        let newer = match room.before.map(link) {
            Some((href, time)) => {
                view! { <a href=href>{td!(locale, recording.beside.newer_at, time)}</a> }.into_any()
            }
            None => end(say!(locale, recording.beside.newest)),
        };
        view! { {older} " · " {newer} }.into_any()
    };
    Some(view! {
        <dt>{say!(locale, recording.beside.in_room)}</dt>
        <dd>{shown}</dd>
    })
}

/// The address of a recording, and when it began.
fn link(to: Neighbour) -> (String, impl Fn() -> AnyView + Clone + Send + Sync + 'static) {
    let href = CurrentApp::expect().to(&paths::recording(to.id));
    (href, time(to.began_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_an_order_names_a_list() {
        let id: RecordingId = "0192f00d0192f00d0192f00d0192f00d".parse().unwrap();
        let list = |address: &str| list_of(&Query::of(&address.parse().unwrap()));
        for query in [
            vec![],
            vec![("q", "评审"), ("last", "7"), ("sort", "oldest")],
            vec![("room", "a b"), ("unseen", "yes")],
        ] {
            let find = Find::of(query);
            assert_eq!(list(&paths::recording_in(id, &find)), Some(find));
        }
        assert_eq!(list(&paths::recording(id)), None);
        assert_eq!(list("/recordings/x?play=frames&app=b7"), None);
    }
}
