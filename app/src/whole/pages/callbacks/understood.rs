//! How a call was understood, field by field.

use leptos::prelude::*;
use reelroom_domain::{
    file::{FileKind, Media},
    inbox::{CallView, FieldView, Happened, Means, Remark},
    time::{Civil, clock_length},
};

use crate::{
    i18n::{Locale, t_string, td_string, use_i18n},
    whole::components::{Glyph, Icon},
    whole::zone::Zone,
    words,
};

/// A row a field: its name, what it was taken for, and what more there is to say.
#[component]
pub fn Fields(call: Memo<CallView>) -> impl IntoView {
    let i18n = use_i18n();
    let fields = Memo::new(move |_| call.with(|call| call.fields.clone()));
    let sum = move || {
        let (there, kept) = fields.with(|fields| {
            let there = fields.iter().filter(|field| field.means != Means::Absent);
            let kept = fields.iter().filter(|field| field.means == Means::Kept);
            (there.count(), kept.count())
        });
        if kept > 0 {
            t_string!(
                i18n,
                callbacks.fields.sum_unknown,
                n = there.to_string(),
                unknown = kept.to_string()
            )
        } else {
            t_string!(i18n, callbacks.fields.sum, n = there.to_string())
        }
    };
    view! {
        <section aria-labelledby="fields-h">
            <h3 id="fields-h">
                {told!(i18n, callbacks.fields.title)}
                <span>{move || (!fields.with(Vec::is_empty)).then(sum)}</span>
            </h3>
            {move || {
                let fields = fields.get();
                if fields.is_empty() {
                    view! { <p class="muted">{told!(i18n, callbacks.fields.none)}</p> }.into_any()
                } else {
                    view! {
                        <div class="und">
                            <table class="table" aria-labelledby="fields-h">
                                <tbody>
                                    {fields
                                        .into_iter()
                                        .map(|field| view! { <Row field=field /> })
                                        .collect_view()}
                                </tbody>
                            </table>
                        </div>
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

#[component]
fn Row(field: FieldView) -> impl IntoView {
    let i18n = use_i18n();
    let zone = Zone::expect();
    let (wrong, raw) = (field.is_wrong(), field.raw.clone());
    let (name, remark) = (field.name.clone(), field.remark.clone());
    let means = move || {
        let locale = i18n.get_locale();
        means(locale, &field, |at| zone.civil(at))
    };
    let said = move || {
        remark
            .as_ref()
            .map(|remark| remark_words(i18n.get_locale(), remark))
    };
    view! {
        <tr class:flag=wrong>
            <th scope="row">
                <bdi>{name}</bdi>
            </th>
            <td title=raw>
                {wrong.then(|| view! { <Icon glyph=Glyph::Error /> })} <bdi>{means}</bdi>
                <small>{said}</small>
            </td>
        </tr>
    }
}

fn means(
    locale: Locale,
    field: &FieldView,
    civil: impl Fn(reelroom_domain::time::Timestamp) -> Civil,
) -> String {
    let moment = |at| {
        let at = civil(at);
        format!(
            "{:04}-{:02}-{:02} {}",
            at.year,
            at.month,
            at.day,
            words::clock_seconds(at)
        )
    };
    match &field.means {
        Means::Kind(kind) => kind_word(locale, *kind).to_owned(),
        Means::Media(media) => media_word(locale, *media).to_owned(),
        Means::Room(room) => td_string!(locale, callbacks.fields.room, room = room.clone()),
        Means::Person(text) | Means::Name(text) | Means::Host(text) => text.clone(),
        Means::Bytes(bytes) => words::bytes(locale, *bytes),
        Means::Length(millis) => clock_length(*millis),
        Means::Moment(at) => moment(*at),
        Means::Members(n) => td_string!(locale, callbacks.fields.members, n = n.to_string()),
        Means::Text => td_string!(locale, callbacks.fields.text).to_owned(),
        Means::Event { what, person, at } => {
            let mut said = happened_word(locale, *what).to_owned();
            for part in person.iter().cloned().chain(at.map(moment)) {
                said.push_str(" · ");
                said.push_str(&part);
            }
            said
        }
        Means::Absent => "–".to_owned(),
        Means::Unread => td_string!(locale, callbacks.fields.unread, raw = field.raw.clone()),
        Means::Kept => td_string!(locale, callbacks.fields.kept).to_owned(),
    }
}

fn remark_words(locale: Locale, remark: &Remark) -> String {
    let fixed = match remark {
        Remark::InZone(zone) => {
            return td_string!(locale, callbacks.remark.zone, zone = zone.clone());
        }
        Remark::FollowsRule => td_string!(locale, callbacks.remark.follows),
        Remark::BreaksRule => td_string!(locale, callbacks.remark.breaks),
        Remark::NotAllowed => td_string!(locale, callbacks.remark.not_allowed),
        Remark::Needed => td_string!(locale, callbacks.remark.needed),
    };
    fixed.to_owned()
}

/// The word for what a file shows.
pub fn kind_word(locale: Locale, kind: FileKind) -> &'static str {
    match kind {
        FileKind::Composite => td_string!(locale, common.files.composite),
        FileKind::Track => td_string!(locale, common.files.track),
        FileKind::Frame => td_string!(locale, common.files.frame),
    }
}

fn media_word(locale: Locale, media: Media) -> &'static str {
    match media {
        Media::Audio => td_string!(locale, callbacks.media.audio),
        Media::Video => td_string!(locale, callbacks.media.video),
        Media::Image => td_string!(locale, callbacks.media.image),
        Media::Unknown => td_string!(locale, callbacks.media.unknown),
    }
}

fn happened_word(locale: Locale, what: Happened) -> &'static str {
    match what {
        Happened::MeetingBegan => td_string!(locale, callbacks.happened.began),
        Happened::MeetingEnded => td_string!(locale, callbacks.happened.ended),
        Happened::Came => td_string!(locale, callbacks.happened.came),
        Happened::Left => td_string!(locale, callbacks.happened.left),
        Happened::ScreenOn => td_string!(locale, callbacks.happened.screen_on),
        Happened::ScreenOff => td_string!(locale, callbacks.happened.screen_off),
        Happened::DocumentOn => td_string!(locale, callbacks.happened.document_on),
        Happened::DocumentOff => td_string!(locale, callbacks.happened.document_off),
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::Timestamp;

    use super::*;

    #[test]
    fn fields_are_said_in_words() {
        let said = |means_| {
            let field = FieldView {
                name: "x".to_owned(),
                raw: "odd".to_owned(),
                means: means_,
                remark: None,
            };
            means(Locale::en, &field, |at| Civil::at(at, 8 * 3600))
        };
        assert_eq!(said(Means::Kind(FileKind::Track)), "Track");
        assert_eq!(
            said(Means::Moment(Timestamp::from_millis(0))),
            "1970-01-01 08:00:00"
        );
        assert_eq!(said(Means::Length(2_688_000)), "00:44:48");
        assert_eq!(said(Means::Unread), "not readable: odd");
        assert_eq!(
            said(Means::Event {
                what: Happened::Came,
                person: Some("u1".to_owned()),
                at: None
            }),
            "came in · u1"
        );
    }
}
