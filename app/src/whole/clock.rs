//! The server's time, as the page knows it.

use leptos::prelude::*;
use reelroom_domain::time::Timestamp;

use crate::{whole::platform, whole::shared::shared};

/// The server's clock. It stands still while the server makes the page; in the browser it ticks once
/// a second, by the browser's clock and how far that is off.
#[derive(Clone, Copy)]
pub struct ServerClock {
    now: RwSignal<Timestamp>,
    minute: Memo<Timestamp>,
    /// Milliseconds to add to the browser's clock.
    skew: StoredValue<i64>,
}

impl ServerClock {
    /// A clock that shows `now`.
    pub fn new(now: Timestamp) -> Self {
        let now = RwSignal::new(now);
        Self {
            now,
            minute: shared(Memo::new(move |_| minute_of(now.get()))),
            skew: StoredValue::new(0),
        }
    }

    /// The clock of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// The time; changes each second.
    pub fn now(self) -> Timestamp {
        self.now.get()
    }

    /// The time, to be read once.
    pub fn now_untracked(self) -> Timestamp {
        self.now.get_untracked()
    }

    /// The time rounded down to a minute; changes each minute. For what says "today" or "2 min ago".
    pub fn minute(self) -> Timestamp {
        self.minute.get()
    }

    /// The server has just said that it is `now` there.
    pub fn adjust(self, now: Timestamp) {
        if let Some(ours) = platform::browser_now() {
            self.skew.set_value(now.since(ours));
        }
    }

    /// Starts to tick; called once, in the browser, with the time that the page was made with.
    pub fn run(self) {
        if let Some(made_at) = platform::page_made_at() {
            self.skew.set_value(self.now.get_untracked().since(made_at));
        }
        platform::every_second(move || {
            if let Some(ours) = platform::browser_now() {
                self.now.set(ours.plus_millis(self.skew.get_value()));
            }
        });
    }
}

fn minute_of(moment: Timestamp) -> Timestamp {
    Timestamp::from_millis(moment.as_millis().div_euclid(60_000) * 60_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_rounded_down() {
        assert_eq!(
            minute_of(Timestamp::from_millis(119_999)).as_millis(),
            60_000
        );
        assert_eq!(minute_of(Timestamp::from_millis(-1)).as_millis(), -60_000);
    }
}
