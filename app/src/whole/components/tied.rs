//! Fields that are written by people and by the page.

use leptos::prelude::*;

use crate::whole::platform;

/// Ties the field of that id to a signal. What was typed, or put back by the browser, before the page
/// came to life is taken over; what the signal is given from then on, the field shows. The field
/// itself tells the signal what is typed.
pub fn tie(id: &'static str, text: RwSignal<String>) {
    Effect::new(move |begun: Option<()>| {
        let wanted = text.get();
        let Some(shown) = platform::field_text(id).filter(|shown| *shown != wanted) else {
            return;
        };
        if begun.is_some() {
            platform::set_field_text(id, &wanted);
        } else {
            text.set(shown);
        }
    });
}

/// The same for a box that is ticked or not.
pub fn tie_tick(id: &'static str, ticked: RwSignal<bool>) {
    Effect::new(move |begun: Option<()>| {
        let wanted = ticked.get();
        let Some(shown) = platform::field_ticked(id).filter(|shown| *shown != wanted) else {
            return;
        };
        if begun.is_some() {
            platform::set_field_ticked(id, wanted);
        } else {
            ticked.set(shown);
        }
    });
}
