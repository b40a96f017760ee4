//! What became of an action on the selected recordings. The address carries its numbers, and the ids of some that were
//! not changed, whose names the page looks up: a link must not be able to inject text.

use std::fmt;

use leptos::prelude::*;
use reelroom_domain::{
    about::{Tag, Tags},
    ids::RecordingId,
    view::RecordingRow,
};
use reelroom_service::{Outcomes, Selection};
use strum::{EnumString, IntoStaticStr};

use crate::{
    components::{Glyph, Icon},
    error::ApiError,
    form::failed_at,
    i18n::Locale,
    query::Query,
    reader::Reader,
    visit::Visit,
    words,
};

/// The parameter of the address.
pub const DID: &str = "did";
/// The name of the form in an address with the error of an action.
pub const FORM: &str = "recordings";
/// How many recordings of each outcome are named.
const NAMED: usize = 3;

/// An action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Did {
    /// Changed tags.
    Tagged,
    /// Marked as seen.
    Seen,
    /// Marked as not seen.
    Unseen,
}

/// What became of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    did: Did,
    done: u32,
    refused: Few,
    full: Few,
    gone: u32,
}

/// A number of recordings, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Few {
    n: u32,
    first: Vec<RecordingId>,
}

impl Few {
    fn of(ids: &[RecordingId]) -> Self {
        Self {
            n: u32::try_from(ids.len()).unwrap_or(u32::MAX),
            first: ids.iter().copied().take(NAMED).collect(),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let n = parts.next()?.parse().ok()?;
        let first = parts.take(NAMED).map(|id| id.parse().ok());
        Some(Self {
            n,
            first: first.collect::<Option<_>>()?,
        })
    }
}

impl fmt::Display for Few {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.n)?;
        self.first.iter().try_for_each(|id| write!(f, "-{id}"))
    }
}

impl Report {
    /// What became of an action.
    pub fn new(did: Did, outcomes: &Outcomes) -> Self {
        Self {
            did,
            done: outcomes.done,
            refused: Few::of(&outcomes.refused),
            full: Few::of(&outcomes.full),
            gone: outcomes.gone,
        }
    }

    /// The report in a query.
    pub fn of(query: &Query) -> Option<Self> {
        Self::parse(query.get(DID))
    }

    fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('.').collect();
        let [did, done, refused, full, gone] = parts.try_into().ok()?;
        Some(Self {
            did: did.parse().ok()?,
            done: done.parse().ok()?,
            refused: Few::parse(refused)?,
            full: Few::parse(full)?,
            gone: gone.parse().ok()?,
        })
    }

    /// The numbers in words, with the names of some recordings that were not changed.
    fn text(&self, locale: Locale, name: impl Fn(RecordingId) -> Option<String>) -> String {
        let named = |few: &Few, what: String| {
            let names = few.first.iter().filter_map(|id| name(*id));
            let mut names: Vec<String> = names.collect();
            if names.is_empty() {
                return what;
            }
            if few.n as usize > names.len() {
                names.push("…".to_owned());
            }
            say!(locale, selection.did.named, what, names = names.join("; "))
        };
        let n = words::number(self.done);
        let mut parts = vec![match self.did {
            Did::Tagged => say!(locale, selection.did.tagged, n),
            Did::Seen => say!(locale, selection.did.seen, n),
            Did::Unseen => say!(locale, selection.did.unseen, n),
        }];
        if self.refused.n > 0 {
            let n = words::number(self.refused.n);
            parts.push(named(&self.refused, say!(locale, selection.did.refused, n)));
        }
        if self.full.n > 0 {
            let (n, most) = (words::number(self.full.n), Tags::MOST);
            parts.push(named(&self.full, say!(locale, selection.did.full, most, n)));
        }
        if self.gone > 0 {
            let n = words::number(self.gone);
            parts.push(say!(locale, selection.did.gone, n));
        }
        match locale {
            Locale::en => parts.join("; "),
            Locale::zh_CN => parts.join("；"),
        }
    }
}

impl fmt::Display for Report {
    /// As an address carries it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let did: &'static str = self.did.into();
        let Self {
            done,
            refused,
            full,
            gone,
            ..
        } = self;
        write!(f, "{did}.{done}.{refused}.{full}.{gone}")
    }
}

/// A report with the recordings that it names.
#[derive(Debug, Clone)]
pub struct Reported {
    report: Report,
    rows: Vec<RecordingRow>,
}

impl Reported {
    /// Loads the recordings that the reader sees.
    pub async fn load(visit: &Visit, report: Report) -> Result<Self, ApiError> {
        let ids = [&*report.refused.first, &*report.full.first].concat();
        let rows = if ids.is_empty() {
            Vec::new()
        } else {
            visit.service.rows_of(&visit.me, &ids).await?
        };
        Ok(Self { report, rows })
    }

    fn text(&self) -> String {
        let Reader { locale, zone, .. } = Reader::expect();
        self.report.text(locale, |id| {
            let row = self.rows.iter().find(|row| row.id == id)?;
            let time = words::clock(zone.civil(row.began_at()));
            Some(format!("{}, {time}", row.room_name()))
        })
    }
}

/// What became of the last action, or why there was none; `close` is the address of the page without it.
pub fn report(reported: Option<&Reported>, close: String) -> Option<AnyView> {
    let locale = Reader::expect().locale;
    let (tone, text) = match failed_at(FORM) {
        Some(error) => ("fault", wrong(locale, &error)?),
        None => ("info", reported?.text()),
    };
    let word = say!(locale, selection.did.close);
    let announced = text.clone();
    let strip = view! {
        <div class="did" data-tone=tone data-announce=announced>
            <p>{text}</p>
            <a class="btn quiet icon" href=close aria-label=word title=word>
                <Icon glyph=Glyph::X />
            </a>
        </div>
    };
    Some(strip.into_any())
}

fn wrong(locale: Locale, error: &ApiError) -> Option<String> {
    let is = |field: &'static str, code: &str| error.problems_of(field).any(|one| one == code);
    let text = if is("selection", "too_many") {
        say!(
            locale,
            selection.too_many,
            n = words::number(Selection::MOST)
        )
    } else if is("tags", "not_tags") {
        let (letters, n) = (Tag::LONGEST, Tags::MOST);
        say!(locale, selection.tags.wrong, letters, n)
    } else if is("tags", "empty") {
        say!(locale, selection.tags.empty).to_owned()
    } else if is("selection", "none") {
        say!(locale, selection.none).to_owned()
    } else {
        return None;
    };
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: usize) -> RecordingId {
        format!("{n:032x}").parse().unwrap()
    }

    #[test]
    fn an_address_carries_numbers_and_ids_alone() {
        let outcomes = Outcomes {
            done: 1_284,
            refused: (1..=5).map(id).collect(),
            full: vec![id(7)],
            gone: 2,
        };
        let report = Report::new(Did::Tagged, &outcomes);
        let text = report.to_string();
        assert_eq!(Report::parse(&text), Some(report.clone()));
        for crafted in [
            "",
            "tagged",
            "tagged.1.0.0.Call 555",
            "tagged.1.0-x.0.0",
            "x.1.0.0.0",
        ] {
            assert_eq!(Report::parse(crafted), None, "{crafted}");
        }
        let words = report.text(Locale::en, |id| Some(id.to_string()[30..].to_owned()));
        assert_eq!(
            words,
            "Tags changed: 1,284; not allowed: 5 (01; 02; 03; …); over 20 tags, not changed: 1 (07); \
             no longer there: 2"
        );
        // Whoever does not see them gets no names.
        let seen = Report::parse("seen.0.1-00000000000000000000000000000001.0.0").unwrap();
        assert_eq!(
            seen.text(Locale::zh_CN, |_| None),
            "已标为已看：0 个；无权更改：1 个"
        );
    }
}
