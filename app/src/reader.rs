//! The reader of a page: language, theme and zone, and the time at which the page is made.

use http::{HeaderMap, header};
use jiff::tz::TimeZone;
use leptos::prelude::expect_context;
use reelroom_domain::{
    find::{Date, Days},
    time::{Civil, Timestamp},
};

use crate::{
    i18n::Locale,
    start::{Theme, accepted_locale, cookie, locale_of},
    words::is_same_day,
};

/// The default zone, used until the browser has reported its own: the platform's.
const PLATFORM_ZONE: &str = "Asia/Shanghai";

/// The reader's preferences and the render time. A context of every page.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The language.
    pub locale: Locale,
    /// The theme.
    pub theme: Theme,
    /// The zone in which times are shown.
    pub zone: Zone,
    /// The server's time when it rendered the page.
    pub now: Timestamp,
}

impl Reader {
    /// Reads the preferences from request headers. The language is the chosen one, else the best match of
    /// `Accept-Language`.
    pub fn of(headers: &HeaderMap, now: Timestamp) -> Self {
        let zone = |name| {
            let name = cookie_value(headers, name)?.replace("%2F", "/");
            Zone::find(&name)
        };
        Self {
            locale: locale(headers),
            theme: Theme::parse(&cookie_value(headers, cookie::THEME).unwrap_or_default()),
            zone: zone(cookie::CHOSEN_ZONE)
                .or_else(|| zone(cookie::ZONE))
                .or_else(|| Zone::find(PLATFORM_ZONE))
                .unwrap_or_default(),
            now,
        }
    }

    /// The reader of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// The render time in the reader's zone.
    pub fn today(&self) -> Civil {
        self.zone.civil(self.now)
    }

    /// The day on which the page is rendered, in the reader's zone; `None` outside the years of [`Date`].
    pub fn date(&self) -> Option<Date> {
        Date::of(self.today())
    }

    /// The moment at which the first of these days begins, and the one at which the last of them ends.
    pub fn between(&self, days: Option<Days>) -> (Option<Timestamp>, Option<Timestamp>) {
        let day = |date: Option<Date>| date.and_then(|date| self.zone.day(&date.to_string()));
        match days {
            None => (None, None),
            Some(Days::Last(days)) => self.zone.last_days(self.now, days).unzip(),
            Some(Days::Between(from, to)) => (
                day(from).map(|(from, _)| from),
                day(to).map(|(_, until)| until),
            ),
        }
    }
}

/// A time zone.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl Zone {
    /// The zone of that IANA name.
    pub fn find(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// The names of the zones of places, and `UTC`, in order.
    pub fn names() -> Vec<String> {
        const AREAS: &str =
            "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific";
        let is_place = |name: &str| {
            let area = name.split_once('/').map_or("", |(area, _)| area);
            name == "UTC" || AREAS.split(' ').any(|one| one == area)
        };
        let all = jiff::tz::db().available();
        let names = all.map(|name| name.to_string());
        let mut names: Vec<String> = names.filter(|name| is_place(name)).collect();
        names.sort_unstable();
        names
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The offset from UTC in seconds at `moment`.
    pub fn offset(&self, moment: Timestamp) -> i32 {
        let moment = jiff::Timestamp::from_millisecond(moment.as_millis());
        moment.map_or(0, |moment| self.0.to_offset(moment).seconds())
    }

    /// The beginning of a day of this zone, and of the next one; the day as a form sends it: `2026-11-22`.
    pub fn day(&self, day: &str) -> Option<(Timestamp, Timestamp)> {
        let day: jiff::civil::Date = day.parse().ok()?;
        let begin = |day: jiff::civil::Date| {
            let begin = day.to_zoned(self.0.clone()).ok()?.timestamp();
            Some(Timestamp::from_millis(begin.as_millisecond()))
        };
        begin(day).zip(begin(day.tomorrow().ok()?))
    }

    /// The beginning of the first of so many days, the last of which is that of `now`, and the end of that day.
    pub fn last_days(&self, now: Timestamp, days: u16) -> Option<(Timestamp, Timestamp)> {
        let now = jiff::Timestamp::from_millisecond(now.as_millis()).ok()?;
        let today = self.0.to_datetime(now).date();
        let first = today
            .checked_sub(jiff::Span::new().days(i64::from(days) - 1))
            .ok()?;
        let ((from, _), (_, until)) = self
            .day(&first.to_string())
            .zip(self.day(&today.to_string()))?;
        Some((from, until))
    }

    /// The local date and time at `moment`.
    pub fn civil(&self, moment: Timestamp) -> Civil {
        Civil::at(moment, self.offset(moment))
    }

    /// Groups items, which are in the order of their times, by their days in this zone, each with a time of that day.
    pub fn by_day<'a, T>(
        &self,
        items: &'a [T],
        at: impl Fn(&T) -> Timestamp,
    ) -> Vec<(Civil, &'a [T])> {
        let civil = |item: &T| self.civil(at(item));
        let days = items.chunk_by(|one, next| is_same_day(civil(one), civil(next)));
        days.map(|items| (civil(&items[0]), items)).collect()
    }
}

/// The language that these headers ask for.
pub fn locale(headers: &HeaderMap) -> Locale {
    cookie_value(headers, cookie::LANGUAGE)
        .and_then(|tag| locale_of(&tag))
        .unwrap_or_else(|| {
            headers
                .get(header::ACCEPT_LANGUAGE)
                .and_then(|value| value.to_str().ok())
                .map_or(Locale::en, accepted_locale)
        })
}

/// The value of a cookie of the request.
pub fn cookie_value(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then(|| value.to_owned()))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(header::HeaderName, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn a_chosen_language_goes_before_the_browsers() {
        let accept = (header::ACCEPT_LANGUAGE, "zh-CN,zh;q=0.9");
        assert_eq!(
            locale(&headers(std::slice::from_ref(&accept))),
            Locale::zh_CN
        );
        let chosen = (header::COOKIE, "theme=dark; lang=en");
        assert_eq!(locale(&headers(&[accept, chosen])), Locale::en);
        assert_eq!(locale(&HeaderMap::new()), Locale::en);
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let headers = headers(&[(header::COOKIE, "xtz=no; tz=Europe/Berlin;theme=")]);
        assert_eq!(
            cookie_value(&headers, "tz").as_deref(),
            Some("Europe/Berlin")
        );
        assert_eq!(cookie_value(&headers, "theme").as_deref(), Some(""));
        assert_eq!(cookie_value(&headers, "t"), None);
    }

    #[test]
    fn a_day_begins_at_the_zones_midnight() {
        let day = |zone: &str, day: &str| {
            let (begin, end) = Zone::find(zone).unwrap().day(day)?;
            Some((begin.as_millis(), end.since(begin) / 3_600_000))
        };
        // 2026-11-21T16:00:00Z.
        let begin = 1_795_276_800_000;
        assert_eq!(day("Asia/Shanghai", "2026-11-22"), Some((begin, 24)));
        assert_eq!(day("Europe/Berlin", "2026-10-25").unwrap().1, 25);
        for typed in ["", "22.11.2026", "2026-11-31", "today"] {
            assert_eq!(day("UTC", typed), None, "{typed}");
        }
    }

    #[test]
    fn midnight_is_that_of_the_zone() {
        // 17:00, 15:00 and 14:00 UTC: two days in Shanghai, one in UTC.
        let times = [17, 15, 14].map(|hour| Timestamp::from_millis(hour * 3_600_000));
        let lengths = |zone: &str| -> Vec<usize> {
            let days = Zone::find(zone).unwrap().by_day(&times, |at| *at);
            days.iter().map(|(_, times)| times.len()).collect()
        };
        assert_eq!(lengths("Asia/Shanghai"), [1, 2]);
        assert_eq!(lengths("UTC"), [3]);
    }

    #[test]
    fn a_zone_moves_with_the_season_and_an_unknown_one_is_the_platforms() {
        let reader = |zone: &'static str| {
            Reader::of(&headers(&[(header::COOKIE, zone)]), Timestamp::default())
        };
        let zone = reader("tz=Europe%2FBerlin").zone;
        // 2026-01-15 and 2026-07-15, noon UTC.
        assert_eq!(zone.offset(Timestamp::from_millis(1_768_478_400_000)), 3600);
        let summer = Timestamp::from_millis(1_784_116_800_000);
        assert_eq!(
            (zone.name(), zone.civil(summer).hour),
            ("Europe/Berlin", 14)
        );
        assert_eq!(reader("tz=Mars").zone.name(), PLATFORM_ZONE);
        let chosen = reader("tz=Europe%2FBerlin; zone=America/Lima").zone;
        assert_eq!(chosen.name(), "America/Lima");
        assert_eq!(reader("zone=Mars; tz=Asia/Tokyo").zone.name(), "Asia/Tokyo");
    }

    #[test]
    fn zones_are_named_by_places() {
        let names = Zone::names();
        for name in ["UTC", "Asia/Shanghai", "America/Argentina/Buenos_Aires"] {
            assert!(names.iter().any(|one| one == name), "{name}");
        }
        for name in ["EST", "Etc/GMT+5", "PRC"] {
            assert!(!names.iter().any(|one| one == name), "{name}");
        }
    }
}
