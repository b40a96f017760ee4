//! The members that a file callback lacks, for an inbox that completes calls.

use serde_json::{Map, Value};

use crate::{callback::Kind, json, raw::Raw};

/// Whether a call names a file without a readable kind.
pub fn lacks_kind(raw: &Raw<'_>) -> bool {
    let Ok(Value::Object(members)) = raw.json() else {
        return false;
    };
    kind_of(&members).is_none() && json::text(&members, "fileName").is_some()
}

fn kind_of(members: &Map<String, Value>) -> Option<Kind> {
    Kind::read(&json::text(members, "type")?)
}

/// The body with the members that it lacks: `room`, and the kind of the file, else guessed from its name.
/// `None` if it names no file or lacks nothing.
pub fn supplemented(raw: &Raw<'_>, room: &str, kind: Option<Kind>) -> Option<Vec<u8>> {
    let Ok(Value::Object(mut members)) = raw.json() else {
        return None;
    };
    let name = json::text(&members, "fileName")?;
    let mut added = false;
    if json::text(&members, "groupId").is_none() {
        put(&mut members, "groupId", room.to_owned());
        added = true;
    }
    if kind_of(&members).is_none() {
        let kind = kind.unwrap_or_else(|| guessed(&members, &name));
        put(&mut members, "type", kind.number().to_string());
        added = true;
    }
    added.then(|| Value::Object(members).to_string().into_bytes())
}

fn put(members: &mut Map<String, Value>, name: &str, value: String) {
    members.retain(|key, _| !key.eq_ignore_ascii_case(name));
    members.insert(name.to_owned(), Value::String(value));
}

/// A picture is a frame, a file with a participant is a track, any other is a composite.
fn guessed(members: &Map<String, Value>, name: &str) -> Kind {
    let name = name.to_ascii_lowercase();
    if [".jpg", ".jpeg", ".png"]
        .iter()
        .any(|end| name.ends_with(end))
    {
        Kind::Frame
    } else if json::text(members, "userId").is_some() {
        Kind::Track
    } else {
        Kind::Composite
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::callback;

    fn read(body: &str) -> Option<callback::FileCallback> {
        let whole = supplemented(&Raw::from(body.as_bytes()), "r1", None)?;
        callback::read(&whole, &TimeZone::UTC).ok()
    }

    #[test]
    fn an_omitted_member_is_added() {
        let file = read(r#"{"fileName":"a.MP4","downloadUrl":"http://x/"}"#).unwrap();
        assert_eq!((file.room.as_str(), file.kind), ("r1", Kind::Composite));
        let file = read(r#"{"Type":"9","fileName":"a.mp4","userId":"u"}"#).unwrap();
        assert_eq!(file.kind, Kind::Track);
        let file = read(r#"{"groupId":"own","fileName":"a.jpg"}"#).unwrap();
        assert_eq!((file.room.as_str(), file.kind), ("own", Kind::Frame));
    }

    #[test]
    fn nothing_else_is_added() {
        for body in [
            "[]",
            "{broken",
            r#"{"groupId":"r"}"#,
            r#"{"type":"1","groupId":"r","fileName":"a"}"#,
        ] {
            assert!(
                supplemented(&Raw::from(body.as_bytes()), "r1", None).is_none(),
                "{body}"
            );
        }
    }
}
