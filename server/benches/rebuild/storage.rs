//! A storage with many copies and their descriptions.

use std::{
    fs::{self, DirBuilder},
    hint::black_box,
    os::unix::fs::DirBuilderExt,
    path::Path,
};

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// The number of rooms.
const ROOMS: u32 = 5000;
/// The content of each copy and its SHA-256.
const CONTENT: &str = "x";
const SHA256: &str = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
/// The first ids, which grow with the number as those of the product grow with time.
const RECORDING: u128 = 0x0197_f0c0_0000_7000_8000_0000_0000_0000;
const FILE: u128 = 0x0197_f0c0_0000_7000_8001_0000_0000_0000;
/// A description as the server writes it.
const TEMPLATE: &str = include_str!("../../../crates/service/src/archive/description.json");
/// When the first recording began, and how long each is.
const BEGIN: i64 = 1_700_000_000_000;
const MINUTE: i64 = 60_000;
/// The number of loudness values of a file.
const PEAKS: usize = 200;

/// Fills a folder with the copies of this many recordings.
pub fn fill(files: &Path, recordings: u32) -> Result<()> {
    let template = serde_json::from_str(TEMPLATE)?;
    // As the server makes it: it would make another one private first.
    DirBuilder::new().mode(0o700).create(files)?;
    for number in 0..recordings {
        let described = describe(&template, number)?;
        put(files, number, &described)?;
    }
    Ok(())
}

/// Reads each description, one after another; returns their number.
pub fn read_descriptions(files: &Path) -> Result<u32> {
    let mut count = 0;
    for folder in fs::read_dir(files)? {
        for file in fs::read_dir(folder?.path())? {
            let path = file?.path();
            if path.extension().is_some_and(|end| end == "json") {
                black_box(fs::read(path)?);
                count += 1;
            }
        }
    }
    Ok(count)
}

/// The description of a recording.
fn describe(template: &Value, number: u32) -> Result<Value> {
    let begin = BEGIN + i64::from(number) * MINUTE;
    let name = format!("ar_room-{}_{number}.mp4", number % ROOMS);
    let mut one = template.clone();
    for (field, value) in [
        ("/recording", json!(id(RECORDING, number))),
        ("/room", json!(format!("room-{}", number % ROOMS))),
        ("/file", json!(id(FILE, number))),
        ("/size", json!(CONTENT.len())),
        ("/sha256", json!(SHA256)),
        ("/crc32", json!("8cdc1683")),
        ("/name", json!(name)),
        ("/started_at", json!(begin)),
        ("/ended_at", json!(begin + MINUTE)),
        ("/announced_at", json!(begin + MINUTE)),
        ("/recording_facts/title", json!(format!("Lesson {number}"))),
        ("/recording_facts/tags", json!(["lesson", "数学"])),
        ("/recording_facts/notes", json!("Homework\nfor all")),
        ("/recording_facts/state_since", json!(begin + MINUTE)),
        ("/recording_facts/requested_at", json!(begin)),
        ("/recording_facts/started_at", json!(begin)),
        ("/recording_facts/stopped_at", json!(begin + MINUTE)),
        ("/file_facts/take", json!(id(FILE, number))),
        (
            "/file_facts/address",
            json!(format!("https://files.example/{name}")),
        ),
        ("/file_facts/peaks", json!("7f".repeat(PEAKS))),
    ] {
        let known = one.pointer_mut(field);
        *known.with_context(|| format!("a description has no {field}"))? = value;
    }
    Ok(one)
}

/// Writes a copy and its description.
fn put(files: &Path, number: u32, description: &Value) -> Result<()> {
    fs::create_dir_all(files.join(id(RECORDING, number)))?;
    let copy = files.join(key(number));
    fs::write(&copy, CONTENT)?;
    let text = serde_json::to_vec_pretty(description)?;
    fs::write(format!("{}.json", copy.display()), text)?;
    Ok(())
}

fn id(first: u128, number: u32) -> String {
    format!("{:032x}", first + u128::from(number))
}

/// The key of a copy.
fn key(number: u32) -> String {
    format!(
        "{}/{}-{}",
        id(RECORDING, number),
        id(FILE, number),
        &SHA256[..16]
    )
}
