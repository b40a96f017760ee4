use leptos::{either::Either, prelude::*};
use reelroom_domain::view::RecordingView;

use crate::{
    i18n::use_i18n,
    json::{Kind, Line, lines},
};

/// The user's own data, as it was sent with the start.
#[component]
pub fn UserData(
    /// The recording.
    recording: Signal<RecordingView>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = Memo::new(move |_| {
        recording
            .with(|recording| recording.user_data.clone())
            .filter(|data| !data.is_empty())
    });
    view! {
        <section aria-labelledby="data-h">
            <h2 id="data-h">
                {told!(i18n, recording.data.title)}
                {move || {
                    data.with(Option::is_some)
                        .then(|| view! { <span>{told!(i18n, recording.data.sent)}</span> })
                }}
            </h2>
            {move || match data.get() {
                Some(data) => {
                    let lines = lines(&data);
                    Either::Left(
                        view! {
                            <div class="codeview">
                                <div class="code wrap">
                                    {lines
                                        .into_iter()
                                        .map(|line| view! { <CodeLine line=line /> })
                                        .collect_view()}
                                </div>
                            </div>
                        },
                    )
                }
                None => Either::Right(view! { <p class="muted">{told!(i18n, recording.data.none)}</p> }),
            }}
        </section>
    }
}

/// One line of code.
#[component]
fn CodeLine(line: Line) -> impl IntoView {
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
