//! Which app the pages are about: what the address says, and what links go on saying.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{paths, whole::shared::shared};

/// The app that the address names; empty where it names none, and that is the default one. A link
/// that leads on within the app carries it.
#[derive(Debug, Clone, Copy)]
pub struct InApp(Memo<String>);

impl InApp {
    /// Of the address.
    pub fn of_address() -> Self {
        let query = use_query_map();
        Self(shared(Memo::new(move |_| {
            query.with(|query| query.get("app").unwrap_or_default())
        })))
    }

    /// Of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// What the address says.
    pub fn get(self) -> String {
        self.0.get()
    }

    /// The same, without following it.
    pub fn get_untracked(self) -> String {
        self.0.get_untracked()
    }

    /// The page at `path` (without a query), in this app.
    pub fn to(self, path: &str) -> String {
        self.0
            .with(|app| paths::with_query(path, &[("app", app.as_str())]))
    }

    /// A field that carries it through a form that is sent by GET.
    pub fn field(self) -> impl IntoView {
        move || {
            let app = self.0.get();
            (!app.is_empty()).then(|| view! { <input type="hidden" name="app" value=app /> })
        }
    }
}
