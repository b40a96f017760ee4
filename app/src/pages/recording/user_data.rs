use leptos::prelude::*;

use crate::{components::Code, json, this_page::locale};

/// The user's own data, as it was sent with the start.
pub fn user_data(data: Option<&str>) -> impl IntoView + use<> {
    let locale = locale();
    let data = data.filter(|data| !data.is_empty());
    let sent = data.map(|_| view! { <span>{say!(locale, recording.data.sent)}</span> });
    let shown = match data {
        Some(data) => view! { <Code lines=json::lines(data) wrap=true /> }.into_any(),
        None => view! { <p class="muted">{say!(locale, recording.data.none)}</p> }.into_any(),
    };
    view! {
        <section aria-labelledby="data-h">
            <h2 id="data-h">{say!(locale, recording.data.title)} {sent}</h2>
            {shown}
        </section>
    }
}
