//! Export recordings as a list, in portions.

use std::{io, vec};

use bytes::Bytes;
use futures::{StreamExt, stream, stream::BoxStream};
use reelroom_domain::{
    access::{Thing, Verb},
    act::{ExportForm, RECORDINGS},
    find::{Archive, Find, Sort},
    ids::{AppId, RecordingId},
    view::{PageAt, RecordingRow},
};
use reelroom_store::{
    library::{self, Place},
    recordings::{self, Summary},
};
use serde_json::{Value, json};

use super::{
    finding::{Between, Finding},
    library::row,
    patience::patience,
    select::{Selection, recordings_for},
};
use crate::{
    Browser, Principal, Service, ServiceError,
    apps::scope::Visible,
    ground::table::{text, utc},
};

/// The number of recordings in a portion.
const AT_ONCE: u32 = 500;

/// The columns. A length is in milliseconds, a size in bytes.
const COLUMNS: [&str; 13] = [
    "id",
    "room",
    "room_title",
    "title",
    "tags",
    "started",
    "length",
    "size",
    "files",
    "state",
    "archive",
    "started_by",
    "composite",
];

impl Service {
    /// The recordings of a selection, as text: all that match by their start, the oldest first if their list is. The
    /// export to a browser is an act, which is stored before the first portion is sent.
    pub async fn export_recordings(
        &self,
        by: &Principal,
        browser: Option<&Browser>,
        selection: Selection,
        form: ExportForm,
    ) -> Result<BoxStream<'static, io::Result<Bytes>>, ServiceError> {
        let (rows, rest) = match selection {
            Selection::These(ids) => {
                let mut read = self.0.store.read().await?;
                let found = recordings_for(&mut read, by, Verb::Export, &ids).await?;
                let ids: Vec<RecordingId> = found.iter().map(|one| one.id).collect();
                (ids.len().to_string(), Rest::These(ids.into_iter()))
            }
            Selection::Matching(query) => {
                let app = self.app_for(by, query.app).await?.id;
                by.require(Verb::Export, Thing::App(app))?;
                self.index_before_reading().await?;
                let mut read = self.0.store.read().await?;
                let visible = Visible::load(&mut read, by, app).await?;
                let (find, between) = (query.find, query.between);
                let finding = Finding::load(&mut read, by, &visible, &find, between).await?;
                let rows = library::count_all(&mut read, finding.filter()).await?;
                let rest = Rest::Matching {
                    app,
                    find,
                    between,
                    after: None,
                };
                (rows.to_string(), rest)
            }
        };
        self.record_export(by, browser, RECORDINGS, &rows, form)
            .await?;
        let export = Export {
            service: self.clone(),
            by: by.clone(),
            form,
            rest,
            has_head: false,
            is_complete: false,
        };
        Ok(stream::try_unfold(export, Export::next).boxed())
    }
}

/// An export under way.
struct Export {
    service: Service,
    by: Principal,
    form: ExportForm,
    rest: Rest,
    /// Whether the names of the columns are written.
    has_head: bool,
    is_complete: bool,
}

/// The recordings that are still to be written.
enum Rest {
    These(vec::IntoIter<RecordingId>),
    /// Those that match, after a place.
    Matching {
        app: AppId,
        find: Find,
        between: Between,
        after: Option<Place>,
    },
}

impl Export {
    /// The text of the next portion; `None` after the last.
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        if self.is_complete {
            return Ok(None);
        }
        let rows = self.portion().await.map_err(io::Error::other)?;
        let text = text(self.form, COLUMNS, !self.has_head, rows)?;
        self.has_head = true;
        Ok(Some((text.into(), self)))
    }

    async fn portion(&mut self) -> Result<Vec<[Value; COLUMNS.len()]>, ServiceError> {
        let (service, by) = (&self.service, &self.by);
        let mut read = service.0.store.read().await?;
        let ids: Vec<RecordingId> = match &mut self.rest {
            Rest::These(ids) => ids.take(AT_ONCE as usize).collect(),
            Rest::Matching {
                app,
                find,
                between,
                after,
            } => {
                let visible = Visible::load(&mut read, by, *app).await?;
                let finding = Finding::load(&mut read, by, &visible, find, *between).await?;
                // A place by start is one also if its recording is gone.
                let sort = match find.sort {
                    Sort::Oldest => Sort::Oldest,
                    _ => Sort::Newest,
                };
                let at = after.map(PageAt::After);
                let hits = library::page(&mut read, finding.filter(), sort, at, AT_ONCE).await?;
                *after = hits.last().map(|last| last.place);
                hits.into_iter().map(|hit| hit.id).collect()
            }
        };
        self.is_complete = ids.len() < AT_ONCE as usize;
        let (now, patience) = (service.now(), patience(&mut read).await?);
        let found = recordings::summaries(&mut read, &ids).await?.into_iter();
        let values_of = |one: Summary| {
            let started_by = one.recording.requested_by.clone();
            values(&row(by, one, None, patience, now), started_by.as_deref())
        };
        Ok(found.map(values_of).collect())
    }
}

/// The values of a recording, in the order of the columns.
fn values(row: &RecordingRow, started_by: Option<&str>) -> [Value; COLUMNS.len()] {
    [
        json!(row.id),
        json!(row.room),
        json!(row.title),
        json!(row.own_title),
        json!(row.tags),
        json!(utc(row.began_at())),
        json!(row.length),
        json!(row.bytes),
        json!(row.ledger.arrived()),
        json!(row.state),
        json!(row.archive.map(Archive::as_str)),
        json!(started_by),
        json!(row.file_name),
    ]
}
