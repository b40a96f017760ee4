//! The page of one call.

use reelroom_anyrtc::{callback as wire, parts, raw::Raw};
use reelroom_domain::{
    access::{Thing, Verb},
    callback::CallbackKind,
    find::Sort,
    ids::{CallId, RecordingId},
    inbox::{Assignable, BodyView, CallView},
    room::RoomId,
    search::SearchText,
    visible::visible_line,
};
use reelroom_store::{
    Conn, StoreError,
    apps::{self, App},
    calls::{self, NewCall},
    inbox::{self, Entry},
    library as index,
    recordings::{self, Summary},
};

use super::{body, curl, fields, list, tokens};
use crate::{
    Principal, Service, ServiceError,
    apps::platform::zone,
    ground::secret::MASK,
    recordings::{library, patience::patience},
    understanding::reading::raw,
};

/// The most recordings that are offered to assign a file to.
const OFFERED: usize = 6;

impl Service {
    /// One call, as received and as understood. Offers the recordings that `find` matches to assign it
    /// to; without `find`, those of its room at about that time.
    pub async fn call(
        &self,
        by: &Principal,
        id: CallId,
        find: Option<&SearchText>,
    ) -> Result<CallView, ServiceError> {
        by.require(Verb::See, Thing::Callbacks)?;
        let now = self.now();
        let (call, stored) = self.stored_call(id).await?;
        let deleted = self.deleted_body(stored.as_ref()).await?;
        let content = &call.content;
        let mut read = self.0.store.read().await?;
        let line = inbox::line(&mut read, id).await?;
        let entry = line.as_ref().map(|line| &line.entry);
        let recording = entry.and_then(|entry| entry.understood.recording);
        let app = app(&mut read, content, recording).await?;
        let summary = match recording {
            Some(recording) => recordings::summary(&mut read, recording).await?,
            None => None,
        };
        let candidates = if content.kind == CallbackKind::Av && by.role().may_record() {
            let room = entry.and_then(|entry| entry.understood.subject.room.as_ref());
            candidates(&mut read, content, room, find).await?
        } else {
            Vec::new()
        };
        let patience = patience(&mut read).await?;
        let raw = raw(&call);
        let (mut fields, trouble) = match (&app, content.kind) {
            _ if deleted.is_some() || content.body.is_empty() => (Vec::new(), None),
            (None, _) => (Vec::new(), None),
            (Some(app), CallbackKind::Status) => fields::of_status(&raw, &zone(app)),
            (Some(app), CallbackKind::Av) => {
                fields::of_file(&raw, app, summary.as_ref().and_then(naming).as_ref())
            }
        };
        let masked = tokens::mask_body(&raw);
        let bytes = masked.as_deref().unwrap_or(&content.body);
        let mut without_addresses = None;
        if !may_download(by, summary.as_ref()) {
            without_addresses = tokens::mask_addresses(&Raw { body: bytes, ..raw });
            let texts = fields
                .iter_mut()
                .flat_map(|field| [&mut field.name, &mut field.raw]);
            let addresses = texts.filter(|text| tokens::has_address(text));
            addresses.for_each(|text| MASK.clone_into(text));
        }
        let bytes = without_addresses.as_deref().unwrap_or(bytes);
        // JSON that was read in part would hide the rest.
        let json = Raw { body: bytes, ..raw }.whole();
        let is_test = entry.is_some_and(|entry| entry.understood.subject.test);
        let assignable = match &app {
            Some(app) if content.kind == CallbackKind::Av && !is_test => assignable(&raw, app),
            _ => Assignable::No,
        };
        let can_unassign = entry.is_some_and(|entry| entry.assigned_to.is_some())
            && app
                .as_ref()
                .is_some_and(|app| wire::read_raw(&raw, &zone(app)).is_err());
        let (body, shown) = body::view(bytes, json.map(|json| json.to_string()));
        let body = deleted.unwrap_or(body);
        // A masked body may be shorter than the received one.
        let shown = if shown == bytes.len() as u64 {
            content.body.len() as u64
        } else {
            shown
        };
        let assigned = summary.as_ref().map(|summary| summary.recording.id);
        let row = |summary| library::row(by, summary, None, patience, now);
        Ok(CallView {
            row: line.as_ref().map_or_else(
                || list::waiting_row(&call),
                |line| list::row(line, patience.late_after),
            ),
            remote: content.remote.clone(),
            content_type: content
                .content_type
                .as_deref()
                .map(|kind| visible_line(kind, 120)),
            body,
            shown,
            masked: masked.is_some(),
            without_addresses: without_addresses.is_some(),
            fields,
            trouble,
            recording: summary.map(row),
            assigned_by: entry.and_then(|entry| entry.assigned_to.and(entry.assigned_by.clone())),
            dealt: entry.and_then(|entry| entry.dealt_by.clone().zip(entry.dealt_at)),
            understood_at: entry.map(|entry| entry.understood_at),
            assignable,
            can_unassign,
            candidates: candidates
                .into_iter()
                .filter(|summary| Some(summary.recording.id) != assigned)
                .map(row)
                .take(OFFERED)
                .collect(),
            curl: curl::curl(
                &self.address(content),
                content.content_type.as_deref(),
                bytes,
            ),
            role: by.role(),
            now,
        })
    }

    /// The view in place of a body that was deleted.
    async fn deleted_body(&self, entry: Option<&Entry>) -> Result<Option<BodyView>, ServiceError> {
        let Some(entry) = entry.filter(|entry| entry.body_deleted_at.is_some()) else {
            return Ok(None);
        };
        let mut read = self.0.store.read_calls().await?;
        let deleted = calls::deleted_body(&mut read, entry.id).await?;
        Ok(deleted.map(|deleted| BodyView::Deleted {
            at: deleted.at,
            sha256: deleted.sha256,
        }))
    }

    /// The address for a call like this, with the secret masked.
    fn address(&self, call: &NewCall) -> String {
        let query = call.app.map(|app| format!("?app={app}"));
        let (site, query) = (self.site(), query.unwrap_or_default());
        format!("{site}/{MASK}/AR/V1/{}{query}", call.kind.as_str())
    }
}

/// Whether an account may take away the files that a call announces; without a recording, those of every room.
fn may_download(by: &Principal, of: Option<&Summary>) -> bool {
    let thing = of.map_or(Thing::Callbacks, |of| {
        Thing::Room(of.recording.app, &of.recording.room)
    });
    by.may(Verb::Download, thing)
}

/// Whether a file's announcement can be assigned to a recording.
fn assignable(raw: &Raw<'_>, app: &App) -> Assignable {
    let is_read = wire::read_raw(raw, &zone(app)).is_ok();
    if !is_read && parts::supplemented(raw, "-", None).is_none() {
        Assignable::No
    } else if parts::lacks_kind(raw) {
        Assignable::AskKind
    } else {
        Assignable::Yes
    }
}

fn naming(summary: &Summary) -> Option<fields::Naming<'_>> {
    Some(fields::Naming {
        rule: summary.recording.naming_rule()?,
        room: &summary.recording.room,
    })
}

/// The app of a call: that of its recording, else the one that it names, else the default one.
async fn app(
    read: &mut Conn,
    call: &NewCall,
    recording: Option<RecordingId>,
) -> Result<Option<App>, ServiceError> {
    let of_recording = match recording {
        Some(id) => recordings::get(read, id).await?.map(|found| found.app),
        None => None,
    };
    if let Some(id) = of_recording.or(call.app)
        && let Some(app) = apps::get(read, id).await?
    {
        return Ok(Some(app));
    }
    Ok(apps::default_app(read).await?)
}

/// The recordings that a call may be assigned to, the nearest in time first: those of its room,
/// requested before it was received; or those of any room that `find` matches.
async fn candidates(
    read: &mut Conn,
    call: &NewCall,
    room: Option<&RoomId>,
    find: Option<&SearchText>,
) -> Result<Vec<Summary>, StoreError> {
    let words = find.map_or_else(Vec::new, SearchText::words);
    // A cursor after every recording of that millisecond.
    let until = (call.received_at.plus_millis(1), uuid::Uuid::nil().into());
    let limit = u32::try_from(OFFERED + 1).unwrap_or(u32::MAX);
    let mut found = Vec::new();
    for app in apps::list(read).await? {
        if call.app.is_none_or(|named| named == app.id) {
            found.extend(if find.is_some() {
                let filter = index::Filter {
                    words: &words,
                    with_tries: true,
                    ..index::Filter::all(app.id.into())
                };
                let hits = index::page(read, filter, Sort::Newest, None, limit).await?;
                let ids: Vec<_> = hits.into_iter().map(|hit| hit.id).collect();
                recordings::summaries(read, &ids).await?
            } else if let Some(room) = room {
                recordings::of_room(read, app.id, room, Some(until), limit).await?
            } else {
                Vec::new()
            });
        }
    }
    found.sort_by_key(|summary| {
        let away = summary.recording.requested_at.since(call.received_at).abs();
        (away, summary.recording.id)
    });
    Ok(found)
}
