//! The sections of the site.

/// A section of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Rooms,
    /// Library, recordings, trash, cases and certificates.
    Library,
    Callbacks,
    Settings,
}

impl Section {
    /// The section of a path.
    pub fn of(path: &str) -> Option<Self> {
        Some(match path.split('/').nth(1).unwrap_or_default() {
            "" | "rooms" => Self::Rooms,
            "recordings" | "trash" | "cases" | "certificates" => Self::Library,
            "callbacks" => Self::Callbacks,
            "settings" => Self::Settings,
            _ => return None,
        })
    }

    /// The first page of the section, which a change of app leads to.
    pub fn top(self) -> &'static str {
        match self {
            Self::Rooms => "/",
            Self::Library => "/recordings",
            Self::Callbacks => "/callbacks",
            Self::Settings => "/settings",
        }
    }

    /// The value of `aria-current` for a link: `page` within this section.
    pub fn current(self, here: Option<Self>) -> Option<&'static str> {
        (here == Some(self)).then_some("page")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_has_its_part() {
        for (path, section) in [
            ("/", Some(Section::Rooms)),
            ("/rooms/a", Some(Section::Rooms)),
            ("/recordings", Some(Section::Library)),
            ("/recordings/1", Some(Section::Library)),
            ("/trash", Some(Section::Library)),
            ("/cases", Some(Section::Library)),
            ("/certificates/C-2026-0007", Some(Section::Library)),
            ("/callbacks", Some(Section::Callbacks)),
            ("/settings/apps", Some(Section::Settings)),
            ("/roomsx", None),
        ] {
            assert_eq!(Section::of(path), section, "{path}");
        }
    }
}
