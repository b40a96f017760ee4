//! A list of recordings that an account asks for.

use std::collections::HashSet;

use reelroom_domain::{
    access::Reach,
    find::{Count, Facet, Find},
    ids::UserId,
    room::RoomId,
    search::SearchText,
    time::Timestamp,
};
use reelroom_store::{
    Conn, StoreError,
    library::{self, Filter, Place},
    scope::rooms_within,
};

use crate::{Principal, apps::scope::Visible};

/// The first moment of a list, and the one that ends it, as the reader's zone has its days.
pub type Between = (Option<Timestamp>, Option<Timestamp>);

/// A filter of the index, with what it borrows.
pub(crate) struct Finding<'a> {
    visible: &'a Visible,
    words: Vec<String>,
    rooms: Option<Vec<RoomId>>,
    facets: Vec<Facet>,
    unseen_by: Option<UserId>,
    between: Between,
    found: Option<Vec<Place>>,
}

impl<'a> Finding<'a> {
    /// Prepares the search for the visible recordings that `find` finds.
    pub async fn load(
        conn: &mut Conn,
        by: &Principal,
        visible: &'a Visible,
        find: &Find,
        between: Between,
    ) -> Result<Self, StoreError> {
        let (mut rooms, mut prefixes) = (HashSet::new(), HashSet::new());
        let mut facets = Vec::new();
        let mut unseen = false;
        for facet in &find.facets {
            match facet {
                Facet::Room(room) => drop(rooms.insert(room.clone())),
                Facet::Prefix(prefix) => drop(prefixes.insert(prefix.clone())),
                Facet::Unseen => unseen = true,
                other => facets.push(other.clone()),
            }
        }
        let rooms = if prefixes.is_empty() {
            let rooms: Vec<RoomId> = rooms.into_iter().collect();
            Some(rooms).filter(|rooms| !rooms.is_empty())
        } else {
            let reach = Reach::Some { rooms, prefixes };
            rooms_within(conn, visible.scope().app, &reach).await?
        };
        Ok(Self {
            visible,
            words: find.text.as_ref().map_or_else(Vec::new, SearchText::words),
            rooms,
            facets,
            unseen_by: unseen.then_some(by.user),
            between,
            found: None,
        })
    }

    /// The number that it finds. Where a text finds few, it is searched only once: what was found is kept.
    pub async fn count(&mut self, conn: &mut Conn) -> Result<Count, StoreError> {
        if self.words.is_empty() {
            return library::count(conn, self.filter()).await;
        }
        self.found = library::places(conn, self.filter()).await?;
        let n = self.found.as_ref().map(Vec::len);
        let n = n.and_then(|n| u32::try_from(n).ok());
        Ok(Count::of(n.unwrap_or(Count::LIMIT + 1)))
    }

    /// The filter.
    pub fn filter(&self) -> Filter<'_> {
        Filter {
            scope: self.visible.scope(),
            rooms: self.rooms.as_deref(),
            words: &self.words,
            between: self.between,
            facets: &self.facets,
            unseen_by: self.unseen_by,
            with_tries: false,
            found: self.found.as_deref(),
        }
    }
}
