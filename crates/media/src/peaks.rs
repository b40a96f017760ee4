//! The loudness of a track of sound.

use opus_rs::OpusDecoder;
use symphonia_codec_aac::AacDecoder;
use symphonia_core::{
    codecs::audio::{
        AudioCodecParameters, AudioDecoder, AudioDecoderOptions, well_known::CODEC_ID_AAC,
    },
    packet::PacketRef,
    units::{Duration, Timestamp},
};

use crate::{
    movie,
    source::{Atom, Source},
    track,
    trouble::Trouble,
};

/// The number of packets that are decoded of each part: a second of Opus.
const PACKETS: usize = 50;
/// The limit of a packet in bytes, several times that of both codecs.
const MAX_PACKET: u64 = 16 * 1024;
/// Samples of the longest packet of Opus, 120 ms (RFC 6716 §2.1.4).
const OPUS_SAMPLES: usize = 5760;

/// Decodes a packet into samples; `false` where it cannot.
type Decoder = Box<dyn FnMut(&[u8], &mut Vec<f32>) -> bool>;

/// Reads the loudness of `n` parts.
pub(crate) fn read(source: &mut Source, n: usize) -> Result<Option<Vec<u8>>, Trouble> {
    let Some(trak) = movie::sound(source)? else {
        return Ok(None);
    };
    let entry = track::sample_entry(source, trak.stbl)?;
    let Some(mut decode) = decoder(source, entry)? else {
        return Ok(None);
    };
    let samples = usize::try_from(trak.samples).unwrap_or(usize::MAX);
    let mut peaks = vec![0; n];
    let (mut number, mut part, mut tried, mut decoded) = (0_usize, 0, 0, 0_usize);
    let (mut packet, mut wave) = (Vec::new(), Vec::new());
    track::each_sample(source, trak.stbl, &mut |source, at, bytes, count| {
        let here = number.saturating_mul(n) / samples;
        number += count as usize;
        if here != part {
            (part, tried) = (here, 0);
        }
        let Some(peak) = peaks.get_mut(here) else {
            return Ok(());
        };
        if count == 1 && tried < PACKETS && bytes <= MAX_PACKET {
            tried += 1;
            source.load(at, bytes, &mut packet)?;
            if decode(&packet, &mut wave) {
                decoded += 1;
                *peak = wave.iter().copied().map(loudness).fold(*peak, u8::max);
            }
        }
        Ok(())
    })?;
    Ok((decoded > 0).then_some(peaks))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "such a cast saturates"
)]
fn loudness(sample: f32) -> u8 {
    (sample.abs() * 255.0) as u8
}

/// The decoder of a sample entry.
fn decoder(source: &mut Source, entry: Atom) -> Result<Option<Decoder>, Trouble> {
    Ok(match &entry.kind {
        b"Opus" => opus(),
        b"mp4a" => {
            let config = track::esds(source, entry)?.es_desc.dec_config.dec_specific;
            config.and_then(|config| aac(config.raw))
        }
        _ => None,
    })
}

fn opus() -> Option<Decoder> {
    let mut decoder = Box::new(OpusDecoder::new(48_000, 1).ok()?);
    Some(Box::new(move |packet, wave| {
        wave.resize(OPUS_SAMPLES, 0.0);
        let samples = decoder.decode(packet, OPUS_SAMPLES, wave);
        wave.truncate(samples.unwrap_or_default());
        samples.is_ok()
    }))
}

fn aac(config: Vec<u8>) -> Option<Decoder> {
    let mut parameters = AudioCodecParameters::new();
    parameters
        .for_codec(CODEC_ID_AAC)
        .with_extra_data(config.into());
    let mut decoder = AacDecoder::try_new(&parameters, &AudioDecoderOptions::default()).ok()?;
    Some(Box::new(move |packet, wave| {
        let packet = PacketRef::new(0, Timestamp::ZERO, Duration::ZERO, packet);
        let samples = decoder.decode_ref(&packet);
        samples
            .map(|samples| samples.copy_to_vec_interleaved(wave))
            .is_ok()
    }))
}
