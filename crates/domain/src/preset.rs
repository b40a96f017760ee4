//! Presets: start forms saved under a name, for the rooms of an app.

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{
    ids::PresetId,
    order::StartForm,
    words::{as_str, words},
};

words!(Move, DefaultFor);

/// The error of text that is not the name of a preset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPresetName {
    /// Blank text.
    #[error("empty")]
    Empty,
    /// Over [`PresetName::LONGEST`].
    #[error("too long")]
    TooLong,
    /// Text with a control character, for example a line break.
    #[error("contains a control character")]
    Control,
}

/// The name of a preset, unique in its app when compared without case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresetName(String);

as_str!(PresetName);

impl PresetName {
    /// The limit in characters.
    pub const LONGEST: usize = 60;

    /// Parses a typed name, without white space around it.
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
}

/// The direction in which a preset is moved in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Move {
    /// Before the preset above.
    Up,
    /// After the preset below.
    Down,
}

/// The rooms for which a preset is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum DefaultFor {
    /// One room.
    Room,
    /// Every room of the app without a default of its own.
    All,
}

/// A preset as shown in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresetView {
    /// The preset.
    pub id: PresetId,
    /// Its name.
    pub name: PresetName,
    /// Its form.
    pub form: StartForm,
    /// Whether it is the default of this room.
    pub for_room: bool,
    /// Whether it is the default of all rooms.
    pub for_all: bool,
}

/// The forms that a room's form can be filled with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Presets {
    /// The form of the last recording that the platform did not refuse.
    pub last_used: Option<StartForm>,
    /// The app's presets, in the order of the list.
    pub list: Vec<PresetView>,
    /// The form before it was filled in without a script, for undoing that.
    pub before: Option<StartForm>,
}

impl Presets {
    /// The most presets of an app.
    pub const MOST: usize = 100;
    /// The limit of the forms of all presets of an app in bytes, since each page of a room contains them.
    pub const MAX_BYTES: usize = 128 * 1024;

    /// Whether `form` fits beside the presets of `list`, in place of `over` or as one more.
    pub fn has_room(list: &[PresetView], over: Option<PresetId>, form: &StartForm) -> bool {
        let others = list.iter().filter(|preset| Some(preset.id) != over);
        let bytes: usize = others.clone().map(|preset| preset.form.text_bytes()).sum();
        others.count() < Self::MOST && bytes + form.text_bytes() <= Self::MAX_BYTES
    }

    /// The first presets of `list` within the limits, for lists stored before there were limits.
    pub fn within_limits(mut list: Vec<PresetView>) -> Vec<PresetView> {
        let mut bytes = 0;
        let fit = list.iter().take(Self::MOST).take_while(|preset| {
            bytes += preset.form.text_bytes();
            bytes <= Self::MAX_BYTES
        });
        list.truncate(fit.count());
        list
    }

    /// The presets in the order in which they are offered, after the form used last: the room's default,
    /// the default of all rooms, the others in the order of the list.
    pub fn offers(&self) -> Vec<&PresetView> {
        let mut presets: Vec<&PresetView> = self.list.iter().collect();
        presets.sort_by_key(|preset| match preset {
            PresetView { for_room: true, .. } => 0,
            PresetView { for_all: true, .. } => 1,
            _ => 2,
        });
        presets
    }

    /// The first offered preset that equals a form.
    pub fn held_by(&self, form: &StartForm) -> Option<&PresetView> {
        let mut presets = self.offers().into_iter();
        presets.find(|preset| preset.form == *form)
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
        let name = PresetName::parse("  董事会 ").unwrap();
        assert_eq!(name.as_str(), "董事会");
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
    fn presets_have_a_limit_of_number_and_bytes() {
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
    fn the_defaults_come_first() {
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
        let offers = presets.offers().into_iter();
        let offers: Vec<&str> = offers.map(|preset| preset.form.rule.as_str()).collect();
        assert_eq!(offers, ["3", "2", "1", "4"]);
        let held = presets.held_by(&form("2")).map(|preset| preset.id);
        assert_eq!(held, Some(presets.list[1].id));
        assert_eq!(presets.held_by(&form("last")), None);
    }
}
