//! The list of calls: tabs, filters, rows.

use leptos::prelude::*;
use reelroom_domain::{
    callback::CallbackKind,
    inbox::{AfterStop, CallMark, CallRow, Inbox, InboxOnly, InboxTab},
    time::Civil,
    view::RecordingRow,
};

use super::{address::Address, mark::Mark};
use crate::{
    components::{
        Empty, FileName, Glyph, Icon, SearchForm, Time, chip, file_glyph, room_id, way_on,
    },
    i18n::Locale,
    reader::Reader,
    this_page::locale,
    words,
};

/// The list with its tabs, and links to its other pages; `target` is the recording that files are to be
/// assigned to.
pub fn list(inbox: Inbox, here: &Address, target: Option<&RecordingRow>) -> impl IntoView + use<> {
    let locale = locale();
    let tabs = tabs(locale, &inbox, here);
    let none = inbox.calls.is_empty().then(|| nothing(locale, here));
    let newest = (!here.before.is_empty()).then(|| {
        view! {
            <a class="btn quiet" href=here.tab(here.show) data-walk="">
                {say!(locale, callbacks.list.newest)}
            </a>
        }
    });
    let older = inbox.older.map(|before| {
        let href = here.with(&[("before", &before)]);
        view! { <a class="btn" href=href data-walk="">{say!(locale, callbacks.list.older)}</a> }
    });
    let title = inbox.calls.first().map_or("", |row| row.title.as_str());
    let search = search(here, title);
    let target = target.map(|target| target_chip(target, here));
    let rows = inbox.calls.into_iter().map(|row| msg(row, here));
    view! {
        <section class="inbox" aria-label=say!(locale, callbacks.list.title)>
            <div class="inbox-h">
                {tabs}
                {target}
                {search}
            </div>
            <nav class="msgs scroll" aria-label=say!(locale, callbacks.list.calls)>
                {rows.collect_view()}
                {none}
                <div class="pager">{newest} {older}</div>
            </nav>
        </section>
    }
}

/// The tabs as links, each with its count; on a phone they are a menu.
fn tabs(locale: Locale, inbox: &Inbox, here: &Address) -> impl IntoView + use<> {
    // The rare tab is shown only while it has calls.
    let is_shown =
        |tab: &InboxTab| *tab != InboxTab::Malformed || inbox.count(*tab) > 0 || here.show == *tab;
    let label = |tab: InboxTab| {
        let number = match inbox.count(tab) {
            Inbox::COUNTED.. => format!("{}+", Inbox::COUNTED),
            count => count.to_string(),
        };
        let word = match tab {
            InboxTab::All => say!(locale, common.word.all),
            InboxTab::Unrecognised => say!(locale, callbacks.mark.unrecognised),
            InboxTab::Malformed => say!(locale, callbacks.mark.malformed),
            InboxTab::Auto => say!(locale, callbacks.tab.auto),
            InboxTab::Duplicate => say!(locale, callbacks.mark.duplicate),
            InboxTab::Accepted => say!(locale, callbacks.mark.accepted),
        };
        view! { {word} " " <span class="count">{number}</span> }
    };
    let link = |tab: InboxTab| {
        let current = (here.show == tab).then_some("true");
        view! { <a href=here.tab(tab) data-closes="" aria-current=current>{label(tab)}</a> }
    };
    let tabs = InboxTab::ALL.iter().copied().filter(is_shown);
    let links = tabs.map(link).collect_view();
    view! {
        <div class="drop verdicts">
            <button type="button" class="btn" popovertarget="verdicts">
                {label(here.show)} <Icon glyph=Glyph::Down />
            </button>
            <div
                class="seg"
                id="verdicts"
                popover="auto"
                role="group"
                aria-label=say!(locale, callbacks.list.verdict)
            >
                {links}
            </div>
        </div>
    }
}

/// The search field and the other filters, one by a room with this title. A search starts at the first page.
fn search(here: &Address, title: &str) -> impl IntoView + use<> {
    let locale = locale();
    let option = |only: &InboxOnly| {
        let word = match only {
            InboxOnly::Everything => say!(locale, callbacks.only.everything),
            InboxOnly::Files => say!(locale, common.word.files),
            InboxOnly::Status => say!(locale, callbacks.only.status),
            InboxOnly::Tests => say!(locale, callbacks.only.tests),
            InboxOnly::Dealt => say!(locale, callbacks.dealt),
            InboxOnly::LookedUp => say!(locale, callbacks.only.looked_up),
        };
        view! { <option value=only.as_str() selected=here.only == *only>{word}</option> }
    };
    let options = InboxOnly::ALL.iter().map(option).collect_view();
    let hidden = here.fields_without(&["q", "only", "before"]);
    let of_room = (!here.room.is_empty()).then(|| {
        let remove = say!(locale, callbacks.list.remove_room);
        let id = here.room.clone();
        let name = if title.is_empty() { id.as_str() } else { title };
        let (word, name) = (say!(locale, common.word.room), name.to_owned());
        chip(word, name, id, here.with(&[("room", "")]), remove)
    });
    let label = say!(locale, callbacks.list.find);
    view! {
        <SearchForm action="/callbacks" label=label search=here.search.clone()>
            <select class="input" name="only" aria-label=say!(locale, callbacks.only.title)>
                {options}
            </select>
            {hidden}
            {of_room}
        </SearchForm>
    }
}

/// The recording that files are to be assigned to, and a link that chooses none.
fn target_chip(target: &RecordingRow, here: &Address) -> impl IntoView + use<> {
    let locale = locale();
    let name = view! { {target.room_name().to_owned()} ", " <Time at=target.requested_at /> };
    let (word, title) = (say!(locale, callbacks.list.target), target.room.to_string());
    let remove = say!(locale, callbacks.list.remove_target);
    view! { <p>{chip(word, name, title, here.with(&[("for", "")]), remove)}</p> }
}

/// The empty state: no calls, or none that match.
fn nothing(locale: Locale, here: &Address) -> AnyView {
    if here.show == InboxTab::All && !here.is_narrowed() {
        let title = say!(locale, callbacks.list.none);
        let text = say!(locale, callbacks.list.none_text);
        return view! { <Empty glyph=Glyph::Inbox title=title text=text /> }.into_any();
    }
    let title = match here.search.as_str() {
        "" => say!(locale, callbacks.list.no_match).to_owned(),
        search => say!(locale, callbacks.list.no_match_search, search),
    };
    let cleared = here.cleared();
    view! {
        <Empty glyph=Glyph::Search title=title>
            {way_on("btn", cleared, say!(locale, common.action.clear_filters))}
        </Empty>
    }
    .into_any()
}

/// One call of the list, as a link that opens it next to the list.
fn msg(row: CallRow, here: &Address) -> impl IntoView + use<> {
    let reader = Reader::expect();
    let locale = reader.locale;
    let id = row.id.to_string();
    let time = moment(locale, reader.zone.civil(row.received_at), reader.today());
    let nameless = match (row.mark, row.kind) {
        (CallMark::AddressCheck, _) => say!(locale, callbacks.what.tried),
        (_, CallbackKind::Status) => say!(locale, callbacks.what.status),
        (_, CallbackKind::Av) => say!(locale, callbacks.list.no_name),
    };
    let file = match row.file_name.clone() {
        Some(name) => view! { <span class="fnm"><FileName name=name /></span> }.into_any(),
        None => view! { <span class="fnm muted">{nameless}</span> }.into_any(),
    };
    let room = row.room_name().map(|name| {
        let name = name.to_owned();
        let id = room_id(&row.title, row.room.as_deref().unwrap_or_default());
        let glyph = row.file_kind.map_or(Glyph::Room, file_glyph);
        view! { <Icon glyph=glyph /><span class="trunc"><bdi>{name}</bdi> {id}</span> }
    });
    view! {
        <a
            class="msg"
            id=format!("call-{id}")
            href=here.open(row.id)
            aria-current=(here.call == id).then_some("true")
            data-walk=""
        >
            {file}
            <time datetime=words::iso(row.received_at)>{time}</time>
            <span class="sub"><Mark mark=row.mark dealt=row.dealt />{room}</span>
            {after_stop(locale, &row)}
        </a>
    }
}

/// The time elapsed since the stop.
fn after_stop(locale: Locale, row: &CallRow) -> AnyView {
    let is_read = !matches!(
        row.mark,
        CallMark::Unrecognised | CallMark::Malformed | CallMark::Test | CallMark::AddressCheck
    );
    match row.after_stop {
        AfterStop::NoStopKnown if is_read => {
            view! { <span class="lat">{say!(locale, callbacks.list.no_stop)}</span> }.into_any()
        }
        AfterStop::NotAFile | AfterStop::NoStopKnown => {
            view! { <span class="lat"></span> }.into_any()
        }
        AfterStop::After { millis, slow } => {
            let length = if slow {
                words::short_length(locale, millis)
            } else {
                words::exact_length(locale, millis)
            };
            view! {
                <span class="lat" class:slow=slow>
                    {slow.then(|| view! { <Icon glyph=Glyph::Clock /> })}
                    <span class="sr">{say!(locale, callbacks.list.after_stop)} " "</span>
                    {format!("+ {length}")}
                </span>
            }
            .into_any()
        }
    }
}

/// A time with seconds on the current day, because calls of one file arrive close together.
fn moment(locale: Locale, at: Civil, now: Civil) -> String {
    if words::is_same_day(at, now) {
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
    fn seconds_are_shown_on_the_day_itself() {
        let at = |millis| Civil::at(Timestamp::from_millis(millis), 0);
        let now = at(1_795_328_825_000);
        assert_eq!(moment(Locale::en, now, now), words::clock_seconds(now));
        let before = at(1_795_328_825_000 - 86_400_000);
        assert!(moment(Locale::en, before, now).starts_with("Yesterday"));
    }
}
