//! A disk that has what was synced and nothing else, replayed from a trace of `strace -f -y`.
//!
//! The bytes of a file are on it if the file was synced after its last write, and a name if its folder was
//! synced after the name was given. A file system may have more.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
};

/// The system calls that a replay needs, as a regular expression of `strace`.
pub const CALLS: &str =
    "/^(open|mkdir|rename|unlink|ftruncate|fallocate|p?write|copy_file|fsync|fdatasync)";

/// The folders of the server's files in its data folder, which a power cut changes.
pub const FOLDERS: [&str; 2] = ["files", "staging"];

/// The size of a page of memory, which is written as a whole.
const PAGE: usize = 4096;

/// The fate of names and bytes that were not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsynced {
    /// All of them are lost.
    Lost,
    /// Names and files of one page happen to be on the disk; larger files have zeros.
    Partly,
}

/// The state of a disk.
#[derive(Debug, Default)]
pub struct Disk {
    /// The files and folders, each an index of `synced`, by the paths that programs see.
    names: BTreeMap<PathBuf, usize>,
    /// The names that are on the disk.
    kept: BTreeMap<PathBuf, usize>,
    /// Whether all bytes of a file are on the disk.
    synced: Vec<bool>,
}

/// The system calls of a trace in the order of their ends, each in one line.
pub fn calls(trace: &str) -> Vec<String> {
    let mut begun = HashMap::new();
    let mut calls = Vec::new();
    for line in trace.lines() {
        let Some((thread, call)) = line.split_once(' ') else {
            continue;
        };
        let call = call.trim_start();
        if let Some(beginning) = call.strip_suffix(" <unfinished ...>") {
            begun.insert(thread, beginning);
        } else if let Some((_, end)) = call.split_once(" resumed>")
            && call.starts_with("<... ")
        {
            let beginning = begun.remove(thread).unwrap_or_default();
            calls.push(format!("{beginning}{end}"));
        } else {
            calls.push(call.to_owned());
        }
    }
    calls
}

impl Disk {
    /// The state after some system calls, on a disk that was empty.
    pub fn replay(calls: &[String]) -> Self {
        let mut disk = Self::default();
        for call in calls {
            disk.apply(call);
        }
        disk
    }

    /// Whether a power cut leaves the file `path` with all its bytes. `root` is a folder above it that was
    /// there before.
    pub fn keeps(&self, path: &Path, root: &Path) -> bool {
        self.keeps_name(path, root) && self.synced[self.kept[path]]
    }

    /// Turns the folders in `root` into what a power cut leaves of them.
    pub fn cut(&self, root: &Path, unsynced: Unsynced) {
        let folders = FOLDERS.map(|name| root.join(name));
        let mut names = self.kept.clone();
        if unsynced == Unsynced::Partly {
            names.extend(self.names.clone());
        }
        names.retain(|name, _| {
            let is_within = folders.iter().any(|folder| name.starts_with(folder));
            is_within && (unsynced == Unsynced::Partly || self.keeps_name(name, root))
        });
        let left: Vec<_> = names
            .into_iter()
            .map(|(name, node)| (name, self.content(node, unsynced)))
            .collect();
        for folder in &folders {
            fs::remove_dir_all(folder).unwrap();
        }
        // A folder comes before what is in it.
        for (name, content) in left {
            let made = match content {
                Some(bytes) => fs::write(&name, bytes),
                None => fs::create_dir(&name),
            };
            made.unwrap();
        }
    }

    /// The bytes of a file after a power cut. `None`: it is a folder.
    fn content(&self, node: usize, unsynced: Unsynced) -> Option<Vec<u8>> {
        let mut names = self.names.iter();
        // A name whose removal was not synced comes back. Its bytes cannot be read here any more.
        let Some((path, _)) = names.find(|(_, other)| **other == node) else {
            return Some(Vec::new());
        };
        if path.is_dir() {
            return None;
        }
        let mut bytes = fs::read(path).unwrap();
        if !self.synced[node] {
            match unsynced {
                Unsynced::Lost => bytes.clear(),
                Unsynced::Partly if bytes.len() <= PAGE => {}
                Unsynced::Partly => bytes.fill(0),
            }
        }
        Some(bytes)
    }

    /// Whether a power cut leaves the name `path`.
    pub fn keeps_name(&self, path: &Path, root: &Path) -> bool {
        let mut above = path.ancestors().take_while(|above| *above != root);
        above.all(|above| self.kept.contains_key(above))
    }

    fn apply(&mut self, call: &str) {
        let Some((call, result)) = call.rsplit_once(" = ") else {
            return;
        };
        let Some((name, arguments)) = call.split_once('(') else {
            return;
        };
        if result.starts_with(['-', '?']) {
            return;
        }
        let mut quoted = arguments.split('"').skip(1).step_by(2);
        let mut path = || PathBuf::from(quoted.next().unwrap_or_default());
        match name {
            "mkdir" | "mkdirat" => self.create(path()),
            "open" | "openat" => {
                let path = path();
                if arguments.contains("O_CREAT") && !self.names.contains_key(&path) {
                    self.create(path);
                } else if arguments.contains("O_TRUNC") {
                    self.set_synced(&path, false);
                }
            }
            "rename" | "renameat" | "renameat2" => {
                let (from, to) = (path(), path());
                if let Some(node) = self.names.remove(&from) {
                    self.names.insert(to, node);
                }
            }
            "unlink" | "unlinkat" => {
                self.names.remove(&path());
            }
            "fsync" | "fdatasync" => self.sync(opened(arguments)),
            // Bytes of an open file.
            _ => self.set_synced(opened(arguments), false),
        }
    }

    fn create(&mut self, path: PathBuf) {
        self.names.insert(path, self.synced.len());
        self.synced.push(false);
    }

    fn sync(&mut self, path: &Path) {
        self.set_synced(path, true);
        let is_within = |name: &Path| name.parent() == Some(path);
        self.kept.retain(|name, _| !is_within(name));
        let within = self.names.iter().filter(|(name, _)| is_within(name));
        let within = within.map(|(name, node)| (name.clone(), *node));
        self.kept.extend(within);
    }

    fn set_synced(&mut self, path: &Path, is_synced: bool) {
        if let Some(node) = self.names.get(path) {
            self.synced[*node] = is_synced;
        }
    }
}

/// The path of an open file in the first argument, such as `3</a/b>`; empty if it has none any more.
pub fn opened(arguments: &str) -> &Path {
    let rest = arguments.split_once('<').map(|(_, rest)| rest);
    match rest.and_then(|rest| rest.split_once('>')) {
        Some((path, after)) if !after.starts_with("(deleted)") => Path::new(path),
        _ => Path::new(""),
    }
}

#[test]
fn a_file_is_kept_once_its_bytes_and_its_name_are_synced() {
    let trace = r#"
1 mkdir("/d/files", 0777) = 0
1 openat(AT_FDCWD</>, "/d/part", O_RDWR|O_CREAT|O_CLOEXEC, 0666) = 3</d/part>
1 write(3</d/part>, "\0 = \"", 4 <unfinished ...>
2 fsync(4</d>)            = 0
1 <... write resumed>)    = 4
1 rename("/d/part", "/d/files/a") = 0
1 rename("/d/none", "/d/files/a") = -1 ENOENT (No such file or directory)
1 fsync(5</d/files> <unfinished ...>
1 <... fsync resumed>)    = 0
1 fdatasync(3</d/files/a>) = 0
1 write(3</d/files/a>, "x", 1) = 1
"#;
    let calls = calls(trace);
    let (root, file) = (Path::new("/d"), Path::new("/d/files/a"));
    let is_kept = |count: &usize| Disk::replay(&calls[..*count]).keeps(file, root);
    let kept: Vec<usize> = (0..=calls.len()).filter(is_kept).collect();
    // After the last sync and before the last write.
    assert_eq!((calls.len(), kept), (9, vec![8]));
}
