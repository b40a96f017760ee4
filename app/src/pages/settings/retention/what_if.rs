//! A forecast: the recordings that the rules would have deleted in the last year, and will in the next one, by month.

use leptos::prelude::*;
use reelroom_domain::{
    find::Month as Named,
    retention::{RetentionView, Tally},
    time::Timestamp,
};

use crate::{i18n::Locale, reader::Zone, this_page::locale, words};

/// The section of the what-if; nothing without a dry run.
pub fn what_if(of: &RetentionView) -> Option<impl IntoView + use<>> {
    let locale = locale();
    let made = of.dry_run.as_ref()?;
    let zone = Zone::find(&of.schedule.zone).unwrap_or_default();
    let months = &made.what_if.months;
    let before = made.what_if.before;
    let all = months
        .iter()
        .map(|month| month.goes.bytes + month.saved.bytes);
    let most = all.max().unwrap_or_default().max(before.bytes);
    let nothing = Tally::default();
    let first = (before != nothing).then(|| {
        row(
            locale,
            say!(locale, retention.what_if.before).to_owned(),
            before,
            nothing,
            most,
        )
    });
    let rows: Vec<_> = months
        .iter()
        .enumerate()
        .map(|(at, month)| {
            let next = months.get(at + 1);
            let is_now = month.from <= made.at && next.is_none_or(|next| made.at < next.from);
            let mut name = month_name(locale, &zone, month.from);
            if is_now {
                name = format!("{name}, {}", say!(locale, retention.what_if.now));
            }
            row(locale, name, month.goes, month.saved, most)
        })
        .collect();
    Some(view! {
        <section aria-labelledby="what-if-h">
            <h2 id="what-if-h">{say!(locale, retention.what_if.title)}</h2>
            <p class="muted">{say!(locale, retention.what_if.text)}</p>
            <div class="box">
                <table class="table what-if" aria-labelledby="what-if-h">
                    <thead>
                        <tr>
                            <th>{say!(locale, retention.what_if.month)}</th>
                            <th class="c-bar">
                                <span class="sr">{say!(locale, common.word.share)}</span>
                            </th>
                            <th class="r">{say!(locale, common.word.recordings)}</th>
                            <th class="r">{say!(locale, retention.what_if.gone)}</th>
                            <th class="r">{say!(locale, retention.figs.saved)}</th>
                        </tr>
                    </thead>
                    <tbody>{first} {rows}</tbody>
                </table>
            </div>
            <p class="hint">{say!(locale, retention.what_if.hint)}</p>
        </section>
    })
}

fn row(locale: Locale, name: String, goes: Tally, saved: Tally, most: u64) -> impl IntoView {
    let size = |bytes: u64| match bytes {
        0 => "–".to_owned(),
        bytes => words::bytes(locale, bytes),
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="c-bar">{bar(goes.bytes, saved.bytes, most)}</td>
            <td class="num r">{words::number(goes.recordings)}</td>
            <td class="num r nowrap">{size(goes.bytes)}</td>
            <td class="num r nowrap">{size(saved.bytes)}</td>
        </tr>
    }
}

/// A bar of what goes, and behind it of what is saved; SVG, because the content security policy forbids style
/// attributes.
fn bar(goes: u64, saved: u64, most: u64) -> impl IntoView {
    let [goes, saved] = [goes, saved].map(|part| words::percent(part, most));
    view! {
        <svg class="meter" aria-hidden="true">
            <rect width=goes.clone() height="100%" />
            <rect class="saved" x=goes width=saved height="100%" />
        </svg>
    }
}

/// `November 2026`.
fn month_name(locale: Locale, zone: &Zone, from: Timestamp) -> String {
    let at = zone.civil(from);
    let month = Named::parse(&format!("{:04}-{:02}", at.year, at.month));
    month.map_or_else(String::new, |month| words::month_year(locale, month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_named_in_the_zone_of_the_rules() {
        let zone = Zone::find("Asia/Shanghai").unwrap();
        // 2026-10-31T16:00:00Z.
        let from = Timestamp::from_millis(1_793_462_400_000);
        assert_eq!(month_name(Locale::en, &zone, from), "November 2026");
        assert_eq!(month_name(Locale::zh_CN, &zone, from), "2026年11月");
    }
}
