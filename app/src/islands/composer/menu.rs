//! The menu below the caret, which offers the tokens that match the text after a `{`.

use leptos::{html, prelude::*};
use reelroom_domain::naming::{
    Token,
    edit::{self, Begun, Stretch},
};

/// The id of the list.
pub const MENU: &str = "rule-menu";

/// The content of the open menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    begun: Begun,
    /// The tokens on offer.
    pub tokens: Vec<Token>,
    /// The index of the active token, which Enter inserts.
    pub active: usize,
}

/// The menu's state.
#[derive(Clone, Copy)]
pub struct Menu {
    /// The content; `None` while the menu is closed.
    pub open: RwSignal<Option<Open>>,
    /// The position at which a person closed the menu; it does not open there again.
    dismissed: StoredValue<Option<u32>>,
    /// The list.
    pub list: NodeRef<html::Ul>,
    /// An element as wide as the text before the brace.
    ruler: NodeRef<html::Span>,
}

impl Menu {
    /// Creates a closed menu.
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(None),
            dismissed: StoredValue::new(None),
            list: NodeRef::new(),
            ruler: NodeRef::new(),
        }
    }

    /// Whether the menu is open; `false` once the form is removed.
    pub fn is_open(self) -> bool {
        self.open.try_with_untracked(Option::is_some) == Some(true)
    }

    /// Opens the menu where a token is being typed, else closes it. `mirror` scrolls with the text.
    pub fn look(self, text: &str, at: Stretch, mirror: Option<leptos::web_sys::HtmlDivElement>) {
        let Some(begun) = edit::begun(text, at.from).filter(|_| at.is_empty()) else {
            self.dismissed.set_value(None);
            self.close();
            return;
        };
        let tokens = edit::offered(&begun.typed);
        if tokens.is_empty() || self.dismissed.get_value() == Some(begun.place.from) {
            self.close();
            return;
        }
        if let (Some(ruler), Some(list)) = (self.ruler.get_untracked(), self.list.get_untracked()) {
            ruler.set_text_content(Some(edit::before(text, begun.place.from)));
            let scrolled = mirror.map_or(0, |mirror| mirror.scroll_left());
            let left = ruler.offset_left() + ruler.offset_width() - scrolled;
            // Cannot fail: the element exists and the property is ours.
            let style = leptos::web_sys::HtmlElement::style(&list);
            let _ = style.set_property("--at", &format!("{left}px"));
        }
        let active = 0;
        self.open.set(Some(Open {
            begun,
            tokens,
            active,
        }));
    }

    /// Closes the menu when the caret leaves the end of the typed text.
    pub fn keep(self, text: &str, at: Stretch) {
        let stays = self.open.with_untracked(|open| {
            open.as_ref().is_none_or(|open| {
                at.is_empty() && edit::begun(text, at.from).as_ref() == Some(&open.begun)
            })
        });
        if !stays {
            self.close();
        }
    }

    /// Moves the active line down by `lines`, wrapping around.
    pub fn go(self, lines: isize) {
        self.open.update(|open| {
            if let Some(open) = open {
                let all = open.tokens.len();
                open.active = open.active.wrapping_add_signed(lines).wrapping_add(all) % all.max(1);
            }
        });
    }

    /// The active token, which Enter inserts.
    pub fn active(self) -> Option<Token> {
        self.open
            .with_untracked(|open| open.as_ref()?.tokens.get(open.as_ref()?.active).copied())
    }

    /// The part of the text that a chosen token replaces.
    pub fn place(self) -> Option<Stretch> {
        self.open
            .with_untracked(|open| open.as_ref().map(|open| open.begun.place))
    }

    /// Closes the menu for this brace.
    pub fn dismiss(self) {
        self.dismissed
            .set_value(self.place().map(|place| place.from));
        self.close();
    }

    /// Closes the menu.
    pub fn close(self) {
        if self.is_open() {
            self.open.set(None);
        }
    }

    /// Whether the menu is open, for the field's ARIA attribute.
    pub fn shows(self) -> bool {
        self.open.with(Option::is_some)
    }

    /// The id of the active line.
    pub fn active_id(self) -> Option<String> {
        self.open.with(|open| {
            let open = open.as_ref()?;
            open.tokens.get(open.active).map(|token| id_of(*token))
        })
    }

    /// The element that measures the text before the brace; a child of the mirror.
    pub fn ruler(self) -> impl IntoView {
        view! { <span class="ruler" node_ref=self.ruler></span> }
    }
}

/// The id of the line of a token.
pub fn id_of(token: Token) -> String {
    format!("rule-menu-{}", token.name())
}
