//! Pictures, as H.264 in the form that MP4 holds: each unit after its length.

use mp4_atom::{Avc1, Avcc, Visual};
use openh264::{
    OpenH264API, Timestamp,
    encoder::{
        Complexity, Encoder, EncoderConfig, FrameRate, IntraFramePeriod, Profile, RateControlMode,
    },
    formats::{RgbSliceU8, YUVBuffer},
};

use super::{
    canvas::{Canvas, Size},
    error::MediaError,
};

/// Seconds from one picture at which decoding can start to the next: the precision of a seek.
const SYNC_SECONDS: u32 = 2;

/// Unit types (ITU-T H.264 table 7-1).
const SYNC_PICTURE: u8 = 5;
const SEQUENCE_PARAMETERS: u8 = 7;
const PICTURE_PARAMETERS: u8 = 8;

/// Encodes the pictures of one file.
pub(crate) struct Video {
    encoder: Encoder,
    sample: Vec<u8>,
    sequence: Vec<u8>,
    picture: Vec<u8>,
}

impl Video {
    /// An encoder of `fps` pictures a second.
    pub(crate) fn new(fps: u16) -> Result<Self, MediaError> {
        let config = EncoderConfig::new()
            .profile(Profile::Baseline)
            .complexity(Complexity::Low)
            .rate_control_mode(RateControlMode::Off)
            .max_frame_rate(FrameRate::from_hz(f32::from(fps)))
            .intra_frame_period(IntraFramePeriod::from_num_frames(
                u32::from(fps) * SYNC_SECONDS,
            ))
            // A picture that is left out would make the file shorter than the recording.
            .skip_frames(false)
            .scene_change_detect(false)
            .num_threads(1);
        Ok(Self {
            encoder: Encoder::with_api_config(OpenH264API::from_source(), config)?,
            sample: Vec::new(),
            sequence: Vec::new(),
            picture: Vec::new(),
        })
    }

    /// Encodes one picture, shown at `at` milliseconds; returns the sample, and whether decoding
    /// can start at it.
    pub(crate) fn encode(&mut self, canvas: &Canvas, at: u64) -> Result<(&[u8], bool), MediaError> {
        let size = (canvas.size.width.into(), canvas.size.height.into());
        let source = YUVBuffer::from_rgb8_source(RgbSliceU8::new(&canvas.pixels, size));
        let at = Timestamp::from_millis(at);
        let stream = self.encoder.encode_at(&source, at)?;
        self.sample.clear();
        let mut sync = false;
        for layer in (0..stream.num_layers()).filter_map(|index| stream.layer(index)) {
            for unit in (0..layer.nal_count()).filter_map(|index| layer.nal_unit(index)) {
                let unit = without_start_code(unit);
                match unit.first().map(|first| first & 0x1f) {
                    Some(SEQUENCE_PARAMETERS) => self.sequence = unit.to_vec(),
                    Some(PICTURE_PARAMETERS) => self.picture = unit.to_vec(),
                    kind => {
                        sync |= kind == Some(SYNC_PICTURE);
                        self.sample.extend(u32::try_from(unit.len())?.to_be_bytes());
                        self.sample.extend(unit);
                    }
                }
            }
        }
        Ok((&self.sample, sync))
    }

    /// The description of the pictures for the file's header; known after the first picture.
    pub(crate) fn codec(&self, size: Size) -> Result<Avc1, MediaError> {
        Ok(Avc1 {
            visual: Visual {
                data_reference_index: 1,
                width: size.width,
                height: size.height,
                ..Visual::default()
            },
            avcc: Avcc::new(&self.sequence, &self.picture)?,
            ..Avc1::default()
        })
    }
}

fn without_start_code(unit: &[u8]) -> &[u8] {
    unit.strip_prefix(&[0, 0, 0, 1])
        .or_else(|| unit.strip_prefix(&[0, 0, 1]))
        .unwrap_or(unit)
}
