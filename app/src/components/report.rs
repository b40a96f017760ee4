//! The result of an action on the selected recordings. The address carries its numbers, and the ids of some that were
//! not changed, whose names the page looks up: a link must not be able to inject text.

use std::{collections::BTreeMap, fmt};

use leptos::prelude::*;
use reelroom_domain::{
    about::{Tag, Tags},
    ids::RecordingId,
    keep::Denied,
    outcome::{ItemOutcome, Outcomes},
    view::RecordingRow,
};
use reelroom_service::{Principal, Selection, Service};
use strum::{EnumString, IntoStaticStr};

use super::{control::IconLink, named::named};
use crate::{
    error::ApiError, form::failed_at, i18n::Locale, icon::Glyph, query::Query, reader::Reader,
    words,
};

/// The name of the form of actions in an address with the error of one.
pub const ACTIONS: &str = "recordings";
/// The parameter of the address.
pub const DID: &str = "did";
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
    /// Moved to the trash.
    Trashed,
    /// Restored from the trash.
    Restored,
    /// Began to delete for good.
    Deleted,
    /// Asked a second administrator to agree.
    Asked,
    /// Added to a case.
    Held,
}

/// Why recordings were left as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
enum Why {
    /// The account may not do it.
    Refused,
    /// They would have too many tags.
    Full,
    /// They are on hold.
    Held,
    /// They run, or may be running.
    Running,
    /// A copy of a file is being made.
    Copying,
    /// They are in another state.
    Unfit,
    /// They do not exist, or the account does not see them.
    Gone,
}

impl Why {
    /// Why a recording was left unchanged; `None` if it was changed.
    const fn of(outcome: ItemOutcome) -> Option<Self> {
        Some(match outcome {
            ItemOutcome::Done => return None,
            ItemOutcome::Refused => Self::Refused,
            ItemOutcome::TooManyTags => Self::Full,
            ItemOutcome::Gone => Self::Gone,
            ItemOutcome::Denied(Denied::Held) => Self::Held,
            ItemOutcome::Denied(Denied::Running) => Self::Running,
            ItemOutcome::Denied(Denied::Fetching) => Self::Copying,
            ItemOutcome::Denied(
                Denied::NotInTrash | Denied::InTrash | Denied::NotDue | Denied::Purged,
            ) => Self::Unfit,
        })
    }
}

/// The result of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    did: Did,
    done: u32,
    left: Vec<(Why, Few)>,
}

/// A number of recordings, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Few {
    n: u32,
    first: Vec<RecordingId>,
}

impl Few {
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
    /// A report of an action that changed `done` recordings.
    pub const fn new(did: Did, done: u32) -> Self {
        let left = Vec::new();
        Self { did, done, left }
    }

    /// The report of these outcomes.
    pub fn of(did: Did, outcomes: &Outcomes) -> Self {
        let mut done = 0;
        let mut left: BTreeMap<Why, Few> = BTreeMap::new();
        for (id, outcome) in outcomes {
            let Some(why) = Why::of(*outcome) else {
                done += 1;
                continue;
            };
            let few = left.entry(why).or_default();
            few.n += 1;
            if few.first.len() < NAMED {
                few.first.push(*id);
            }
        }
        let left = left.into_iter().collect();
        Self { did, done, left }
    }

    /// Whether nothing was done because the account may not do it.
    pub fn is_refused(&self) -> bool {
        let is_refused = |(why, _): &(Why, Few)| *why == Why::Refused;
        let may_not_see = |(why, _): &(Why, Few)| matches!(why, Why::Refused | Why::Gone);
        self.done == 0 && self.left.iter().any(is_refused) && self.left.iter().all(may_not_see)
    }

    /// The report in a query.
    pub fn in_query(query: &Query) -> Option<Self> {
        Self::parse(query.get(DID))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (did, done) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let left = parts.map(|part| {
            let (why, few) = part.split_once('-')?;
            Some((why.parse().ok()?, Few::parse(few)?))
        });
        let left = left.collect::<Option<_>>()?;
        Some(Self { did, done, left })
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
            let names = words::phrases(locale, &names);
            say!(locale, selection.did.named, what, names)
        };
        let n = words::number(self.done);
        let mut parts = vec![match self.did {
            Did::Tagged => say!(locale, selection.did.tagged, n),
            Did::Seen => say!(locale, selection.did.seen, n),
            Did::Unseen => say!(locale, selection.did.unseen, n),
            Did::Trashed => say!(locale, selection.did.trashed, n),
            Did::Restored => say!(locale, selection.did.restored, n),
            Did::Deleted => say!(locale, selection.did.deleted, n),
            Did::Asked => say!(locale, selection.did.asked, n),
            Did::Held => say!(locale, selection.did.held, n),
        }];
        parts.extend(self.left.iter().map(|(why, few)| {
            let n = words::number(few.n);
            let what = match why {
                Why::Refused => say!(locale, selection.did.refused, n),
                Why::Full => say!(locale, selection.did.full, most = Tags::MOST, n),
                Why::Held => say!(locale, selection.did.on_hold, n),
                Why::Running => say!(locale, selection.did.running, n),
                Why::Copying => say!(locale, selection.did.copying, n),
                Why::Unfit => say!(locale, selection.did.unfit, n),
                Why::Gone => say!(locale, selection.did.gone, n),
            };
            named(few, what)
        }));
        words::phrases(locale, &parts)
    }
}

impl fmt::Display for Report {
    /// As an address carries it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let did: &'static str = self.did.into();
        write!(f, "{did}.{}", self.done)?;
        self.left.iter().try_for_each(|(why, few)| {
            let why: &'static str = why.into();
            write!(f, ".{why}-{few}")
        })
    }
}

/// A report with the recordings that it names.
#[derive(Debug, Clone)]
pub struct Reported {
    report: Report,
    rows: Vec<RecordingRow>,
}

impl Reported {
    /// The report in a query, with those of its recordings that the account sees; `None`: there is no report.
    pub async fn load(
        service: &Service,
        me: &Principal,
        query: &Query,
    ) -> Result<Option<Self>, ApiError> {
        let Some(report) = Report::in_query(query) else {
            return Ok(None);
        };
        let first = report.left.iter().flat_map(|(_, few)| &few.first);
        let ids: Vec<RecordingId> = first.copied().collect();
        let rows = service.rows_of(me, &ids).await?;
        Ok(Some(Self { report, rows }))
    }

    /// The action.
    pub const fn did(&self) -> Did {
        self.report.did
    }

    /// Whether nothing was changed.
    pub const fn is_empty(&self) -> bool {
        self.report.done == 0
    }

    fn text(&self) -> String {
        self.report.text(Reader::expect().locale, |id| {
            self.rows.iter().find(|row| row.id == id).map(named)
        })
    }
}

/// The result of the last action, or its error. `more` follows the words; `close` is the address of the page without
/// it.
pub fn report(
    reported: Option<&Reported>,
    close: String,
    more: Option<AnyView>,
) -> Option<AnyView> {
    let locale = Reader::expect().locale;
    let (tone, text) = match failed_at(ACTIONS) {
        Some(error) => ("fault", wrong(locale, &error)?),
        None => ("info", reported?.text()),
    };
    let more = more.filter(|_| tone == "info");
    let announced = text.clone();
    let strip = view! {
        <div class="did" data-tone=tone data-announce=announced>
            <p>{text}</p>
            {more}
            <IconLink href=close glyph=Glyph::X word=say!(locale, common.action.close) />
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
        let text = match error {
            ApiError::Held => say!(locale, keep.denied.held),
            ApiError::Purged => say!(locale, keep.denied.purged),
            ApiError::NotAllowed => say!(locale, keep.denied.other),
            _ => return None,
        };
        text.to_owned()
    };
    Some(text)
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    fn id(n: usize) -> RecordingId {
        format!("{n:032x}").parse().unwrap()
    }

    #[test]
    fn an_address_carries_numbers_and_ids_alone() {
        let outcomes = |ids: Range<usize>, outcome| ids.map(move |n| (id(n), outcome));
        let refused = outcomes(1..6, ItemOutcome::Refused);
        let full = outcomes(7..8, ItemOutcome::TooManyTags);
        let gone = outcomes(8..10, ItemOutcome::Gone);
        let done = outcomes(10..1_294, ItemOutcome::Done);
        let all = gone.chain(refused).chain(full).chain(done);
        let report = Report::of(Did::Tagged, &all.collect());
        let text = report.to_string();
        assert_eq!(Report::parse(&text), Some(report.clone()));
        for crafted in [
            "",
            "tagged",
            "tagged.1.refused-1.Call 555",
            "tagged.1.refused-1-Call",
            "tagged.1.sorry-1",
            "x.1",
        ] {
            assert_eq!(Report::parse(crafted), None, "{crafted}");
        }
        let words = report.text(Locale::en, |id| Some(id.to_string()[30..].to_owned()));
        assert_eq!(
            words,
            "Tags changed: 1,284; not allowed: 5 (01; 02; 03; …); over 20 tags, not changed: 1 (07); \
             no longer there: 2 (08; 09)"
        );
        // An account that does not see them gets no names.
        let seen = Report::parse("seen.0.refused-1-00000000000000000000000000000001").unwrap();
        assert_eq!(
            seen.text(Locale::zh_CN, |_| None),
            "已标为已看：0 个；无权更改：1 个"
        );
        assert!(seen.is_refused());
    }

    #[test]
    fn each_recording_that_stays_has_its_reason() {
        let outcomes = Outcomes::from([
            (id(1), ItemOutcome::Done),
            (id(2), ItemOutcome::Denied(Denied::Held)),
            (id(3), ItemOutcome::Denied(Denied::Held)),
            (id(4), ItemOutcome::Denied(Denied::Running)),
            (id(5), ItemOutcome::Gone),
        ]);
        let report = Report::of(Did::Trashed, &outcomes);
        assert!(!report.is_refused());
        let name = |id: RecordingId| Some(id.to_string()[30..].to_owned());
        assert_eq!(
            report.text(Locale::en, name),
            "Moved to the trash: 1; on hold, not changed: 2 (02; 03); still recording, or uncertain: 1 (04); \
             no longer there: 1 (05)"
        );
        assert_eq!(
            report.text(Locale::zh_CN, |_| None),
            "已移到回收站：1 个；已冻结，未更改：2 个；仍在录制或状态未知：1 个；已不存在：1 个"
        );
        let chinese = report.text(Locale::zh_CN, name);
        assert!(chinese.contains("02；03"), "{chinese}");
        assert_eq!(Report::parse(&report.to_string()), Some(report));
        // As the server function `delete_now` makes them.
        for (text, did) in [("deleted.2", Did::Deleted), ("asked.2", Did::Asked)] {
            assert_eq!(Report::parse(text), Some(Report::new(did, 2)));
        }
    }
}
