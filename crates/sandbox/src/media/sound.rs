//! Tones, as Opus packets of 20 ms.
//!
//! The sound of a set of participants repeats every second, since each pitch is a whole number of
//! hertz. One second is encoded and its packets are used again: hours cost what a second costs.

use std::{collections::HashMap, f64::consts::TAU};

use opus_rs::{Application, OpusEncoder};

use super::error::MediaError;

/// Samples a second.
pub(crate) const RATE: u16 = 48_000;
/// Samples of one packet.
pub(crate) const FRAME: u16 = 960;
/// Samples that a decoder drops at the start (RFC 7845 §4.2).
pub(crate) const PRE_SKIP: u16 = 312;

/// The first participants' pitches, in hertz; pentatonic, so that their sum is bearable.
const PITCHES: [u16; 10] = [220, 262, 294, 330, 392, 440, 524, 588, 660, 784];

/// The packets of one second.
type Second = Vec<Vec<u8>>;

/// Encodes the sound of sets of participants.
#[derive(Default)]
pub(crate) struct Sound {
    seconds: HashMap<Vec<usize>, Second>,
}

impl Sound {
    /// The packets of one second in which these participants are heard.
    pub(crate) fn second(&mut self, voices: &[usize]) -> Result<&Second, MediaError> {
        if !self.seconds.contains_key(voices) {
            let second = encode(voices).map_err(MediaError::Sound)?;
            self.seconds.insert(voices.to_vec(), second);
        }
        Ok(&self.seconds[voices])
    }
}

/// The participant's pitch in hertz, different from the others'.
fn pitch(voice: usize) -> f64 {
    let above = voice.saturating_sub(PITCHES.len() - 1);
    let base = PITCHES[voice.min(PITCHES.len() - 1)];
    f64::from(base) + 40.0 * f64::from(u16::try_from(above).unwrap_or(u16::MAX))
}

fn encode(voices: &[usize]) -> Result<Second, &'static str> {
    let mut encoder = OpusEncoder::new(i32::from(RATE), 1, Application::RestrictedLowDelay)?;
    encoder.bitrate_bps = 48_000;
    encoder.complexity = 5;
    let wave = wave(voices);
    let mut packet = [0_u8; 1500];
    let mut second = Second::new();
    // The first round only brings the encoder into the state of a continuous sound.
    for round in 0..2 {
        for frame in wave.chunks_exact(usize::from(FRAME)) {
            let bytes = encoder.encode(frame, usize::from(FRAME), &mut packet)?;
            if round == 1 {
                second.push(packet[..bytes].to_vec());
            }
        }
    }
    Ok(second)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the encoder takes samples of that precision"
)]
fn wave(voices: &[usize]) -> Vec<f32> {
    let count = f64::from(u16::try_from(voices.len()).unwrap_or(u16::MAX));
    let loudness = (0.7 / count.max(1.0)).min(0.25);
    let pitches: Vec<f64> = voices.iter().map(|voice| pitch(*voice)).collect();
    let samples = (0..RATE).map(|sample| {
        let at = f64::from(sample) / f64::from(RATE);
        // It swells once a second, so that a stalled player is heard.
        let swell = 0.6 - 0.4 * (TAU * at).cos();
        let sum: f64 = pitches.iter().map(|pitch| (TAU * pitch * at).sin()).sum();
        (loudness * swell * sum) as f32
    });
    samples.collect()
}

#[cfg(test)]
mod tests {
    use opus_rs::OpusDecoder;

    use super::*;

    /// The strength of a pitch (Goertzel's sum, by its definition).
    fn strength(samples: &[f32], hertz: f64) -> f64 {
        let (mut re, mut im) = (0.0, 0.0);
        for (n, sample) in (0_u32..).zip(samples) {
            let angle = TAU * hertz * f64::from(n) / f64::from(RATE);
            re += f64::from(*sample) * angle.cos();
            im += f64::from(*sample) * angle.sin();
        }
        re.hypot(im) / f64::from(RATE)
    }

    #[test]
    fn a_set_of_voices_sounds_at_their_pitches_and_no_other() {
        let mut sound = Sound::default();
        let second = sound.second(&[0, 3]).unwrap().clone();
        assert_eq!(second.len(), 50);
        let mut decoder = OpusDecoder::new(i32::from(RATE), 1).unwrap();
        let mut samples = Vec::new();
        for packet in second.iter().chain(&second) {
            let mut frame = [0.0; FRAME as usize];
            decoder
                .decode(packet, usize::from(FRAME), &mut frame)
                .unwrap();
            samples.extend(frame);
        }
        let last = &samples[usize::from(RATE)..];
        for pitch_of_voice in [pitch(0), pitch(3)] {
            assert!(strength(last, pitch_of_voice) > 0.03, "{pitch_of_voice}");
        }
        for silent in [pitch(1), pitch(2), pitch(5)] {
            assert!(strength(last, silent) < 0.003, "{silent}");
        }
    }

    #[test]
    fn pitches_differ() {
        let mut all: Vec<f64> = (0..100).map(pitch).collect();
        all.dedup();
        assert_eq!(all.len(), 100);
    }
}
