//! The keys of the library; they rest where [`Keys`] says so.

use leptos::leptos_dom::helpers::document;

use crate::keys::{Keys, Walk, focus};

/// The id of the search field.
pub const FIND: &str = "find-recording";

/// The recordings, and the ways to other pages of them.
const RECORDINGS: Walk = Walk(".recs .nm a, .lib .pager a");

/// Listens for the keys as long as the page is open.
pub fn listen() {
    Keys::expect().on_page(|event| match event.key().as_str() {
        "/" => focus(document().get_element_by_id(FIND)),
        key => RECORDINGS.take(key),
    });
}
