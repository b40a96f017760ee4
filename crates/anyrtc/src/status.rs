//! The callback that tells what happens in rooms: `POST /AR/V1/status` (`VENDOR.md` §4).

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::{
    json,
    raw::{Raw, Undecodable},
    time,
};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    /// A meeting began.
    MeetingBegan,
    /// The meeting ended.
    MeetingEnded,
    /// A participant came.
    Online,
    /// A participant left.
    Offline,
    /// A participant began to share their screen.
    ScreenOn,
    /// … and ended it.
    ScreenOff,
    /// A participant began to share a document.
    DocOn,
    /// … and ended it.
    DocOff,
}

impl What {
    /// Every event.
    pub const ALL: [Self; 8] = [
        Self::MeetingBegan,
        Self::MeetingEnded,
        Self::Online,
        Self::Offline,
        Self::ScreenOn,
        Self::ScreenOff,
        Self::DocOn,
        Self::DocOff,
    ];

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

    /// Whether it is about one participant, and not about the meeting.
    pub const fn concerns_somebody(self) -> bool {
        !matches!(self, Self::MeetingBegan | Self::MeetingEnded)
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusEvent {
    /// The room.
    pub room: String,
    /// Who; always there where the event [concerns somebody](What::concerns_somebody).
    pub user: Option<String>,
    /// When, unix milliseconds; `None` where the platform wrote no readable time.
    pub at_ms: Option<i64>,
    /// What.
    pub what: What,
    /// What the client gave.
    pub user_data: Option<String>,
}

/// An item that was not understood; the others of its call count all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its place in the array, from 0.
    pub index: usize,
    /// Why.
    pub why: Odd,
}

/// Why an item was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Odd {
    /// It is not an object.
    #[error("not an object")]
    Object,
    /// This member is absent or blank.
    #[error("{0} is missing")]
    Field(&'static str),
    /// `option` is not known, or not for this `type`. Both, each cut to 40 characters.
    #[error("option {option:?} of type {kind:?} is not known")]
    What {
        /// `type`, blank where absent.
        kind: String,
        /// `option`.
        option: String,
    },
}

/// A call, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// What was understood, in the order of the call.
    pub events: Vec<StatusEvent>,
    /// What was not.
    pub skipped: Vec<Skipped>,
}

/// A body that tells nothing.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// No JSON in it; the message says why.
    #[error(transparent)]
    NotJson(#[from] Undecodable),
    /// JSON, but neither an array nor an object.
    #[error("neither an array nor an object")]
    NotAList,
}

/// Reads a body of which no more is known; see [`read_raw`].
pub fn read(body: &[u8], zone: &TimeZone) -> Result<Status, Unreadable> {
    read_raw(&Raw::from(body), zone)
}

/// Reads a body: an array, or a lone object. Local times are of `zone`.
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
    // The option says it all; a type is only there to contradict it.
    let what = What::ALL.into_iter().find(|what| {
        let (its_kind, its_option) = what.words();
        option.trim().eq_ignore_ascii_case(its_option)
            && kind.as_deref().is_none_or(|kind| kind.trim() == its_kind)
    });
    let what = what.ok_or_else(|| Odd::What {
        kind: kind.unwrap_or_default().chars().take(40).collect(),
        option: option.chars().take(40).collect(),
    })?;
    let user = text("userId");
    if what.concerns_somebody() && user.is_none() {
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

/// The body as the platform writes it: an array, times as unix seconds, which need no zone.
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
