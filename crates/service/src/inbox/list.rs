//! The list of calls.

use reelroom_domain::{
    callback::CallbackKind,
    ids::CallbackId,
    inbox::{AfterStop, CallRow, Inbox, InboxOnly, InboxTab, mark},
    room::{ParticipantId, RoomId},
    search::SearchText,
    time::Timestamp,
    visible::visible_line,
};
use reelroom_store::callbacks::{self, Filter, Line};

use crate::{Principal, Service, ServiceError, recordings::patience::patience};

const PAGE: u32 = 50;

/// The most characters of a name that a list shows.
const LONGEST: usize = 160;

/// Which calls to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InboxQuery {
    /// The tab.
    pub tab: InboxTab,
    /// What else narrows the list.
    pub only: InboxOnly,
    /// Only of this room.
    pub room: Option<RoomId>,
    /// Part of a room's or a file's name.
    pub search: Option<SearchText>,
    /// Where the page begins: [`Inbox::older`] of the page before it.
    pub before: Option<String>,
}

impl Service {
    /// A page of the inbox, of all apps. A `before` that cannot be read is the first page.
    pub async fn inbox(&self, by: &Principal, asked: InboxQuery) -> Result<Inbox, ServiceError> {
        let filter = |tab| Filter {
            tab,
            only: asked.only,
            room: asked.room.as_ref(),
            search: asked.search.as_ref(),
        };
        let before = asked.before.as_deref().and_then(cursor);
        let mut read = self.0.store.read().await?;
        let late_after = patience(&mut read).await?.late_after;
        let mut found = callbacks::page(&mut read, filter(asked.tab), before, PAGE + 1).await?;
        let more = found.len() > PAGE as usize;
        found.truncate(PAGE as usize);
        let older = found
            .last()
            .filter(|_| more)
            .map(|last| format!("{}.{}", last.received_at.as_millis(), last.id));
        let mut counts = Vec::with_capacity(InboxTab::ALL.len());
        for tab in InboxTab::ALL {
            counts.push((*tab, callbacks::count(&mut read, filter(*tab)).await?));
        }
        Ok(Inbox {
            calls: found.iter().map(|line| row(line, late_after)).collect(),
            counts,
            older,
            replaying: self.replaying(),
            role: by.role,
            now: self.now(),
        })
    }
}

fn cursor(text: &str) -> Option<(Timestamp, CallbackId)> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp::from_millis(at.parse().ok()?), id.parse().ok()?))
}

/// As a list shows it. `late_after`: how many milliseconds after the stop a file is slow.
pub(crate) fn row(line: &Line, late_after: i64) -> CallRow {
    let name = |text: &str| visible_line(text, LONGEST);
    CallRow {
        id: line.id,
        kind: line.kind,
        received_at: line.received_at,
        mark: mark(line.verdict, line.found, line.test),
        dealt: line.dealt_at.is_some(),
        room: line.room.as_ref().map(RoomId::as_str).map(name),
        file_name: line.file_name.as_deref().map(name),
        file_kind: line.file_kind,
        participant: line
            .participant
            .as_ref()
            .map(ParticipantId::as_str)
            .map(name),
        size: line.size,
        after_stop: after_stop(line.kind, line.received_at, line.stopped_at, late_after),
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
