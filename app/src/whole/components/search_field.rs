use leptos::{html, prelude::*};

use crate::whole::platform;

/// The field of a search that stands in the address: going back, or clearing, changes the address and
/// so the field; typing never fights with it.
pub fn search_field(search: Signal<String>) -> NodeRef<html::Input> {
    let field = NodeRef::<html::Input>::new();
    Effect::new(move || {
        let search = search.get();
        if let Some(field) = field.get()
            && !platform::has_focus(&field)
        {
            field.set_value(&search);
        }
    });
    field
}
