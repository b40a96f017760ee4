//! Pictures of a video, from its own key frames.

use mp4_atom::Avcc;
use openh264::formats::YUVSource;

use crate::{
    facts::Track,
    h264, movie,
    scale::{Pixels, fit},
    source::Source,
    track::{self, Trak},
    trouble::Trouble,
};

/// The limit of a sample in bytes.
const MAX_SAMPLE: u64 = 8 << 20;
/// The limit of a poster's width and height in pixels.
const POSTER: u16 = 640;
/// The limit of the width and height of a picture in a strip.
const TILE: u16 = 160;
/// The limit of pictures: a JPEG is at most 65,535 pixels wide.
const MAX_PICTURES: u16 = 400;

/// Pictures of a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Film {
    /// The most detailed picture as JPEG, at most 640 pixels wide and high.
    pub poster: Vec<u8>,
    /// All pictures beside each other as one JPEG.
    pub strip: Vec<u8>,
    /// The width of each picture in the strip, at most 160 pixels.
    pub width: u16,
    /// The height of each picture in the strip, at most 160 pixels.
    pub height: u16,
    /// When each picture is shown, in milliseconds.
    pub times_ms: Vec<u64>,
    /// When the last one ends: the length of the track.
    pub length_ms: u64,
}

/// Pictures as they are decoded.
struct Reel {
    avcc: Avcc,
    scale: u32,
    sample: Vec<u8>,
    poster: Vec<u8>,
    tiles: Vec<Pixels>,
    times_ms: Vec<u64>,
}

/// Reads at most `n` pictures, or 400.
pub(crate) fn read(source: &mut Source, n: u16) -> Result<Option<Film>, Trouble> {
    let n = n.min(MAX_PICTURES);
    let movie = movie::read(source, &mut |_, _| Ok(()))?;
    let is_video =
        |trak: &Trak| matches!(trak.track, Some(Track::Video { .. })) && trak.samples > 0;
    let Some(trak) = movie.traks.into_iter().find(is_video) else {
        return Ok(None);
    };
    let entry = track::sample_entry(source, trak.stbl)?;
    if !matches!(&entry.kind, b"avc1" | b"avc3") || trak.scale == 0 {
        return Ok(None);
    }
    let mut reel = Reel {
        avcc: source.decode_child(entry.after(78))?,
        scale: trak.scale,
        sample: Vec::new(),
        poster: Vec::new(),
        tiles: Vec::new(),
        times_ms: Vec::new(),
    };
    if movie.fragmented {
        reel.read_fragments(source, &trak, n)?;
    } else {
        reel.read_samples(source, &trak, n)?;
    }
    let length_ms = reel.millis(trak.ticks);
    Ok(reel.finish(length_ms))
}

impl Reel {
    /// Reads the first sync sample of each of `n` equal parts of the samples.
    fn read_samples(&mut self, source: &mut Source, trak: &Trak, n: u16) -> Result<(), Trouble> {
        let chosen = sync_samples(source, trak, n.into())?;
        let mut chosen = with_times(source, trak, &chosen)?.into_iter().peekable();
        let mut number = 0_u64;
        track::each_sample(source, trak.stbl, &mut |source, at, bytes, count| {
            number += u64::from(count);
            // Where all samples have one size these are whole chunks: no video is like that.
            if let Some((_, ticks)) = chosen.next_if(|(wanted, _)| *wanted == number)
                && count == 1
            {
                self.add(source, ticks, at, bytes)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Reads the first sync sample, of those that begin a run, in each of `n` equal parts of the time.
    fn read_fragments(&mut self, source: &mut Source, trak: &Trak, n: u16) -> Result<(), Trouble> {
        let mut next_part = 0;
        movie::read(source, &mut |source, first| {
            let part = part(first.ticks, n.into(), trak.ticks);
            let is_next = (next_part..n.into()).contains(&part);
            if first.track == trak.id && first.is_sync && is_next {
                next_part = part + 1;
                self.add(source, first.ticks, first.at, first.bytes)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Adds the picture of a sample, if it can be decoded.
    fn add(&mut self, source: &mut Source, ticks: u64, at: u64, bytes: u64) -> Result<(), Trouble> {
        if bytes > MAX_SAMPLE {
            return Ok(());
        }
        source.load(at, bytes, &mut self.sample)?;
        let tile = self.tiles.first().map(|tile| (tile.width, tile.height));
        let pictures = h264::decode(&self.avcc, &self.sample, |picture| {
            let dimensions = picture.dimensions();
            let poster = Pixels::of(picture, fit(dimensions, POSTER)?).jpeg()?;
            let tile = tile.or_else(|| fit(dimensions, TILE))?;
            Some((poster, Pixels::of(picture, tile)))
        });
        if let Some((poster, tile)) = pictures {
            // The more detail, the more bytes; a blank picture has the least.
            if poster.len() > self.poster.len() {
                self.poster = poster;
            }
            self.tiles.push(tile);
            self.times_ms.push(self.millis(ticks));
        }
        Ok(())
    }

    fn millis(&self, ticks: u64) -> u64 {
        let millis = u128::from(ticks) * 1000 / u128::from(self.scale);
        u64::try_from(millis).unwrap_or(u64::MAX)
    }

    fn finish(self, length_ms: u64) -> Option<Film> {
        let first = self.tiles.first()?;
        Some(Film {
            poster: self.poster,
            strip: Pixels::beside(&self.tiles)?.jpeg()?,
            width: first.width,
            height: first.height,
            times_ms: self.times_ms,
            length_ms,
        })
    }
}

/// The number of the part, of `n` equal parts of `all`, in which `at` lies.
fn part(at: u64, n: u64, all: u64) -> u64 {
    let part = u128::from(at) * u128::from(n) / u128::from(all.max(1));
    u64::try_from(part).unwrap_or(u64::MAX)
}

/// The numbers, from 1, of the first sync sample of each of `n` equal parts of the samples (§8.6.2). Without a
/// table all samples are sync samples.
fn sync_samples(source: &mut Source, trak: &Trak, n: u64) -> Result<Vec<u64>, Trouble> {
    let Some(stss) = source.child(trak.stbl, *b"stss")? else {
        let mut all: Vec<_> = (0..n).map(|part| part * trak.samples / n + 1).collect();
        all.dedup();
        return Ok(all);
    };
    let mut numbers = track::table(source, stss, 4)?;
    let (mut chosen, mut next_part) = (Vec::new(), 0);
    while let Some(number) = numbers.number(source)? {
        let part = part(u64::from(number).saturating_sub(1), n, trak.samples);
        if (next_part..n).contains(&part) {
            next_part = part + 1;
            chosen.push(number.into());
        }
    }
    Ok(chosen)
}

/// Samples with their times in ticks (§8.6.1.2).
fn with_times(
    source: &mut Source,
    trak: &Trak,
    numbers: &[u64],
) -> Result<Vec<(u64, u64)>, Trouble> {
    let stts = source.require(trak.stbl, *b"stts")?;
    let mut runs = track::table(source, stts, 8)?;
    // The number of the run's first sample, and its time.
    let (mut first, mut begins) = (1, 0_u64);
    let mut numbers = numbers.iter().copied().peekable();
    let mut timed = Vec::new();
    while let Some(count) = runs.number(source)? {
        let (count, delta) = (u64::from(count), runs.number(source)?.unwrap_or_default());
        while let Some(number) = numbers.next_if(|number| *number < first + count) {
            let before = number.saturating_sub(first);
            timed.push((number, begins.saturating_add(before * u64::from(delta))));
        }
        first += count;
        begins = begins.saturating_add(count * u64::from(delta));
    }
    Ok(timed)
}
