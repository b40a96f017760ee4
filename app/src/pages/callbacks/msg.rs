use leptos::prelude::*;
use reelroom_domain::{
    callback::CallbackKind,
    file::FileKind,
    inbox::{AfterStop, CallRow},
    time::Civil,
};

use super::{address::Address, mark::Mark};
use crate::{
    components::{FileName, Glyph, Icon},
    i18n::Locale,
    reader::Reader,
    words,
};

/// One call of the list, as a link that opens it next to the list.
#[component]
pub fn Msg(row: CallRow, here: Address) -> impl IntoView {
    let reader = Reader::expect();
    let locale = reader.locale;
    let id = row.id.to_string();
    let time = moment(locale, reader.zone.civil(row.received_at), reader.today());
    let nameless = match row.kind {
        CallbackKind::Status => say!(locale, callbacks.list.status),
        CallbackKind::Av => say!(locale, callbacks.list.no_name),
    };
    let name = match row.file_name {
        Some(name) => view! { <span class="fnm"><FileName name=name /></span> }.into_any(),
        None => view! { <span class="fnm muted">{nameless}</span> }.into_any(),
    };
    let room = row.room.map(|room| {
        let glyph = match row.file_kind {
            None => Glyph::Room,
            Some(FileKind::Composite) => Glyph::Film,
            Some(FileKind::Track) => Glyph::Track,
            Some(FileKind::Frame) => Glyph::Frame,
        };
        view! { <Icon glyph=glyph /><span class="trunc"><bdi>{room}</bdi></span> }
    });
    view! {
        <a
            class="msg"
            id=format!("call-{id}")
            href=here.open(row.id)
            aria-current=(here.call == id).then_some("true")
            data-walk=""
        >
            {name}
            <time datetime=words::iso(row.received_at)>{time}</time>
            <span class="sub"><Mark mark=row.mark dealt=row.dealt />{room}</span>
            {after_stop(locale, row.after_stop)}
        </a>
    }
}

/// The time elapsed since the stop.
fn after_stop(locale: Locale, after: AfterStop) -> AnyView {
    match after {
        AfterStop::NotAFile => view! { <span class="lat"></span> }.into_any(),
        AfterStop::NoStopKnown => {
            view! { <span class="lat">{say!(locale, callbacks.list.no_stop)}</span> }.into_any()
        }
        AfterStop::After { millis, slow } => view! {
            <span class="lat" class:slow=slow>
                {slow.then(|| view! { <Icon glyph=Glyph::Clock /> })}
                <span class="sr">{say!(locale, callbacks.list.after_stop)} " "</span>
                {format!("+ {}", length(millis, slow))}
            </span>
        }
        .into_any(),
    }
}

/// A duration with seconds while it is short.
fn length(millis: i64, slow: bool) -> String {
    let seconds = millis / 1000;
    if slow || seconds < 60 {
        words::short_length(millis)
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// A time with seconds on the current day, because calls of one file arrive close together.
fn moment(locale: Locale, at: Civil, now: Civil) -> String {
    if (at.year, at.month, at.day) == (now.year, now.month, now.day) {
        words::clock_seconds(at)
    } else {
        words::near(locale, at, now)
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::Timestamp;

    use super::*;

    #[test]
    fn lengths_are_as_exact_as_they_matter() {
        assert_eq!(length(48_000, false), "48 s");
        assert_eq!(length(452_000, false), "7 min 32 s");
        assert_eq!(length(54 * 60_000, true), "54 min");
    }

    #[test]
    fn seconds_are_shown_on_the_day_itself() {
        let at = |millis| Civil::at(Timestamp::from_millis(millis), 0);
        let now = at(1_795_328_825_000);
        assert_eq!(moment(Locale::en, now, now), words::clock_seconds(now));
        let before = at(1_795_328_825_000 - 86_400_000);
        assert!(moment(Locale::en, before, now).starts_with("Yesterday"));
    }
}
