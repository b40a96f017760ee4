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
    Conn,
    library::{self, Place},
    recordings,
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
                let list = List {
                    app,
                    find: query.find,
                    between: query.between,
                    after: None,
                };
                let mut read = self.0.store.read().await?;
                let rows = list.count(&mut read, by).await?;
                (rows.to_string(), Rest::Matching(list))
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
    Matching(List),
}

/// A list of recordings, from a place on.
struct List {
    app: AppId,
    find: Find,
    between: Between,
    /// The place of the last one that was read.
    after: Option<Place>,
}

/// A recording of the export.
struct Line {
    row: RecordingRow,
    started_by: Option<String>,
}

impl Export {
    /// The text of the next portion; `None` after the last.
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        if self.is_complete {
            return Ok(None);
        }
        let lines = self.portion().await.map_err(io::Error::other)?;
        let text = text(self.form, COLUMNS, !self.has_head, lines.iter().map(values))?;
        self.has_head = true;
        Ok(Some((text.into(), self)))
    }

    async fn portion(&mut self) -> Result<Vec<Line>, ServiceError> {
        let mut read = self.service.0.store.read().await?;
        let ids: Vec<RecordingId> = match &mut self.rest {
            Rest::These(ids) => ids.take(AT_ONCE as usize).collect(),
            Rest::Matching(list) => list.next(&mut read, &self.by).await?,
        };
        self.is_complete = ids.len() < AT_ONCE as usize;
        self.lines(&mut read, &ids).await
    }

    async fn lines(&self, read: &mut Conn, ids: &[RecordingId]) -> Result<Vec<Line>, ServiceError> {
        let (now, patience) = (self.service.now(), patience(read).await?);
        let found = recordings::summaries(read, ids).await?.into_iter();
        let line = |one: recordings::Summary| {
            let started_by = one.recording.requested_by.clone();
            Line {
                row: row(&self.by, one, patience, now),
                started_by,
            }
        };
        Ok(found.map(line).collect())
    }
}

impl List {
    /// The number of recordings that `by` sees in it.
    async fn count(&self, read: &mut Conn, by: &Principal) -> Result<u32, ServiceError> {
        let visible = Visible::load(read, by, self.app).await?;
        let finding = Finding::load(read, by, &visible, &self.find, self.between).await?;
        Ok(library::count_all(read, finding.filter()).await?)
    }

    /// The next recordings that `by` sees in it.
    async fn next(
        &mut self,
        read: &mut Conn,
        by: &Principal,
    ) -> Result<Vec<RecordingId>, ServiceError> {
        let visible = Visible::load(read, by, self.app).await?;
        let finding = Finding::load(read, by, &visible, &self.find, self.between).await?;
        // A place by start is one also if its recording is gone.
        let sort = match self.find.sort {
            Sort::Oldest => Sort::Oldest,
            _ => Sort::Newest,
        };
        let at = self.after.map(PageAt::After);
        let hits = library::page(read, finding.filter(), sort, at, AT_ONCE).await?;
        if let Some(last) = hits.last() {
            self.after = Some(last.place);
        }
        Ok(hits.into_iter().map(|hit| hit.id).collect())
    }
}

/// The values of a recording, in the order of the columns.
fn values(line: &Line) -> [Value; COLUMNS.len()] {
    let row = &line.row;
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
        json!(line.started_by),
        json!(row.file_name),
    ]
}
