use leptos::prelude::*;
use reelroom_domain::view::Library;

use super::{
    days::{Day, Line, lines},
    filter::Filter,
    nothing::Nothing,
    row::Row,
};
use crate::{i18n::Locale, reader::Reader, words};

/// `1 recording`, `128 recordings`.
pub fn count(locale: Locale, recordings: u64) -> String {
    match recordings {
        1 => say!(locale, library.recordings_one).to_owned(),
        n => say!(locale, library.recordings_many, count = n.to_string()),
    }
}

/// The recordings, grouped by day, and a link to older ones.
#[component]
pub fn Results(
    /// The results.
    library: Library,
    /// The filter.
    filter: Filter,
) -> impl IntoView {
    let Reader { locale, zone, .. } = Reader::expect();
    let older = library.older.as_deref().map(|before| {
        view! {
            <a class="btn" href=filter.starting(before) data-walk="">
                {say!(locale, library.older)}
            </a>
        }
    });
    let newest = (!filter.before.is_empty()).then(|| {
        view! {
            <a class="btn quiet" href=filter.starting("") data-walk="">
                {say!(locale, library.newest)}
            </a>
        }
    });
    let lines = lines(&library.recordings, |at| zone.civil(at));
    let table = if lines.is_empty() {
        view! { <Nothing filter=filter /> }.into_any()
    } else {
        view! {
            <table class="table recs" aria-label=say!(locale, library.table)>
                <thead>
                    <tr>
                        <th class="c-pic">
                            <span class="sr">{say!(locale, library.picture)}</span>
                        </th>
                        <th class="c-name">{say!(locale, library.recording)}</th>
                        <th class="c-start">{say!(locale, library.started)}</th>
                        <th class="c-len r">{say!(locale, library.length)}</th>
                        <th class="c-size r">{say!(locale, library.size)}</th>
                        <th class="c-files r">{say!(locale, library.files)}</th>
                        <th class="c-state">{say!(locale, library.state)}</th>
                    </tr>
                </thead>
                <tbody>{lines.into_iter().map(line).collect_view()}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <p class="result" role="status">
            <span class="strong num">{count(locale, library.total.into())}</span>
        </p>
        {table}
        <nav class="pager" aria-label=say!(locale, library.older)>
            {newest}
            {older}
        </nav>
    }
}

fn line(line: Line) -> AnyView {
    match line {
        Line::Day(day) => view! { <DayHead day=day /> }.into_any(),
        Line::Recording(row) => view! { <Row row=row /> }.into_any(),
    }
}

/// The totals of a day.
#[component]
fn DayHead(day: Day) -> impl IntoView {
    let reader = Reader::expect();
    let locale = reader.locale;
    let sum = say!(
        locale,
        library.day_sum,
        count = count(locale, day.recordings),
        size = words::bytes(locale, day.bytes)
    );
    view! {
        <tr class="day">
            <th colspan="7" scope="colgroup">
                {words::day_heading(locale, day.at, reader.today())} " " <span>{sum}</span>
            </th>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        assert_eq!(count(Locale::en, 1), "1 recording");
        assert_eq!(count(Locale::en, 0), "0 recordings");
        assert_eq!(count(Locale::zh_CN, 2), "2 个录像");
    }
}
