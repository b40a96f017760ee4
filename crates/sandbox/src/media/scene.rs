//! What the pictures of a recording show: whose they are, and the time.

use jiff::{Timestamp, ToSpan, tz::TimeZone};

use super::canvas::{Area, Canvas, Colour, LINE, measure};
use crate::take::Take;

/// Chromas that are told apart at a glance; one for each participant, in turn.
const HUES: [(u8, u8); 8] = [
    (160, 96),
    (96, 112),
    (112, 168),
    (88, 160),
    (168, 136),
    (136, 84),
    (104, 88),
    (148, 152),
];

const BACKGROUND: Colour = Colour {
    y: 30,
    u: 134,
    v: 126,
};

/// The meeting as a whole at that time (milliseconds from the recording's start).
pub(crate) fn composite(canvas: &mut Canvas, take: &Take, zone: &TimeZone, at: u64) {
    let width = usize::from(canvas.size().width);
    canvas.clear(BACKGROUND);
    let head = Area {
        x: 24,
        y: 20,
        width: width - 48,
        height: 64,
    };
    let scale = canvas.text_within(head, 4, 225, &take.room);
    canvas.text(
        24,
        24 + LINE * scale,
        1,
        150,
        &wall_clock(take.began, zone, at),
    );
    let clock = elapsed(at);
    canvas.text((width - measure(&clock) * 6) / 2, 124, 6, 235, &clock);
    let voices = take.voices(at);
    for (place, index) in voices.iter().take(8).enumerate() {
        let Some(person) = take.people.get(*index) else {
            continue;
        };
        let tile = Area {
            x: 24 + (place % 4) * 150,
            y: 244 + (place / 4) * 48,
            width: 142,
            height: 40,
        };
        canvas.fill(tile, hue(*index));
        let label = Area {
            x: tile.x + 8,
            y: tile.y + 12,
            width: 126,
            height: LINE,
        };
        canvas.text_within(label, 1, 230, &person.user);
    }
    sweep(canvas, at);
}

/// One participant at that time (milliseconds from the recording's start).
pub(crate) fn track(canvas: &mut Canvas, take: &Take, index: usize, zone: &TimeZone, at: u64) {
    let width = usize::from(canvas.size().width);
    let there = take.people.get(index).filter(|person| person.is_there(at));
    canvas.clear(if there.is_some() {
        hue(index)
    } else {
        BACKGROUND
    });
    let line = |y| Area {
        x: 12,
        y,
        width: width - 24,
        height: LINE,
    };
    let user = take.people.get(index).map_or("", |person| &person.user);
    canvas.text_within(line(10), 2, 230, user);
    canvas.text_within(line(46), 1, 190, &take.room);
    let clock = elapsed(at);
    canvas.text((width - measure(&clock) * 3) / 2, 84, 3, 235, &clock);
    let below = if there.is_some() {
        wall_clock(take.began, zone, at)
    } else {
        "away".to_owned()
    };
    canvas.text_within(line(146), 1, 180, &below);
    sweep(canvas, at);
}

/// A marker at the lower edge that crosses the picture every two seconds: motion to see by eye.
fn sweep(canvas: &mut Canvas, at: u64) {
    let (width, height) = (canvas.size().width, canvas.size().height);
    let offset = u64::from(width) * (at % 2000) / 2000;
    let marker = Area {
        x: usize::try_from(offset).unwrap_or(0) & !1,
        y: usize::from(height) - 6,
        width: usize::from(width / 16) & !1,
        height: 6,
    };
    canvas.fill(marker, Colour::grey(200));
}

fn hue(index: usize) -> Colour {
    let (u, v) = HUES[index % HUES.len()];
    Colour { y: 80, u, v }
}

/// `00:01:02.3`
fn elapsed(at: u64) -> String {
    let seconds = at / 1000;
    format!(
        "{:02}:{:02}:{:02}.{}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        at % 1000 / 100
    )
}

fn wall_clock(began: Timestamp, zone: &TimeZone, at: u64) -> String {
    let now = i64::try_from(at)
        .ok()
        .and_then(|at| began.checked_add(at.milliseconds()).ok())
        .unwrap_or(began);
    let local = now.to_zoned(zone.clone());
    local.strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_runs_to_the_tenth() {
        assert_eq!(elapsed(3_723_456), "01:02:03.4");
    }
}
