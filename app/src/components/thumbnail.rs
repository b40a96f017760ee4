use leptos::prelude::*;
use reelroom_domain::view::RecordingRow;

use crate::{
    icon::{Glyph, Icon},
    paths,
};

/// A thumbnail, if the recording has a picture. `film.js` shows the filmstrip beside it.
pub fn thumbnail(row: &RecordingRow) -> AnyView {
    let film = row.film.map(paths::file);
    match row.thumbnail {
        Some(picture) => view! {
            <span class="thumb" data-film=film>
                <img src=paths::thumbnail(picture) alt="" loading="lazy" width="72" height="40" />
            </span>
        }
        .into_any(),
        None => view! { <span class="thumb none"><Icon glyph=Glyph::Film /></span> }.into_any(),
    }
}
