use leptos::prelude::*;
use reelroom_domain::{
    inbox::{BodyView, CallView},
    time::Timestamp,
};

use crate::{
    components::{Code, CopyButton, time_as},
    i18n::{Locale, td},
    json::{Kind, Line, lines},
    this_page::locale,
    words::{self, TimeStyle},
};

/// The body of a call: JSON is formatted and coloured, other text is shown unchanged.
#[component]
pub fn Body(call: CallView) -> impl IntoView {
    let locale = locale();
    let hint = hint(locale, &call);
    let lines = lines_of(&call.body);
    let is_hex = matches!(call.body, BodyView::Hex(_));
    let text = match call.body {
        BodyView::Deleted { at, sha256 } => return deleted(at, sha256, hint).into_any(),
        BodyView::Empty => String::new(),
        BodyView::Json(text) | BodyView::Text(text) | BodyView::Hex(text) => text,
    };
    let code = if lines.is_empty() {
        view! { <p class="muted">{say!(locale, callbacks.body.empty)}</p> }.into_any()
    } else {
        view! { <Code lines=lines wrap=!is_hex /> }.into_any()
    };
    view! {
        <section aria-labelledby="body-h">
            <h3 id="body-h">
                {say!(locale, callbacks.body.title)}
                <CopyButton text=text label=say!(locale, callbacks.body.copy) />
            </h3>
            {code}
            <p class="hint">{hint}</p>
        </section>
    }
    .into_any()
}

/// A deleted body: the time of its deletion, and its hash.
fn deleted(at: Timestamp, sha256: String, hint: String) -> impl IntoView {
    let locale = locale();
    let time = time_as(at, TimeStyle::Full);
    view! {
        <section aria-labelledby="body-h">
            <h3 id="body-h">{say!(locale, callbacks.body.title)}</h3>
            <p>{td!(locale, callbacks.body.deleted, time)}</p>
            <p class="hint">"SHA-256 " <code class="mono">{sha256}</code></p>
            <p class="hint">{hint}</p>
        </section>
    }
}

/// The size, the content type, and whether the body is complete.
fn hint(locale: Locale, call: &CallView) -> String {
    let whole = words::bytes(locale, call.row.size);
    let size = if call.shown < call.row.size && !call.is_deleted() {
        let shown = words::bytes(locale, call.shown);
        say!(locale, callbacks.body.cut, shown, whole)
    } else {
        whole
    };
    let masked = call.masked.then(|| say!(locale, callbacks.body.masked));
    let addresses = call.without_addresses;
    let addresses = addresses.then(|| say!(locale, callbacks.body.without_addresses));
    let kind = call.content_type.as_deref();
    let parts = [Some(size.as_str()), kind, masked, addresses];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn lines_of(body: &BodyView) -> Vec<Line> {
    match body {
        BodyView::Empty | BodyView::Deleted { .. } => Vec::new(),
        BodyView::Json(text) => lines(text),
        BodyView::Text(text) | BodyView::Hex(text) => text
            .lines()
            .map(|line| vec![(Kind::Key, line.to_owned())])
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_is_set_in_lines() {
        let count = |body: &BodyView| lines_of(body).len();
        assert_eq!(count(&BodyView::Empty), 0);
        assert_eq!(count(&BodyView::Json("{\"a\":1}".to_owned())), 3);
        assert_eq!(count(&BodyView::Text("{\"a\":1}".to_owned())), 1);
        assert_eq!(count(&BodyView::Hex("0\n1\n".to_owned())), 2);
    }
}
