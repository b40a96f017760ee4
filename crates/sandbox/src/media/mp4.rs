//! The MP4 file: samples go to a temporary file as they come; the header, which a player wants
//! first, is written before them at the end.

use std::{
    fs::File,
    io::{self, BufWriter, Seek, Write},
    path::Path,
};

use mp4_atom::{
    Audio, Avc1, Avcc, Co64, Codec, Dinf, Dops, Dref, Edts, Elst, ElstEntry, Encode, FourCC, Ftyp,
    Hdlr, Mdhd, Mdia, Minf, Moov, Mvhd, Opus, Smhd, Stbl, Stsc, StscEntry, Stsd, Stss, Stsz,
    StszSamples, Stts, SttsEntry, Tkhd, Trak, Url, Visual, Vmhd,
};

use super::{canvas::Size, error::MediaError, sound};

/// Ticks a second of the whole file.
const MOVIE_SCALE: u32 = 1000;
/// Ticks a second of the picture track.
pub(crate) const VIDEO_SCALE: u32 = 90_000;

/// What a track holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// H.264.
    Video(Size),
    /// Opus, mono.
    Audio,
}

/// A track as its samples come in.
struct Track {
    kind: Kind,
    sizes: Vec<u32>,
    /// Runs of equal durations.
    times: Vec<SttsEntry>,
    /// Samples that stand alone, counted from 1; empty: all do.
    alone: Vec<u32>,
    /// Where each run of samples lies: offset among the samples, number of samples.
    chunks: Vec<(u64, u32)>,
    duration: u64,
}

/// One file in the making.
pub(crate) struct Mp4 {
    data: BufWriter<File>,
    written: u64,
    tracks: Vec<Track>,
    last: Option<usize>,
}

impl Mp4 {
    /// A file with those tracks; samples wait in a nameless file in `work`.
    pub(crate) fn new(work: &Path, kinds: &[Kind]) -> Result<Self, MediaError> {
        let track = |kind: &Kind| Track {
            kind: *kind,
            sizes: Vec::new(),
            times: Vec::new(),
            alone: Vec::new(),
            chunks: Vec::new(),
            duration: 0,
        };
        Ok(Self {
            data: BufWriter::new(tempfile::tempfile_in(work)?),
            written: 0,
            tracks: kinds.iter().map(track).collect(),
            last: None,
        })
    }

    /// Adds a sample to a track, lasting `ticks` of that track's scale.
    pub(crate) fn add(
        &mut self,
        track: usize,
        sample: &[u8],
        ticks: u32,
        alone: bool,
    ) -> Result<(), MediaError> {
        let follows = self.last.replace(track) == Some(track);
        let Some(entry) = self.tracks.get_mut(track) else {
            return Ok(());
        };
        self.data.write_all(sample)?;
        let size = u32::try_from(sample.len()).map_err(|_| MediaError::TooLong)?;
        entry.sizes.push(size);
        if alone && matches!(entry.kind, Kind::Video(_)) {
            let number = u32::try_from(entry.sizes.len()).map_err(|_| MediaError::TooLong)?;
            entry.alone.push(number);
        }
        match entry.times.last_mut() {
            Some(run) if run.sample_delta == ticks => run.sample_count += 1,
            _ => entry.times.push(SttsEntry {
                sample_count: 1,
                sample_delta: ticks,
            }),
        }
        match entry.chunks.last_mut() {
            Some((_, count)) if follows => *count += 1,
            _ => entry.chunks.push((self.written, 1)),
        }
        entry.duration += u64::from(ticks);
        self.written += u64::from(size);
        Ok(())
    }

    /// Writes the whole file. `length` is in milliseconds; `parameters` are the picture's.
    pub(crate) fn finish(
        self,
        out: &mut File,
        length: u64,
        parameters: (&[u8], &[u8]),
    ) -> Result<(), MediaError> {
        let ftyp = Ftyp {
            major_brand: FourCC::new(b"isom"),
            minor_version: 512,
            compatible_brands: vec![
                FourCC::new(b"isom"),
                FourCC::new(b"iso2"),
                FourCC::new(b"avc1"),
                FourCC::new(b"mp41"),
            ],
        };
        let mut head = Vec::new();
        ftyp.encode(&mut head)?;
        let mut moov = self.moov(length, parameters)?;
        let mut measured = Vec::new();
        moov.encode(&mut measured)?;
        // A header of 16 bytes, for more than 4 GiB, whatever the size: the offsets are 64 bits
        // wide too, so that the sizes do not depend on each other.
        let before =
            u64::try_from(head.len() + measured.len() + 16).map_err(|_| MediaError::TooLong)?;
        for trak in &mut moov.trak {
            for entry in trak
                .mdia
                .minf
                .stbl
                .co64
                .iter_mut()
                .flat_map(|co64| &mut co64.entries)
            {
                *entry += before;
            }
        }
        moov.encode(&mut head)?;
        head.extend(1_u32.to_be_bytes());
        head.extend(b"mdat");
        head.extend((self.written + 16).to_be_bytes());
        out.write_all(&head)?;
        let mut data = self
            .data
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        data.rewind()?;
        io::copy(&mut data, out)?;
        out.flush()?;
        Ok(())
    }

    fn moov(&self, length: u64, parameters: (&[u8], &[u8])) -> Result<Moov, MediaError> {
        let mut trak = Vec::new();
        for (id, track) in (1_u32..).zip(&self.tracks) {
            trak.push(track.trak(id, length, parameters)?);
        }
        Ok(Moov {
            mvhd: Mvhd {
                timescale: MOVIE_SCALE,
                duration: length,
                rate: 1.into(),
                volume: 1.into(),
                next_track_id: u32::try_from(trak.len() + 1).map_err(|_| MediaError::TooLong)?,
                ..Mvhd::default()
            },
            trak,
            ..Moov::default()
        })
    }
}

impl Track {
    fn trak(&self, id: u32, length: u64, parameters: (&[u8], &[u8])) -> Result<Trak, MediaError> {
        let (scale, handler, name, codec) = match self.kind {
            Kind::Video(size) => (VIDEO_SCALE, b"vide", "picture", avc1(size, parameters)?),
            Kind::Audio => (u32::from(sound::RATE), b"soun", "sound", opus()),
        };
        let (width, height) = match self.kind {
            Kind::Video(size) => (size.width, size.height),
            Kind::Audio => (0, 0),
        };
        let video = matches!(self.kind, Kind::Video(_));
        // A decoder of Opus needs a run-up that is not heard (RFC 7845 §4.2).
        let edts = (!video).then(|| Edts {
            elst: Some(Elst {
                entries: vec![ElstEntry {
                    segment_duration: length,
                    media_time: Some(u64::from(sound::PRE_SKIP)),
                    media_rate: 1.into(),
                }],
            }),
        });
        Ok(Trak {
            tkhd: Tkhd {
                track_id: id,
                duration: length,
                enabled: true,
                in_movie: true,
                volume: u8::from(!video).into(),
                width: width.into(),
                height: height.into(),
                ..Tkhd::default()
            },
            edts,
            mdia: Mdia {
                mdhd: Mdhd {
                    timescale: scale,
                    duration: self.duration,
                    language: "und".into(),
                    ..Mdhd::default()
                },
                hdlr: Hdlr {
                    handler: FourCC::new(handler),
                    name: name.into(),
                },
                minf: Minf {
                    vmhd: video.then(Vmhd::default),
                    smhd: (!video).then(Smhd::default),
                    dinf: Dinf {
                        dref: Dref {
                            entries: vec![Url::default().into()],
                        },
                    },
                    stbl: self.stbl(codec)?,
                    ..Minf::default()
                },
            },
            ..Trak::default()
        })
    }

    fn stbl(&self, codec: Codec) -> Result<Stbl, MediaError> {
        let mut runs: Vec<StscEntry> = Vec::new();
        for (number, (_, samples)) in (1_u32..).zip(&self.chunks) {
            if runs
                .last()
                .is_none_or(|run| run.samples_per_chunk != *samples)
            {
                runs.push(StscEntry {
                    first_chunk: number,
                    samples_per_chunk: *samples,
                    sample_description_index: 1,
                });
            }
        }
        if self.sizes.is_empty() {
            return Err(MediaError::NoPicture);
        }
        Ok(Stbl {
            stsd: Stsd {
                codecs: vec![codec],
            },
            stts: Stts {
                entries: self.times.clone(),
            },
            stss: (!self.alone.is_empty()).then(|| Stss {
                entries: self.alone.clone(),
            }),
            stsc: Stsc { entries: runs },
            stsz: Stsz {
                samples: StszSamples::Different {
                    sizes: self.sizes.clone(),
                },
            },
            co64: Some(Co64 {
                entries: self.chunks.iter().map(|(offset, _)| *offset).collect(),
            }),
            ..Stbl::default()
        })
    }
}

fn avc1(size: Size, (sequence, picture): (&[u8], &[u8])) -> Result<Codec, MediaError> {
    Ok(Codec::Avc1(Avc1 {
        visual: Visual {
            data_reference_index: 1,
            width: size.width,
            height: size.height,
            ..Visual::default()
        },
        avcc: Avcc::new(sequence, picture)?,
        ..Avc1::default()
    }))
}

fn opus() -> Codec {
    Codec::Opus(Opus {
        audio: Audio {
            data_reference_index: 1,
            channel_count: 1,
            sample_size: 16,
            sample_rate: sound::RATE.into(),
        },
        dops: Dops {
            output_channel_count: 1,
            pre_skip: sound::PRE_SKIP,
            input_sample_rate: u32::from(sound::RATE),
            output_gain: 0,
            channel_mapping: None,
        },
        btrt: None,
    })
}
