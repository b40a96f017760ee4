use leptos::prelude::*;
use reelroom_domain::{time::clock_length, view::FileView};

use crate::{current_app::CurrentApp, paths, this_page::locale};

/// The pictures of a video over its time, each a link that plays from there. With scripts, `player.js` seeks
/// without a visit.
pub fn filmstrip(here: &str, file: &FileView) -> Option<impl IntoView + use<>> {
    let strip = file.strip.as_ref().filter(|strip| strip.times.len() > 1)?;
    let locale = locale();
    let (image, play, app) = (
        paths::strip(file.id),
        file.id.to_string(),
        CurrentApp::expect(),
    );
    let pictures = strip.pictures().map(|(x, span)| {
        let at = (span.start / 1000).to_string();
        let query = [("play", &*play), ("t", &*at), ("app", app.as_str())];
        let time = clock_length(span.start);
        let label = say!(locale, recording.player.play_from, time = time.clone());
        view! {
            <a
                href=paths::with_query(here, &query)
                aria-label=label
                data-at=span.start.to_string()
                data-turbo-action="replace"
            >
                <svg viewBox=format!("{x} 0 {} {}", strip.width, strip.height) aria-hidden="true">
                    <image
                        href=image.clone()
                        width=strip.image_width().to_string()
                        height=strip.height.to_string()
                    />
                </svg>
                {time}
            </a>
        }
    });
    let pictures = pictures.collect_view();
    Some(view! {
        <nav class="filmstrip" id="filmstrip" aria-label=say!(locale, recording.player.filmstrip)>
            {pictures}
        </nav>
    })
}
