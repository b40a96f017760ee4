//! The addresses of pages and files.

use reelroom_domain::{
    ids::{FileId, RecordingId},
    room::RoomId,
    view::RecordingView,
};

/// The page of a room of an app; `app` is empty for the default one (see `InApp`).
pub fn room(app: &str, room: &RoomId) -> String {
    with_query(
        &format!("/rooms/{}", escape(room.as_str())),
        &[("app", app)],
    )
}

/// The page of the room that was recorded, whatever app the page at hand is about.
pub fn room_of(recording: &RecordingView) -> String {
    let app = recording.app.map(|app| app.to_string());
    room(app.as_deref().unwrap_or_default(), &recording.row.room)
}

/// The page of a recording.
pub fn recording(id: RecordingId) -> String {
    format!("/recordings/{id}")
}

/// A file, to be shown.
pub fn file(id: FileId) -> String {
    format!("/files/{id}")
}

/// A file, to be kept.
pub fn download(id: FileId) -> String {
    format!("/files/{id}?download")
}

/// The library of an app with a search, a room, and where to go on; what is empty is left out.
pub fn library(app: &str, search: &str, room: &str, before: &str) -> String {
    with_query(
        "/recordings",
        &[
            ("q", search),
            ("room", room),
            ("before", before),
            ("app", app),
        ],
    )
}

/// The sign-in page, and where to go afterwards.
pub fn login(next: &str) -> String {
    with_query(
        "/login",
        &[(
            "next",
            local(next).filter(|next| *next != "/").unwrap_or_default(),
        )],
    )
}

/// `path`, which may have a query already, with those members of the query that hold something.
pub fn with_query(path: &str, query: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    for (index, (name, value)) in query
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .enumerate()
    {
        let is_first = index == 0 && !path.contains('?');
        address.push(if is_first { '?' } else { '&' });
        address.push_str(name);
        address.push('=');
        address.push_str(&escape(value));
    }
    address
}

/// `address` if it is one of ours: a path, not another site that a link would lure to.
pub fn local(address: &str) -> Option<&str> {
    let ours = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains(['\\', '\r', '\n', '\t'])
        && !address.starts_with("/login");
    ours.then_some(address)
}

/// Percent-encoding of everything that is not unreserved (RFC 3986 §2.3).
pub fn escape(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            escaped.push(char::from(HEX[usize::from(byte >> 4)]));
            escaped.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_room_has_an_address() {
        let address = |name: &str| RoomId::new(name).map(|id| room("", &id)).unwrap();
        assert_eq!(address("class-7B"), "/rooms/class-7B");
        assert_eq!(address("a b&c+d/e?"), "/rooms/a%20b%26c%2Bd%2Fe%3F");
        assert_eq!(address("客服"), "/rooms/%E5%AE%A2%E6%9C%8D");
        let other = RoomId::new("客服").map(|id| room("b7", &id)).unwrap();
        assert_eq!(other, "/rooms/%E5%AE%A2%E6%9C%8D?app=b7");
    }

    #[test]
    fn empty_members_of_a_query_are_left_out() {
        assert_eq!(library("", "", "", ""), "/recordings");
        assert_eq!(library("", "a b", "", "x"), "/recordings?q=a%20b&before=x");
        assert_eq!(library("b7", "", "r", ""), "/recordings?room=r&app=b7");
        assert_eq!(with_query("/x?app=b7", &[("q", "a")]), "/x?app=b7&q=a");
    }

    #[test]
    fn nobody_is_lured_to_another_site() {
        assert_eq!(
            login("/recordings?q=a"),
            "/login?next=%2Frecordings%3Fq%3Da"
        );
        for bad in [
            "https://evil.example",
            "//evil.example",
            "/\\evil",
            "",
            "/login",
            "/",
            "/a\nb",
        ] {
            assert_eq!(login(bad), "/login", "{bad}");
        }
    }
}
