//! The filmstrip of a video.

use std::{fmt::Write, ops::Range};

use serde::{Deserialize, Serialize};

use crate::time::clock_length;

/// Pictures of a video beside each other in one image. Times are milliseconds from its beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strip {
    /// The width of each picture in pixels.
    pub width: u16,
    /// The height of each picture in pixels.
    pub height: u16,
    /// When each picture is shown, in order.
    pub times: Vec<i64>,
    /// The length of the video.
    pub length: i64,
}

impl Strip {
    /// The left edge of each picture in the image, and the time in which it is shown.
    pub fn pictures(&self) -> impl Iterator<Item = (usize, Range<i64>)> {
        let ends = self.times.iter().skip(1).chain([&self.length]);
        let spans = self.times.iter().zip(ends);
        let spans = spans.map(|(&from, &to)| from..to.max(from + 1));
        let width = usize::from(self.width);
        spans
            .enumerate()
            .map(move |(number, span)| (number * width, span))
    }

    /// The width of the image in pixels.
    pub fn image_width(&self) -> usize {
        self.times.len() * usize::from(self.width)
    }

    /// The pictures as `WebVTT`, for players: each is a part of `image` (Media Fragments URI §4.2.2).
    pub fn vtt(&self, image: &str) -> String {
        let mut text = String::from("WEBVTT\n");
        for (x, span) in self.pictures() {
            let (from, to) = (vtt_time(span.start), vtt_time(span.end));
            let (width, height) = (self.width, self.height);
            let place = format!("{image}#xywh={x},0,{width},{height}");
            let _ = write!(text, "\n{from} --> {to}\n{place}\n");
        }
        text
    }
}

/// `00:02:05.040`.
fn vtt_time(millis: i64) -> String {
    format!("{}.{:03}", clock_length(millis), millis.rem_euclid(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_picture_is_shown_until_the_next_one() {
        let strip = Strip {
            width: 160,
            height: 90,
            times: vec![0, 2040, 3_600_000],
            length: 3_600_000,
        };
        let expected = "WEBVTT

00:00:00.000 --> 00:00:02.040
strip.jpg#xywh=0,0,160,90

00:00:02.040 --> 01:00:00.000
strip.jpg#xywh=160,0,160,90

01:00:00.000 --> 01:00:00.001
strip.jpg#xywh=320,0,160,90
";
        assert_eq!(strip.vtt("strip.jpg"), expected);
        assert_eq!(strip.image_width(), 480);
    }
}
