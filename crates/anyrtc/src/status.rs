//! The callback that reports events in rooms: `POST /AR/V1/status` (`VENDOR.md` §4).

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use strum::VariantArray;

use crate::{
    json,
    raw::{Raw, Undecodable},
    time,
};

/// The kind of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray)]
pub enum What {
    /// A meeting began.
    MeetingBegan,
    /// The meeting ended.
    MeetingEnded,
    /// A participant joined.
    Online,
    /// A participant left.
    Offline,
    /// A participant started to share their screen.
    ScreenOn,
    /// A participant stopped.
    ScreenOff,
    /// A participant started to share a document.
    DocOn,
    /// A participant stopped.
    DocOff,
}

impl What {
    /// Every event.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// `type` and `option`.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::MeetingBegan => ("1", "Begin"),
            Self::MeetingEnded => ("1", "End"),
            Self::Online => ("2", "Online"),
            Self::Offline => ("2", "Offline"),
            Self::ScreenOn => ("3", "ScreenOn"),
            Self::ScreenOff => ("3", "ScreenOff"),
            Self::DocOn => ("4", "DocOn"),
            Self::DocOff => ("4", "DocOff"),
        }
    }

    /// Whether it is about one participant rather than the meeting.
    pub const fn has_participant(self) -> bool {
        !matches!(self, Self::MeetingBegan | Self::MeetingEnded)
    }
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusEvent {
    /// The room.
    pub room: String,
    /// The participant, in each event that [has one](What::has_participant).
    pub user: Option<String>,
    /// Its time, unix milliseconds; `None` if unreadable.
    pub at_ms: Option<i64>,
    /// Its kind.
    pub what: What,
    /// The client's data.
    pub user_data: Option<String>,
}

/// An item that could not be read; the others of its call are still valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its index in the array.
    pub index: usize,
    /// The reason.
    pub why: Odd,
}

/// The reason why an item could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Odd {
    /// It is not an object.
    #[error("not an object")]
    Object,
    /// This member is absent or blank.
    #[error("{0} is missing")]
    Field(&'static str),
    /// `option` is unknown, or not of this `type`; both cut to 40 characters.
    #[error("option {option:?} of type {kind:?} is not known")]
    What {
        /// `type`, blank where absent.
        kind: String,
        /// `option`.
        option: String,
    },
}

/// The content of a status callback.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// The events, in the order of the call.
    pub events: Vec<StatusEvent>,
    /// The items that could not be read.
    pub skipped: Vec<Skipped>,
}

/// The error of a body that is no status callback.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It contains no JSON.
    #[error(transparent)]
    NotJson(#[from] Undecodable),
    /// Its JSON is neither an array nor an object.
    #[error("neither an array nor an object")]
    NotAList,
}

/// Reads a body without headers; see [`read_raw`].
pub fn read(body: &[u8], zone: &TimeZone) -> Result<Status, Unreadable> {
    read_raw(&Raw::from(body), zone)
}

/// Reads a body, an array or a single object, with local times in `zone`.
pub fn read_raw(raw: &Raw<'_>, zone: &TimeZone) -> Result<Status, Unreadable> {
    let items = match raw.json()? {
        Value::Array(items) => items,
        lone @ Value::Object(_) => vec![lone],
        _ => return Err(Unreadable::NotAList),
    };
    let mut status = Status::default();
    for (index, item) in items.iter().enumerate() {
        let read = item.as_object().ok_or(Odd::Object);
        match read.and_then(|members| understand(members, zone)) {
            Ok(event) => status.events.push(event),
            Err(why) => status.skipped.push(Skipped { index, why }),
        }
    }
    Ok(status)
}

fn understand(members: &Map<String, Value>, zone: &TimeZone) -> Result<StatusEvent, Odd> {
    let text = |name| json::text(members, name);
    let needed = |name| text(name).ok_or(Odd::Field(name));
    let option = needed("option")?;
    let kind = text("type");
    // The option is enough; a type must not contradict it.
    let what = What::ALL.iter().copied().find(|what| {
        let (its_kind, its_option) = what.words();
        option.trim().eq_ignore_ascii_case(its_option)
            && kind.as_deref().is_none_or(|kind| kind.trim() == its_kind)
    });
    let what = what.ok_or_else(|| Odd::What {
        kind: kind.unwrap_or_default().chars().take(40).collect(),
        option: option.chars().take(40).collect(),
    })?;
    let user = text("userId");
    if what.has_participant() && user.is_none() {
        return Err(Odd::Field("userId"));
    }
    Ok(StatusEvent {
        room: needed("groupId")?,
        user,
        at_ms: json::member(members, "time").and_then(|at| time::read_value(at, zone)),
        what,
        user_data: json::user_data(members),
    })
}

/// The body as the platform writes it: an array, with times as unix seconds.
pub fn write(events: &[StatusEvent]) -> Value {
    events
        .iter()
        .map(|event| {
            let (kind, option) = event.what.words();
            json!({
                "type": kind,
                "userId": event.user.as_deref().unwrap_or_default(),
                "groupId": event.room,
                "option": option,
                "time": event.at_ms.map(time::write_unix).unwrap_or_default(),
                "userData": event.user_data.as_deref().unwrap_or_default(),
            })
        })
        .collect()
}
