//! Reads calls: what they tell, before anything is known of the world.

use std::collections::HashSet;

use reelroom_anyrtc::{
    callback::{self as wire, FileCallback},
    parts::supplemented,
    raw::Raw,
    status::{self, StatusEvent},
};
use reelroom_domain::{
    callback::{CallbackKind, Subject, Understood, Verdict},
    file::{ADDRESS_BYTES, Announcement, FileKind, NAME_BYTES, plausible_size},
    meeting::{RoomEvent, What},
    room::{ParticipantId, RoomId},
    time::Timestamp,
    understanding::{FileCall, Meaning, ReadCall, StatusCall},
};
use reelroom_store::{apps::App, calls::Call};

use super::{
    reading::{Reading, raw},
    subject::{kind_of, length_of, media_of, subject},
};
use crate::{
    apps::{known::named, platform::zone},
    ground::{
        correlation::{self, Correlator},
        guard,
    },
    lookups::import::wire_kind,
};

/// The context in which calls are read.
pub(crate) struct Reader<'a> {
    /// Every app, the default one first; there is one.
    pub apps: &'a [App],
    pub correlator: &'a Correlator,
}

impl Reader<'_> {
    /// Reads a call. `None`: there is no app.
    pub fn read(&self, reading: &Reading) -> Option<ReadCall> {
        let call = &reading.call;
        let app = named(self.apps, call.content.app)?;
        let meaning = match call.content.kind {
            // A console checks the address without a body.
            _ if call.content.body.is_empty() => {
                Meaning::Nothing(Understood::of(Verdict::Duplicate))
            }
            CallbackKind::Av => self.read_file(reading, app),
            CallbackKind::Status => read_status(reading, app),
        };
        Some(ReadCall {
            id: call.id,
            received_at: call.content.received_at,
            meaning,
        })
    }

    fn read_file(&self, reading: &Reading, named: &App) -> Meaning {
        let call = &reading.call;
        // The recording that a person assigned the call to fills in what the call leaves out.
        let raw = raw(call);
        let assigned = reading.assigned_to.as_ref();
        let whole = assigned.and_then(|assigned| {
            supplemented(&raw, assigned.room.as_str(), assigned.kind.map(wire_kind))
        });
        let raw = match &whole {
            Some(body) => Raw::from(body.as_slice()),
            None => raw,
        };
        let unread = |understood: Understood| {
            Meaning::Nothing(Understood {
                subject: subject(&raw, &zone(named)),
                ..understood
            })
        };
        let file = match wire::read_raw(&raw, &zone(named)) {
            Ok(file) => file,
            Err(why) => return unread(not_read(call, why.to_string())),
        };
        let room = match RoomId::new(file.room.clone()) {
            Ok(room) => room,
            Err(why) => return unread(unrecognised(format!("room: {why}"))),
        };
        if file.file_name.len() > NAME_BYTES {
            let why = format!("fileName: over {NAME_BYTES} bytes");
            return unread(unrecognised(why));
        }
        let user_data = file.user_data.as_deref();
        if user_data.is_some_and(|data| self.correlator.is_test(data)) {
            return Meaning::Nothing(test(&file, &room));
        }
        let apps = self.apps.iter().map(|app| app.id);
        let token = user_data.and_then(|data| self.correlator.token(data, &room, apps));
        let app = self.app_by_address(call, &file, named);
        let own = user_data.and_then(correlation::without_token);
        let read = |other: &App| {
            let file = wire::read_raw(&raw, &zone(other)).ok()?;
            Some((other.id, announcement(file)))
        };
        let others = self.apps.iter().filter(|other| other.zone != named.zone);
        let mut zones: Vec<_> = others.filter_map(read).collect();
        let file = announcement(file);
        zones.retain(|(_, other)| *other != file);
        let of_app = zones.iter().position(|(id, _)| *id == app.id);
        let mut meaning = FileCall {
            room,
            app: app.id,
            file,
            other_zones: zones,
            named: call.content.app,
            token,
            user_data: own,
            looked_up: call.content.looked_up,
            assigned_to: assigned.map(|assigned| assigned.recording),
            before: reading.recording(),
        };
        if let Some(index) = of_app {
            // The other way round: `file` is as `app` reads it.
            let (_, file) = meaning.other_zones.swap_remove(index);
            let file = std::mem::replace(&mut meaning.file, file);
            meaning.other_zones.push((named.id, file));
        }
        Meaning::File(Box::new(meaning))
    }

    /// Without a token: the app that the call names, else the one whose addresses it uses.
    fn app_by_address<'b>(&'b self, call: &Call, file: &FileCallback, named: &'b App) -> &'b App {
        match file.download_url.as_deref() {
            Some(address) if call.content.app.is_none() && self.apps.len() > 1 => self
                .apps
                .iter()
                .find(|app| guard::allows(app, address))
                .unwrap_or(named),
            _ => named,
        }
    }
}

fn read_status(reading: &Reading, app: &App) -> Meaning {
    let call = &reading.call;
    let read = match status::read_raw(&raw(call), &zone(app)) {
        Ok(read) => read,
        Err(why) => return Meaning::Nothing(not_read(call, why.to_string())),
    };
    let (mut rooms, mut events) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for event in &read.events {
        let Ok(room) = RoomId::new(event.room.clone()) else {
            continue;
        };
        if seen.insert(room.clone()) {
            rooms.push(room.clone());
        }
        if let Some(event) = room_event(event, call.content.received_at) {
            events.push((room, event));
        }
    }
    Meaning::Status(StatusCall {
        app: app.id,
        rooms,
        events,
        skipped: read.skipped.len(),
        was_accepted: reading.was_accepted(),
    })
}

/// The event as meetings are derived from it; `None`: it says nothing of them.
fn room_event(event: &StatusEvent, received_at: Timestamp) -> Option<RoomEvent> {
    let who = event.user.as_ref();
    let who = who.and_then(|id| ParticipantId::new(id.clone()).ok());
    let at = event.at_ms.map_or(received_at, Timestamp::from_millis);
    let (what, who) = match (event.what, who) {
        // It may be late, or sent again: only its own time makes it the Begin of another meeting.
        (status::What::MeetingBegan, _) if event.at_ms.is_none() => (What::On, None),
        (status::What::MeetingBegan, _) => (What::Begin, None),
        (status::What::MeetingEnded, _) => (What::End, None),
        (status::What::Online, Some(who)) => (What::Online, Some(who)),
        (status::What::Offline, Some(who)) => (What::Offline, Some(who)),
        (status::What::ScreenOn, Some(who)) => (What::ScreenOn, Some(who)),
        (status::What::ScreenOff, Some(who)) => (What::ScreenOff, Some(who)),
        // Shared documents are not shown.
        _ => return None,
    };
    Some(RoomEvent { at, what, who })
}

/// JSON, but nothing that we know.
fn unrecognised(reason: String) -> Understood {
    Understood {
        reason: Some(reason),
        ..Understood::of(Verdict::Unrecognised)
    }
}

/// The result for an unreadable call: malformed where it was answered as not JSON.
fn not_read(call: &Call, reason: String) -> Understood {
    let verdict = match wire::check(&raw(call)) {
        Ok(()) => Verdict::Unrecognised,
        Err(_) => Verdict::Malformed,
    };
    Understood {
        verdict,
        ..unrecognised(reason)
    }
}

/// A test callback of ours.
fn test(file: &FileCallback, room: &RoomId) -> Understood {
    Understood {
        subject: Subject {
            room: Some(room.clone()),
            file_name: Some(file.file_name.clone()),
            file_kind: Some(kind_of(file.kind)),
            participant: participant(file),
            found: false,
            test: true,
        },
        ..Understood::of(Verdict::Accepted)
    }
}

/// As we store it; PostgreSQL has no place for NUL in a text.
fn announcement(file: FileCallback) -> Announcement {
    let text = |text: String| text.replace('\0', "\u{fffd}");
    Announcement {
        kind: kind_of(file.kind),
        media: media_of(file.media),
        participant: participant(&file),
        name: text(file.file_name),
        size: file.file_size.and_then(plausible_size),
        length_ms: file.duration_s.and_then(length_of),
        started_at: file.start_ms.map(Timestamp::from_millis),
        ended_at: file.end_ms.map(Timestamp::from_millis),
        url: file
            .download_url
            .filter(|address| address.len() <= ADDRESS_BYTES)
            .map(text)
            .unwrap_or_default(),
    }
}

/// The participant of a file; `None` for a composite, and for a name that cannot be a participant's: the file is
/// accepted all the same.
fn participant(file: &FileCallback) -> Option<ParticipantId> {
    match kind_of(file.kind) {
        FileKind::Composite => None,
        FileKind::Track | FileKind::Frame => ParticipantId::new(file.user_id.clone()?).ok(),
    }
}
