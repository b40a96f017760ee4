//! Fixed facets as a bit mask.

use std::collections::BTreeMap;

use super::facet::{Facet, FacetKey};

/// The facets of a recording whose values are fixed ([`Facet::fixed`]), one bit each. *Not seen* is none of them: it
/// differs from account to account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Mask(i64);

impl Mask {
    /// The mask of these bits, as they are stored.
    pub const fn new(bits: i64) -> Self {
        Self(bits)
    }

    /// Its bits.
    pub const fn bits(self) -> i64 {
        self.0
    }

    /// The mask of a recording with these facets.
    pub fn of<'a>(facets: impl IntoIterator<Item = &'a Facet>) -> Self {
        facets.into_iter().fold(Self::default(), Self::with)
    }

    fn with(self, facet: &Facet) -> Self {
        Self(self.0 | bit(facet).map_or(0_i64, |bit| 1_i64 << bit))
    }

    /// Splits chosen facets into conditions on masks, one for each key that occurs, and the facets that are in no mask.
    /// A mask meets a condition if they have a bit in common.
    pub fn wanted(facets: &[Facet]) -> (Vec<Self>, Vec<&Facet>) {
        let (fixed, open): (Vec<_>, Vec<_>) = facets.iter().partition(|facet| bit(facet).is_some());
        let mut wanted: BTreeMap<FacetKey, Self> = BTreeMap::new();
        for facet in fixed {
            let of_key = wanted.entry(facet.key()).or_default();
            *of_key = of_key.with(facet);
        }
        (wanted.into_values().collect(), open)
    }
}

/// The bit of a fixed facet; `None` for any other. It is stored, so it never changes.
const fn bit(facet: &Facet) -> Option<u32> {
    Some(match facet {
        Facet::Archive(archive) => *archive as u32,
        Facet::Length(length) => 6 + *length as u32,
        Facet::Size(size) => 10 + *size as u32,
        Facet::Kind(kind) => 14 + *kind as u32,
        Facet::Media(media) => 18 + *media as u32,
        Facet::State(state) => 24 + *state as u32,
        Facet::Gaps => 36,
        Facet::Held => 37,
        Facet::Room(_) | Facet::Prefix(_) | Facet::Tag(_) | Facet::By(_) | Facet::Unseen => {
            return None;
        }
    })
}

#[cfg(test)]
mod tests {
    use strum::VariantArray;

    use super::*;
    use crate::{about::Tag, file::Media, recording::RecordingState};

    #[test]
    fn stored_bits_are_stable() {
        let fixed = FacetKey::VARIANTS.iter().flat_map(|key| Facet::fixed(*key));
        let fixed = fixed.chain([Facet::Media(Media::Unknown)]);
        let mut bits: Vec<String> = fixed
            .filter_map(|facet| {
                let bit = bit(&facet)?;
                Some(format!("{bit} {}={}", facet.key().as_str(), facet.value()))
            })
            .collect();
        bits.sort_by_key(|line| {
            line.split(' ')
                .next()
                .and_then(|bit| bit.parse::<u32>().ok())
        });
        let expected = "0 archive=archived, 1 archive=fetching, 2 archive=remote, 3 archive=trouble, \
            6 length=under_ten_minutes, 7 length=under_hour, 8 length=over_hour, \
            10 size=small, 11 size=medium, 12 size=large, \
            14 kind=composite, 15 kind=track, 16 kind=frame, \
            18 media=audio, 19 media=video, 20 media=image, 21 media=unknown, \
            24 state=requested, 25 state=recording, 26 state=stopping, 27 state=awaiting_files, \
            28 state=ready, 29 state=failed, 30 state=unknown, 31 state=overdue, \
            36 gaps=yes, 37 held=yes";
        assert_eq!(bits.join(", "), expected);
    }

    #[test]
    fn a_mask_meets_a_condition_for_each_key() {
        let tag = Facet::Tag(Tag::parse("Lesson").unwrap());
        let state = Facet::State;
        let chosen = [
            state(RecordingState::Ready),
            tag.clone(),
            Facet::Unseen,
            Facet::Held,
            state(RecordingState::Overdue),
        ];
        let (wanted, open) = Mask::wanted(&chosen);
        assert_eq!(open, [&tag, &Facet::Unseen]);
        let fits = |facets: &[Facet]| {
            let mask = Mask::of(facets);
            wanted.iter().all(|wanted| mask.bits() & wanted.bits() != 0)
        };
        assert!(fits(&[
            Facet::Held,
            state(RecordingState::Ready),
            Facet::Gaps
        ]));
        assert!(fits(&[state(RecordingState::Overdue), Facet::Held, tag]));
        assert!(!fits(&[state(RecordingState::Ready)]));
        assert!(!fits(&[Facet::Held, state(RecordingState::Failed)]));
        assert_eq!(Mask::wanted(&[]), (Vec::new(), Vec::new()));
    }
}
