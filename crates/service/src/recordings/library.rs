//! The library: recordings that an account finds, and how many.

use std::{cmp::Reverse, collections::HashMap};

use futures::future::try_join;

use super::{
    find::{CaseEffect, case_effects, require_with},
    finding::{Between, Finding},
    patience::patience,
};
use crate::{Principal, Service, ServiceError, apps::scope::Visible};
use reelroom_domain::{
    access::Verb,
    find::{Count, Facet, FacetKey, Find},
    ids::{AppId, RecordingId},
    ledger::{Lateness, Patience},
    recording::{self, Recording, RecordingState},
    search::fold,
    time::Timestamp,
    trouble::LibraryTrouble,
    view::{FacetCount, Library, PageAt, RecordingRow, Thumbnail},
};
use reelroom_store::{
    Conn, Store,
    library::{self, Filter, Hit},
    recordings::{self, Summary},
    seen, trouble,
};

const PAGE: u32 = 50;
/// More recordings on a day are not counted: a calendar shades them alike.
pub const MOST_ON_A_DAY: u32 = 100;

/// The recordings to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LibraryQuery {
    /// Of this app; `None`: of the default app.
    pub app: Option<AppId>,
    /// The filters of the list, and its order.
    pub find: Find,
    /// The moments at which the days of `find` begin and end in the reader's zone.
    pub between: Between,
    /// The page; `None`: the first.
    pub page: Option<PageAt>,
}

impl Service {
    /// A page of the library.
    pub async fn library(
        &self,
        by: &Principal,
        query: LibraryQuery,
    ) -> Result<Library, ServiceError> {
        let app = self.app_for(by, query.app).await?;
        self.index_before_reading().await?;
        let store = &self.0.store;
        let visible = Visible::load(&mut *store.read().await?, by, app.id).await?;
        let counts = Counts::load(store, by, &visible, &query).await?;
        let list = self.list(&counts, &query);
        let (list, facets) = try_join(list, counts.beside()).await?;
        Ok(Library { facets, ..list })
    }

    /// A page of the library, without the counts of facets.
    async fn list(
        &self,
        counts: &Counts<'_>,
        query: &LibraryQuery,
    ) -> Result<Library, ServiceError> {
        let now = self.now();
        let Counts {
            by, visible, total, ..
        } = *counts;
        let tries = Facet::State(RecordingState::Failed);
        let mut read = self.0.store.read().await?;
        let filter = counts.finding.filter();
        let (hits, newer, older) = page(&mut read, filter, query).await?;
        let ids: Vec<RecordingId> = hits.iter().map(|hit| hit.id).collect();
        let found = recordings::summaries(&mut read, &ids).await?;
        let seen = seen::by_user(&mut read, by.user, &ids).await?;
        let sums = if total.more {
            None
        } else {
            Some(library::sums(&mut read, filter).await?)
        };
        let mut trouble = LibraryTrouble {
            all: trouble::total(&mut read, Some(visible.scope()), now).await?,
            ..LibraryTrouble::default()
        };
        if trouble.all.files() > 0 {
            trouble.recordings = trouble::of_recordings(&mut read, &ids, now).await?;
        }
        let mut rows = rows(&mut read, by, Verb::See, found, now).await?;
        for row in &mut rows {
            row.seen = seen.contains_key(&row.id);
        }
        Ok(Library {
            recordings: rows,
            total,
            tries: counts
                .with(&mut read, &[&tries])
                .await?
                .pop()
                .unwrap_or_default(),
            facets: Vec::new(),
            sums,
            newer,
            older,
            trouble,
            now,
        })
    }

    /// The recordings that are found, in their order; at most `most`.
    pub async fn found(
        &self,
        by: &Principal,
        query: &LibraryQuery,
        most: u32,
    ) -> Result<Vec<RecordingId>, ServiceError> {
        let app = self.app_for(by, query.app).await?;
        self.index_before_reading().await?;
        let mut read = self.0.store.read().await?;
        let visible = Visible::load(&mut read, by, app.id).await?;
        let finding = Finding::load(&mut read, by, &visible, &query.find, query.between).await?;
        let sort = query.find.sort;
        let hits = library::page(&mut read, finding.filter(), sort, None, most).await?;
        Ok(hits.into_iter().map(|hit| hit.id).collect())
    }

    /// The number of recordings that are found.
    pub async fn count_found(
        &self,
        by: &Principal,
        query: &LibraryQuery,
    ) -> Result<Count, ServiceError> {
        let app = self.app_for(by, query.app).await?;
        self.index_before_reading().await?;
        let mut read = self.0.store.read().await?;
        let visible = Visible::load(&mut read, by, app.id).await?;
        let finding = Finding::load(&mut read, by, &visible, &query.find, query.between).await?;
        Ok(library::count(&mut read, finding.filter()).await?)
    }

    /// The number of recordings on each of the days that begin at these moments; the last of them ends the last day.
    /// The days that `query` asks for make no difference.
    pub async fn calendar(
        &self,
        by: &Principal,
        query: &LibraryQuery,
        midnights: &[Timestamp],
    ) -> Result<Vec<u32>, ServiceError> {
        let app = self.app_for(by, query.app).await?;
        self.index_before_reading().await?;
        let mut read = self.0.store.read().await?;
        let visible = Visible::load(&mut read, by, app.id).await?;
        let between = Between::default();
        let finding = Finding::load(&mut read, by, &visible, &query.find, between).await?;
        Ok(library::days(&mut read, finding.filter(), midnights, MOST_ON_A_DAY).await?)
    }

    /// The values of a facet and how many recordings would be found with each: rooms and tags that contain `typed`, all
    /// values of the others.
    pub async fn facet_values(
        &self,
        by: &Principal,
        query: &LibraryQuery,
        key: FacetKey,
        typed: &str,
    ) -> Result<Vec<FacetCount>, ServiceError> {
        let app = self.app_for(by, query.app).await?;
        self.index_before_reading().await?;
        let store = &self.0.store;
        let visible = Visible::load(&mut *store.read().await?, by, app.id).await?;
        let counts = Counts::load(store, by, &visible, query).await?;
        counts.of_key(key, typed, Counts::MOST).await
    }
}

/// A page of hits, and where there is one before and after it.
async fn page(
    read: &mut Conn,
    filter: Filter<'_>,
    query: &LibraryQuery,
) -> Result<(Vec<Hit>, Option<PageAt>, Option<PageAt>), ServiceError> {
    let mut hits = library::page(read, filter, query.find.sort, query.page, PAGE + 1).await?;
    let has_more = hits.len() > PAGE as usize;
    // The one more than a page is the farthest.
    let (is_newer, is_older) = match query.page {
        Some(PageAt::Before(_)) => {
            hits.drain(..hits.len().saturating_sub(PAGE as usize));
            (has_more, true)
        }
        page => {
            hits.truncate(PAGE as usize);
            (page.is_some(), has_more)
        }
    };
    let newer = hits.first().filter(|_| is_newer);
    let older = hits.last().filter(|_| is_older);
    let (newer, older) = (
        newer.map(|hit| PageAt::Before(hit.place)),
        older.map(|hit| PageAt::After(hit.place)),
    );
    Ok((hits, newer, older))
}

/// Counts what is found, and what would be found with other facets.
struct Counts<'a> {
    store: &'a Store,
    by: &'a Principal,
    visible: &'a Visible,
    find: &'a Find,
    between: Between,
    finding: Finding<'a>,
    total: Count,
}

impl<'a> Counts<'a> {
    /// The most values of a facet that are counted where one is chosen, and beside the list.
    const MOST: u32 = 30;
    const MOST_BESIDE: u32 = 8;
    /// The most frequent starters that are counted: not each has recordings in the list.
    const MOST_STARTERS: u32 = 100;

    async fn load(
        store: &'a Store,
        by: &'a Principal,
        visible: &'a Visible,
        query: &'a LibraryQuery,
    ) -> Result<Self, ServiceError> {
        let (find, between) = (&query.find, query.between);
        let mut read = store.read().await?;
        let mut finding = Finding::load(&mut read, by, visible, find, between).await?;
        let total = finding.count(&mut read).await?;
        Ok(Self {
            store,
            by,
            visible,
            find,
            between,
            finding,
            total,
        })
    }

    /// The numbers with each of these facets in place of those of its key.
    async fn with(&self, read: &mut Conn, facets: &[&Facet]) -> Result<Vec<Count>, ServiceError> {
        let mut findings = Vec::new();
        for facet in facets {
            let mut find = self.find.without(facet.key());
            find.facets.push((*facet).clone());
            findings.push(Finding::load(read, self.by, self.visible, &find, self.between).await?);
        }
        let filters: Vec<Filter<'_>> = findings.iter().map(Finding::filter).collect();
        Ok(library::counts_beside(read, &filters).await?)
    }

    async fn of(
        &self,
        facets: impl IntoIterator<Item = (Facet, String)>,
    ) -> Result<Vec<FacetCount>, ServiceError> {
        let mut read = self.store.read().await?;
        let (facets, titles): (Vec<Facet>, Vec<String>) = facets.into_iter().unzip();
        let mut known = self.tally(&mut read, &facets).await?;
        let others = facets.iter().filter(|facet| !known.contains_key(facet));
        let others: Vec<&Facet> = others.collect();
        let counts = self.with(&mut read, &others).await?;
        let counts = others.into_iter().cloned().zip(counts);
        known.extend(counts.collect::<Vec<_>>());
        let counts = facets
            .into_iter()
            .zip(titles)
            .map(|(facet, title)| FacetCount {
                key: facet.key(),
                value: facet.value(),
                title,
                count: known.get(&facet).copied().unwrap_or_default(),
            });
        Ok(counts.collect())
    }

    /// The numbers of those facets that narrow the list further, counted in one pass over its recordings. Empty if
    /// there are many, or if the list has stored numbers: then most of the facets have some, too, and the others are
    /// counted by their terms.
    async fn tally(
        &self,
        read: &mut Conn,
        facets: &[Facet],
    ) -> Result<HashMap<Facet, Count>, ServiceError> {
        let has = |key| self.find.of_key(key).next().is_some();
        let narrows = |facet: &&Facet| match facet.key() {
            FacetKey::Prefix | FacetKey::State => false,
            FacetKey::Room => !has(FacetKey::Room) && !has(FacetKey::Prefix),
            key => !has(key),
        };
        let narrowing: Vec<Facet> = facets.iter().filter(narrows).cloned().collect();
        let filter = self.finding.filter();
        if self.total.more || narrowing.is_empty() || library::has_numbers(filter) {
            return Ok(HashMap::new());
        }
        let numbers = library::tally(read, filter, &narrowing, self.by.user).await?;
        let counts = numbers.into_iter().map(Count::of);
        Ok(narrowing.into_iter().zip(counts).collect())
    }

    /// At most `most` that are found, the most frequent first. Those that only hidden recordings have are left out.
    async fn of_some(
        &self,
        facets: impl Iterator<Item = Facet>,
        most: u32,
    ) -> Result<Vec<FacetCount>, ServiceError> {
        let mut counts = self.of(facets.map(without_title)).await?;
        counts.retain(|facet| facet.count.n > 0);
        counts.sort_by_key(|facet| Reverse(facet.count.n));
        counts.truncate(most as usize);
        Ok(counts)
    }

    /// The facets beside the list.
    async fn beside(&self) -> Result<Vec<FacetCount>, ServiceError> {
        let keys = [FacetKey::Unseen, FacetKey::Archive, FacetKey::Kind];
        let fixed = keys.into_iter().flat_map(Facet::fixed).map(without_title);
        let tags = self.of_key(FacetKey::Tag, "", Self::MOST_BESIDE);
        let (mut counts, tags) = try_join(self.of(fixed), tags).await?;
        counts.extend(tags);
        Ok(counts)
    }

    /// The values of one facet.
    async fn of_key(
        &self,
        key: FacetKey,
        typed: &str,
        most: u32,
    ) -> Result<Vec<FacetCount>, ServiceError> {
        let scope = self.visible.scope();
        let named = Some(typed).filter(|typed| !typed.is_empty()).map(fold);
        let named = named.as_deref();
        let mut read = self.store.read().await?;
        match key {
            FacetKey::Room => {
                let rooms = library::rooms(&mut read, scope, named, most).await?;
                drop(read);
                let rooms = rooms.into_iter();
                let rooms = rooms.map(|(room, title)| (Facet::Room(room), title));
                self.of(rooms).await
            }
            FacetKey::Tag => {
                let tags = match named {
                    Some(named) => library::tags(&mut read, scope, named, most).await?,
                    None => library::usual_tags(&mut read, scope, most).await?,
                };
                drop(read);
                self.of_some(tags.into_iter().map(Facet::Tag), most).await
            }
            FacetKey::By => {
                let few = Self::MOST_STARTERS;
                let starters = library::starters(&mut read, scope, named, few).await?;
                drop(read);
                self.of_some(starters.into_iter().map(Facet::By), most)
                    .await
            }
            fixed => {
                drop(read);
                let facets = Facet::fixed(fixed).into_iter();
                self.of(facets.map(without_title)).await
            }
        }
    }
}

fn without_title(facet: Facet) -> (Facet, String) {
    (facet, String::new())
}

/// Rows of a list for an account, at `now`, of the recordings with which it may do this.
pub(crate) async fn rows(
    conn: &mut Conn,
    by: &Principal,
    verb: Verb,
    found: Vec<Summary>,
    now: Timestamp,
) -> Result<Vec<RecordingRow>, ServiceError> {
    let patience = patience(conn).await?;
    let recordings: Vec<&Recording> = found.iter().map(|one| &one.recording).collect();
    let effects = case_effects(conn, by, &recordings).await?;
    let rows = found.into_iter().filter_map(|one| {
        let effect = effects.get(&one.recording.id).copied();
        let may = require_with(by, verb, &one.recording, effect).is_ok();
        may.then(|| row(by, one, effect, patience, now))
    });
    Ok(rows.collect())
}

/// A row of a list for an account on which open cases have this effect, at `now`.
pub(crate) fn row(
    by: &Principal,
    summary: Summary,
    effect: Option<CaseEffect>,
    patience: Patience,
    now: Timestamp,
) -> RecordingRow {
    let recording = summary.recording;
    let awaited_from = recording.awaits_files().then(|| recording.awaited_from());
    let ran = recording::ran(recording.origin, recording.started_at, recording.stopped_at);
    let frame = summary.frame.map(Thumbnail::Frame);
    let may = |verb| require_with(by, verb, &recording, effect).is_ok();
    let (may_watch, may_download) = (may(Verb::Watch), may(Verb::Download));
    let poster = summary.poster.map(Thumbnail::Poster);
    RecordingRow {
        id: recording.id,
        room: recording.room,
        title: summary.title,
        own_title: summary.own_title,
        tags: summary.tags,
        seen: true,
        origin: recording.origin,
        state: recording.state,
        requested_at: recording.requested_at,
        started_at: recording.started_at,
        stopped_at: recording.stopped_at,
        length: recording::length(summary.composites_length, ran),
        file_name: summary.composite_name,
        ledger: summary.ledger,
        lateness: awaited_from.map_or(Lateness::InTime, |from| patience.lateness(from, now)),
        failed: summary.failed,
        bytes: summary.bytes,
        archived: summary.archived,
        archive: summary.archive,
        thumbnail: frame.or(poster).filter(|_| may_watch),
        film: summary.poster.filter(|_| may_watch),
        may_download,
    }
}
