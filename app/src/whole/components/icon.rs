//! The icons, drawn on a grid of 16 (the mark: 20).

use leptos::prelude::*;

/// Every icon there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

impl Glyph {
    const fn view_box(self) -> &'static str {
        match self {
            Self::Brand => "0 0 20 20",
            _ => "0 0 16 16",
        }
    }

    #[expect(clippy::too_many_lines, reason = "an icon a line")]
    const fn shapes(self) -> &'static str {
        match self {
            Self::Alert => {
                r#"<path d="M8 2.5 14.25 13.25H1.75z"/><path d="M8 6.5v3"/><path d="M8 11.4h.01" stroke-width="1.75"/>"#
            }
            Self::Auto => {
                r#"<circle cx="8" cy="8" r="5.5"/><path d="M8 2.5v11A5.5 5.5 0 0 0 8 2.5z" fill="currentColor" stroke="none"/>"#
            }
            Self::Back10 => r#"<path d="M3 8a5 5 0 1 0 1.75-3.8L3 5.75M3 2.75v3h3"/>"#,
            Self::Bolt => r#"<path d="M8.75 1.75 3.5 9h4l-.5 5.25L12.5 7h-4z"/>"#,
            Self::Brand => {
                r#"<circle cx="10" cy="10" r="8.25" fill="none" stroke="currentColor" stroke-width="1.75"/><g fill="currentColor" stroke="none"><circle cx="10" cy="5.9" r="1.85"/><circle cx="13.9" cy="10" r="1.85" opacity=".55"/><circle cx="10" cy="14.1" r="1.85"/><circle cx="6.1" cy="10" r="1.85" opacity=".55"/></g>"#
            }
            Self::Check => r#"<path d="m3.5 8.5 3 3 6-7"/>"#,
            Self::Clock => r#"<circle cx="8" cy="8" r="5.75"/><path d="M8 4.75V8l2.25 1.5"/>"#,
            Self::Cloud => {
                r#"<path d="M4.75 12.75a3 3 0 0 1-.3-5.98 3.75 3.75 0 0 1 7.2.98h.1a2.5 2.5 0 0 1 0 5z"/>"#
            }
            Self::Copy => {
                r#"<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5"/>"#
            }
            Self::Disk => {
                r#"<ellipse cx="8" cy="4" rx="5.25" ry="2"/><path d="M2.75 4v8c0 1.1 2.35 2 5.25 2s5.25-.9 5.25-2V4M2.75 8c0 1.1 2.35 2 5.25 2s5.25-.9 5.25-2"/>"#
            }
            Self::Down => r#"<path d="m4 6 4 4 4-4"/>"#,
            Self::Download => r#"<path d="M8 2.5v7.25M4.75 6.75 8 10l3.25-3.25M3 13.25h10"/>"#,
            Self::Error => {
                r#"<path d="M5.6 2.25h4.8l3.35 3.35v4.8l-3.35 3.35H5.6L2.25 10.4V5.6z"/><path d="M8 5.25v3.25"/><path d="M8 10.75h.01" stroke-width="1.75"/>"#
            }
            Self::Eye => {
                r#"<path d="M1.5 8S3.75 3.75 8 3.75 14.5 8 14.5 8 12.25 12.25 8 12.25 1.5 8 1.5 8z"/><circle cx="8" cy="8" r="2"/>"#
            }
            Self::Film => {
                r#"<rect x="2" y="3" width="12" height="10" rx="1.5"/><path d="M5 3v10M11 3v10M2 8h3M11 8h3M5 8h6"/>"#
            }
            Self::Frame => {
                r#"<rect x="2" y="3" width="12" height="10" rx="1.5"/><circle cx="5.5" cy="6.25" r="1"/><path d="m2.5 12 3.25-3 2 1.75L11 7.5l3 3"/>"#
            }
            Self::Full => {
                r#"<path d="M2.75 6V2.75H6M10 2.75h3.25V6M13.25 10v3.25H10M6 13.25H2.75V10"/>"#
            }
            Self::Fwd10 => r#"<path d="M13 8a5 5 0 1 1-1.75-3.8L13 5.75M13 2.75v3h-3"/>"#,
            Self::Globe => {
                r#"<circle cx="8" cy="8" r="5.75"/><path d="M2.25 8h11.5M8 2.25c1.6 1.6 2.4 3.5 2.4 5.75S9.6 12.15 8 13.75C6.4 12.15 5.6 10.25 5.6 8S6.4 3.85 8 2.25z"/>"#
            }
            Self::History => {
                r#"<path d="M2.75 8a5.25 5.25 0 1 0 1.6-3.75L2.75 5.75M2.75 2.75v3h3M8 5.25V8l2 1.25"/>"#
            }
            Self::Hourglass => {
                r#"<path d="M4 2.25h8M4 13.75h8M4.75 2.25v2.1c0 .4.16.78.44 1.06L8 8.1l2.81-2.69c.28-.28.44-.66.44-1.06v-2.1M4.75 13.75v-2.1c0-.4.16-.78.44-1.06L8 7.9l2.81 2.69c.28.28.44.66.44 1.06v2.1"/>"#
            }
            Self::Idle => r#"<circle cx="8" cy="8" r="5.25" stroke-dasharray="2.2 2.2"/>"#,
            Self::Inbox => {
                r#"<path d="M2 9.25 3.9 3.6a1 1 0 0 1 .95-.7h6.3a1 1 0 0 1 .95.7L14 9.25v2.5a1.25 1.25 0 0 1-1.25 1.25h-9.5A1.25 1.25 0 0 1 2 11.75z"/><path d="M2 9.25h3.4l.9 1.5h3.4l.9-1.5H14"/>"#
            }
            Self::Key => {
                r#"<circle cx="5.25" cy="10.75" r="3"/><path d="m7.5 8.5 5.75-5.75M11 5l1.75 1.75"/>"#
            }
            Self::Left => r#"<path d="m10 4-4 4 4 4"/>"#,
            Self::Library => {
                r#"<rect x="2.5" y="6.5" width="11" height="7" rx="1.5"/><path d="M4 4.25h8M5.5 2h5"/>"#
            }
            Self::Link => {
                r#"<path d="M6.75 9.25a2.5 2.5 0 0 0 3.5 0l2.25-2.25A2.47 2.47 0 0 0 9 3.5l-.75.75"/><path d="M9.25 6.75a2.5 2.5 0 0 0-3.5 0L3.5 9A2.47 2.47 0 0 0 7 12.5l.75-.75"/>"#
            }
            Self::Lock => {
                r#"<rect x="3.25" y="7" width="9.5" height="6.5" rx="1.5"/><path d="M5.25 7V5a2.75 2.75 0 0 1 5.5 0v2"/>"#
            }
            Self::Moon => {
                r#"<path d="M13.5 9.6A5.75 5.75 0 0 1 6.4 2.5a5.75 5.75 0 1 0 7.1 7.1z"/>"#
            }
            Self::More => r#"<path d="M3.5 8h.01M8 8h.01M12.5 8h.01" stroke-width="2.25"/>"#,
            Self::Pause => r#"<path d="M5.5 3.5v9M10.5 3.5v9" stroke-width="2.25"/>"#,
            Self::Pencil => {
                r#"<path d="M10.75 2.75l2.5 2.5-7.5 7.5-3.25.75.75-3.25zM9.25 4.25l2.5 2.5"/>"#
            }
            Self::Play => r#"<path d="M5 3.25v9.5l7.75-4.75z"/>"#,
            Self::Plus => r#"<path d="M8 3.5v9M3.5 8h9"/>"#,
            Self::Pulse => r#"<path d="M1.5 8.5h2.75l1.75-5 3 9 2-5.5.75 1.5h2.75"/>"#,
            Self::Question => {
                r#"<circle cx="8" cy="8" r="5.75"/><path d="M6.4 6.4a1.65 1.65 0 1 1 2.3 1.75c-.45.2-.7.5-.7 1"/><path d="M8 11.1h.01" stroke-width="1.75"/>"#
            }
            Self::Recdot => {
                r#"<circle cx="8" cy="8" r="5.75"/><circle cx="8" cy="8" r="2.5" fill="currentColor" stroke="none"/>"#
            }
            Self::Refresh => {
                r#"<path d="M13 6.25A5.3 5.3 0 0 0 3.4 5.3L2.5 6.5M3 9.75a5.3 5.3 0 0 0 9.6.95l.9-1.2"/><path d="M2.5 3.5v3h3M13.5 12.5v-3h-3"/>"#
            }
            Self::Right => r#"<path d="m6 4 4 4-4 4"/>"#,
            Self::Room => {
                r#"<rect x="1.75" y="4" width="8.75" height="8" rx="1.75"/><path d="M10.5 7.4 14.25 5v6L10.5 8.6"/>"#
            }
            Self::Screen => {
                r#"<rect x="1.75" y="3" width="12.5" height="8" rx="1.5"/><path d="M5.5 13.5h5M8 9V5.5M6.25 7 8 5.25 9.75 7"/>"#
            }
            Self::Search => r#"<circle cx="7" cy="7" r="4.25"/><path d="m10.2 10.2 3.3 3.3"/>"#,
            Self::Send => r#"<path d="M14 2 7.25 8.75M14 2 9.75 14l-2.5-5.25L2 6.25z"/>"#,
            Self::Shield => {
                r#"<path d="M8 1.9 13 3.6v4.1c0 3.1-2.1 5.3-5 6.4-2.9-1.1-5-3.3-5-6.4V3.6z"/><path d="m5.75 8 1.6 1.6 2.9-3.2"/>"#
            }
            Self::Signout => {
                r#"<path d="M6.5 2.75h-3a1 1 0 0 0-1 1v8.5a1 1 0 0 0 1 1h3M10.25 11 13.5 8l-3.25-3M13.25 8H6.25"/>"#
            }
            Self::Sliders => {
                r#"<path d="M2 4.75h5.5M12.5 4.75H14M2 11.25h1.5M8.5 11.25H14"/><circle cx="10" cy="4.75" r="2"/><circle cx="6" cy="11.25" r="2"/>"#
            }
            Self::Spinner => r#"<path d="M8 2.25A5.75 5.75 0 1 1 2.25 8" stroke-width="1.75"/>"#,
            Self::Star => {
                r#"<path d="M8 2l1.85 3.75 4.15.6-3 2.92.7 4.13L8 11.45 4.3 13.4l.7-4.13-3-2.92 4.15-.6z"/>"#
            }
            Self::Stop => {
                r#"<rect x="4" y="4" width="8" height="8" rx="1.25" fill="currentColor"/>"#
            }
            Self::Sun => {
                r#"<circle cx="8" cy="8" r="3"/><path d="M8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1.05 1.05M11.55 11.55l1.05 1.05M3.4 12.6l1.05-1.05M11.55 4.45l1.05-1.05"/>"#
            }
            Self::Terminal => {
                r#"<rect x="1.75" y="2.75" width="12.5" height="10.5" rx="1.5"/><path d="m4.5 6 2 2-2 2M8.5 10.25h3"/>"#
            }
            Self::Track => r#"<path d="M2.5 7v2M5.25 4.75v6.5M8 2.75v10.5M10.75 5.5v5M13.5 7v2"/>"#,
            Self::Up => r#"<path d="m4 10 4-4 4 4"/>"#,
            Self::Updown => r#"<path d="m5 6 3-3 3 3M5 10l3 3 3-3"/>"#,
            Self::Users => {
                r#"<circle cx="6" cy="5.75" r="2.5"/><path d="M1.5 13.25a4.5 4.5 0 0 1 9 0"/><path d="M10.25 3.4a2.5 2.5 0 0 1 0 4.7M12 9.4a4.5 4.5 0 0 1 2.5 3.85"/>"#
            }
            Self::Volume => {
                r#"<path d="M2.5 6.25v3.5h2.25L8 12.5v-9L4.75 6.25z"/><path d="M10.25 6a2.75 2.75 0 0 1 0 4M12 4.25a5.25 5.25 0 0 1 0 7.5"/>"#
            }
            Self::X => r#"<path d="m4 4 8 8M12 4l-8 8"/>"#,
        }
    }
}

/// An icon. It says nothing to a screen reader: a word stands beside it, or the control has a label.
#[component]
pub fn Icon(
    /// Which.
    glyph: Glyph,
    /// More classes: `i-s` is small, `i-l` is large, `spin` turns.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let class = if class.is_empty() {
        "i".to_owned()
    } else {
        format!("i {class}")
    };
    view! {
        <svg
            class=class
            viewBox=glyph.view_box()
            aria-hidden="true"
            // Markup: the shapes above.
            inner_html=glyph.shapes()
        ></svg>
    }
}
