//! Completeness of a list that is read page by page: files may be added or removed between two
//! pages, and a file that moves across the edge of a page is not seen. The order of the list is not
//! documented.

use std::collections::{BTreeMap, BTreeSet};

use reelroom_anyrtc::videos::{Video, Videos, place};

/// Files per page.
pub(crate) const PAGE: u32 = 100;
/// The most pages that are requested.
pub(crate) const PAGES: u32 = 50;

/// How much of a span was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coverage {
    /// All files.
    Complete,
    /// There are more files than pages for them.
    TooLarge,
    /// Some files may be missing.
    Incomplete,
}

/// One pass over a list, from its first page to its last.
#[derive(Default)]
pub(crate) struct Reading {
    /// The keys of its files, with the number of each on its page.
    keys: BTreeSet<(String, usize)>,
    /// Items that are not files.
    skipped: usize,
    /// The platform's count of the files.
    total: Option<u64>,
    /// Whether that count changed between pages.
    total_changed: bool,
    /// Pages that were not empty.
    pages: u32,
    /// Whether a page was not full.
    short: bool,
    /// Whether the end was reached.
    ended: bool,
}

impl Reading {
    /// Adds a page. Returns whether to request the next one.
    pub(crate) fn add(&mut self, list: &Videos) -> bool {
        let items = list.videos.len() + list.skipped;
        if items == 0 {
            if self.pages == 0 {
                self.total = list.total;
            }
            self.ended = true;
            return false;
        }
        self.total_changed |= self.pages > 0 && self.total != list.total;
        self.total = list.total.or(self.total);
        self.pages += 1;
        let before = (self.keys.len(), self.skipped);
        self.skipped += list.skipped;
        // The same key twice on one page is two files; on two pages it is one file that moved.
        let mut times = BTreeMap::<String, usize>::new();
        for video in &list.videos {
            let key = key(video);
            let time = times.entry(key.clone()).or_default();
            *time += 1;
            self.keys.insert((key, *time));
        }
        // The count may be that of the page: more may follow a full page.
        self.short |= items < PAGE as usize;
        self.ended = self.short && self.has_all();
        // A page without news is the same page again, not the end.
        !self.ended && before != (self.keys.len(), self.skipped)
    }

    fn has_all(&self) -> bool {
        let seen = (self.keys.len() + self.skipped) as u64;
        self.total.is_none_or(|total| seen >= total)
    }

    /// Whether a second pass is needed: the list seems complete, but has several pages.
    pub(crate) fn needs_another(&self) -> bool {
        self.pages > 1 && self.is_complete()
    }

    fn is_complete(&self) -> bool {
        self.ended && !self.total_changed && self.has_all()
    }

    pub(crate) fn is_too_large(&self) -> bool {
        // After a page that was not full, the count is not reliable.
        let counted = !self.short && self.total > Some(u64::from(PAGES * PAGE));
        !self.ended && (counted || self.pages == PAGES)
    }
}

/// The coverage of one or two passes. A file that was missed at the edge of a page in the first is
/// in the second.
pub(crate) fn coverage(readings: &[Reading]) -> Coverage {
    let is_complete = readings.iter().all(Reading::is_complete);
    let is_same = readings.windows(2).all(|two| two[0].keys == two[1].keys);
    if is_complete && is_same {
        Coverage::Complete
    } else if readings.iter().any(Reading::is_too_large) {
        Coverage::TooLarge
    } else {
        Coverage::Incomplete
    }
}

/// The key of a file: its number and address, as several files may have one number, and a list may
/// have no numbers.
fn key(video: &Video) -> String {
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

    /// Reads these pages until the reading ends.
    fn read(pages: &[Videos]) -> Reading {
        let mut reading = Reading::default();
        for (at, page) in pages.iter().enumerate() {
            let may_go_on = reading.add(page);
            assert_eq!(may_go_on, at + 1 < pages.len(), "page {}", at + 1);
        }
        reading
    }

    #[test]
    fn one_page_is_complete_when_it_has_all_counted_files() {
        let one = |list: Videos| {
            let reading = read(&[list]);
            assert!(!reading.needs_another());
            coverage(&[reading])
        };
        assert_eq!(one(files(0..0, 0)), Coverage::Complete);
        assert_eq!(one(files(0..99, 99)), Coverage::Complete);
        assert_eq!(one(page((0..7).map(file), None)), Coverage::Complete);
        assert_eq!(
            one(page([file(1), json!(7)], Some(2))),
            Coverage::Complete,
            "skipped"
        );
        assert_eq!(
            one(page([file(1), file(1)], Some(2))),
            Coverage::Complete,
            "twice"
        );
        assert_eq!(one(files(0..0, 3)), Coverage::Incomplete);
        // One file is missing, and there is no second page.
        let short = [files(0..3, 4), files(0..0, 4)];
        assert_eq!(coverage(&[read(&short)]), Coverage::Incomplete);
        // A full page: there may be more.
        let full = [files(0..100, 100), files(0..0, 0)];
        assert_eq!(coverage(&[read(&full)]), Coverage::Complete);
    }

    #[test]
    fn several_pages_are_complete_when_two_readings_agree() {
        let still = || read(&[files(0..100, 150), files(100..150, 150)]);
        assert!(still().needs_another());
        assert_eq!(coverage(&[still(), still()]), Coverage::Complete);
        let unnumbered = || {
            let pages = [0..100, 100..110].map(|numbers| page(numbers.map(file), None));
            read(&pages)
        };
        assert_eq!(coverage(&[unnumbered(), unnumbered()]), Coverage::Complete);
        // File 7 was removed and file 150 added: 100 moved to the first page after it was read.
        let shifted = read(&[files(0..100, 150), files(101..151, 150)]);
        assert!(shifted.needs_another());
        let after = (0..7).chain(8..101).map(file);
        let again = read(&[page(after, Some(150)), files(101..151, 150)]);
        assert_eq!(coverage(&[shifted, again]), Coverage::Incomplete);
    }

    #[test]
    fn a_list_that_changes_or_has_a_gap_is_incomplete() {
        let table: [&[Videos]; 5] = [
            // An empty page in the middle.
            &[files(0..100, 250), files(0..0, 250)],
            // A file was added at the head, so the count changes.
            &[files(0..100, 150), files(99..150, 151), files(0..0, 151)],
            // A file was removed: the remaining ones look complete.
            &[files(0..100, 150), files(101..150, 149)],
            // The same page twice, and no other.
            &[files(0..100, 150), files(0..100, 150)],
            // Fewer files than counted, up to the end.
            &[files(0..100, 150), files(101..150, 150), files(0..0, 150)],
        ];
        for pages in table {
            let reading = read(pages);
            assert!(!reading.needs_another());
            assert_eq!(coverage(&[reading]), Coverage::Incomplete);
        }
    }

    #[test]
    fn more_than_all_pages_hold_is_too_large() {
        assert!(read(&[files(0..100, 5_000), files(0..0, 5_000)]).pages == 1);
        let mut reading = Reading::default();
        assert!(reading.add(&files(0..100, 5_001)));
        assert!(reading.is_too_large());
        // Without a count.
        let mut reading = Reading::default();
        for number in 0..PAGES {
            assert!(!reading.is_too_large());
            let numbers = number * PAGE..(number + 1) * PAGE;
            assert!(reading.add(&page(numbers.map(file), None)));
        }
        assert_eq!(coverage(&[reading]), Coverage::TooLarge);
    }
}
