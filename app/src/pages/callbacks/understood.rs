//! How a call was understood, field by field.

use leptos::prelude::*;
use reelroom_domain::{
    file::Media,
    inbox::{FieldView, Happened, Means, Remark},
    time::{Civil, Timestamp, clock_length},
};

use crate::{
    components::{Glyph, Icon},
    i18n::Locale,
    reader::{Reader, Zone},
    this_page::locale,
    words,
};

/// A table of fields: name, interpretation, and details.
#[component]
pub fn Fields(fields: Vec<FieldView>) -> impl IntoView {
    let locale = locale();
    let sum = (!fields.is_empty()).then(|| sum(locale, &fields));
    let table = if fields.is_empty() {
        view! { <p class="muted">{say!(locale, callbacks.fields.none)}</p> }.into_any()
    } else {
        view! {
            <div class="und">
                <table class="table" aria-labelledby="fields-h">
                    <tbody>{fields.iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="fields-h">
            <h3 id="fields-h">{say!(locale, callbacks.fields.title)} <span>{sum}</span></h3>
            {table}
        </section>
    }
}

fn sum(locale: Locale, fields: &[FieldView]) -> String {
    let there = fields.iter().filter(|field| field.means != Means::Absent);
    let unknown = fields.iter().filter(|field| field.means == Means::Kept);
    let n = there.count();
    match unknown.count() {
        0 => say!(locale, callbacks.fields.sum, n),
        unknown => say!(locale, callbacks.fields.sum_unknown, n, unknown),
    }
}

fn row(field: &FieldView) -> impl IntoView + use<> {
    let Reader { locale, zone, .. } = Reader::expect();
    let wrong = field.is_wrong();
    let shown = zone_of(field, &zone);
    let note = note(locale, field, &shown, &zone);
    view! {
        <tr class:flag=wrong>
            <th scope="row"><bdi>{field.name.clone()}</bdi></th>
            <td title=field.raw.clone()>
                {wrong.then(|| view! { <Icon glyph=Glyph::Error /> })}
                <bdi>{means(locale, field, |at| shown.civil(at))}</bdi>
                <small>{note}</small>
            </td>
        </tr>
    }
}

fn means(locale: Locale, field: &FieldView, civil: impl Fn(Timestamp) -> Civil) -> String {
    let moment = |at| words::date_time(civil(at));
    match &field.means {
        Means::Kind(kind) => words::file_kind(locale, *kind).to_owned(),
        Means::Media(media) => media_word(locale, *media).to_owned(),
        Means::Room(room) => say!(locale, callbacks.fields.room, room),
        Means::Person(text) | Means::Name(text) | Means::Host(text) => text.clone(),
        Means::Bytes(bytes) => words::bytes(locale, *bytes),
        Means::Length(millis) => clock_length(*millis),
        Means::Moment(at) => moment(*at),
        Means::Members(n) => say!(locale, callbacks.fields.members, n),
        Means::Text => say!(locale, callbacks.fields.text).to_owned(),
        Means::Event { what, person, at } => {
            let what = happened_word(locale, *what).to_owned();
            let parts = [Some(what), person.clone(), at.map(moment)];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
        Means::Absent => "–".to_owned(),
        Means::Unread => say!(locale, callbacks.fields.unread, raw = &field.raw),
        Means::Kept => say!(locale, callbacks.fields.kept).to_owned(),
    }
}

/// The zone in which a field's time is shown: the one in which it was written, else the reader's.
fn zone_of(field: &FieldView, reader: &Zone) -> Zone {
    let written = match &field.remark {
        Some(Remark::InZone(name)) => Zone::find(name),
        _ => None,
    };
    written.unwrap_or_else(|| reader.clone())
}

/// The zone of the shown time, with the reader's own time if it differs; of any other field the remark.
fn note(locale: Locale, field: &FieldView, shown: &Zone, reader: &Zone) -> Option<String> {
    let (Means::Moment(at) | Means::Event { at: Some(at), .. }) = field.means else {
        let remark = field.remark.as_ref();
        return remark.map(|remark| remark_words(locale, remark));
    };
    let zone = shown.name().to_owned();
    let (there, here) = (shown.civil(at), reader.civil(at));
    if there == here {
        return Some(say!(locale, callbacks.remark.zone, zone));
    }
    let time = if words::is_same_day(there, here) {
        words::clock_seconds(here)
    } else {
        words::date_time(here)
    };
    Some(say!(locale, callbacks.remark.zone_here, zone, time))
}

fn remark_words(locale: Locale, remark: &Remark) -> String {
    let fixed = match remark {
        Remark::InZone(zone) => return say!(locale, callbacks.remark.zone, zone),
        Remark::FollowsRule => say!(locale, callbacks.remark.follows),
        Remark::BreaksRule => say!(locale, callbacks.remark.breaks),
        Remark::NotAllowed => say!(locale, callbacks.remark.not_allowed),
        Remark::Needed => say!(locale, callbacks.remark.needed),
    };
    fixed.to_owned()
}

fn media_word(locale: Locale, media: Media) -> &'static str {
    match media {
        Media::Audio => say!(locale, callbacks.media.audio),
        Media::Video => say!(locale, callbacks.media.video),
        Media::Image => say!(locale, callbacks.media.image),
        Media::Unknown => say!(locale, common.word.unknown),
    }
}

fn happened_word(locale: Locale, what: Happened) -> &'static str {
    match what {
        Happened::MeetingBegan => say!(locale, callbacks.happened.began),
        Happened::MeetingEnded => say!(locale, callbacks.happened.ended),
        Happened::Came => say!(locale, callbacks.happened.came),
        Happened::Left => say!(locale, callbacks.happened.left),
        Happened::ScreenOn => say!(locale, callbacks.happened.screen_on),
        Happened::ScreenOff => say!(locale, callbacks.happened.screen_off),
        Happened::DocumentOn => say!(locale, callbacks.happened.document_on),
        Happened::DocumentOff => say!(locale, callbacks.happened.document_off),
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::file::FileKind;

    use super::*;

    #[test]
    fn a_time_is_shown_as_it_was_written_and_names_its_zone() {
        // 2026-11-22T06:27:05Z.
        let at = Timestamp::from_millis(1_795_328_825_000);
        let said = |locale, zone: Option<&str>, reader| {
            let field = FieldView {
                name: "startTime".to_owned(),
                raw: String::new(),
                means: Means::Moment(at),
                remark: zone.map(|zone| Remark::InZone(zone.to_owned())),
            };
            let reader = Zone::find(reader).unwrap();
            let shown = zone_of(&field, &reader);
            let time = means(locale, &field, |at| shown.civil(at));
            (time, note(locale, &field, &shown, &reader).unwrap())
        };
        let shanghai = Some("Asia/Shanghai");
        for (locale, zone, reader, time, note) in [
            (
                Locale::en,
                shanghai,
                "Asia/Shanghai",
                "2026-11-22 14:27:05",
                "in Asia/Shanghai",
            ),
            (
                Locale::en,
                shanghai,
                "Europe/Berlin",
                "2026-11-22 14:27:05",
                "in Asia/Shanghai (07:27:05 here)",
            ),
            (
                Locale::zh_CN,
                shanghai,
                "Pacific/Honolulu",
                "2026-11-22 14:27:05",
                "Asia/Shanghai 时间（本地 2026-11-21 20:27:05）",
            ),
            (
                Locale::en,
                None,
                "Europe/Berlin",
                "2026-11-22 07:27:05",
                "in Europe/Berlin",
            ),
        ] {
            let said = said(locale, zone, reader);
            assert_eq!((&*said.0, &*said.1), (time, note));
        }
    }

    #[test]
    fn fields_are_said_in_words() {
        let said = |reading| {
            let field = FieldView {
                name: "x".to_owned(),
                raw: "odd".to_owned(),
                means: reading,
                remark: None,
            };
            means(Locale::en, &field, |at| Civil::at(at, 8 * 3600))
        };
        assert_eq!(said(Means::Kind(FileKind::Track)), "Track");
        let moment = Means::Moment(Timestamp::from_millis(0));
        assert_eq!(said(moment), "1970-01-01 08:00:00");
        assert_eq!(said(Means::Length(2_688_000)), "00:44:48");
        assert_eq!(said(Means::Unread), "not readable: odd");
        let (what, person, at) = (Happened::Came, Some("u1".to_owned()), None);
        assert_eq!(said(Means::Event { what, person, at }), "joined · u1");
    }
}
