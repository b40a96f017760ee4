use leptos::prelude::*;
use strum::IntoStaticStr;

use crate::this_page::file;

/// Every icon of `style/static/icons.svg`, named for what is drawn on a grid of 16 (the mark: 20).
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[cfg_attr(test, derive(strum::EnumIter))]
#[strum(serialize_all = "kebab-case")]
pub enum Glyph {
    Alert,
    App,
    Auto,
    Ban,
    Bolt,
    Bookmark,
    Brand,
    Calendar,
    Check,
    Clock,
    Cloud,
    Copy,
    Disk,
    Doc,
    Down,
    Download,
    Error,
    Export,
    Eye,
    Film,
    Folder,
    Frame,
    Globe,
    Grid,
    History,
    Hourglass,
    Idle,
    Inbox,
    Key,
    Laptop,
    Left,
    Library,
    Link,
    List,
    Lock,
    Moon,
    Pencil,
    Phone,
    Plus,
    Prefix,
    Print,
    Pulse,
    Question,
    Recdot,
    Refresh,
    Right,
    Room,
    Screen,
    Search,
    Send,
    Shield,
    Signin,
    Signout,
    Sliders,
    Spinner,
    Star,
    Stop,
    Sun,
    Tag,
    Terminal,
    Track,
    Trash,
    Undo,
    Unlock,
    Up,
    Updown,
    User,
    Users,
    Volume,
    X,
}

/// An icon. It is hidden from screen readers: a word is next to it, or the control has a label.
#[component]
pub fn Icon(
    glyph: Glyph,
    /// More classes: `i-s` is small, `i-l` is large, `spin` turns.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let name: &'static str = glyph.into();
    let class = if class.is_empty() {
        "i".to_owned()
    } else {
        format!("i {class}")
    };
    view! {
        <svg class=class aria-hidden="true">
            <use href=file(&format!("icons.svg#{name}"))></use>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;

    #[test]
    fn each_glyph_is_drawn() {
        let sprite = include_str!("../../style/static/icons.svg");
        for glyph in Glyph::iter() {
            let name: &'static str = glyph.into();
            assert!(sprite.contains(&format!("id=\"{name}\"")), "{name}");
        }
    }
}
