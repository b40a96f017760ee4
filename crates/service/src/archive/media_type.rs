//! The content type of a file. It is never the platform's: our address must not serve anything that a
//! browser would run as a page.

use reelroom_domain::file::Media;

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
}
