//! The MP4 file. Samples go to a temporary file as they come; the header, which a player wants
//! first, is written before them at the end.

use std::{
    fs::File,
    io::{self, BufWriter, Seek, Write},
    path::Path,
};

use mp4_atom::{
    Audio, Avc1, Co64, Codec, Dinf, Dops, Dref, Edts, Elst, ElstEntry, Encode, FourCC, Ftyp, Hdlr,
    Mdhd, Mdia, Minf, Moov, Mvhd, Opus, Smhd, Stbl, Stsc, StscEntry, Stsd, Stss, Stsz, StszSamples,
    Stts, SttsEntry, Tkhd, Trak, Url, Vmhd,
};

use super::{error::MediaError, sound};

/// Ticks a second of the file.
const MOVIE_SCALE: u32 = 1000;
/// Ticks a second of the pictures.
pub(crate) const VIDEO_SCALE: u32 = 90_000;

/// One file in the making.
pub(crate) struct Mp4 {
    samples: BufWriter<File>,
    written: u64,
    pictures: Track,
    /// The pictures at which decoding can start, counted from 1.
    sync: Vec<u32>,
    sound: Track,
}

/// The tables of a track; each sample is a chunk of its own.
#[derive(Default)]
struct Track {
    sizes: Vec<u32>,
    /// From the first sample of the file, in bytes.
    offsets: Vec<u64>,
    /// Runs of equal durations.
    durations: Vec<SttsEntry>,
    /// In ticks.
    length: u64,
}

impl Mp4 {
    /// An empty file; samples are kept in a nameless file in `work`.
    pub(crate) fn new(work: &Path) -> Result<Self, MediaError> {
        Ok(Self {
            samples: BufWriter::new(tempfile::tempfile_in(work)?),
            written: 0,
            pictures: Track::default(),
            sync: Vec::new(),
            sound: Track::default(),
        })
    }

    /// Adds a picture that lasts `ticks` of [`VIDEO_SCALE`].
    pub(crate) fn add_picture(
        &mut self,
        sample: &[u8],
        ticks: u32,
        sync: bool,
    ) -> Result<(), MediaError> {
        self.samples.write_all(sample)?;
        self.written = self.pictures.add(sample, ticks, self.written)?;
        if sync {
            self.sync.push(self.pictures.sizes.len().try_into()?);
        }
        Ok(())
    }

    /// Adds an Opus packet that lasts `samples`.
    pub(crate) fn add_sound(&mut self, packet: &[u8], samples: u32) -> Result<(), MediaError> {
        self.samples.write_all(packet)?;
        self.written = self.sound.add(packet, samples, self.written)?;
        Ok(())
    }

    /// Writes the whole file. `length` is in milliseconds; `pictures` is their codec.
    pub(crate) fn finish(
        mut self,
        out: &mut File,
        length: u64,
        pictures: Option<&Avc1>,
    ) -> Result<(), MediaError> {
        let ftyp = Ftyp {
            major_brand: FourCC::new(b"isom"),
            minor_version: 512,
            compatible_brands: [b"isom", b"iso2", b"avc1", b"mp41"]
                .map(FourCC::new)
                .to_vec(),
        };
        let mut head = Vec::new();
        ftyp.encode(&mut head)?;
        // The header's size does not depend on the offsets in it, which are all of 64 bits.
        let mut moov = Vec::new();
        self.moov(length, pictures, 0).encode(&mut moov)?;
        // A box of samples starts with 16 bytes, for more than 4 GiB.
        let first = u64::try_from(head.len() + moov.len() + 16)?;
        self.moov(length, pictures, first).encode(&mut head)?;
        head.extend(1_u32.to_be_bytes());
        head.extend(b"mdat");
        head.extend((self.written + 16).to_be_bytes());
        out.write_all(&head)?;
        self.samples.rewind()?;
        io::copy(self.samples.get_mut(), out)?;
        Ok(())
    }

    /// The header, for samples that start at the byte `first` of the file.
    fn moov(&self, length: u64, pictures: Option<&Avc1>, first: u64) -> Moov {
        let mut tracks = Vec::new();
        if let Some(codec) = pictures {
            let codec = codec.clone();
            let mut track = self
                .pictures
                .trak(VIDEO_SCALE, first, Codec::Avc1(codec.clone()));
            track.tkhd.width = codec.visual.width.into();
            track.tkhd.height = codec.visual.height.into();
            track.mdia.hdlr.handler = FourCC::new(b"vide");
            track.mdia.minf.vmhd = Some(Vmhd::default());
            track.mdia.minf.stbl.stss = Some(Stss {
                entries: self.sync.clone(),
            });
            tracks.push(track);
        }
        let mut track = self.sound.trak(sound::RATE.into(), first, opus());
        track.tkhd.volume = 1.into();
        track.mdia.hdlr.handler = FourCC::new(b"soun");
        track.mdia.minf.smhd = Some(Smhd::default());
        // The decoder's run-up is not played (RFC 7845 §4.2).
        track.edts = Some(Edts {
            elst: Some(Elst {
                entries: vec![ElstEntry {
                    segment_duration: length,
                    media_time: Some(u64::from(sound::PRE_SKIP)),
                    media_rate: 1.into(),
                }],
            }),
        });
        tracks.push(track);
        let mut next_track_id = 1;
        for track in &mut tracks {
            track.tkhd.track_id = next_track_id;
            track.tkhd.duration = length;
            next_track_id += 1;
        }
        Moov {
            mvhd: Mvhd {
                timescale: MOVIE_SCALE,
                duration: length,
                rate: 1.into(),
                volume: 1.into(),
                next_track_id,
                ..Mvhd::default()
            },
            trak: tracks,
            ..Moov::default()
        }
    }
}

impl Track {
    /// Adds a sample that was written at `offset`; returns the offset behind it.
    fn add(&mut self, sample: &[u8], ticks: u32, offset: u64) -> Result<u64, MediaError> {
        let size = u32::try_from(sample.len())?;
        self.sizes.push(size);
        self.offsets.push(offset);
        match self.durations.last_mut() {
            Some(run) if run.sample_delta == ticks => run.sample_count += 1,
            _ => self.durations.push(SttsEntry {
                sample_count: 1,
                sample_delta: ticks,
            }),
        }
        self.length += u64::from(ticks);
        Ok(offset + u64::from(size))
    }

    fn trak(&self, timescale: u32, first: u64, codec: Codec) -> Trak {
        let stbl = Stbl {
            stsd: Stsd {
                codecs: vec![codec],
            },
            stts: Stts {
                entries: self.durations.clone(),
            },
            stsc: Stsc {
                entries: vec![StscEntry {
                    first_chunk: 1,
                    samples_per_chunk: 1,
                    sample_description_index: 1,
                }],
            },
            stsz: Stsz {
                samples: StszSamples::Different {
                    sizes: self.sizes.clone(),
                },
            },
            co64: Some(Co64 {
                entries: self.offsets.iter().map(|offset| first + offset).collect(),
            }),
            ..Stbl::default()
        };
        Trak {
            tkhd: Tkhd {
                enabled: true,
                in_movie: true,
                ..Tkhd::default()
            },
            mdia: Mdia {
                mdhd: Mdhd {
                    timescale,
                    duration: self.length,
                    language: "und".into(),
                    ..Mdhd::default()
                },
                hdlr: Hdlr::default(),
                minf: Minf {
                    dinf: Dinf {
                        dref: Dref {
                            entries: vec![Url::default().into()],
                        },
                    },
                    stbl,
                    ..Minf::default()
                },
            },
            ..Trak::default()
        }
    }
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
