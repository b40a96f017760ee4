//! Real media for recordings that never happened: H.264 and Opus in MP4, and JPEG.

mod canvas;
mod error;
mod mp4;
mod scene;
mod sound;
mod video;

use std::{
    fs,
    ops::Range,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use jiff::tz::TimeZone;
use jpeg_encoder::{ColorType, SamplingFactor};
use tempfile::NamedTempFile;

use self::{
    canvas::{Canvas, Size},
    mp4::{Kind, Mp4, VIDEO_SCALE},
    sound::Sound,
    video::Video,
};
use crate::take::Take;

pub(crate) use error::MediaError;

/// The composite's and the frames' size.
const LARGE: Size = Size {
    width: 640,
    height: 360,
};
/// A track's size.
const SMALL: Size = Size {
    width: 320,
    height: 180,
};

/// Where files are made.
pub(crate) struct Studio<'a> {
    /// A folder for what is not finished, on the same disk as the files.
    pub work: PathBuf,
    /// The zone of the clock in the picture.
    pub zone: TimeZone,
    /// Set when the work is no longer wanted.
    pub stop: &'a AtomicBool,
}

impl Studio<'_> {
    /// Makes the composite.
    pub(crate) fn composite(&self, take: &Take, path: &Path) -> Result<(), MediaError> {
        let clip = Clip {
            take,
            span: 0..take.length,
            only: None,
            size: Some(LARGE),
        };
        self.clip(&clip, path)
    }

    /// Makes one participant's track: from their first arrival to their last departure.
    pub(crate) fn track(&self, take: &Take, index: usize, path: &Path) -> Result<(), MediaError> {
        let Some(person) = take.people.get(index) else {
            return Err(MediaError::NoPicture);
        };
        let clip = Clip {
            take,
            span: person.span(),
            only: Some(index),
            size: person.camera.then_some(SMALL),
        };
        self.clip(&clip, path)
    }

    /// Makes the still picture of that time.
    pub(crate) fn frame(&self, take: &Take, at: u64, path: &Path) -> Result<(), MediaError> {
        let mut canvas = Canvas::new(LARGE);
        scene::composite(&mut canvas, take, &self.zone, at);
        let mut out = NamedTempFile::new_in(&self.work)?;
        let mut encoder = jpeg_encoder::Encoder::new(&mut out, 85);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder.encode(
            &interleaved(&canvas),
            LARGE.width,
            LARGE.height,
            ColorType::Ycbcr,
        )?;
        publish(out, path)
    }

    fn clip(&self, clip: &Clip<'_>, path: &Path) -> Result<(), MediaError> {
        let length = (clip.span.end - clip.span.start).max(1);
        let fps = fps(length);
        let mut kinds: Vec<Kind> = clip.size.map(Kind::Video).into_iter().collect();
        kinds.push(Kind::Audio);
        let audio = kinds.len() - 1;
        let mut mp4 = Mp4::new(&self.work, &kinds)?;
        let mut sound = Sound::default();
        let mut picture = match clip.size {
            Some(size) => Some((Video::new(fps)?, Canvas::new(size))),
            None => None,
        };

        let step = VIDEO_SCALE / u32::from(fps);
        let mut ticks_left = length * u64::from(VIDEO_SCALE / 1000);
        let mut samples_left = length * u64::from(sound::RATE / 1000) + u64::from(sound::PRE_SKIP);
        let mut at = clip.span.start;
        while ticks_left > 0 || samples_left > 0 {
            if self.stop.load(Ordering::Relaxed) {
                return Err(MediaError::Interrupted);
            }
            for number in 0..u64::from(fps) {
                let Some((video, canvas)) = &mut picture else {
                    ticks_left = 0;
                    break;
                };
                if ticks_left == 0 {
                    break;
                }
                let now = at + number * 1000 / u64::from(fps);
                clip.paint(canvas, &self.zone, now);
                let (sample, alone) = video.encode(canvas, now - clip.span.start)?;
                let ticks = take_up_to(step, &mut ticks_left);
                mp4.add(0, sample, ticks, alone)?;
            }
            for packet in sound.second(&clip.voices(at))? {
                if samples_left == 0 {
                    break;
                }
                let samples = take_up_to(u32::from(sound::FRAME), &mut samples_left);
                mp4.add(audio, packet, samples, true)?;
            }
            at += 1000;
        }

        let parameters = picture
            .as_ref()
            .map_or_else(Default::default, |(video, _)| video.parameters());
        let mut out = NamedTempFile::new_in(&self.work)?;
        mp4.finish(out.as_file_mut(), length, parameters)?;
        publish(out, path)
    }
}

/// A composite or a track.
struct Clip<'a> {
    take: &'a Take,
    /// Its part of the recording, in milliseconds.
    span: Range<u64>,
    /// The participant whose track it is.
    only: Option<usize>,
    /// `None`: sound only.
    size: Option<Size>,
}

impl Clip<'_> {
    fn paint(&self, canvas: &mut Canvas, zone: &TimeZone, at: u64) {
        match self.only {
            Some(index) => scene::track(canvas, self.take, index, zone, at),
            None => scene::composite(canvas, self.take, zone, at),
        }
    }

    fn voices(&self, at: u64) -> Vec<usize> {
        let mut voices = self.take.voices(at);
        voices.retain(|voice| self.only.is_none_or(|only| only == *voice));
        voices
    }
}

/// Pictures a second: fewer in long recordings, so that an hour costs minutes to make and not
/// an hour. Each divides [`VIDEO_SCALE`].
const fn fps(length: u64) -> u16 {
    match length {
        0..=300_000 => 12,
        300_001..=1_800_000 => 4,
        _ => 1,
    }
}

/// Takes `want` from what is left, or the rest.
fn take_up_to(want: u32, left: &mut u64) -> u32 {
    let got = u32::try_from(*left).map_or(want, |left| left.min(want));
    *left -= u64::from(got);
    got
}

/// Moves a finished file to its name at once, so that nobody reads half of it.
fn publish(file: NamedTempFile, path: &Path) -> Result<(), MediaError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// The picture pixel by pixel, in the full range that JPEG has.
fn interleaved(canvas: &Canvas) -> Vec<u8> {
    let width = usize::from(canvas.size().width);
    let (y, u, v) = canvas.planes();
    let mut pixels = Vec::with_capacity(y.len() * 3);
    for (index, luma) in y.iter().enumerate() {
        let (row, column) = (index / width, index % width);
        let half = row / 2 * (width / 2) + column / 2;
        pixels.push(stretch(*luma, 16, 219));
        pixels.push(u.get(half).copied().unwrap_or(128));
        pixels.push(v.get(half).copied().unwrap_or(128));
    }
    pixels
}

fn stretch(value: u8, floor: u8, range: u16) -> u8 {
    let above = u16::from(value.saturating_sub(floor)).min(range);
    u8::try_from(u32::from(above) * 255 / u32::from(range)).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests;
