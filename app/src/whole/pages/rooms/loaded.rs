//! What of the list is loaded, and how it is kept true while rooms change.

use std::{collections::HashSet, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use reelroom_domain::{
    room::RoomId,
    time::Timestamp,
    view::{RoomFilter, RoomList},
};

use super::{
    address::{filter_of, filter_word, with_list, with_page},
    window::Window,
};
use crate::{
    error::ApiError,
    server_fns::{MOST_ROWS, list_rooms, load_rows},
    whole::in_app::InApp,
    whole::live::{Changed, Changes, Read},
};

/// What the address says of the list.
#[derive(Clone, Copy)]
pub struct Asked {
    /// Which rooms.
    pub filter: Memo<RoomFilter>,
    /// A part of their name.
    pub search: Memo<String>,
    /// After which place the list begins; empty: at the top. Where scripts run, the list grows
    /// instead.
    pub after: Memo<String>,
    /// Of which app.
    pub app: InApp,
}

impl Asked {
    /// Of this page.
    pub fn here() -> Self {
        let query = use_query_map();
        let get = move |name| query.with(|query| query.get(name).unwrap_or_default());
        Self {
            filter: Memo::new(move |_| filter_of(&get("show"))),
            search: Memo::new(move |_| get("q")),
            after: Memo::new(move |_| get("after")),
            app: InApp::expect(),
        }
    }

    /// `path` with the same search in another filter.
    pub fn address(self, path: &str, filter: RoomFilter) -> String {
        with_list(path, filter, &self.search.get(), &self.app.get())
    }

    /// `path` with the same list, from a place on.
    pub fn page(self, path: &str, after: &str) -> String {
        let filter = self.filter.get();
        with_page(path, filter, &self.search.get(), after, &self.app.get())
    }

    /// Filter, search, place and app, as the server functions take them.
    fn words(self) -> (String, String, String, String) {
        let filter = filter_word(self.filter.get()).to_owned();
        (filter, self.search.get(), self.after.get(), self.app.get())
    }
}

/// The list as it was loaded, and as it stands since.
#[derive(Clone, Copy)]
pub struct Loaded {
    /// What was asked for.
    pub asked: Asked,
    /// The first page.
    pub answer: Resource<Result<RoomList, ApiError>>,
    /// What became of that page, told from another by the server's time.
    since: RwSignal<Option<(Timestamp, Window)>>,
    /// The same once more, with the page that it began as, for what reads it outside of the view.
    current: StoredValue<Option<(Timestamp, Window)>>,
    /// Whether the next page is on its way.
    pub growing: RwSignal<bool>,
    work: StoredValue<Work>,
}

/// How long what could not be loaded is left alone.
const RETRY: Duration = Duration::from_secs(5);

/// What changed and was not loaded again yet.
#[derive(Debug, Default)]
struct Work {
    read: Read,
    busy: bool,
    everything: bool,
    rooms: HashSet<RoomId>,
    /// Whether a timer will look again.
    waiting: bool,
}

/// What follows a call that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// What changed meanwhile.
    Now,
    /// The same, after [`RETRY`].
    Later,
    /// Nothing until the next change: a timer runs already, or trying again does not help.
    Rest,
}

impl Work {
    /// What to load: everything, or these rooms. `None`: nothing, or a call is under way.
    fn take(&mut self) -> Option<(bool, Vec<RoomId>)> {
        let idle = self.rooms.is_empty() && !self.everything;
        if self.busy || idle {
            return None;
        }
        self.busy = true;
        let rooms = self.rooms.drain().collect();
        Some((std::mem::take(&mut self.everything), rooms))
    }

    /// The call has ended. What it should have loaded is loaded with all else the next time.
    fn ended(&mut self, done: &Result<(), ApiError>) -> Next {
        self.busy = false;
        let Err(error) = done else {
            return Next::Now;
        };
        self.everything = true;
        if self.waiting || !error.is_passing() {
            return Next::Rest;
        }
        self.waiting = true;
        Next::Later
    }
}

impl Loaded {
    /// Loads what the address asks for.
    pub fn new() -> Self {
        let asked = Asked::here();
        Self {
            asked,
            answer: Resource::new(
                move || asked.words(),
                |(show, search, after, app)| list_rooms(show, search, after, 0, app),
            ),
            since: RwSignal::new(None),
            current: StoredValue::new(None),
            growing: RwSignal::new(false),
            work: StoredValue::new(Work::default()),
        }
    }

    /// The window as it stands; `None`: there is none.
    pub fn window(self) -> Option<Window> {
        self.answer.with(|answer| match answer {
            Some(Ok(list)) => self.since.with(|since| {
                Some(match since {
                    Some((of, window)) if *of == list.now => window.clone(),
                    _ => Window::new(list.clone(), self.asked.after.get().parse().ok()),
                })
            }),
            _ => None,
        })
    }

    /// Changes the window, if it still is the one that began as `base`.
    fn change(self, base: Timestamp, change: impl FnOnce(&mut Window)) {
        let changed = self.current.try_update_value(|current| {
            let (of, window) = current.as_mut()?;
            (*of == base).then(|| {
                change(window);
                (base, window.clone())
            })
        });
        // Gone with the page that wanted it, or overtaken.
        if let Some(Some(changed)) = changed {
            self.since.set(Some(changed));
        }
    }

    /// Loads the page after the last row.
    pub fn grow(self) {
        let Some((base, window)) = self.current.get_value() else {
            return;
        };
        let Some(older) = window.older.filter(|_| !self.growing.get_untracked()) else {
            return;
        };
        self.growing.set(true);
        let (show, search, _, app) = untrack(|| self.asked.words());
        spawn_local(async move {
            let page = list_rooms(show, search, older.to_string(), 0, app).await;
            self.growing.try_set(false);
            if let Ok(page) = page {
                self.change(base, |window| window.append(page));
            }
        });
    }

    /// Loads again what changes, as it changes. In the browser only.
    pub fn follow(self) {
        let told = Changes::expect();
        Effect::new(move || {
            let base = self.answer.with(|answer| match answer {
                Some(Ok(list)) => Some(list.now),
                _ => None,
            });
            self.current.set_value(base.zip(self.window()));
        });
        Effect::new(move || {
            let read = self.work.with_value(|work| work.read);
            let (read, changed) = told.since(read);
            self.work.update_value(|work| {
                work.read = read;
                match changed {
                    Changed::Rooms(rooms) => work.rooms.extend(rooms),
                    Changed::Everything => work.everything = true,
                }
            });
            self.refresh();
        });
    }

    /// One call at a time: what changes meanwhile is loaded after it.
    fn refresh(self) {
        let taken = self.work.try_update_value(Work::take);
        let Some((everything, rooms)) = taken.flatten() else {
            return;
        };
        let Some((base, window)) = self.current.get_value() else {
            // Nothing could be loaded before; now it may.
            self.work.update_value(|work| work.busy = false);
            self.answer.refetch();
            return;
        };
        spawn_local(async move {
            let done = if everything || rooms.len() > MOST_ROWS {
                self.load_all(base, window.rows.len()).await
            } else {
                self.load(base, rooms).await
            };
            match self.work.try_update_value(|work| work.ended(&done)) {
                Some(Next::Now) => self.refresh(),
                Some(Next::Later) => set_timeout(move || self.again(), RETRY),
                Some(Next::Rest) | None => {}
            }
        });
    }

    /// What could not be loaded, once more.
    fn again(self) {
        self.work.try_update_value(|work| work.waiting = false);
        self.refresh();
    }

    async fn load(self, base: Timestamp, rooms: Vec<RoomId>) -> Result<(), ApiError> {
        let (show, search, _, app) = untrack(|| self.asked.words());
        let names = rooms.iter().map(ToString::to_string).collect();
        let fresh = load_rows(show, search, names, app).await?;
        self.change(base, |window| window.patch(&rooms, fresh));
        Ok(())
    }

    async fn load_all(self, base: Timestamp, rows: usize) -> Result<(), ApiError> {
        let (show, search, after, app) = untrack(|| self.asked.words());
        let rows = u32::try_from(rows).unwrap_or(u32::MAX).max(50);
        let place = after.parse().ok();
        let list = list_rooms(show, search, after, rows, app).await?;
        self.change(base, |window| *window = Window::new(list, place));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_loaded_is_tried_again_by_itself() {
        let mut work = Work::default();
        assert_eq!(work.take(), None);
        let room = RoomId::new("a").unwrap();
        work.rooms.insert(room.clone());
        assert_eq!(work.take(), Some((false, vec![room])));
        work.everything = true;
        assert_eq!(work.take(), None, "one call at a time");
        assert_eq!(work.ended(&Err(ApiError::Unavailable)), Next::Later);
        // A change comes before the timer: it tries too, and makes no second timer.
        assert_eq!(work.take(), Some((true, vec![])));
        assert_eq!(work.ended(&Err(ApiError::Unavailable)), Next::Rest);
        work.waiting = false;
        assert_eq!(work.take(), Some((true, vec![])));
        assert_eq!(work.ended(&Ok(())), Next::Now);
        assert_eq!(work.take(), None);
        // Whoever is signed out stays so.
        work.everything = true;
        work.take();
        assert_eq!(work.ended(&Err(ApiError::SignedOut)), Next::Rest);
    }
}
