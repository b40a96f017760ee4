use leptos::prelude::*;
use reelroom_domain::{
    callback::CallbackKind,
    file::FileKind,
    inbox::{AfterStop, CallRow},
    time::Civil,
};

use super::{address::Asked, mark::Mark};
use crate::{
    i18n::{Locale, use_i18n},
    whole::clock::ServerClock,
    whole::components::{FileName, Glyph, Icon},
    whole::zone::Zone,
    words,
};

/// One call of the list: a link that opens it beside.
#[component]
pub fn Msg(row: Memo<CallRow>, asked: Memo<Asked>) -> impl IntoView {
    let i18n = use_i18n();
    let zone = Zone::expect();
    let clock = ServerClock::expect();
    let first = row.get_untracked();
    let (id, at, kind) = (first.id, first.received_at, first.kind);
    let time = move || {
        let now = zone.civil(clock.minute());
        moment(i18n.get_locale(), zone.civil(at), now)
    };
    let named = Memo::new(move |_| {
        row.with(|row| (row.file_name.clone(), row.file_kind, row.room.clone()))
    });
    let mark = Memo::new(move |_| row.with(|row| (row.mark, row.dealt)));
    view! {
        <a
            class="msg"
            href=move || asked.with(|asked| asked.open(id))
            aria-current=move || {
                asked.with(|asked| asked.call == id.to_string()).then_some("true")
            }
            data-noscroll
        >
            {move || match named.get().0 {
                Some(name) => {
                    view! {
                        <span class="fnm">
                            <FileName name=name />
                        </span>
                    }
                        .into_any()
                }
                None if kind == CallbackKind::Status => {
                    view! { <span class="fnm muted">{told!(i18n, callbacks.list.status)}</span> }
                        .into_any()
                }
                None => {
                    view! { <span class="fnm muted">{told!(i18n, callbacks.list.no_name)}</span> }
                        .into_any()
                }
            }}
            <time datetime=words::iso(at)>{time}</time>
            <span class="sub">
                {move || {
                    let (mark, dealt) = mark.get();
                    view! { <Mark mark=mark dealt=dealt /> }
                }}
                {move || {
                    let (_, file, room) = named.get();
                    room.map(|room| {
                        view! {
                            <Icon glyph=file.map_or(Glyph::Room, file_glyph) />
                            <span class="trunc">
                                <bdi>{room}</bdi>
                            </span>
                        }
                    })
                }}
            </span>
            <After after=Signal::derive(move || row.with(|row| row.after_stop)) />
        </a>
    }
}

/// How long after the stop.
#[component]
fn After(after: Signal<AfterStop>) -> impl IntoView {
    let i18n = use_i18n();
    move || match after.get() {
        AfterStop::NotAFile => view! { <span class="lat"></span> }.into_any(),
        AfterStop::NoStopKnown => {
            view! { <span class="lat">{told!(i18n, callbacks.list.no_stop)}</span> }.into_any()
        }
        AfterStop::After { millis, slow } => view! {
            <span class="lat" class:slow=slow>
                {slow.then(|| view! { <Icon glyph=Glyph::Clock /> })}
                <span class="sr">{told!(i18n, callbacks.list.after_stop)} " "</span>
                {format!("+ {}", length(millis, slow))}
            </span>
        }
        .into_any(),
    }
}

/// Seconds matter while it is soon.
fn length(millis: i64, slow: bool) -> String {
    let seconds = millis / 1000;
    if slow || seconds < 60 {
        words::short_length(millis)
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// With seconds on the day itself: two calls of the same file come close together.
fn moment(locale: Locale, at: Civil, now: Civil) -> String {
    if (at.year, at.month, at.day) == (now.year, now.month, now.day) {
        words::clock_seconds(at)
    } else {
        words::near(locale, at, now)
    }
}

/// What stands for a kind of file.
pub const fn file_glyph(kind: FileKind) -> Glyph {
    match kind {
        FileKind::Composite => Glyph::Film,
        FileKind::Track => Glyph::Track,
        FileKind::Frame => Glyph::Frame,
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
