use leptos::prelude::*;
use strum::IntoStaticStr;

use crate::this_page::file;

/// Every icon of `style/static/icons.svg`, drawn on a grid of 16 (the mark: 20).
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[cfg_attr(test, derive(strum::EnumIter))]
#[strum(serialize_all = "kebab-case")]
pub enum Glyph {
    /// A person has to look.
    Alert,
    /// As the system has it.
    Auto,
    /// Ten seconds back.
    Back10,
    /// By itself.
    Bolt,
    /// The mark of Reelroom.
    Brand,
    /// Done.
    Check,
    /// Time.
    Clock,
    /// At the vendor.
    Cloud,
    /// Copy.
    Copy,
    /// Our storage.
    Disk,
    /// Open downwards.
    Down,
    /// Download.
    Download,
    /// Wrong.
    Error,
    /// Show.
    Eye,
    /// A composite.
    Film,
    /// A frame.
    Frame,
    /// Full screen.
    Full,
    /// Ten seconds on.
    Fwd10,
    /// Language.
    Globe,
    /// What was.
    History,
    /// Waiting.
    Hourglass,
    /// Nothing is on.
    Idle,
    /// Callbacks.
    Inbox,
    /// A secret.
    Key,
    /// Back.
    Left,
    /// The library.
    Library,
    /// A link.
    Link,
    /// Not allowed.
    Lock,
    /// Dark.
    Moon,
    /// More.
    More,
    /// Pause.
    Pause,
    /// Change.
    Pencil,
    /// Play.
    Play,
    /// Add.
    Plus,
    /// Health.
    Pulse,
    /// Not known.
    Question,
    /// Start recording.
    Recdot,
    /// Again.
    Refresh,
    /// On.
    Right,
    /// A room.
    Room,
    /// A shared screen.
    Screen,
    /// Search.
    Search,
    /// Send.
    Send,
    /// Archived.
    Shield,
    /// Sign out.
    Signout,
    /// Settings.
    Sliders,
    /// Under way.
    Spinner,
    /// Above the others.
    Star,
    /// Stop.
    Stop,
    /// Light.
    Sun,
    /// A command.
    Terminal,
    /// A track.
    Track,
    /// Up.
    Up,
    /// Choose.
    Updown,
    /// People.
    Users,
    /// Sound.
    Volume,
    /// Close.
    X,
}

/// An icon. It is hidden from screen readers: a word is next to it, or the control has a label.
#[component]
pub fn Icon(
    /// Which.
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
