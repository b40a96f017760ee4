use reelroom_domain::{about::Tag, find::Count};

use super::count::count;

/// A tag and how many recordings have it: `lesson · 58`.
pub fn tag_count(tag: &Tag, recordings: Count) -> String {
    format!("{} · {}", tag.as_str(), count(recordings))
}
