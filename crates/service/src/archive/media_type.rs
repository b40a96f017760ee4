//! The content type of a file. It is never the platform's: our address must not serve anything that a
//! browser would run as a page.

use reelroom_domain::file::{Media, UNKNOWN_TYPE};
use reelroom_zip::safe_name;

/// The known extensions with their content types; of several with one type, the usual one is first.
const TYPES: [(&str, &str); 11] = [
    ("mp4", "video/mp4"),
    ("m4v", "video/mp4"),
    ("m4a", "audio/mp4"),
    ("mp3", "audio/mpeg"),
    ("aac", "audio/aac"),
    ("webm", "video/webm"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
];

/// The entry of a name's extension, if that is a known one.
fn known(name: &str) -> Option<(&'static str, &'static str)> {
    let (_, extension) = name.rsplit_once('.')?;
    let mut types = TYPES.into_iter();
    types.find(|(known, _)| known.eq_ignore_ascii_case(extension))
}

/// The content type by the name's extension, if that is a known one, else by the callback's `media`.
pub(crate) fn of(name: &str, media: Media) -> &'static str {
    match (known(name), media) {
        (Some(("mp4", _)) | None, Media::Audio) => "audio/mp4",
        (Some((_, of_extension)), _) => of_extension,
        (None, Media::Video) => "video/mp4",
        (None, Media::Image) => "image/jpeg",
        (None, Media::Unknown) => UNKNOWN_TYPE,
    }
}

/// Whether an answer of this `Content-Type` is text, JSON or XML, as that of an error is: no media.
pub(super) fn is_text(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default();
    let kind = kind.trim().to_ascii_lowercase();
    let ends = ["/json", "+json", "/xml", "+xml"];
    kind.starts_with("text/") || ends.iter().any(|end| kind.ends_with(end))
}

/// `name` as a file system takes it, with an extension that fits the content type if it has none of a
/// media file.
pub(crate) fn name(name: &str, content_type: &str) -> String {
    let safe = safe_name(name);
    let usual = TYPES.into_iter().find(|(_, of)| *of == content_type);
    match (known(&safe), usual) {
        (None, Some((extension, _))) => safe_name(&format!("{safe}.{extension}")),
        _ => safe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_type_is_a_page() {
        assert_eq!(of("a.html", Media::Unknown), "application/octet-stream");
        assert_eq!(of("a.svg", Media::Image), "image/jpeg");
        assert_eq!(of("a.MP4", Media::Video), "video/mp4");
        assert_eq!(of("a.mp4", Media::Audio), "audio/mp4");
        assert_eq!(of("8c1f0be2a974", Media::Video), "video/mp4");
    }

    #[test]
    fn pages_and_errors_are_text() {
        for text in [
            "text/html",
            "Text/HTML; charset=utf-8",
            "text/plain",
            "application/json ; charset=utf-8",
            "application/problem+json",
            "application/xml",
            "image/svg+xml",
        ] {
            assert!(is_text(text), "{text}");
        }
        for other in ["", "video/mp4", "application/octet-stream", "x-text/y"] {
            assert!(!is_text(other), "{other}");
        }
    }

    #[test]
    fn a_name_has_an_extension_that_fits() {
        assert_eq!(name("8c1f0be2a974", "video/mp4"), "8c1f0be2a974.mp4");
        assert_eq!(name("v1.2 review", "audio/mp4"), "v1.2 review.m4a");
        assert_eq!(name("a.mp4", "audio/mp4"), "a.mp4");
        assert_eq!(name("a/b:c.MP4", "video/mp4"), "a_b_c.MP4");
        assert_eq!(name("a", "application/octet-stream"), "a");
        assert_eq!(name("a\u{202e}4pm", "video/mp4"), "a_4pm.mp4");
    }
}
