//! The files that can be played, and the chosen one.

use reelroom_domain::{
    file::{FileKind, Media},
    view::FileView,
};

/// The chosen content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Playing<'a> {
    /// A composite or a track.
    File(&'a FileView),
    /// The frames, as pictures.
    Frames,
    /// Nothing, as no file is available yet.
    Nothing,
}

impl Playing<'_> {
    /// The value in the address.
    pub fn name(self) -> String {
        match self {
            Self::File(file) => file.id.to_string(),
            Self::Frames => "frames".to_owned(),
            Self::Nothing => String::new(),
        }
    }
}

/// The choice in the address if available, else the composite, a track, or the frames.
pub fn playing<'a>(asked: &str, files: &'a [FileView]) -> Playing<'a> {
    let all = choices(files);
    let mut all = all.iter().map(|choice| choice.is);
    let by_address = all.clone().find(|is| is.name() == asked);
    let composite = all
        .clone()
        .find(|is| matches!(is, Playing::File(file) if file.kind == FileKind::Composite));
    by_address
        .or(composite)
        .or_else(|| all.next())
        .unwrap_or(Playing::Nothing)
}

/// A choice of the player.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice<'a> {
    /// The file, or the frames.
    pub is: Playing<'a>,
    /// The digit key that plays it: 0 for the composite, others for tracks.
    pub key: Option<u32>,
}

/// All choices: files in order, then the frames.
pub fn choices(files: &[FileView]) -> Vec<Choice<'_>> {
    let (mut composites, mut tracks) = (0..=0, 1..=9);
    let playable = files.iter().filter(|file| {
        file.kind != FileKind::Frame && file.media != Media::Image && file.state.is_readable()
    });
    let playable = playable.map(|file| Choice {
        is: Playing::File(file),
        key: match file.kind {
            FileKind::Composite => composites.next(),
            _ => tracks.next(),
        },
    });
    let frames = readable_frames(files).next().map(|_| Choice {
        is: Playing::Frames,
        key: None,
    });
    playable.chain(frames).collect()
}

/// The frames that are available.
pub fn readable_frames(files: &[FileView]) -> impl Iterator<Item = &FileView> {
    let frames = files.iter().filter(|file| file.kind == FileKind::Frame);
    frames.filter(|file| file.state.is_readable())
}

#[cfg(test)]
mod tests {
    use reelroom_domain::file::FileState;

    use super::*;
    use crate::samples;

    fn file(digit: char, kind: FileKind, state: FileState) -> FileView {
        FileView {
            state,
            ..samples::file(digit, kind)
        }
    }

    #[test]
    fn the_address_decides_then_the_composite() {
        let files = [
            file('a', FileKind::Track, FileState::Archived),
            file('b', FileKind::Composite, FileState::Remote),
            file('c', FileKind::Frame, FileState::Archived),
            file('d', FileKind::Track, FileState::Blocked),
        ];
        let file = |index: usize| Playing::File(&files[index]);
        assert_eq!(playing("", &files), file(1));
        assert_eq!(playing(&files[0].id.to_string(), &files), file(0));
        let blocked = files[3].id.to_string();
        assert_eq!(playing(&blocked, &files), file(1));
        assert_eq!(playing("frames", &files), Playing::Frames);
        assert_eq!(playing("frames", &files[..2]), file(1));
        assert_eq!(playing("", &files[..1]), file(0));
        assert_eq!(playing("", &files[2..3]), Playing::Frames);
        assert_eq!(playing("", &[]), Playing::Nothing);
        let keys: Vec<_> = choices(&files).iter().map(|choice| choice.key).collect();
        assert_eq!(keys, [Some(1), Some(0), None]);
    }
}
