//! The list of calls.

use std::cmp::Reverse;

use reelroom_domain::{
    access::{Thing, Verb},
    callback::CallbackKind,
    inbox::{AfterStop, CallRow, Inbox, InboxOnly, InboxTab, mark},
    room::{ParticipantId, RoomId},
    search::SearchText,
    time::Timestamp,
    visible::visible_line,
};
use reelroom_store::{
    calls::{self, Call},
    inbox::{self, Filter, Line},
};

use crate::{Principal, Service, ServiceError, recordings::patience::patience};

const PAGE: u32 = 50;

/// The most characters of a name that a list shows.
const LONGEST: usize = 160;

/// The calls to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InboxQuery {
    /// The tab.
    pub tab: InboxTab,
    /// Another filter.
    pub only: InboxOnly,
    /// Only of this room.
    pub room: Option<RoomId>,
    /// Part of a room's or a file's name.
    pub search: Option<SearchText>,
    /// The cursor: [`Inbox::older`] of the page before.
    pub before: Option<String>,
}

impl Service {
    /// A page of the inbox, of all apps; the first one if the cursor is invalid.
    pub async fn inbox(&self, by: &Principal, query: InboxQuery) -> Result<Inbox, ServiceError> {
        by.require(Verb::See, Thing::Callbacks)?;
        let filter = |tab| Filter {
            tab,
            only: query.only,
            room: query.room.as_ref(),
            search: query.search.as_ref(),
        };
        let before = query.before.and_then(|before| before.parse().ok());
        // Queued calls are the newest ones, and match no filter yet.
        let is_filtered =
            query.only != InboxOnly::Everything || query.room.is_some() || query.search.is_some();
        let (waiting, waiting_count) = if is_filtered {
            (Vec::new(), 0)
        } else {
            let after = self.understood_up_to();
            let mut read = self.0.store.read_calls().await?;
            let waiting = match query.tab {
                InboxTab::All => calls::newest_waiting(&mut read, before, PAGE + 1).await?,
                _ => Vec::new(),
            };
            let count = calls::count_waiting(&mut read, after, Inbox::COUNTED).await?;
            (waiting, count)
        };
        let mut read = self.0.store.read().await?;
        let late_after = patience(&mut read).await?.late_after;
        let found = inbox::page(&mut read, filter(query.tab), before, PAGE + 1).await?;
        // A call may have been understood between the two reads.
        let waiting = waiting
            .iter()
            .filter(|call| found.iter().all(|line| line.entry.id != call.id));
        let mut rows: Vec<CallRow> = waiting.map(waiting_row).collect();
        rows.extend(found.iter().map(|line| row(line, late_after)));
        rows.sort_by_key(|row| Reverse(row.id));
        let more = rows.len() > PAGE as usize;
        rows.truncate(PAGE as usize);
        let older = rows.last().filter(|_| more).map(|last| last.id.to_string());
        let mut counts = Vec::with_capacity(InboxTab::ALL.len());
        for tab in InboxTab::ALL {
            let mut count = inbox::count(&mut read, filter(*tab)).await?;
            if *tab == InboxTab::All {
                count = (count + waiting_count).min(Inbox::COUNTED);
            }
            counts.push((*tab, count));
        }
        Ok(Inbox {
            calls: rows,
            counts,
            older,
            replaying: self.replaying(&mut read, by).await?,
            role: by.role(),
            now: self.now(),
        })
    }
}

/// The row of a queued call.
pub(crate) fn waiting_row(call: &Call) -> CallRow {
    let content = &call.content;
    CallRow {
        id: call.id,
        kind: content.kind,
        received_at: content.received_at,
        mark: mark(None, false, false, false),
        dealt: false,
        room: None,
        title: String::new(),
        file_name: None,
        file_kind: None,
        participant: None,
        size: content.body.len() as u64,
        after_stop: after_stop(content.kind, content.received_at, None, i64::MAX),
    }
}

/// The row of an entry. A file is slow `late_after` milliseconds after the stop.
pub(crate) fn row(line: &Line, late_after: i64) -> CallRow {
    let name = |text: &str| visible_line(text, LONGEST);
    let entry = &line.entry;
    let subject = &entry.understood.subject;
    CallRow {
        id: entry.id,
        kind: entry.kind,
        received_at: entry.received_at,
        mark: mark(
            Some(entry.understood.verdict),
            subject.found,
            subject.test,
            entry.size == 0,
        ),
        dealt: entry.dealt_at.is_some(),
        room: subject.room.as_ref().map(RoomId::as_str).map(name),
        title: name(&line.title),
        file_name: subject.file_name.as_deref().map(name),
        file_kind: subject.file_kind,
        participant: subject
            .participant
            .as_ref()
            .map(ParticipantId::as_str)
            .map(name),
        size: entry.size,
        after_stop: after_stop(entry.kind, entry.received_at, line.stopped_at, late_after),
    }
}

fn after_stop(
    kind: CallbackKind,
    received: Timestamp,
    stopped: Option<Timestamp>,
    late_after: i64,
) -> AfterStop {
    match stopped {
        _ if kind == CallbackKind::Status => AfterStop::NotAFile,
        Some(stopped) if received >= stopped => {
            let millis = received.since(stopped);
            AfterStop::After {
                millis,
                slow: millis >= late_after,
            }
        }
        _ => AfterStop::NoStopKnown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_slow_when_the_ledger_would_call_it_late() {
        let at = Timestamp::from_millis;
        let late = 7 * 60_000;
        let after = |received, stopped: Option<i64>| {
            after_stop(CallbackKind::Av, at(received), stopped.map(at), late)
        };
        assert_eq!(after(5, None), AfterStop::NoStopKnown);
        assert_eq!(after(5, Some(9)), AfterStop::NoStopKnown);
        assert_eq!(
            after(late, Some(0)),
            AfterStop::After {
                millis: late,
                slow: true
            }
        );
        assert_eq!(
            after(late - 1, Some(0)),
            AfterStop::After {
                millis: late - 1,
                slow: false
            }
        );
    }
}
