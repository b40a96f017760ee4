//! Whether a list that came page by page showed all that it holds: files come and go between two
//! pages, and what moves over the edge of a page is not seen. Nobody says in which order it is.

use std::collections::{BTreeMap, BTreeSet};

use reelroom_anyrtc::videos::{Video, Videos, place};

/// Files on a page.
pub(crate) const PAGE: u32 = 100;
/// Pages that are asked for at the most.
pub(crate) const PAGES: u32 = 50;

/// How much of a span was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Saw {
    /// All that there is.
    All,
    /// There are more files than pages for them.
    TooMany,
    /// One or the other may have slipped by.
    NotAll,
}

/// A list, read once from its first page to its last.
#[derive(Default)]
pub(crate) struct Reading {
    /// What tells its files apart.
    marks: BTreeSet<(String, usize)>,
    /// Items that are no files.
    skipped: usize,
    /// How many there are, as the platform says.
    total: Option<u64>,
    /// Whether it always said the same.
    unsteady: bool,
    /// Pages that had something on them.
    pages: u32,
    /// Whether a page had room for more.
    short: bool,
    /// Whether it came to the end.
    ended: bool,
}

impl Reading {
    /// One more page; whether the next one is worth asking for.
    pub(crate) fn take_in(&mut self, list: &Videos) -> bool {
        let came = list.videos.len() + list.skipped;
        if came == 0 {
            self.total = if self.pages == 0 {
                list.total
            } else {
                self.total
            };
            self.ended = true;
            return false;
        }
        self.unsteady |= self.pages > 0 && self.total != list.total;
        self.total = list.total.or(self.total);
        self.pages += 1;
        let before = (self.marks.len(), self.skipped);
        self.skipped += list.skipped;
        // Twice on one page are two files; on two pages it is one that moved.
        let mut times = BTreeMap::new();
        for video in &list.videos {
            let mark = mark(video);
            let time: &mut usize = times.entry(mark.clone()).or_default();
            *time += 1;
            self.marks.insert((mark, *time));
        }
        // Nobody says that the number is not that of the page: a full one may be followed by more.
        self.short |= came < PAGE as usize;
        self.ended = self.short && self.has_all();
        // A page that comes again is no end.
        !self.ended && before != (self.marks.len(), self.skipped)
    }

    fn has_all(&self) -> bool {
        let seen = (self.marks.len() + self.skipped) as u64;
        self.total.is_none_or(|total| seen >= total)
    }

    /// Whether it is to be read once more: all seems to be there, but on several pages.
    pub(crate) fn wants_another(&self) -> bool {
        self.pages > 1 && self.is_whole()
    }

    fn is_whole(&self) -> bool {
        self.ended && !self.unsteady && self.has_all()
    }

    pub(crate) fn is_too_much(&self) -> bool {
        // Where a page is not full, the number is not to be trusted.
        let is_said = !self.short && self.total > Some(u64::from(PAGES * PAGE));
        !self.ended && (is_said || self.pages == PAGES)
    }
}

/// What one reading of a list saw, or two: what slipped by at the edge of a page, where one file went
/// and another came, is on the list the second time.
pub(crate) fn saw(readings: &[Reading]) -> Saw {
    let is_whole = readings.iter().all(Reading::is_whole);
    let is_same = readings.windows(2).all(|two| two[0].marks == two[1].marks);
    if is_whole && is_same {
        Saw::All
    } else if readings.iter().any(Reading::is_too_much) {
        Saw::TooMany
    } else {
        Saw::NotAll
    }
}

/// What tells one file of a list from another: several may have one number, and a list without
/// numbers has addresses.
fn mark(video: &Video) -> String {
    match (&video.id, video.download_url.as_deref().map(place)) {
        (None, None) => format!("{:?}", video.raw),
        (id, place) => format!("{id:?} {place:?}"),
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use reelroom_anyrtc::videos;
    use serde_json::{Value, json};

    use super::*;

    fn file(number: u32) -> Value {
        let url = format!("https://v.example/{number}.mp4?sign={number}");
        json!({"fileid": number, "filestatus": 2, "download_url": url})
    }

    fn page(files: impl IntoIterator<Item = Value>, total: Option<u32>) -> Videos {
        let files: Vec<Value> = files.into_iter().collect();
        let answer = json!({"code": 200, "content": {"data": files, "cnt": {"cnt": total}}});
        videos::read(answer.to_string().as_bytes()).unwrap()
    }

    fn files(numbers: Range<u32>, total: u32) -> Videos {
        page(numbers.map(file), Some(total))
    }

    /// Reads these pages as far as it is worth it.
    fn read(pages: &[Videos]) -> Reading {
        let mut reading = Reading::default();
        for (at, page) in pages.iter().enumerate() {
            let may_go_on = reading.take_in(page);
            assert_eq!(may_go_on, at + 1 < pages.len(), "page {}", at + 1);
        }
        reading
    }

    #[test]
    fn one_page_is_whole_when_it_has_as_many_as_there_are() {
        let one = |list: Videos| {
            let reading = read(&[list]);
            assert!(!reading.wants_another());
            saw(&[reading])
        };
        assert_eq!(one(files(0..0, 0)), Saw::All);
        assert_eq!(one(files(0..99, 99)), Saw::All);
        assert_eq!(one(page((0..7).map(file), None)), Saw::All);
        assert_eq!(one(page([file(1), json!(7)], Some(2))), Saw::All, "skipped");
        assert_eq!(one(page([file(1), file(1)], Some(2))), Saw::All, "twice");
        assert_eq!(one(files(0..0, 3)), Saw::NotAll);
        // One is missing, and there is no second page.
        let short = [files(0..3, 4), files(0..0, 4)];
        assert_eq!(saw(&[read(&short)]), Saw::NotAll);
        // As many as fit: perhaps there are more.
        let full = [files(0..100, 100), files(0..0, 0)];
        assert_eq!(saw(&[read(&full)]), Saw::All);
    }

    #[test]
    fn several_pages_are_whole_when_two_readings_say_the_same() {
        let still = || read(&[files(0..100, 150), files(100..150, 150)]);
        assert!(still().wants_another());
        assert_eq!(saw(&[still(), still()]), Saw::All);
        let unnumbered = || {
            let pages = [0..100, 100..110].map(|numbers| page(numbers.map(file), None));
            read(&pages)
        };
        assert_eq!(saw(&[unnumbered(), unnumbered()]), Saw::All);
        // File 7 went and file 150 came: 100 moved to the first page, which had been read.
        let shifted = read(&[files(0..100, 150), files(101..151, 150)]);
        assert!(shifted.wants_another());
        let after = (0..7).chain(8..101).map(file);
        let again = read(&[page(after, Some(150)), files(101..151, 150)]);
        assert_eq!(saw(&[shifted, again]), Saw::NotAll);
    }

    #[test]
    fn a_list_that_moves_or_has_a_hole_is_not_whole() {
        let table: [&[Videos]; 5] = [
            // An empty page in the middle.
            &[files(0..100, 250), files(0..0, 250)],
            // One came, at the head: the number changes.
            &[files(0..100, 150), files(99..150, 151), files(0..0, 151)],
            // One went: all that are left seem to be there.
            &[files(0..100, 150), files(101..150, 149)],
            // A page twice, and no more.
            &[files(0..100, 150), files(0..100, 150)],
            // Not as many as there are, to the end.
            &[files(0..100, 150), files(101..150, 150), files(0..0, 150)],
        ];
        for pages in table {
            let reading = read(pages);
            assert!(!reading.wants_another());
            assert_eq!(saw(&[reading]), Saw::NotAll);
        }
    }

    #[test]
    fn more_than_all_pages_hold_is_too_much() {
        assert!(read(&[files(0..100, 5_000), files(0..0, 5_000)]).pages == 1);
        let mut reading = Reading::default();
        assert!(reading.take_in(&files(0..100, 5_001)));
        assert!(reading.is_too_much());
        // Where nobody says how many there are.
        let mut reading = Reading::default();
        for number in 0..PAGES {
            assert!(!reading.is_too_much());
            let numbers = number * PAGE..(number + 1) * PAGE;
            assert!(reading.take_in(&page(numbers.map(file), None)));
        }
        assert_eq!(saw(&[reading]), Saw::TooMany);
    }
}
