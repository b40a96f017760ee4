//! The recordings of the trash with the days that are left, and the bar of actions on the selected ones.

use leptos::prelude::*;
use reelroom_domain::{
    ids::RecordingId, keep::Wish, time::Timestamp, usage::DAY, visible::visible_line,
};
use reelroom_service::{RequestLine, TrashRow, TrashView};

use super::address::here;
use crate::{
    components::{FileName, Glyph, Icon, IconLink, Time, hidden, select_shown},
    current_app::CurrentApp,
    i18n::{Locale, td},
    paths::{self, LocalAddress},
    query::Query,
    reader::Reader,
    this_page::locale,
    words,
};

/// The id of the form. The checkboxes name it, because it is not around the rows, which have forms of their own.
const FORM: &str = "selection";
/// The days below which few are left.
const FEW: i64 = 4;
/// The longest name of an account that is shown, in characters.
const LONGEST: usize = 64;

/// The recordings that are deleted for good first come first.
pub fn list(trash: &TrashView, requests: &[RequestLine]) -> impl IntoView + use<> {
    let locale = locale();
    let rows = trash.recordings.iter().map(|of| {
        let request = requests.iter().find(|line| asks_for(line, of.row.id));
        row(trash, of, request).into_any()
    });
    let rows: Vec<AnyView> = rows.collect();
    let (shown, total) = (rows.len(), words::number(trash.total.0));
    let more = trash.more.as_deref().map(|after| {
        let list = paths::with_query(&without_place(), &[("after", after)]);
        view! { <a class="btn" href=list>{say!(locale, common.action.load_more)}</a> }
    });
    let n = u32::try_from(shown).unwrap_or(u32::MAX);
    view! {
        <table class="table recs bin" aria-label=say!(locale, trash.title)>
            <thead>
                <tr>
                    <th class="c-check">{select_shown(locale, n, false)}</th>
                    <th class="c-pic">
                        <span class="sr">{say!(locale, common.word.picture)}</span>
                    </th>
                    <th class="c-name">{say!(locale, common.word.recording)}</th>
                    <th class="c-by">{say!(locale, trash.by)}</th>
                    <th class="c-size r">{say!(locale, common.word.size)}</th>
                    <th class="c-left">{say!(locale, trash.left)}</th>
                    <th class="c-acts">
                        <span class="sr">{say!(locale, common.word.actions)}</span>
                    </th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <div class="pager">
            <span>{say!(locale, trash.shown, shown, total)}</span>
            {first(locale)}
            {more}
        </div>
    }
}

/// A link to the first page, on others.
fn first(locale: Locale) -> Option<impl IntoView + use<>> {
    let (first, here) = (without_place(), here());
    (first != here).then(|| {
        view! { <a class="btn quiet" href=first>{say!(locale, common.action.to_beginning)}</a> }
    })
}

/// The address of the first page.
fn without_place() -> String {
    LocalAddress::or_home(&here())
        .without(&["after"])
        .to_string()
}

/// Whether a request asks to delete this recording.
fn asks_for(line: &RequestLine, id: RecordingId) -> bool {
    match &line.request.wish {
        Wish::DeleteNow { recordings } => recordings.contains(&id),
        Wish::Release { .. } | Wish::CloseCase { .. } | Wish::Settings { .. } => false,
    }
}

fn row(trash: &TrashView, of: &TrashRow, request: Option<&RequestLine>) -> impl IntoView + use<> {
    let Reader { locale, zone, .. } = Reader::expect();
    let row = &of.row;
    let id = row.id.to_string();
    let (chosen, row_id) = (id.clone(), format!("recording-{id}"));
    let time = words::clock(zone.civil(row.began_at()));
    let name = row.name().to_owned();
    let label = say!(locale, selection.one, room = name.clone(), time);
    let restore_name = say!(locale, trash.restore_one, name = name.clone());
    let last = last(locale, row.id, &name, request);
    let files = words::files(locale, row.ledger.arrived());
    view! {
        <tr id=row_id>
            <td class="c-check">
                <label class="check">
                    <input
                        type="checkbox"
                        form=FORM
                        name="id"
                        value=chosen
                        aria-label=label
                    />
                    <span>
                        <Icon glyph=Glyph::Check />
                    </span>
                </label>
            </td>
            <td class="c-pic">
                // No file of the trash is served, and so no picture.
                <span class="thumb"><Icon glyph=Glyph::Film /></span>
            </td>
            <td class="c-name">
                <div class="nm">
                    <div>
                        <a href=paths::recording(row.id) data-walk="" title=row.room.to_string()>
                            {name}
                        </a>
                    </div>
                    <div>
                        <Time at=row.began_at() />
                        {row.file_name.clone().map(|name| view! { <FileName name=name /> })}
                    </div>
                </div>
            </td>
            <td class="c-by">{by(locale, of)}</td>
            <td class="c-size num r">
                {words::bytes(locale, row.bytes)} <small>{files}</small>
            </td>
            <td class="c-left">
                {if request.is_some() { waits(locale) } else { left(locale, trash, of.until) }}
            </td>
            <td class="c-acts r">
                <span class="acts">
                    // To the page itself, as the form of several: it comes back with a report.
                    <form method="post" action=here() data-turbo-action="replace">
                        <input type="hidden" name="id" value=id />
                        <button
                            class="btn quiet"
                            name="do"
                            value="restore"
                            aria-label=restore_name
                        >
                            <Icon glyph=Glyph::Undo />
                            {say!(locale, common.action.restore)}
                        </button>
                    </form>
                    {last}
                </span>
            </td>
        </tr>
    }
}

/// The link to the request of a recording, or else to its deletion for good.
fn last(
    locale: Locale,
    id: RecordingId,
    name: &str,
    request: Option<&RequestLine>,
) -> impl IntoView + use<> {
    let (glyph, href, word) = if let Some(line) = request {
        let word = say!(locale, trash.see_request).to_owned();
        (Glyph::Right, paths::request(line.request.id), word)
    } else {
        let word = say!(locale, trash.delete_one, name = name.to_owned());
        let id = id.to_string();
        let query = [("confirm", "yes"), ("id", id.as_str())];
        (Glyph::Trash, paths::with_query(&here(), &query), word)
    };
    view! { <IconLink href=href glyph=glyph word=word attr:data-turbo-action="replace" /> }
}

/// The account that deleted it, and the time.
fn by(locale: Locale, of: &TrashRow) -> impl IntoView + use<> {
    let name = of.by.as_deref().map(|name| visible_line(name, LONGEST));
    let name = name.unwrap_or_else(|| say!(locale, trash.late).to_owned());
    let at = of.at;
    view! {
        <span class="trunc">{name}</span>
        <small>
            <Time at=at />
        </small>
    }
}

/// The days that are left, as a bar and in words.
fn left(locale: Locale, trash: &TrashView, until: Timestamp) -> AnyView {
    let left = days_left(trash.now, until);
    let word = match left {
        ..=0 => say!(locale, trash.left_today).to_owned(),
        n => plural!(locale, n, trash.left_single, trash.left_days, n),
    };
    let all = i64::from(trash.settings.trash_days).max(1);
    let share = (left * 100 / all).clamp(0, 100);
    let is_few = left < FEW;
    let class = if is_few { "left-d few" } else { "left-d" };
    view! {
        <span class=class>
            <svg class="meter" aria-hidden="true">
                <rect width=format!("{share}%") height="100%" />
            </svg>
            <span class="num">{word}</span>
        </span>
    }
    .into_any()
}

/// The whole days from `now` to `until`.
fn days_left(now: Timestamp, until: Timestamp) -> i64 {
    // A few seconds after the deletion all days are left.
    (until.since(now) + DAY / 2).div_euclid(DAY)
}

fn waits(locale: Locale) -> AnyView {
    view! {
        <span class="status-w" data-tone="wait">
            <Icon glyph=Glyph::Hourglass />
            {say!(locale, trash.waits)}
        </span>
    }
    .into_any()
}

/// The actions on the selected recordings, which the style sheet counts. It shows them once there is one.
pub fn bar(trash: &TrashView, has_dialog: bool) -> Option<impl IntoView + use<>> {
    if trash.recordings.is_empty() {
        return None;
    }
    let locale = locale();
    let chosen = || view! { <span class="n-chosen"></span> }.into_any();
    let word = say!(locale, selection.clear);
    let query: Query = expect_context();
    // For the dialog, which is about recordings of this page.
    let kept = hidden(["q", "after"].map(|name| (name, query.get(name))));
    Some(view! {
        <form
            class="bulk"
            id=FORM
            method="post"
            action=here()
            autocomplete="off"
            data-turbo-action="replace"
            aria-label=say!(locale, selection.title)
            inert=has_dialog
        >
            {CurrentApp::expect().field()}
            {kept}
            <div>
                <span class="strong num">{td!(locale, selection.chosen, n = chosen)}</span>
            </div>
            <button class="btn primary" name="do" value="restore">
                <Icon glyph=Glyph::Undo />
                {say!(locale, common.action.restore)}
            </button>
            <button
                class="btn danger"
                name="confirm"
                value="yes"
                formmethod="get"
                formaction=paths::TRASH
            >
                <Icon glyph=Glyph::Trash />
                {say!(locale, trash.delete_now)}
                <kbd hidden data-keys="Delete" data-does=say!(locale, trash.delete_now)></kbd>
            </button>
            <button type="reset" class="btn quiet icon" aria-label=word title=word>
                <Icon glyph=Glyph::X />
                <kbd hidden data-keys="Escape" data-does=word></kbd>
            </button>
        </form>
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_to_the_nearest() {
        let left = |millis| days_left(Timestamp::from_millis(0), Timestamp::from_millis(millis));
        assert_eq!(left(30 * DAY), 30);
        assert_eq!(left(30 * DAY - 5_000), 30);
        assert_eq!(left(DAY + DAY / 4), 1);
        assert_eq!(left(DAY / 4), 0);
        assert_eq!(left(-DAY), -1);
    }
}
