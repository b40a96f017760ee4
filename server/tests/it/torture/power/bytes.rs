//! The bytes of SQLite's files after a power cut, replayed from a trace that has all written bytes.
//!
//! Between two syncs of a file its pages may reach the disk in any order, or not at all.

use std::{
    collections::BTreeMap,
    fs, mem,
    path::{Path, PathBuf},
};

use super::disk::{Disk, Unsynced, opened};

/// Files with their bytes.
pub type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A change of a file.
#[derive(Debug)]
enum Change {
    /// Bytes at an offset.
    Bytes(usize, Vec<u8>),
    /// A new size.
    Size(usize),
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Bytes(at, bytes) => {
                let end = at + bytes.len();
                content.resize(content.len().max(end), 0);
                content[*at..end].copy_from_slice(bytes);
            }
            Self::Size(size) => content.resize(*size, 0),
        }
    }
}

/// A file on the disk.
#[derive(Debug, Default)]
struct OnDisk {
    synced: Vec<u8>,
    /// The changes since the last sync.
    unsynced: Vec<Change>,
}

impl OnDisk {
    fn sync(&mut self) {
        for change in mem::take(&mut self.unsynced) {
            change.apply(&mut self.synced);
        }
    }

    /// The bytes after a power cut.
    fn left(mut self, unsynced: Unsynced) -> Vec<u8> {
        if unsynced == Unsynced::Partly {
            // SQLite writes the header and the page one after the other. Every third change is one of either kind, and
            // a header is rarely left together with its page.
            for change in self.unsynced.iter().step_by(3) {
                change.apply(&mut self.synced);
            }
        }
        self.synced
    }
}

/// Whether a file of ours has rows. The index of the write-ahead log (`-shm`) has none.
fn has_rows(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("reelroom.") && !name.ends_with("-shm")
}

fn paths_in(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// SQLite's files in the folder.
pub fn read(root: &Path) -> Files {
    let paths = paths_in(root).into_iter().filter(|path| has_rows(path));
    paths
        .map(|path| {
            let bytes = fs::read(&path).unwrap();
            (path, bytes)
        })
        .collect()
}

/// Replaces SQLite's files in the folder by these.
pub fn write(root: &Path, files: &Files) {
    for path in paths_in(root) {
        let is_index = path.to_string_lossy().ends_with("-shm");
        if is_index || has_rows(&path) {
            fs::remove_file(path).unwrap();
        }
    }
    for (path, bytes) in files {
        fs::write(path, bytes).unwrap();
    }
}

/// The files after the system calls `calls` and a power cut; `before` are the files that were synced before the calls.
pub fn after_cut(root: &Path, before: &Files, calls: &[String], unsynced: Unsynced) -> Files {
    let there = before.iter().map(|(path, bytes)| {
        let file = OnDisk {
            synced: bytes.clone(),
            unsynced: Vec::new(),
        };
        (path.clone(), file)
    });
    let mut files: BTreeMap<PathBuf, OnDisk> = there.collect();
    for call in calls {
        apply(&mut files, call);
    }
    let disk = Disk::replay(calls);
    files
        .into_iter()
        .filter(|(path, _)| {
            let is_named = before.contains_key(path) || disk.keeps_name(path, root);
            is_named || unsynced == Unsynced::Partly
        })
        .map(|(path, file)| (path, file.left(unsynced)))
        .collect()
}

fn apply(files: &mut BTreeMap<PathBuf, OnDisk>, call: &str) {
    let Some((done, result)) = call.rsplit_once(" = ") else {
        return;
    };
    let Some((name, arguments)) = done.split_once('(') else {
        return;
    };
    let path = opened(arguments);
    if !has_rows(path) || result.starts_with(['-', '?']) {
        return;
    }
    let file = files.entry(path.to_owned()).or_default();
    let arguments = arguments.trim_end().trim_end_matches(')');
    match name {
        "fsync" | "fdatasync" => file.sync(),
        "pwrite64" => {
            let (_, quoted) = arguments.split_once('"').unwrap();
            let (bytes, rest) = unquote(quoted).unwrap();
            let numbers: Vec<usize> = rest.split(", ").skip(1).map(number).collect();
            assert_eq!(bytes.len(), numbers[0], "the trace cuts a page");
            assert_eq!(bytes.len(), number(result), "written in part");
            file.unsynced.push(Change::Bytes(numbers[1], bytes));
        }
        "ftruncate" => {
            let (_, size) = arguments.rsplit_once(", ").unwrap();
            file.unsynced.push(Change::Size(number(size)));
        }
        _ => panic!("not replayed: {name} of {}", path.display()),
    }
}

fn number(text: &str) -> usize {
    text.trim().parse().unwrap()
}

/// The bytes of a string after its opening quote, as `strace` writes them, and the text after its end.
fn unquote(text: &str) -> Option<(Vec<u8>, &str)> {
    let (raw, mut bytes, mut at) = (text.as_bytes(), Vec::new(), 0);
    loop {
        match *raw.get(at)? {
            b'"' => return Some((bytes, &text[at + 1..])),
            b'\\' => {
                let after = raw[at + 1..].iter().take(3);
                let digits = after.take_while(|byte| matches!(byte, b'0'..=b'7')).count();
                let byte = match (digits, *raw.get(at + 1)?) {
                    (1.., _) => u8::from_str_radix(&text[at + 1..][..digits], 8).ok()?,
                    (0, b'n') => b'\n',
                    (0, b'r') => b'\r',
                    (0, b't') => b'\t',
                    (0, b'v') => 0x0b,
                    (0, b'f') => 0x0c,
                    (0, other) => other,
                };
                bytes.push(byte);
                at += 1 + digits.max(1);
            }
            byte => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
}

#[test]
fn synced_bytes_survive_a_power_cut_and_others_may() {
    let trace = r#"
1 openat(AT_FDCWD</>, "/d/reelroom.db-wal", O_RDWR|O_CREAT|O_CLOEXEC, 0644) = 3</d/reelroom.db-wal>
1 pwrite64(3</d/reelroom.db-wal>, "ab\0\"", 4, 0 <unfinished ...>
2 pwrite64(9</d/other>, "\\", 1, 0) = 1
1 <... pwrite64 resumed>)           = 4
1 fdatasync(3</d/reelroom.db-wal>)  = 0
1 fsync(4</d>)                      = 0
1 pwrite64(3</d/reelroom.db-wal>, "\0012\n", 3, 1) = 3
1 pwrite64(3</d/reelroom.db-wal>, "x", 1, 5) = 1
1 fdatasync(3</d/reelroom.db-wal>)  = 0
1 ftruncate(3</d/reelroom.db-wal>, 2) = 0
"#;
    let calls = super::disk::calls(trace);
    let (root, path) = (Path::new("/d"), Path::new("/d/reelroom.db-wal"));
    let left = |count: usize, unsynced| {
        let mut files = after_cut(root, &Files::new(), &calls[..count], unsynced);
        let left = files.remove(path);
        assert!(files.is_empty());
        left
    };
    let some = |bytes: &[u8]| Some(bytes.to_owned());
    for (count, lost, partly) in [
        (3, None, some(b"ab\0\"")),
        // The bytes are synced, and the name of the file is not.
        (4, None, some(b"ab\0\"")),
        (5, some(b"ab\0\""), some(b"ab\0\"")),
        (7, some(b"ab\0\""), some(b"a\x012\n")),
        (8, some(b"a\x012\n\0x"), some(b"a\x012\n\0x")),
        (9, some(b"a\x012\n\0x"), some(b"a\x01")),
    ] {
        assert_eq!(left(count, Unsynced::Lost), lost, "{count}");
        assert_eq!(left(count, Unsynced::Partly), partly, "{count}");
    }
}
