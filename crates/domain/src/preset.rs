//! Presets: start forms that were saved under a name, for the rooms of an app.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::{ids::PresetId, order::StartForm, words::words};

words!(Move, DefaultFor);

/// Text that cannot be the name of a preset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPresetName {
    /// Nothing but white space.
    #[error("empty")]
    Empty,
    /// Over [`PresetName::LONGEST`].
    #[error("too long")]
    TooLong,
    /// A control character, for example a line break.
    #[error("contains a control character")]
    Control,
}

/// The name of a preset; no two of an app have the same, without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PresetName(String);

impl PresetName {
    /// The longest that is taken, in characters.
    pub const LONGEST: usize = 60;

    /// The name that was typed, without white space around it.
    pub fn parse(typed: &str) -> Result<Self, BadPresetName> {
        let name = typed.trim();
        if name.is_empty() {
            Err(BadPresetName::Empty)
        } else if name.chars().count() > Self::LONGEST {
            Err(BadPresetName::TooLong)
        } else if name.chars().any(char::is_control) {
            Err(BadPresetName::Control)
        } else {
            Ok(Self(name.to_owned()))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PresetName {
    type Error = BadPresetName;

    fn try_from(text: String) -> Result<Self, BadPresetName> {
        Self::parse(&text)
    }
}

impl From<PresetName> for String {
    fn from(name: PresetName) -> Self {
        name.0
    }
}

/// Past which side of its neighbour a preset is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Move {
    /// Before the one above.
    Up,
    /// Behind the one below.
    Down,
}

/// For which rooms a preset is what the form begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum DefaultFor {
    /// For one room.
    Room,
    /// For every room of the app that has none of its own.
    All,
}

/// A preset as a room sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresetView {
    /// The preset.
    pub id: PresetId,
    /// What people call it.
    pub name: PresetName,
    /// What it puts into the form.
    pub form: StartForm,
    /// Whether this room's form begins with it.
    pub for_room: bool,
    /// Whether the form of every room begins with it that has no other.
    pub for_all: bool,
}

/// What a room's form can be filled with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Presets {
    /// What the last recording was started with that the platform did not refuse.
    pub last_used: Option<StartForm>,
    /// The app's presets, in the order that people gave them.
    pub list: Vec<PresetView>,
    /// What stood in the form before it was filled in without a script, for taking that back.
    pub before: Option<StartForm>,
}

/// Something that the form can be filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer<'a> {
    /// What was used last in this room.
    LastUsed(&'a StartForm),
    /// A preset.
    Preset(&'a PresetView),
}

impl Presets {
    /// The most presets of an app.
    pub const MOST: usize = 100;
    /// The most bytes that the forms of an app's presets have together: each page of a room carries
    /// them.
    pub const MAX_BYTES: usize = 128 * 1024;

    /// Whether `form` can be kept beside the presets of `list`: in place of one, or as one more.
    pub fn has_room(list: &[PresetView], over: Option<PresetId>, form: &StartForm) -> bool {
        let others = list.iter().filter(|preset| Some(preset.id) != over);
        let bytes: usize = others.clone().map(|preset| preset.form.text_bytes()).sum();
        others.count() < Self::MOST && bytes + form.text_bytes() <= Self::MAX_BYTES
    }

    /// The first of `list` that are within the limits: of what was kept before there were limits, a
    /// page carries no more.
    pub fn within_limits(mut list: Vec<PresetView>) -> Vec<PresetView> {
        let mut bytes = 0;
        let fit = list.iter().take(Self::MOST).take_while(|preset| {
            bytes += preset.form.text_bytes();
            bytes <= Self::MAX_BYTES
        });
        list.truncate(fit.count());
        list
    }

    /// What is offered, in its order: what was used last, the room's default, the default of all
    /// rooms, the others as people put them.
    pub fn offers(&self) -> Vec<Offer<'_>> {
        let mut presets: Vec<&PresetView> = self.list.iter().collect();
        presets.sort_by_key(|preset| match preset {
            PresetView { for_room: true, .. } => 0,
            PresetView { for_all: true, .. } => 1,
            _ => 2,
        });
        let last = self.last_used.iter().map(Offer::LastUsed);
        last.chain(presets.into_iter().map(Offer::Preset)).collect()
    }

    /// The preset that a form holds, as it is offered first.
    pub fn held_by(&self, form: &StartForm) -> Option<&PresetView> {
        self.offers().into_iter().find_map(|offer| match offer {
            Offer::Preset(preset) if preset.form == *form => Some(preset),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn form(rule: &str) -> StartForm {
        StartForm {
            rule: rule.to_owned(),
            ..StartForm::default()
        }
    }

    fn preset(number: u128, for_room: bool, for_all: bool) -> PresetView {
        PresetView {
            id: Uuid::from_u128(number).into(),
            name: PresetName::parse(&format!("preset {number}")).unwrap(),
            form: form(&number.to_string()),
            for_room,
            for_all,
        }
    }

    #[test]
    fn names() {
        assert_eq!(
            PresetName::parse("  董事会 ").map(String::from),
            Ok("董事会".to_owned())
        );
        for (typed, wrong) in [
            (" ", BadPresetName::Empty),
            ("a\tb", BadPresetName::Control),
            (&"界".repeat(61), BadPresetName::TooLong),
        ] {
            assert_eq!(PresetName::parse(typed), Err(wrong));
        }
        assert!(PresetName::parse(&"界".repeat(60)).is_ok());
    }

    #[test]
    fn an_app_keeps_a_hundred_presets_and_so_many_bytes() {
        let full: Vec<PresetView> = (0..100).map(|n| preset(n, false, false)).collect();
        assert!(Presets::has_room(&full[1..], None, &form("x")));
        assert!(!Presets::has_room(&full, None, &form("x")));
        assert!(Presets::has_room(&full, Some(full[0].id), &form("x")));

        let most = &form(&"x".repeat(Presets::MAX_BYTES - 1));
        assert!(Presets::has_room(&full[1..2], None, most));
        assert!(
            !Presets::has_room(&full[10..11], None, most),
            "its rule has two digits"
        );

        let mut old: Vec<PresetView> = (0..200).map(|n| preset(n, false, false)).collect();
        assert_eq!(Presets::within_limits(old.clone()).len(), 100);
        old[3].form = most.clone();
        assert_eq!(Presets::within_limits(old).len(), 3);
    }

    #[test]
    fn the_last_used_comes_first_then_the_defaults() {
        let presets = Presets {
            last_used: Some(form("last")),
            list: vec![
                preset(1, false, false),
                preset(2, false, true),
                preset(3, true, false),
                preset(4, false, false),
            ],
            before: None,
        };
        let offers: Vec<&str> = presets
            .offers()
            .into_iter()
            .map(|offer| match offer {
                Offer::LastUsed(form) => form.rule.as_str(),
                Offer::Preset(preset) => preset.form.rule.as_str(),
            })
            .collect();
        assert_eq!(offers, ["last", "3", "2", "1", "4"]);
        let held = presets.held_by(&form("2")).map(|preset| preset.id);
        assert_eq!(held, Some(presets.list[1].id));
        assert_eq!(presets.held_by(&form("last")), None);
    }
}
