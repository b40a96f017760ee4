//! One call, whole.

use reelroom_anyrtc::{callback as wire, raw::Raw};
use reelroom_domain::{
    callback::CallbackKind, ids::CallbackId, inbox::CallView, naming::NamingRule,
    search::SearchText, view::RecordingRow, visible::visible_line,
};
use reelroom_store::{
    Conn, StoreError,
    apps::{self, App},
    callbacks::{self, Callback, Line},
    recordings::{self, Filter, Summary},
};

use super::{body, curl, desk::MASK, fields, list, tokens};
use crate::{
    Principal, Service, ServiceError,
    apps::zone,
    recordings::{library, patience::patience},
};

/// How many recordings are offered to tie a file to.
const OFFERED: usize = 6;

impl Service {
    /// One call: as it came, and as it was understood. `find`: which recordings to offer to tie it
    /// to; `None`: those of its room about that time.
    pub async fn call(
        &self,
        by: &Principal,
        id: CallbackId,
        find: Option<&SearchText>,
    ) -> Result<CallView, ServiceError> {
        let now = self.now();
        let mut read = self.0.store.read().await?;
        let call = callbacks::get(&mut read, id).await?;
        let line = callbacks::line(&mut read, id).await?;
        let (Some(call), Some(line)) = (call, line) else {
            return Err(ServiceError::NotFound);
        };
        let app = app(&mut read, &call).await?;
        let summary = match call.recording {
            Some(recording) => recordings::row_of(&mut read, recording).await?,
            None => None,
        };
        let candidates = if call.kind == CallbackKind::Av && by.role.may_record() {
            candidates(&mut read, &call, &line, find).await?
        } else {
            Vec::new()
        };
        let patience = patience(&mut read).await?;
        let raw = raw(&call);
        let (fields, trouble) = match (&app, call.kind) {
            (None, _) => (Vec::new(), None),
            (Some(app), CallbackKind::Status) => fields::of_status(&raw, &zone(app)),
            (Some(app), CallbackKind::Av) => {
                fields::of_file(&raw, app, summary.as_ref().and_then(naming).as_ref())
            }
        };
        let masked = tokens::without_tokens(&raw);
        let bytes = masked.as_deref().unwrap_or(&call.body);
        // In part it would hide what could not be read.
        let json = Raw { body: bytes, ..raw }.whole();
        let assignable = call.kind == CallbackKind::Av
            && !line.test
            && app.as_ref().is_some_and(|app| {
                let file = wire::read_raw(&raw, &zone(app));
                file.is_ok() || reelroom_anyrtc::parts::supplemented(&raw, "-").is_some()
            });
        let (body, shown) = body::view(bytes, json.map(|json| json.to_string()));
        let is_all = shown == u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        // Masked, it may be shorter than it came.
        let shown = if is_all { line.size } else { shown };
        let mut view = CallView {
            row: list::row(&line, patience.late_after),
            remote: call.remote.clone(),
            content_type: call
                .content_type
                .as_deref()
                .map(|kind| visible_line(kind, 120)),
            body,
            shown,
            masked: masked.is_some(),
            fields,
            trouble,
            recording: summary.map(|summary| library::row(summary, patience, now)),
            assigned_by: call.assigned_to.and(call.assigned_by.clone()),
            dealt: call.dealt_by.clone().zip(call.dealt_at),
            understood_at: call.understood_at,
            assignable,
            candidates: Vec::new(),
            curl: curl::curl(&self.address(&call), call.content_type.as_deref(), bytes),
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
    fn address(&self, call: &Callback) -> String {
        let known = self.0.public_url.as_ref();
        let base = known.or_else(|| self.0.inbox.local_url.get());
        let base = base.map_or("", url::Url::as_str).trim_end_matches('/');
        let mut address = format!("{base}/{MASK}/AR/V1/{}", call.kind.as_str());
        if let Some(app) = call.app {
            address.push_str("?app=");
            address.push_str(&app.to_string());
        }
        address
    }
}

/// What came, with what its head says of it.
pub(crate) fn raw(call: &Callback) -> Raw<'_> {
    Raw {
        body: &call.body,
        content_type: call.content_type.as_deref(),
        content_encoding: None,
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
async fn app(read: &mut Conn, call: &Callback) -> Result<Option<App>, ServiceError> {
    let of_recording = match call.recording {
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
    call: &Callback,
    line: &Line,
    find: Option<&SearchText>,
) -> Result<Vec<Summary>, StoreError> {
    let filter = match (find, &line.room) {
        (None, None) => return Ok(Vec::new()),
        (None, room) => Filter {
            room: room.as_ref(),
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
