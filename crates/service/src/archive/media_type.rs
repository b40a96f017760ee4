//! The content type of a file. It is never the platform's: our address must not serve anything that a
//! browser would run as a page.

use reelroom_domain::file::Media;
use reelroom_zip::safe_name;

/// The content type by the name's extension, if that is a known one, else by the callback's `media`.
pub(crate) fn of(name: &str, media: Media) -> &'static str {
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase());
    match (extension.as_deref(), media) {
        (Some("mp4" | "m4a"), Media::Audio) | (Some("m4a"), _) => "audio/mp4",
        (Some("mp4" | "m4v"), _) => "video/mp4",
        (Some("mp3"), _) => "audio/mpeg",
        (Some("aac"), _) => "audio/aac",
        (Some("webm"), _) => "video/webm",
        (Some("jpg" | "jpeg"), _) => "image/jpeg",
        (Some("png"), _) => "image/png",
        (Some("gif"), _) => "image/gif",
        (Some("webp"), _) => "image/webp",
        (_, Media::Audio) => "audio/mp4",
        (_, Media::Video) => "video/mp4",
        (_, Media::Image) => "image/jpeg",
        (_, Media::Unknown) => "application/octet-stream",
    }
}

/// `name` as a file system takes it, with an extension that fits the content type if it has none of a
/// media file.
pub(crate) fn name(name: &str, content_type: &str) -> String {
    let safe = safe_name(name);
    let has_extension = of(&safe, Media::Unknown) != "application/octet-stream";
    let extension = match content_type {
        "video/mp4" => "mp4",
        "audio/mp4" => "m4a",
        "video/webm" => "webm",
        "audio/mpeg" => "mp3",
        "audio/aac" => "aac",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        _ => return safe,
    };
    if has_extension {
        safe
    } else {
        safe_name(&format!("{safe}.{extension}"))
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
    fn a_name_has_an_extension_that_fits() {
        assert_eq!(name("8c1f0be2a974", "video/mp4"), "8c1f0be2a974.mp4");
        assert_eq!(name("v1.2 review", "audio/mp4"), "v1.2 review.m4a");
        assert_eq!(name("a.mp4", "audio/mp4"), "a.mp4");
        assert_eq!(name("a/b:c.MP4", "video/mp4"), "a_b_c.MP4");
        assert_eq!(name("a", "application/octet-stream"), "a");
    }
}
