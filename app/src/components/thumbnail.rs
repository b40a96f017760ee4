use leptos::prelude::*;
use reelroom_domain::view::RecordingRow;

use crate::{
    icon::{Glyph, Icon},
    paths,
};

/// A thumbnail; the style sheet shows the icon where there is no picture, or it cannot be loaded (`pictures.js`).
/// `film.js` shows the filmstrip beside it.
pub fn thumbnail(row: &RecordingRow) -> impl IntoView + use<> {
    let film = row.film.map(paths::file);
    let picture = row.thumbnail.map(|picture| {
        view! { <img src=paths::thumbnail(picture) alt="" loading="lazy" width="72" height="40" /> }
    });
    view! {
        <span class="thumb" data-film=film>
            {picture}
            <Icon glyph=Glyph::Film />
        </span>
    }
}
