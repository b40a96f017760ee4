use leptos::prelude::*;
use reelroom_domain::time::Timestamp;

use crate::{
    reader::Reader,
    words::{self, TimeStyle},
};

/// A moment, in the reader's zone and language. The title says it whole, with the zone's name.
#[component]
pub fn Time(
    /// When.
    at: Timestamp,
    /// How it is shown.
    #[prop(optional)]
    style: TimeStyle,
) -> impl IntoView {
    let reader = Reader::expect();
    let Reader { locale, zone, .. } = &reader;
    let civil = zone.civil(at);
    let title = say!(
        *locale,
        common.time.in_zone,
        time = words::style(*locale, TimeStyle::Full, civil, civil),
        zone = zone.name().to_owned(),
        offset = words::offset_name(zone.offset(at))
    );
    view! {
        <time datetime=words::iso(at) title=title>
            {words::style(*locale, style, civil, reader.today())}
        </time>
    }
}
