//! Real media for emulated recordings: H.264 and Opus in MP4, and JPEG.

mod canvas;
mod error;
mod mp4;
mod scene;
mod sound;
mod video;

use std::{fs, path::Path};

use jpeg_encoder::{ColorType, Encoder};
use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;

pub(crate) use self::error::MediaError;
use self::{
    canvas::{Canvas, Size},
    mp4::{Mp4, VIDEO_SCALE},
    sound::Sound,
    video::Video,
};
use crate::recording::Recording;

/// The size of the composite and of frames.
const LARGE: Size = Size {
    width: 640,
    height: 360,
};
/// The size of a track.
const SMALL: Size = Size {
    width: 320,
    height: 180,
};

/// Makes the files of recordings.
pub(crate) struct Renderer<'a> {
    /// A folder for unfinished files, on the same disk as the finished ones.
    pub work: &'a Path,
    /// Cancels the work.
    pub token: &'a CancellationToken,
}

impl Renderer<'_> {
    /// Makes the picture of that time.
    pub(crate) fn frame(
        &self,
        recording: &Recording,
        at: u64,
        path: &Path,
    ) -> Result<(), MediaError> {
        let mut canvas = Canvas::new(LARGE);
        scene::composite(&mut canvas, recording, at);
        let mut out = NamedTempFile::new_in(self.work)?;
        let encoder = Encoder::new(&mut out, 85);
        encoder.encode(&canvas.pixels, LARGE.width, LARGE.height, ColorType::Rgb)?;
        publish(out, path)
    }

    /// Makes the track of the participant of that index, which lasts from their first arrival to
    /// their last departure; without an index, the composite.
    pub(crate) fn clip(
        &self,
        recording: &Recording,
        person: Option<usize>,
        path: &Path,
    ) -> Result<(), MediaError> {
        let (span, size) = match person.map(|index| &recording.people[index]) {
            Some(person) => (person.span(), person.camera.then_some(SMALL)),
            None => (0..recording.length, Some(LARGE)),
        };
        let length = (span.end - span.start).max(1);
        let fps = fps(length);
        let mut mp4 = Mp4::new(self.work)?;
        let mut sound = Sound::default();
        let mut picture = match size {
            Some(size) => Some((Video::new(fps)?, Canvas::new(size))),
            None => None,
        };

        let step = VIDEO_SCALE / u32::from(fps);
        let mut ticks_left = length * u64::from(VIDEO_SCALE / 1000);
        let mut samples_left = length * u64::from(sound::RATE / 1000) + u64::from(sound::PRE_SKIP);
        for second in (span.start..).step_by(1000) {
            if self.token.is_cancelled() {
                return Err(MediaError::Interrupted);
            }
            if samples_left == 0 {
                break;
            }
            if let Some((video, canvas)) = &mut picture {
                for number in 0..u64::from(fps) {
                    let ticks = take_up_to(step, &mut ticks_left);
                    if ticks == 0 {
                        break;
                    }
                    let now = second + number * 1000 / u64::from(fps);
                    match person {
                        Some(index) => scene::track(canvas, recording, index, now),
                        None => scene::composite(canvas, recording, now),
                    }
                    let (sample, sync) = video.encode(canvas, now - span.start)?;
                    mp4.add_picture(sample, ticks, sync)?;
                }
            }
            let mut voices = recording.voices(second);
            voices.retain(|voice| person.is_none_or(|only| only == *voice));
            for packet in sound.second(&voices)? {
                let samples = take_up_to(u32::from(sound::FRAME), &mut samples_left);
                if samples == 0 {
                    break;
                }
                mp4.add_sound(packet, samples)?;
            }
        }

        let mut out = NamedTempFile::new_in(self.work)?;
        let codec = match (&picture, size) {
            (Some((video, _)), Some(size)) => Some(video.codec(size)?),
            _ => None,
        };
        mp4.finish(out.as_file_mut(), length, codec.as_ref())?;
        publish(out, path)
    }
}

/// Pictures a second: fewer in long recordings, which limits the cost of an hour to minutes. Each
/// divides [`VIDEO_SCALE`].
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

/// Moves a finished file to its path at once, so that no reader sees a part of it.
fn publish(file: NamedTempFile, path: &Path) -> Result<(), MediaError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests;
