//! The pictures of a recording: its room, its people and the time.

use super::canvas::{Canvas, Colour, GREY, WHITE, measure};
use crate::{recording::Recording, shared::ZONE};

/// The colours of the participants, in turn.
const COLOURS: [Colour; 8] = [
    [0x2f, 0x50, 0x8c],
    [0x2f, 0x6b, 0x4f],
    [0x8a, 0x45, 0x45],
    [0x7a, 0x52, 0x26],
    [0x6a, 0x45, 0x8a],
    [0x1f, 0x68, 0x72],
    [0x55, 0x66, 0x2b],
    [0x85, 0x3f, 0x6e],
];
const BACKGROUND: Colour = [0x10, 0x14, 0x20];

/// Paints the meeting at that time (milliseconds from the recording's start).
pub(crate) fn composite(canvas: &mut Canvas, recording: &Recording, at: u64) {
    clear(canvas, BACKGROUND);
    canvas.text(24, 20, 3, WHITE, &recording.room);
    canvas.text(24, 76, 1, GREY, &wall_clock(recording, at));
    clock(canvas, 124, 6, at);
    for (place, index) in recording.voices(at).into_iter().take(8).enumerate() {
        let (x, y) = (24 + place % 4 * 150, 244 + place / 4 * 48);
        canvas.fill(x..x + 142, y..y + 40, colour(index));
        canvas.text(x + 8, y + 12, 1, WHITE, &recording.people[index].user);
    }
}

/// Paints one participant at that time (milliseconds from the recording's start).
pub(crate) fn track(canvas: &mut Canvas, recording: &Recording, index: usize, at: u64) {
    let person = &recording.people[index];
    let (background, below) = if person.is_there(at) {
        (colour(index), wall_clock(recording, at))
    } else {
        (BACKGROUND, "away".to_owned())
    };
    clear(canvas, background);
    canvas.text(12, 10, 2, WHITE, &person.user);
    canvas.text(12, 46, 1, GREY, &recording.room);
    clock(canvas, 84, 3, at);
    canvas.text(12, 146, 1, GREY, &below);
}

fn clear(canvas: &mut Canvas, colour: Colour) {
    let (width, height) = (canvas.size.width.into(), canvas.size.height.into());
    canvas.fill(0..width, 0..height, colour);
}

/// Paints the time since the start, centred.
fn clock(canvas: &mut Canvas, y: usize, scale: usize, at: u64) {
    let text = elapsed(at);
    let x = (usize::from(canvas.size.width) - measure(&text) * scale) / 2;
    canvas.text(x, y, scale, WHITE, &text);
}

fn colour(index: usize) -> Colour {
    COLOURS[index % COLOURS.len()]
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

fn wall_clock(recording: &Recording, at: u64) -> String {
    let local = recording.moment(at).to_zoned(ZONE.clone());
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
