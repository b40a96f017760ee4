//! One call, whole.

use reelroom_anyrtc::{callback as wire, raw::Raw};
use reelroom_domain::{
    callback::CallbackKind,
    ids::{CallId, RecordingId},
    inbox::CallView,
    naming::NamingRule,
    room::RoomId,
    search::SearchText,
    view::RecordingRow,
    visible::visible_line,
};
use reelroom_store::{
    Conn, StoreError,
    apps::{self, App},
    calls::NewCall,
    inbox,
    recordings::{self, Filter, Summary},
};

use super::{body, curl, desk::MASK, fields, list, tokens};
use crate::{
    Principal, Service, ServiceError,
    apps::platform::zone,
    recordings::{library, patience::patience},
    understanding::reading::raw,
};

/// How many recordings are offered to tie a file to.
const OFFERED: usize = 6;

impl Service {
    /// One call: as it came, and as it was understood. `find`: which recordings to offer to tie it
    /// to; `None`: those of its room about that time.
    pub async fn call(
        &self,
        by: &Principal,
        id: CallId,
        find: Option<&SearchText>,
    ) -> Result<CallView, ServiceError> {
        let now = self.now();
        let (call, _) = self.stored_call(id).await?;
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
        let candidates = if content.kind == CallbackKind::Av && by.role.may_record() {
            let room = entry.and_then(|entry| entry.understood.subject.room.as_ref());
            candidates(&mut read, content, room, find).await?
        } else {
            Vec::new()
        };
        let patience = patience(&mut read).await?;
        let raw = raw(&call);
        let (fields, trouble) = match (&app, content.kind) {
            (None, _) => (Vec::new(), None),
            (Some(app), CallbackKind::Status) => fields::of_status(&raw, &zone(app)),
            (Some(app), CallbackKind::Av) => {
                fields::of_file(&raw, app, summary.as_ref().and_then(naming).as_ref())
            }
        };
        let masked = tokens::without_tokens(&raw);
        let bytes = masked.as_deref().unwrap_or(&content.body);
        // In part it would hide what could not be read.
        let json = Raw { body: bytes, ..raw }.whole();
        let is_test = entry.is_some_and(|entry| entry.understood.subject.test);
        let assignable = content.kind == CallbackKind::Av
            && !is_test
            && app.as_ref().is_some_and(|app| {
                let file = wire::read_raw(&raw, &zone(app));
                file.is_ok() || reelroom_anyrtc::parts::supplemented(&raw, "-").is_some()
            });
        let (body, shown) = body::view(bytes, json.map(|json| json.to_string()));
        let is_all = shown == u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        // Masked, it may be shorter than it came.
        let shown = if is_all {
            content.body.len() as u64
        } else {
            shown
        };
        let mut view = CallView {
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
            fields,
            trouble,
            recording: summary.map(|summary| library::row(summary, patience, now)),
            assigned_by: entry.and_then(|entry| entry.assigned_to.and(entry.assigned_by.clone())),
            dealt: entry.and_then(|entry| entry.dealt_by.clone().zip(entry.dealt_at)),
            understood_at: entry.map(|entry| entry.understood_at),
            assignable,
            candidates: Vec::new(),
            curl: curl::curl(
                &self.address(content),
                content.content_type.as_deref(),
                bytes,
            ),
            role: by.role,
            now,
        };
        view.candidates = candidates
            .into_iter()
            .map(|summary| library::row(summary, patience, now))
            .filter(|row| Some(row.id) != view.recording_id())
            .take(OFFERED)
            .collect::<Vec<RecordingRow>>();
        Ok(view)
    }

    /// Where a call like this goes, without the secret.
    fn address(&self, call: &NewCall) -> String {
        let known = self.0.public_url.as_ref();
        let base = known.or_else(|| self.0.local_url.get());
        let base = base.map_or("", url::Url::as_str).trim_end_matches('/');
        let mut address = format!("{base}/{MASK}/AR/V1/{}", call.kind.as_str());
        if let Some(app) = call.app {
            address.push_str("?app=");
            address.push_str(&app.to_string());
        }
        address
    }
}

fn naming(summary: &Summary) -> Option<fields::Naming<'_>> {
    let recording = &summary.recording;
    let rule = recording.rule.as_deref()?;
    Some(fields::Naming {
        rule: NamingRule::parse(rule).ok(),
        room: &recording.room,
    })
}

/// The app that the call is of: that of its recording, the one that it names, or the first.
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

/// Recordings that a call may be of, the likely ones first: of its room, requested before it came;
/// or those that `find` finds, of every app.
async fn candidates(
    read: &mut Conn,
    call: &NewCall,
    room: Option<&RoomId>,
    find: Option<&SearchText>,
) -> Result<Vec<Summary>, StoreError> {
    let filter = match (find, room) {
        (None, None) => return Ok(Vec::new()),
        (None, room) => Filter {
            room,
            ..Filter::default()
        },
        (find, _) => Filter {
            search: find,
            ..Filter::default()
        },
    };
    // One id later than any of that moment.
    let until = (call.received_at.plus_millis(1), uuid::Uuid::nil().into());
    let before = find.is_none().then_some(until);
    let limit = u32::try_from(OFFERED + 1).unwrap_or(u32::MAX);
    let mut found = Vec::new();
    for app in apps::list(read).await? {
        if call.app.is_none_or(|named| named == app.id) {
            found.extend(recordings::page(read, app.id, filter, before, limit).await?);
        }
    }
    found.sort_by_key(|summary| {
        let away = summary.recording.requested_at.since(call.received_at).abs();
        (away, summary.recording.id)
    });
    Ok(found)
}
