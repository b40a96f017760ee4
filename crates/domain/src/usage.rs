//! The usage of the storage, its growth, the room on the disk, and the test of the storage.

use std::{cmp::Reverse, collections::BTreeMap};

use serde::{Deserialize, Serialize};

use crate::{cause::Cause, ids::AppId, room::RoomId, time::Timestamp};

/// Milliseconds of a day.
pub const DAY: i64 = 24 * 60 * 60_000;
/// The longest time over which growth is measured, in milliseconds.
pub const MEASURED: i64 = 30 * DAY;
/// The shortest time, in milliseconds: before it there is no forecast.
const LEAST: i64 = 3 * DAY;
/// The most days of a forecast.
const MOST_DAYS: i64 = 3650;
/// The most rooms that are listed; the others are summed.
const MOST_ROOMS: usize = 10;

/// Copies and their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    /// Copies.
    pub files: u64,
    /// Bytes.
    pub bytes: u64,
}

impl Total {
    const fn plus(self, other: Self) -> Self {
        Self {
            files: self.files.saturating_add(other.files),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }
}

/// The copies of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomUsage {
    /// Its app.
    pub app: AppId,
    /// The room.
    pub room: RoomId,
    /// Its title; may be empty.
    pub title: String,
    /// All copies.
    pub total: Total,
    /// Bytes of the copies that were made within [`MEASURED`].
    pub recent: u64,
    /// When the first copy was made; `None` if that was not recorded.
    pub first_at: Option<Timestamp>,
}

/// The copies of all rooms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// All copies.
    pub total: Total,
    /// Their growth; `None` if the copies are too recent to tell.
    pub growth: Option<Growth>,
    /// Each app, the largest first.
    pub apps: Vec<(AppId, Total)>,
    /// The largest rooms, the largest first.
    pub rooms: Vec<RoomUsage>,
    /// The number of the other rooms, and their copies.
    pub others: (usize, Total),
}

impl Usage {
    /// Sums up the usage of rooms at `now`.
    pub fn of(mut rooms: Vec<RoomUsage>, now: Timestamp) -> Self {
        rooms.sort_by(|a, b| {
            let by_size = b.total.bytes.cmp(&a.total.bytes);
            by_size.then_with(|| (&a.room, a.app).cmp(&(&b.room, b.app)))
        });
        let sum = |rooms: &[RoomUsage]| {
            let totals = rooms.iter().map(|room| room.total);
            totals.fold(Total::default(), Total::plus)
        };
        let mut apps = BTreeMap::<AppId, Total>::new();
        for room in &rooms {
            let app = apps.entry(room.app).or_default();
            *app = app.plus(room.total);
        }
        let mut apps: Vec<_> = apps.into_iter().collect();
        apps.sort_by_key(|(_, total)| Reverse(total.bytes));
        let recent = rooms.iter().map(|room| room.recent);
        let first_at = rooms.iter().filter_map(|room| room.first_at).min();
        let growth = growth(recent.fold(0, u64::saturating_add), first_at, now);
        let total = sum(&rooms);
        let others = rooms.split_off(rooms.len().min(MOST_ROOMS));
        Self {
            total,
            growth,
            apps,
            others: (others.len(), sum(&others)),
            rooms,
        }
    }
}

/// The growth of the storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Growth {
    /// Bytes a day, the mean of the last days.
    pub per_day: u64,
    /// The number of those days.
    pub days: i64,
}

impl Growth {
    /// The whole days in which `bytes` are added; `None`: more than ten years.
    pub fn days_for(self, bytes: u64) -> Option<i64> {
        let days: i64 = bytes.checked_div(self.per_day)?.try_into().ok()?;
        (days <= MOST_DAYS).then_some(days)
    }
}

/// The growth by `recent` bytes within [`MEASURED`], or since the first copy if that is later.
fn growth(recent: u64, first_at: Option<Timestamp>, now: Timestamp) -> Option<Growth> {
    let over = now.since(first_at?).min(MEASURED);
    if over < LEAST {
        return None;
    }
    let per_day = i128::from(recent) * i128::from(DAY) / i128::from(over);
    Some(Growth {
        per_day: per_day.try_into().ok()?,
        days: over / DAY,
    })
}

/// The location of the copies, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoragePlace {
    /// A folder.
    Folder(String),
    /// A bucket and a prefix: `s3://bucket/prefix`.
    Bucket(String),
}

/// The room on a disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskRoom {
    /// Our folder on it.
    pub folder: String,
    /// Its size in bytes.
    pub size: u64,
    /// The free bytes that we may use.
    pub free: u64,
    /// The bytes that fetching leaves free.
    pub reserve: u64,
}

impl DiskRoom {
    /// Whether files are fetched; below the reserve fetching pauses.
    pub const fn is_enough(&self) -> bool {
        self.free >= self.reserve
    }

    /// The bytes until fetching pauses.
    pub const fn beyond_reserve(&self) -> u64 {
        self.free.saturating_sub(self.reserve)
    }
}

/// A step of the test of the storage, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageStep {
    /// A small object is written.
    Write,
    /// It is read back, with the same bytes.
    Read,
    /// It is deleted.
    Delete,
}

/// The result of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTested {
    /// The step.
    pub step: StorageStep,
    /// Milliseconds that it took.
    pub millis: u64,
    /// Why it failed.
    pub failed: Option<Cause>,
}

/// The result of a test of the storage. After a failed write there are no other steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageTest {
    /// Its time.
    pub at: Timestamp,
    /// Its steps.
    pub steps: Vec<StepTested>,
}

/// An object of the storage that no row knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orphan {
    /// Its key.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// When it was written.
    pub modified_at: Timestamp,
}

/// The part of the usage that is deleted, held, or of no recording.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeptUsage {
    /// The recordings in the trash, and their bytes.
    pub trash: (u32, u64),
    /// When the last of them is purged.
    pub trash_until: Option<Timestamp>,
    /// The recordings on hold, and their bytes.
    pub held: (u32, u64),
    /// The open cases.
    pub cases: u32,
    /// The objects without a row, and their bytes.
    pub orphans: (u32, u64),
    /// The oldest of these.
    pub oldest: Vec<Orphan>,
}

/// The page of the storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageView {
    /// The location of the copies.
    pub place: StoragePlace,
    /// The usage.
    pub usage: Usage,
    /// The names of the apps.
    pub apps: Vec<(AppId, String)>,
    /// The disks of this server: that of the copies, if they are in a folder, and that of the files which
    /// are being fetched.
    pub disks: Vec<DiskRoom>,
    /// The last test.
    pub test: Option<StorageTest>,
    /// The usage of the trash, of holds, and of objects without a recording.
    pub kept: KeptUsage,
}

#[cfg(test)]
mod tests {
    use super::*;

    const GB: u64 = 1_000_000_000;

    #[test]
    fn growth_is_a_mean_and_never_told_of_less_than_three_days() {
        let now = Timestamp::from_millis(1000 * DAY);
        let at = |days: i64| Some(now.plus_millis(-days * DAY));
        let grows = |per_day, days| Some(Growth { per_day, days });
        for (first_at, recent, expected) in [
            (None, 30 * GB, None),
            (at(0), 30 * GB, None),
            (at(2), 30 * GB, None),
            (at(-5), 30 * GB, None),
            (at(3), 30 * GB, grows(10 * GB, 3)),
            (at(30), 30 * GB, grows(GB, 30)),
            (at(900), 30 * GB, grows(GB, 30)),
            (at(900), 0, grows(0, 30)),
            (at(3), u64::MAX, grows(u64::MAX / 3, 3)),
        ] {
            assert_eq!(growth(recent, first_at, now), expected, "{first_at:?}");
        }
    }

    #[test]
    fn a_forecast_is_in_whole_days_and_ends_after_ten_years() {
        for (per_day, bytes, expected) in [
            (GB, 0, Some(0)),
            (GB, GB - 1, Some(0)),
            (GB, 34 * GB + 1, Some(34)),
            (1, 3650, Some(3650)),
            (1, 3651, None),
            (0, GB, None),
        ] {
            let growth = Growth { per_day, days: 30 };
            assert_eq!(growth.days_for(bytes), expected, "{per_day} {bytes}");
        }
    }

    #[test]
    fn the_largest_rooms_are_listed_and_the_others_summed() {
        let [board, other] = ["a", "b"].map(|n| n.repeat(32).parse::<AppId>().unwrap());
        let room = |app, number: u64, days: i64| RoomUsage {
            app,
            room: RoomId::new(format!("r{number}")).unwrap(),
            title: String::new(),
            total: Total {
                files: 1,
                bytes: number * GB,
            },
            recent: 3 * GB,
            first_at: (days > 0).then(|| Timestamp::from_millis(days * DAY)),
        };
        let mut rooms: Vec<_> = (1..=11).map(|n| room(board, n, 0)).collect();
        rooms.push(room(other, 20, 90));
        rooms.push(room(other, 1, 94));
        let usage = Usage::of(rooms, Timestamp::from_millis(100 * DAY));
        let total = |files, gb| Total {
            files,
            bytes: gb * GB,
        };
        assert_eq!(usage.total, total(13, 87));
        assert_eq!(usage.apps, [(board, total(11, 66)), (other, total(2, 21))]);
        let shown: Vec<_> = usage.rooms.iter().map(|room| room.room.as_str()).collect();
        assert_eq!(
            shown,
            [
                "r20", "r11", "r10", "r9", "r8", "r7", "r6", "r5", "r4", "r3"
            ]
        );
        assert_eq!(usage.others, (3, total(3, 4)));
        let growth = Growth {
            per_day: 39 * GB / 10,
            days: 10,
        };
        assert_eq!(usage.growth, Some(growth));

        let none = Usage::of(Vec::new(), Timestamp::default());
        assert_eq!((none.total, none.others), (total(0, 0), (0, total(0, 0))));
        assert_eq!(none.growth, None);
    }

    #[test]
    fn fetching_pauses_below_the_reserve() {
        let disk = |free| DiskRoom {
            folder: String::new(),
            size: 100,
            free,
            reserve: 5,
        };
        assert!(disk(5).is_enough() && !disk(4).is_enough());
        assert_eq!([4, 5, 9].map(|free| disk(free).beyond_reserve()), [0, 0, 4]);
    }
}
