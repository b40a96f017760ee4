//! The addresses of pages and files.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reelroom_domain::{
    about::Tag,
    find::{Find, Sort},
    ids::{CaseId, FileId, RecordingId, RequestId},
    room::RoomId,
    view::{RecordingView, Thumbnail},
};

/// The page of a room of an app; `app` is empty for the default one (see `CurrentApp`).
pub fn room(app: &str, room: &RoomId) -> String {
    let id = room.as_str();
    // In a path, `.` and `..` are dot segments even if escaped: browsers and servers remove them.
    if matches!(id, "." | "..") {
        return with_query("/rooms/", &[("id", id), ("app", app)]);
    }
    with_query(&format!("/rooms/{}", escape(id)), &[("app", app)])
}

/// The page of a recording's room, in the app of the recording.
pub fn room_of(recording: &RecordingView) -> String {
    let app = recording.app.map(|app| app.to_string());
    room(app.as_deref().unwrap_or_default(), &recording.row.room)
}

/// The page of a recording's room, whose form has the values that the recording was started with.
pub fn again(recording: &RecordingView) -> String {
    let id = recording.row.id.to_string();
    with_query(&room_of(recording), &[("again", &id)])
}

/// The page of a recording.
pub fn recording(id: RecordingId) -> String {
    format!("/recordings/{id}")
}

/// The page of a recording that is opened from a list. The order is always in the address: it tells that there is a
/// list.
pub fn recording_in(id: RecordingId, find: &Find) -> String {
    let order = Some(find.sort).filter(|sort| *sort == Sort::default());
    let address = with_list(&recording(id), find);
    with_query(&address, &[("sort", order.map_or("", Sort::as_str))])
}

/// `path` with the parameters of a list of recordings.
pub fn with_list(path: &str, find: &Find) -> String {
    let pairs = find.pairs();
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(key, value)| (*key, value.as_str()))
        .collect();
    with_query(path, &pairs)
}

/// A file, for display in the browser.
pub fn file(id: FileId) -> String {
    format!("/files/{id}")
}

/// A file, played from that second on (Media Fragments URI §4.2.1).
pub fn file_from(id: FileId, seconds: u32) -> String {
    format!("/files/{id}#t={seconds}")
}

/// The filmstrip of a video.
pub fn strip(id: FileId) -> String {
    format!("/files/{id}/strip.jpg")
}

/// The picture that stands for a recording.
pub fn thumbnail(thumbnail: Thumbnail) -> String {
    match thumbnail {
        Thumbnail::Frame(id) => file(id),
        Thumbnail::Poster(id) => format!("/files/{id}/poster.jpg"),
    }
}

/// A file, as a download.
pub fn download(id: FileId) -> String {
    format!("/files/{id}?download")
}

/// A version of a file, as a download.
pub fn download_version(id: FileId, version: u32) -> String {
    format!("/files/{id}?version={version}&download")
}

/// The files of a recording as a ZIP archive.
pub fn zip(id: RecordingId) -> String {
    format!("/recordings/{id}/zip")
}

/// The addresses of the files in that archive, as text.
pub fn addresses(id: RecordingId) -> String {
    format!("/recordings/{id}/files.txt")
}

/// The files of several recordings as a ZIP archive; the query names them: `?id=…&id=…`, or all that match:
/// `?all=yes&…`.
pub const SELECTED_ZIP: &str = "/recordings/zip";

/// The addresses of the files in that archive, as text.
pub const SELECTED_ADDRESSES: &str = "/recordings/files.txt";

/// Recordings as a list: those of `?id=…&id=…`, else those that match.
pub const EXPORT_RECORDINGS: &str = "/recordings/export";

/// The history of access as a file.
pub const EXPORT_HISTORY: &str = "/settings/history/export";

/// The accounts as a file.
pub const EXPORT_PEOPLE: &str = "/settings/people/export";

/// The history of access of a recording.
pub fn accesses(id: RecordingId) -> String {
    with_query("/settings/history", &[("recording", &id.to_string())])
}

/// The recordings of a room in the library.
pub fn library(app: &str, room: &RoomId) -> String {
    with_query("/recordings", &[("room", room.as_str()), ("app", app)])
}

/// The recordings with a tag.
pub fn tagged(app: &str, tag: &Tag) -> String {
    with_query("/recordings", &[("tag", tag.as_str()), ("app", app)])
}

/// The recordings with files in trouble.
pub fn in_trouble(app: &str) -> String {
    with_query("/recordings", &[("archive", "trouble"), ("app", app)])
}

/// The callbacks whose files can be assigned to a recording.
pub fn assign_to(id: RecordingId) -> String {
    with_query(
        "/callbacks",
        &[("show", "unrecognised"), ("for", &id.to_string())],
    )
}

/// The page of the reader's own account.
pub fn account() -> LocalAddress {
    LocalAddress("/settings/me".to_owned())
}

/// The page of saved views.
pub const VIEWS: &str = "/recordings/views";

/// The page of retention.
pub const RETENTION: &str = "/settings/retention";

/// The page of the trash.
pub const TRASH: &str = "/trash";

/// A request for the consent of a second administrator, on the page of the trash.
pub fn request(id: RequestId) -> String {
    with_query(TRASH, &[("request", &id.to_string())])
}

/// The page of cases.
pub const CASES: &str = "/cases";

/// A case, on the page of cases.
pub fn case(id: CaseId) -> String {
    with_query(CASES, &[("open", &id.to_string())])
}

/// The form that opens a case with a recording.
pub fn case_with(id: RecordingId) -> String {
    with_query(CASES, &[("new", "yes"), ("id", &id.to_string())])
}

/// The page of certificates of deletion.
pub const CERTIFICATES: &str = "/certificates";

/// A certificate of deletion.
pub fn certificate(number: &str) -> String {
    format!("{CERTIFICATES}/{}", escape(number))
}

/// The settings of the trash.
pub const DELETING: &str = "/settings/deleting";

/// The page of people and groups.
pub const PEOPLE: &str = "/settings/people";

/// The page on which the person of a one-time link sets the password.
pub fn once(token: &str) -> LocalAddress {
    LocalAddress::or_home(&format!("/once/{}", escape(token)))
}

/// The settings, with a note for the first administrator.
pub fn first_settings() -> LocalAddress {
    LocalAddress("/settings".to_owned()).with(&[("first", "yes")])
}

/// The sign-in page, with the page to show afterwards.
pub fn login(next: &str) -> LocalAddress {
    let next = LocalAddress::after_sign_in(next);
    let next = Some(next.as_str()).filter(|next| *next != "/");
    LocalAddress::or_home("/login").with(&[("next", next.unwrap_or_default())])
}

/// The sign-in page with a note that the session ended, and the page to show afterwards.
pub fn session_ended(next: &str) -> LocalAddress {
    login(next).with(&[("ended", "yes")])
}

/// The address of a page of this site: a path and perhaps a query, in visible ASCII. A `Location`
/// header can hold it, and no browser reads another host in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalAddress(String);

impl LocalAddress {
    /// `text` as an address of this site, without its fragment; other characters than visible ASCII
    /// are percent-encoded. `None` for text with control characters or backslashes, for a path whose
    /// first character is not a letter or a digit (`//evil.example`, `/%5cevil.example`), and for a
    /// path with empty or dot segments (`/x/..//evil.example`).
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.split('#').next().unwrap_or_default();
        let path = text.split('?').next().unwrap_or_default();
        let is_local =
            is_path_of_ours(path) && !text.contains(|c: char| c.is_control() || c == '\\');
        is_local.then(|| {
            let escape_other = |c: char| match c {
                '!'..='~' => c.to_string(),
                _ => escape(c.encode_utf8(&mut [0; 4])),
            };
            Self(text.chars().map(escape_other).collect())
        })
    }

    /// The same, or the home page where `text` is no address of this site.
    pub fn or_home(text: &str) -> Self {
        Self::parse(text).unwrap_or_else(|| Self("/".to_owned()))
    }

    /// The page to show after sign-in: `text`, or the home page where `text` is no address of this
    /// site or the sign-in page itself.
    pub fn after_sign_in(text: &str) -> Self {
        let next = Self::or_home(text);
        if next.path() == "/login" {
            Self::or_home("/")
        } else {
            next
        }
    }

    /// The address with these parameters added to its query; empty ones are left out.
    #[must_use]
    pub fn with(&self, query: &[(&str, &str)]) -> Self {
        Self(with_query(&self.0, query))
    }

    /// The address without the query parameters of these names.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        self.filtered(|name| !names.contains(&name))
    }

    /// The address with only the query parameters of these names.
    #[must_use]
    pub fn only(&self, names: &[&str]) -> Self {
        self.filtered(|name| names.contains(&name))
    }

    fn filtered(&self, is_kept: impl Fn(&str) -> bool) -> Self {
        let Some((path, query)) = self.0.split_once('?') else {
            return self.clone();
        };
        let is_kept =
            |pair: &&str| !pair.is_empty() && is_kept(pair.split('=').next().unwrap_or_default());
        let rest: Vec<&str> = query.split('&').filter(is_kept).collect();
        let mark = if rest.is_empty() { "" } else { "?" };
        Self(format!("{path}{mark}{}", rest.join("&")))
    }

    /// The path, without the query.
    pub fn path(&self) -> &str {
        self.0.split('?').next().unwrap_or_default()
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LocalAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl axum::response::IntoResponse for LocalAddress {
    /// A 303 redirect to this address.
    fn into_response(self) -> axum::response::Response {
        axum::response::Redirect::to(&self.0).into_response()
    }
}

/// Whether every browser resolves `path` to a path on the same site.
fn is_path_of_ours(path: &str) -> bool {
    let Some(rest) = path.strip_prefix('/') else {
        return false;
    };
    let is_segment = |segment: &str| {
        let decoded = segment.to_ascii_lowercase().replace("%2e", ".");
        !matches!(decoded.as_str(), "" | "." | "..")
    };
    let whole = rest.strip_suffix('/').unwrap_or(rest);
    rest.is_empty()
        || rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && whole.split('/').all(is_segment)
}

/// Adds the non-empty parameters to `path`, which may already have a query.
pub fn with_query(path: &str, query: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    for (name, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.extend([*name, "=", &escape(value)]);
    }
    address
}

/// Adds the non-empty parameters to `path`, those of `changed` with its values.
pub fn with_changed(path: &str, query: &[(&str, &str)], changed: &[(&str, &str)]) -> String {
    let query = query.iter().map(|(name, value)| {
        let new = changed.iter().find(|(other, _)| other == name);
        (*name, new.map_or(*value, |(_, new)| *new))
    });
    with_query(path, &query.collect::<Vec<_>>())
}

/// Percent-encoding of everything that is not unreserved (RFC 3986 §2.3).
pub fn escape(text: &str) -> String {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::*;

    #[test]
    fn any_room_has_an_address() {
        let address = |name: &str| RoomId::new(name).map(|id| room("", &id)).unwrap();
        assert_eq!(address("class-7B"), "/rooms/class-7B");
        assert_eq!(address("a b&c+d/e?"), "/rooms/a%20b%26c%2Bd%2Fe%3F");
        assert_eq!(address("客服"), "/rooms/%E5%AE%A2%E6%9C%8D");
        let other = |name: &str| RoomId::new(name).map(|id| room("b7", &id)).unwrap();
        assert_eq!(other("客服"), "/rooms/%E5%AE%A2%E6%9C%8D?app=b7");
        assert_eq!(other(".."), "/rooms/?id=..&app=b7");
    }

    /// As the `url` crate, which follows the standard of the browsers, reads it.
    #[test]
    fn an_odd_room_comes_back_from_its_address() {
        for id in [
            ".", "..", "...", "./x", "%2e", "%2E%2e", "%252e", "r%41", "100%", "100%25-a", "/x==",
            "a//b", "/", "\\", "a/../b", "?id=x", "a#b", "a+b c", " a ", "客服",
        ] {
            let address = room("b7", &RoomId::new(id).unwrap());
            let local = LocalAddress::parse(&address);
            assert_eq!(local.unwrap().as_str(), address, "no form goes back to it");
            let base = Url::parse("https://rec.example/").unwrap();
            let url = base.join(&address).unwrap();
            let found = match url.path().strip_prefix("/rooms/").unwrap() {
                "" => url.query_pairs().find(|(name, _)| name == "id").unwrap().1,
                segment => {
                    assert!(!segment.contains('/'), "{id}");
                    let decoded = format!("x={}", segment.replace('+', "%2B"));
                    let pair = Url::parse(&format!("https://x/?{decoded}")).unwrap();
                    pair.query_pairs().next().unwrap().1.into_owned().into()
                }
            };
            assert_eq!(found, id);
        }
    }

    #[test]
    fn a_recording_in_a_list_has_its_order() {
        let id: RecordingId = "0192f00d0192f00d0192f00d0192f00d".parse().unwrap();
        for (query, address) in [
            (vec![], "?sort=newest"),
            (vec![("sort", "longest")], "?sort=longest"),
            (
                vec![("q", "评审"), ("room", "a b")],
                "?q=%E8%AF%84%E5%AE%A1&room=a%20b&sort=newest",
            ),
        ] {
            let in_list = recording_in(id, &Find::of(query));
            assert_eq!(in_list, format!("{}{address}", recording(id)));
        }
    }

    #[test]
    fn empty_members_of_a_query_are_left_out() {
        let room = RoomId::new("r 1").unwrap();
        assert_eq!(library("b7", &room), "/recordings?room=r%201&app=b7");
        assert_eq!(with_query("/x?app=b7", &[("q", "a")]), "/x?app=b7&q=a");
    }

    /// Spellings of another site, and text that no header can hold.
    const FOREIGN: [&str; 20] = [
        "",
        "recordings",
        "https://evil.example",
        "javascript:alert(1)",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/%5cevil.example",
        "/%2Fevil.example",
        "/.//evil.example",
        "/..//evil.example",
        "/x/..//evil.example",
        "/x/%2E%2e//evil.example",
        "/x//evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/\u{1}",
        "/a\nb",
        "/a\u{85}b",
    ];

    #[test]
    fn an_address_of_another_site_is_no_local_address() {
        for text in FOREIGN {
            assert_eq!(LocalAddress::parse(text), None, "{text:?}");
        }
        for (text, address) in [
            ("/", "/"),
            ("/?q=a", "/?q=a"),
            ("/settings/", "/settings/"),
            ("/rooms/客服?q=a b", "/rooms/%E5%AE%A2%E6%9C%8D?q=a%20b"),
            ("/rooms/a%2Fb%5Cc#top", "/rooms/a%2Fb%5Cc"),
        ] {
            assert_eq!(LocalAddress::or_home(text).as_str(), address);
        }
    }

    #[test]
    fn the_sign_in_page_knows_where_to_go_afterwards() {
        let address = login("/recordings?q=a").to_string();
        assert_eq!(address, "/login?next=%2Frecordings%3Fq%3Da");
        assert_eq!(session_ended("/").as_str(), "/login?ended=yes");
        for none in FOREIGN.into_iter().chain(["/", "/login", "/login?next=x"]) {
            assert_eq!(login(none).as_str(), "/login", "{none:?}");
        }
    }

    #[test]
    fn members_of_a_query_are_taken_out() {
        let without = |text| LocalAddress::or_home(text).without(&["a", "b"]).to_string();
        assert_eq!(without("/x?a=1&c=2&b=3"), "/x?c=2");
        assert_eq!(without("/x?a=1&b"), "/x");
        assert_eq!(without("/x"), "/x");
        let only = |text| LocalAddress::or_home(text).only(&["a", "b"]).to_string();
        assert_eq!(only("/x?a=1&c=2&b=3"), "/x?a=1&b=3");
        assert_eq!(only("/x?c"), "/x");
    }

    proptest! {
        /// As the `url` crate, which follows the standard of the browsers, resolves it.
        #[test]
        fn any_local_address_stays_on_its_site(
            text in "(/|\\\\|\\.|%2e|%5c|%2f|\t|\n|\u{1}|[?#:@a-z&= ]|\\PC){0,12}"
        ) {
            let address = LocalAddress::or_home(&text).with(&[("app", "b7")]);
            prop_assert!(address.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
            let base = Url::parse("https://rec.example/").unwrap();
            let url = base.join(address.as_str()).unwrap();
            prop_assert_eq!(url.host_str(), Some("rec.example"));
            // Read once more, as a page does that follows it.
            let again = base.join(url.path()).unwrap();
            prop_assert_eq!(again.host_str(), Some("rec.example"));
            prop_assert_eq!(LocalAddress::parse(address.as_str()), Some(address));
        }
    }
}
