//! The titles, tags and notes of recordings, and their user data.

use rand::Rng;
use reelroom_domain::about::{About, Notes, RecordingTitle, Tag, Tags};

use super::{choice::one_of, words::Theme};

/// Makes up the title, the tags and the notes of a recording of this theme.
pub fn about(rng: &mut impl Rng, theme: &Theme) -> About {
    About {
        title: title(rng, theme),
        tags: tags(rng, theme),
        notes: notes(rng, theme),
    }
}

/// The title of one of three recordings.
fn title(rng: &mut impl Rng, theme: &Theme) -> RecordingTitle {
    if !rng.random_ratio(1, 3) {
        return RecordingTitle::default();
    }
    let subject = one_of(rng, theme.subjects);
    RecordingTitle::parse(&numbered(rng, subject)).unwrap_or_default()
}

/// One to three tags of half of the recordings.
fn tags(rng: &mut impl Rng, theme: &Theme) -> Tags {
    let count = rng.random_range(-2..=3_i32);
    let tags = (0..count).filter_map(|_| {
        let is_special = rng.random_ratio(2, 3);
        let all = if is_special {
            theme.tags
        } else {
            theme.language.tags
        };
        let tag = one_of(rng, all);
        Tag::parse(tag)
    });
    Tags::of(tags).unwrap_or_default()
}

/// The notes of one of twelve recordings.
fn notes(rng: &mut impl Rng, theme: &Theme) -> Notes {
    if !rng.random_ratio(1, 12) {
        return Notes::default();
    }
    let text = one_of(rng, theme.language.notes);
    Notes::parse(&numbered(rng, text)).unwrap_or_default()
}

/// The user data of two of three recordings.
pub fn user_data(rng: &mut impl Rng, theme: &Theme) -> Option<String> {
    rng.random_ratio(2, 3).then(|| numbered(rng, theme.data))
}

/// A text with a number in place of `{n}`.
fn numbered(rng: &mut impl Rng, text: &str) -> String {
    text.replace("{n}", &rng.random_range(1..400_u32).to_string())
}
