//! What came, as it came.

use leptos::prelude::*;
use reelroom_domain::inbox::{BodyView, CallView};

use crate::{
    i18n::{t_string, use_i18n},
    json::{Kind, Line, lines},
    whole::components::CopyButton,
    words,
};

/// The body in lines: JSON is set and coloured, all else is shown as it is. Never as HTML.
#[component]
pub fn Body(call: Memo<CallView>) -> impl IntoView {
    let i18n = use_i18n();
    let body = Memo::new(move |_| call.with(|call| call.body.clone()));
    let text = Signal::derive(move || body.with(text_of));
    let size = Memo::new(move |_| call.with(|call| (call.shown, call.row.size)));
    view! {
        <section aria-labelledby="body-h">
            <h3 id="body-h">
                {told!(i18n, callbacks.body.title)}
                <CopyButton
                    text=text
                    label=Signal::derive(move || t_string!(i18n, callbacks.body.copy).to_owned())
                />
            </h3>
            {move || {
                let lines = body.with(lines_of);
                if lines.is_empty() {
                    view! { <p class="muted">{told!(i18n, callbacks.body.empty)}</p> }.into_any()
                } else {
                    let hex = body.with(|body| matches!(body, BodyView::Hex(_)));
                    view! {
                        <div class="codeview">
                            <div class="code" class:wrap=!hex dir="ltr" tabindex="0">
                                {lines.into_iter().map(code_line).collect_view()}
                            </div>
                        </div>
                    }
                        .into_any()
                }
            }}
            <p class="hint">
                {move || {
                    let (shown, whole) = size.get();
                    let locale = i18n.get_locale();
                    if shown < whole {
                        t_string!(
                            i18n,
                            callbacks.body.cut,
                            shown = words::bytes(locale, shown),
                            whole = words::bytes(locale, whole)
                        )
                    } else {
                        words::bytes(locale, whole)
                    }
                }}
                {move || call.with(|call| call.content_type.clone()).map(|kind| format!(" · {kind}"))}
                {move || {
                    call.with(|call| call.masked)
                        .then(|| view! { " · " {told!(i18n, callbacks.body.masked)} })
                }}
            </p>
        </section>
    }
}

fn text_of(body: &BodyView) -> String {
    match body {
        BodyView::Empty => String::new(),
        BodyView::Json(text) | BodyView::Text(text) | BodyView::Hex(text) => text.clone(),
    }
}

fn lines_of(body: &BodyView) -> Vec<Line> {
    match body {
        BodyView::Empty => Vec::new(),
        BodyView::Json(text) => lines(text),
        BodyView::Text(text) | BodyView::Hex(text) => text
            .lines()
            .map(|line| vec![(Kind::Key, line.to_owned())])
            .collect(),
    }
}

fn code_line(line: Line) -> impl IntoView {
    let piece = |(kind, text): (Kind, String)| {
        let class = match kind {
            Kind::Key => "k",
            Kind::Text => "s",
            Kind::Literal => "n",
            Kind::Mark => "p",
        };
        view! { <span class=class>{text}</span> }
    };
    view! { <span>{line.into_iter().map(piece).collect_view()}</span> }
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
