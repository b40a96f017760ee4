//! The facets of recordings.

use strum::{EnumDiscriminants, EnumString, IntoStaticStr, VariantArray};

use crate::{
    about::Tag,
    file::{FileKind, FileState, Media},
    recording::RecordingState,
    room::RoomId,
    words::words,
};

words!(FacetKey, Archive, Length, Size);

/// A property that recordings are found by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EnumDiscriminants)]
#[strum_discriminants(
    doc = "The subject of a facet: its key in addresses.",
    name(FacetKey),
    derive(PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray),
    strum(serialize_all = "snake_case")
)]
pub enum Facet {
    /// It is of this room.
    Room(RoomId),
    /// The id of its room begins with this.
    Prefix(RoomId),
    /// It has this tag.
    Tag(Tag),
    /// The state of its copies.
    Archive(Archive),
    /// Its length.
    Length(Length),
    /// It has files of this kind.
    Kind(FileKind),
    /// It has files of this media.
    Media(Media),
    /// Its state. Failed starts are in no list that does not ask for them.
    State(RecordingState),
    /// Its size.
    Size(Size),
    /// The sign-in name of the account that started it.
    By(String),
    /// Between its takes nothing was recorded for some seconds.
    Gaps,
    /// It is on hold, itself or by a case.
    Held,
    /// The reader has not opened it.
    Unseen,
}

/// The state of the copies of a recording's files, as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Archive {
    /// Of each file there is a copy.
    Archived,
    /// Some are being copied, or some have copies and others not yet.
    Fetching,
    /// There are files and no copies: they are only at the platform.
    Remote,
    /// Copies failed, are blocked, or the platform no longer has the file.
    Trouble,
}

/// A range of lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Length {
    /// Less than 10 minutes.
    UnderTenMinutes,
    /// From 10 minutes to less than an hour.
    UnderHour,
    /// An hour and more.
    OverHour,
}

/// A range of sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Size {
    /// Less than 100 MB.
    Small,
    /// From 100 MB to less than 1 GB.
    Medium,
    /// 1 GB and more.
    Large,
}

impl Archive {
    /// The state of copies in these states; `None` without files.
    pub fn of(states: impl IntoIterator<Item = FileState>) -> Option<Self> {
        let (mut copies, mut behind, mut fetching) = (false, false, false);
        for state in states {
            match state {
                FileState::Failed | FileState::Blocked | FileState::Gone => {
                    return Some(Self::Trouble);
                }
                FileState::Archived | FileState::Purged => copies = true,
                FileState::Fetching => fetching = true,
                FileState::Remote => behind = true,
            }
        }
        match (copies, behind, fetching) {
            (_, _, true) | (true, true, _) => Some(Self::Fetching),
            (true, false, false) => Some(Self::Archived),
            (false, true, false) => Some(Self::Remote),
            (false, false, false) => None,
        }
    }
}

impl Length {
    const TEN_MINUTES: i64 = 600_000;

    /// The range of a length in milliseconds.
    pub const fn of(millis: i64) -> Self {
        match millis {
            ..Self::TEN_MINUTES => Self::UnderTenMinutes,
            Self::TEN_MINUTES..3_600_000 => Self::UnderHour,
            3_600_000.. => Self::OverHour,
        }
    }
}

impl Size {
    /// The range of a size in bytes.
    pub const fn of(bytes: u64) -> Self {
        match bytes {
            ..100_000_000 => Self::Small,
            100_000_000..1_000_000_000 => Self::Medium,
            1_000_000_000.. => Self::Large,
        }
    }
}

fn each<T: Copy>(values: &[T], facet: fn(T) -> Facet) -> Vec<Facet> {
    values.iter().copied().map(facet).collect()
}

/// The value of facets that are there or not.
const YES: &str = "yes";

impl Facet {
    /// Parses the value of a key in an address.
    pub fn parse(key: FacetKey, value: &str) -> Option<Self> {
        let some =
            Some(value).filter(|value| !value.is_empty() && value.len() <= RoomId::MAX_BYTES);
        let yes = |facet| (value == YES).then_some(facet);
        match key {
            FacetKey::Room => RoomId::new(value).ok().map(Self::Room),
            FacetKey::Prefix => RoomId::new(value).ok().map(Self::Prefix),
            FacetKey::Tag => Tag::parse(value).map(Self::Tag),
            FacetKey::Archive => Archive::parse(value).map(Self::Archive),
            FacetKey::Length => Length::parse(value).map(Self::Length),
            FacetKey::Kind => FileKind::parse(value).map(Self::Kind),
            FacetKey::Media => Media::parse(value).map(Self::Media),
            FacetKey::State => RecordingState::parse(value).map(Self::State),
            FacetKey::Size => Size::parse(value).map(Self::Size),
            FacetKey::By => some.map(|value| Self::By(value.to_owned())),
            FacetKey::Gaps => yes(Self::Gaps),
            FacetKey::Held => yes(Self::Held),
            FacetKey::Unseen => yes(Self::Unseen),
        }
    }

    /// All facets of a key, where they are known.
    pub fn fixed(key: FacetKey) -> Vec<Self> {
        match key {
            FacetKey::Room | FacetKey::Prefix | FacetKey::Tag | FacetKey::By => Vec::new(),
            FacetKey::Archive => each(Archive::VARIANTS, Self::Archive),
            FacetKey::Length => each(Length::VARIANTS, Self::Length),
            FacetKey::Size => each(Size::VARIANTS, Self::Size),
            FacetKey::Kind => each(&FileKind::ALL, Self::Kind),
            FacetKey::Media => each(&[Media::Video, Media::Audio, Media::Image], Self::Media),
            FacetKey::State => each(RecordingState::ALL, Self::State),
            FacetKey::Gaps => vec![Self::Gaps],
            FacetKey::Held => vec![Self::Held],
            FacetKey::Unseen => vec![Self::Unseen],
        }
    }

    /// Its key.
    pub fn key(&self) -> FacetKey {
        self.into()
    }

    /// Its value in an address.
    pub fn value(&self) -> String {
        match self {
            Self::Room(room) | Self::Prefix(room) => room.as_str(),
            Self::By(text) => text,
            Self::Tag(tag) => tag.as_str(),
            Self::Archive(archive) => archive.as_str(),
            Self::Length(length) => length.as_str(),
            Self::Kind(kind) => kind.as_str(),
            Self::Media(media) => media.as_str(),
            Self::State(state) => state.as_str(),
            Self::Size(size) => size.as_str(),
            Self::Gaps | Self::Held | Self::Unseen => YES,
        }
        .to_owned()
    }
}
