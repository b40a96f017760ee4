use leptos::prelude::*;

use crate::{current_app::CurrentApp, paths, query::Query};

/// The address of this page, with its search and place, without dialogs and reports.
pub fn here() -> String {
    let query: Query = expect_context();
    let kept = [("q", query.get("q")), ("after", query.get("after"))];
    CurrentApp::expect().to(&paths::with_query(paths::TRASH, &kept))
}
