//! The fields of a call: as received, and as read.

use jiff::tz::TimeZone;
use reelroom_anyrtc::{
    callback::{self as wire, Field, Lack, Understood as Read, Unreadable, WrittenAs},
    raw::Raw,
    status::{self, StatusEvent, What},
};
use reelroom_domain::{
    file::{FileKind, NAME_BYTES, plausible_size},
    inbox::{FieldView, Happened, Means, Remark, Trouble},
    naming::NamingRule,
    room::RoomId,
    time::Timestamp,
    visible::visible_line,
};
use reelroom_store::apps::App;

use super::tokens;
use crate::{apps::platform::zone, ground::guard, understanding::subject};

/// The most characters of a field that are shown.
const LONGEST: usize = 400;
/// The most fields, and events, that are shown.
const MOST: usize = 100;

/// The facts with which a file's name is compared.
pub(crate) struct Naming<'a> {
    pub rule: NamingRule,
    pub room: &'a RoomId,
}

/// The fields of a file's announcement, and why it cannot be read, if so.
pub(crate) fn of_file(
    raw: &Raw<'_>,
    app: &App,
    naming: Option<&Naming<'_>>,
) -> (Vec<FieldView>, Option<Trouble>) {
    let zone = zone(app);
    let file = wire::read_raw(raw, &zone);
    let trouble = match &file {
        Ok(file) if RoomId::new(file.room.clone()).is_err() => Some(Trouble::BadRoom),
        Ok(file) if file.file_name.len() > NAME_BYTES => Some(Trouble::LongName),
        Ok(_) => None,
        Err(error) => Some(trouble(error)),
    };
    let kind = file.ok().map(|file| subject::kind_of(file.kind));
    let fields = wire::explain(raw, &zone).unwrap_or_default();
    let needed =
        |name: &str| matches!(&trouble, Some(Trouble::Missing(missing)) if missing == name);
    let shown = fields.iter().take(MOST).map(|field| FieldView {
        name: line(&field.name),
        raw: field.raw.as_deref().map(line).unwrap_or_default(),
        means: means(field),
        remark: if needed(&field.name) {
            Some(Remark::Needed)
        } else {
            remark(field, app, kind, naming)
        },
    });
    (shown.collect(), trouble)
}

fn line(text: &str) -> String {
    let masked = tokens::mask_text(text);
    visible_line(masked.as_deref().unwrap_or(text), LONGEST)
}

fn trouble(error: &Unreadable) -> Trouble {
    match error {
        Unreadable::NotJson(error) => Trouble::NotJson(line(&error.to_string())),
        Unreadable::NotACallback(Lack::Object) => Trouble::NotAnObject,
        Unreadable::NotACallback(Lack::Field(name)) => Trouble::Missing((*name).to_owned()),
        Unreadable::NotACallback(Lack::Unreadable(name)) => Trouble::Unreadable((*name).to_owned()),
        Unreadable::NotACallback(Lack::Kind(kind)) => Trouble::UnknownKind(line(kind)),
    }
}

fn means(field: &Field) -> Means {
    match &field.understood {
        Read::Absent => Means::Absent,
        Read::Kind(kind) => Means::Kind(subject::kind_of(*kind)),
        Read::Media(media) => Means::Media(subject::media_of(*media)),
        Read::Bytes(bytes) => plausible_size(*bytes).map_or(Means::Unread, Means::Bytes),
        Read::Seconds(seconds) => subject::length_of(*seconds).map_or(Means::Unread, Means::Length),
        Read::Moment { millis, .. } => Means::Moment(Timestamp::from_millis(*millis)),
        Read::UserData { text, .. } => match serde_json::from_str(text) {
            Ok(serde_json::Value::Object(members)) => {
                Means::Members(u32::try_from(members.len()).unwrap_or(u32::MAX))
            }
            _ => Means::Text,
        },
        Read::Room(room) => Means::Room(line(room)),
        Read::Participant(user) => Means::Person(line(user)),
        Read::Name(name) => Means::Name(line(name)),
        Read::Address(address) => {
            let url = url::Url::parse(address).ok();
            let host = url.as_ref().and_then(url::Url::host_str);
            host.map_or(Means::Unread, |host| Means::Host(line(host)))
        }
        Read::Unreadable => Means::Unread,
        Read::Extra => Means::Kept,
    }
}

fn remark(
    field: &Field,
    app: &App,
    kind: Option<FileKind>,
    naming: Option<&Naming<'_>>,
) -> Option<Remark> {
    match &field.understood {
        Read::Moment {
            written: WrittenAs::Local,
            ..
        } => Some(Remark::InZone(app.zone.clone())),
        Read::Address(address) => (!guard::allows(app, address)).then_some(Remark::NotAllowed),
        Read::Name(name) => {
            let naming = naming?;
            let read = naming.rule.read_back(name, kind?, Some(naming.room));
            Some(match read {
                Some(_) => Remark::FollowsRule,
                None => Remark::BreaksRule,
            })
        }
        _ => None,
    }
}

/// The events of a status call, and why it cannot be read, if so.
pub(crate) fn of_status(raw: &Raw<'_>, zone: &TimeZone) -> (Vec<FieldView>, Option<Trouble>) {
    let read = match status::read_raw(raw, zone) {
        Ok(read) => read,
        Err(status::Unreadable::NotJson(error)) => {
            return (Vec::new(), Some(Trouble::NotJson(line(&error.to_string()))));
        }
        Err(status::Unreadable::NotAList) => return (Vec::new(), Some(Trouble::NotAnObject)),
    };
    let trouble = read.events.is_empty().then_some(Trouble::NoEvent);
    let understood = read.events.iter().map(|event| FieldView {
        name: line(&event.room),
        raw: String::new(),
        means: happened(event),
        remark: (event.at_ms.and(zone.iana_name())).map(|name| Remark::InZone(name.to_owned())),
    });
    let skipped = read.skipped.iter().map(|skipped| FieldView {
        name: format!("[{}]", skipped.index),
        raw: line(&skipped.why.to_string()),
        means: Means::Unread,
        remark: None,
    });
    (understood.chain(skipped).take(MOST).collect(), trouble)
}

fn happened(event: &StatusEvent) -> Means {
    Means::Event {
        what: match event.what {
            What::MeetingBegan => Happened::MeetingBegan,
            What::MeetingEnded => Happened::MeetingEnded,
            What::Online => Happened::Came,
            What::Offline => Happened::Left,
            What::ScreenOn => Happened::ScreenOn,
            What::ScreenOff => Happened::ScreenOff,
            What::DocOn => Happened::DocumentOn,
            What::DocOff => Happened::DocumentOff,
        },
        person: event.user.as_deref().map(line),
        at: event.at_ms.map(Timestamp::from_millis),
    }
}
