use leptos::prelude::*;
use reelroom_domain::view::FileView;

use super::choice::readable_frames;
use crate::{
    components::Time,
    paths,
    reader::Reader,
    words::{self, TimeStyle},
};

/// The frames as thumbnails that link to the full size.
pub fn frames(files: &[FileView]) -> impl IntoView + use<> {
    view! {
        <ul class="frames" tabindex="0">
            {readable_frames(files).map(frame).collect_view()}
        </ul>
    }
}

/// One picture and when it was taken.
fn frame(file: &FileView) -> impl IntoView + use<> {
    let Reader { locale, zone, .. } = Reader::expect();
    let (alt, below) = if let Some(at) = file.started_at {
        let time = words::clock_seconds(zone.civil(at));
        let alt = say!(locale, recording.player.frame_at, time = time);
        (
            alt,
            view! { <Time at=at style=TimeStyle::Seconds /> }.into_any(),
        )
    } else {
        let alt = say!(locale, recording.player.frame).to_owned();
        let name = file.name.clone();
        (alt, view! { <span class="trunc">{name}</span> }.into_any())
    };
    view! {
        <li>
            <a href=paths::file(file.id) target="_blank">
                <img src=paths::file(file.id) alt=alt loading="lazy" />
                {below}
            </a>
        </li>
    }
}
