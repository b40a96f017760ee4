//! The lists that are offered in place of the current one: that of the day which the search text names and, where
//! nothing matches, near matches.

use reelroom_domain::{
    find::{Days, Find, Sort},
    search::SearchText,
    visible::visible_line,
};

use super::{
    chips::{Instead, chips},
    filter::Filter,
    results::number,
};
use crate::{error::ApiError, reader::Reader, visit::Visit, words};

/// The limit of filters that are left out one at a time.
const MOST: usize = 6;
/// The least number of characters to which a search text is shortened.
const SHORTEST: usize = 2;

/// The list of the day that the search text names, if it names one.
pub async fn of_day(visit: &Visit, filter: &Filter) -> Result<Option<Instead>, ApiError> {
    let reader = &visit.reader;
    let locale = reader.locale;
    let Some(days) = day(reader, filter) else {
        return Ok(None);
    };
    let find = Find {
        text: None,
        days: Some(days),
        ..filter.find.clone()
    };
    let what = words::days(locale, days, reader.today());
    let (_, found) = number_of(visit, &find).await?;
    let word = say!(locale, library.instead, what, found);
    Ok(Some(Instead { find, word }))
}

/// The day that the search text names; `None` beyond the first page.
fn day(reader: &Reader, filter: &Filter) -> Option<Days> {
    if filter.page.is_some() {
        return None;
    }
    Days::typed(filter.find.text.as_ref()?.as_str(), reader.date()?)
}

/// The lists to offer in place of one without recordings: that of the nearest text, and those with one of several
/// filters left out. Each has recordings.
pub async fn of_nothing(visit: &Visit, filter: &Filter) -> Result<Vec<Instead>, ApiError> {
    let reader = &visit.reader;
    let locale = reader.locale;
    let mut lists = Vec::new();
    if day(reader, filter).is_none()
        && let Some(text) = nearest(visit, &filter.find).await?
    {
        let shown = visible_line(text.as_str(), SearchText::MAX_BYTES);
        let what = say!(locale, library.text_chip, text = shown);
        let find = with_text(&filter.find, text);
        let (_, found) = number_of(visit, &find).await?;
        let word = say!(locale, library.instead, what, found);
        lists.push(Instead { find, word });
    }
    let chips = chips(reader, &filter.find, &[]);
    if chips.len() > 1 {
        for chip in chips.into_iter().take(MOST) {
            let (is_any, found) = number_of(visit, &chip.without).await?;
            let word = say!(locale, library.without, found, filter = chip.words());
            let find = chip.without;
            lists.extend(is_any.then_some(Instead { find, word }));
        }
    }
    Ok(lists)
}

/// The text nearest to a search text without matches: the same with blanks between Chinese and other letters, or else
/// its longest beginning that has matches.
async fn nearest(visit: &Visit, find: &Find) -> Result<Option<SearchText>, ApiError> {
    let Some(text) = &find.text else {
        return Ok(None);
    };
    if let Some(spaced) = text.spaced()
        && finds(visit, find, &spaced).await?
    {
        return Ok(Some(spaced));
    }
    let beginnings = beginnings(text);
    let (mut nearest, mut low, mut high) = (None, 0, beginnings.len());
    // A beginning of a text finds all that the text finds, so a binary search is enough.
    while low < high {
        let middle = usize::midpoint(low, high);
        if finds(visit, find, &beginnings[middle]).await? {
            nearest = Some(beginnings[middle].clone());
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(nearest)
}

/// The beginnings of a text, the shortest first, without the text itself.
fn beginnings(text: &SearchText) -> Vec<SearchText> {
    let text = text.as_str();
    let ends = text.char_indices().map(|(at, _)| at).skip(SHORTEST);
    let beginnings = ends.filter_map(|end| SearchText::parse(&text[..end]));
    beginnings
        .filter(|text| text.as_str().chars().count() >= SHORTEST)
        .collect()
}

/// Whether a list with this text has a recording.
async fn finds(visit: &Visit, find: &Find, text: &SearchText) -> Result<bool, ApiError> {
    let mut find = with_text(find, text.clone());
    find.sort = Sort::default();
    let query = Filter { find, page: None }.query(&visit.reader, &visit.app)?;
    let found = visit.service.found(&visit.me, &query, 1).await?;
    Ok(!found.is_empty())
}

fn with_text(find: &Find, text: SearchText) -> Find {
    Find {
        text: Some(text),
        ..find.clone()
    }
}

/// Whether a list has recordings, and their number in words.
async fn number_of(visit: &Visit, find: &Find) -> Result<(bool, String), ApiError> {
    let filter = Filter {
        find: find.clone(),
        page: None,
    };
    let query = filter.query(&visit.reader, &visit.app)?;
    let count = visit.service.count_found(&visit.me, &query).await?;
    let word = number(visit.reader.locale, filter.tries(), count);
    Ok((count.n > 0, word))
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use reelroom_domain::{find::Date, time::Timestamp};

    use super::*;
    use crate::query::Query;

    #[test]
    fn a_day_is_of_the_readers_zone_and_only_on_the_first_page() {
        // 2026-11-21T17:00:00Z, which is the next day in Shanghai, the zone of a reader without one.
        let now = Timestamp::from_millis(1_795_280_400_000);
        let reader = Reader::of(&HeaderMap::new(), now);
        let day = |query: &str| day(&reader, &Filter::of(&Query::parse(query)));
        let yesterday = Date::parse("2026-11-21").map(Days::on);
        assert_eq!(day("q=yesterday&room=r"), yesterday);
        assert_eq!(day("q=2026-11-21"), yesterday);
        assert_eq!(day("q=yesterday&after=12"), None);
        assert_eq!(day("q=lesson"), None);
        assert_eq!(day("room=yesterday"), None);
    }

    #[test]
    fn beginnings_are_shorter_than_the_text() {
        let beginnings = |typed: &str| {
            let beginnings = beginnings(&SearchText::parse(typed).unwrap());
            let texts = beginnings.iter().map(|text| text.as_str().to_owned());
            texts.collect::<Vec<_>>()
        };
        assert_eq!(beginnings("budg"), ["bu", "bud"]);
        assert_eq!(beginnings("产品评审"), ["产品", "产品评"]);
        assert_eq!(beginnings("a bc"), ["a b"]);
        assert!(beginnings("ab").is_empty());
    }
}
