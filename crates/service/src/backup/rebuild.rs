//! Rebuilds a library from the storage alone, by the descriptions beside its copies.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    mem,
};

use futures::{StreamExt, TryStreamExt, stream};
use reelroom_domain::{
    ids::{AppId, FileId, RecordingId},
    meeting::RoomKey,
    time::Timestamp,
};
use reelroom_store::{
    Conn,
    apps::{self, App},
    files::File,
    rebuild::{self, Added, Described},
    rooms,
};
use tokio::task::JoinHandle;

use crate::{
    Service, ServiceError,
    archive::description::{Description, copy_of},
    ground::storage::{Object, Storage},
};

/// How many descriptions, at least, are read before their rows are inserted. Two portions are in memory.
const PORTION: usize = 4 * 1024;
/// The number of descriptions in a batch, and of batches that are read at the same time.
const BATCH: usize = 16;
const AT_ONCE: usize = 4;
/// The size of the largest object that is read as a description, in bytes.
const LARGEST: u64 = 1 << 20;
/// How many rooms are brought up to date in a transaction.
const ROOMS: usize = 1024;

/// The contents of the descriptions of a storage, and how much of them was new.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// The recordings that have copies with a description.
    pub recordings: usize,
    /// The copies with a description.
    pub files: usize,
    /// The recordings that were added.
    pub new_recordings: usize,
    /// The files that were added.
    pub new_files: usize,
    /// The keys of descriptions that cannot be read, or are of another format.
    pub unreadable: Vec<String>,
    /// The keys of copies that are described, and are not there or have another size.
    pub missing: Vec<String>,
}

impl Service {
    /// Adds the apps, rooms, recordings and files that are described in the storage and not in the database. Existing
    /// rows stay as they are, so that it can be repeated after a failure.
    pub async fn rebuild_from_storage(&self) -> Result<Rebuilt, ServiceError> {
        let mut rebuilding = Rebuilding::begin(self).await?;
        let mut objects = self.0.storage.list();
        let (mut portion, mut folder) = (Portion::default(), String::new());
        while let Some(object) = objects.try_next().await? {
            let (of, _) = object.key.rsplit_once('/').unwrap_or_default();
            // A copy and its description are in one folder.
            if of != folder {
                of.clone_into(&mut folder);
                if portion.descriptions.len() >= PORTION {
                    rebuilding.add(mem::take(&mut portion)).await?;
                }
            }
            portion.push(object);
        }
        rebuilding.add(portion).await?;
        rebuilding.finish().await
    }
}

/// Objects of whole folders.
#[derive(Default)]
struct Portion {
    descriptions: Vec<Object>,
    /// All others, by key.
    copies: HashMap<String, Object>,
}

impl Portion {
    fn push(&mut self, object: Object) {
        if copy_of(&object.key).is_some() {
            self.descriptions.push(object);
        } else {
            self.copies.insert(object.key.clone(), object);
        }
    }

    /// Reads the descriptions.
    async fn read(self, storage: Storage) -> Result<Descriptions, object_store::Error> {
        let mut told = Descriptions::default();
        let (small, large): (Vec<Object>, Vec<Object>) = self
            .descriptions
            .into_iter()
            .partition(|object| object.size <= LARGEST);
        told.unreadable
            .extend(large.into_iter().map(|object| object.key));
        let small: Vec<Vec<Object>> = small.chunks(BATCH).map(<[Object]>::to_vec).collect();
        let read = stream::iter(small).map(move |objects| read(storage.clone(), objects));
        let mut read = read.buffer_unordered(AT_ONCE);
        while let Some(objects) = read.try_next().await? {
            for (object, description) in objects {
                told.push(object, description, &self.copies);
            }
        }
        Ok(told)
    }
}

/// A description of a copy that is there.
struct Told {
    description: Description,
    /// When it was written.
    at: Timestamp,
    file: File,
}

/// The descriptions of a portion, and the keys of those that are of no use.
#[derive(Default)]
struct Descriptions {
    by_recording: BTreeMap<RecordingId, Vec<Told>>,
    unreadable: Vec<String>,
    missing: Vec<String>,
}

impl Descriptions {
    fn push(
        &mut self,
        object: Object,
        description: Option<Description>,
        copies: &HashMap<String, Object>,
    ) {
        let Some(description) = description else {
            self.unreadable.push(object.key);
            return;
        };
        let key = copy_of(&object.key).unwrap_or_default();
        let copy = copies.get(key);
        let Some(copy) = copy.filter(|copy| copy.size == description.size) else {
            self.missing.push(key.to_owned());
            return;
        };
        let told = Told {
            at: object.modified_at,
            file: description.file(key, copy.modified_at),
            description,
        };
        let of = told.description.recording;
        self.by_recording.entry(of).or_default().push(told);
    }
}

type Reading = JoinHandle<Result<Descriptions, object_store::Error>>;

struct Rebuilding<'a> {
    service: &'a Service,
    /// The portion that is being read.
    reading: Option<Reading>,
    apps: Apps,
    rooms: BTreeSet<RoomKey>,
    rebuilt: Rebuilt,
}

impl<'a> Rebuilding<'a> {
    async fn begin(service: &'a Service) -> Result<Self, ServiceError> {
        let mut read = service.0.store.read().await?;
        let known = apps::list(&mut read).await?;
        Ok(Self {
            service,
            reading: None,
            apps: Apps::of(&known),
            rooms: BTreeSet::new(),
            rebuilt: Rebuilt::default(),
        })
    }

    /// Begins to read a portion, and inserts the one before it meanwhile.
    async fn add(&mut self, portion: Portion) -> Result<(), ServiceError> {
        let reading = tokio::spawn(portion.read(self.service.0.storage.clone()));
        if let Some(last) = self.reading.replace(reading) {
            self.insert(last).await?;
        }
        Ok(())
    }

    /// Waits until a portion is read, and inserts what is not known, in one transaction.
    async fn insert(&mut self, reading: Reading) -> Result<(), ServiceError> {
        let told = reading.await.map_err(object_store::Error::from)??;
        self.rebuilt.unreadable.extend(told.unreadable);
        self.rebuilt.missing.extend(told.missing);
        let mut tx = self.service.0.store.write().await?;
        let mut described = Vec::new();
        for told in told.by_recording.into_values() {
            described.extend(self.described(&mut tx, told).await?);
        }
        let Added { recordings, files } = rebuild::insert(&mut tx, &described).await?;
        tx.commit().await?;
        let rebuilt = &mut self.rebuilt;
        rebuilt.recordings += described.len();
        rebuilt.files += described.iter().map(|one| one.files.len()).sum::<usize>();
        rebuilt.new_recordings += recordings;
        rebuilt.new_files += files;
        Ok(())
    }

    /// A recording by the latest of its descriptions, with all of its files.
    async fn described(
        &mut self,
        tx: &mut Conn,
        told: Vec<Told>,
    ) -> Result<Option<Described>, ServiceError> {
        let Some(latest) = told.iter().max_by_key(|told| told.at) else {
            return Ok(None);
        };
        let app = self.apps.app_of(tx, latest).await?;
        let mut described = latest.description.recording(app);
        self.rooms.insert((app, described.recording.room.clone()));
        // Of two copies of one file, the later one is that of its row.
        let mut files: BTreeMap<FileId, File> = BTreeMap::new();
        for Told { file, .. } in told {
            let known = files.get(&file.id);
            if known.is_none_or(|known| known.archived_at < file.archived_at) {
                files.insert(file.id, file);
            }
        }
        described.files = files.into_values().collect();
        Ok(Some(described))
    }

    /// Inserts the last portion, and brings apps, rooms and the index up to date.
    async fn finish(mut self) -> Result<Rebuilt, ServiceError> {
        if let Some(last) = self.reading.take() {
            self.insert(last).await?;
        }
        let store = &self.service.0.store;
        let mut tx = store.write().await?;
        for (_, app) in self.apps.made.into_values() {
            apps::update(&mut tx, &app).await?;
        }
        tx.commit().await?;
        let keys: Vec<RoomKey> = self.rooms.into_iter().collect();
        for keys in keys.chunks(ROOMS) {
            let mut tx = store.write().await?;
            rooms::lock(&mut tx, keys).await?;
            rooms::update_facts(&mut tx, keys).await?;
            tx.commit().await?;
        }
        self.service.index_all().await?;
        Ok(self.rebuilt)
    }
}

/// Reads a batch of descriptions; `None` for an unreadable one.
async fn read(
    storage: Storage,
    objects: Vec<Object>,
) -> Result<Vec<(Object, Option<Description>)>, object_store::Error> {
    let keys = objects.iter().map(|object| object.key.clone()).collect();
    let texts = storage.get_each(keys).await?;
    let read = texts.iter().map(|text| Description::read(text));
    Ok(objects.into_iter().zip(read).collect())
}

/// The apps of a database, and those that are made.
struct Apps {
    known: HashSet<AppId>,
    /// Each with the time of the description that contains it.
    made: HashMap<AppId, (Timestamp, App)>,
    has_sandbox: bool,
}

impl Apps {
    fn of(known: &[App]) -> Self {
        Self {
            known: known.iter().map(|app| app.id).collect(),
            made: HashMap::new(),
            has_sandbox: known.iter().any(|app| app.sandbox),
        }
    }

    /// The app of a recording, which is made if it is not known.
    async fn app_of(&mut self, tx: &mut Conn, told: &Told) -> Result<AppId, ServiceError> {
        let id = told.description.app.id;
        if self.known.contains(&id) {
            return Ok(id);
        }
        let app = told.description.app.clone();
        if let Some((at, made)) = self.made.get_mut(&id) {
            if *at < told.at {
                let sandbox = made.sandbox;
                (*at, *made) = (told.at, App { sandbox, ..app });
            }
            return Ok(id);
        }
        // There is one at most.
        let sandbox = app.sandbox && !self.has_sandbox;
        let app = App { sandbox, ..app };
        apps::insert(tx, &app).await?;
        self.has_sandbox |= sandbox;
        self.made.insert(id, (told.at, app));
        Ok(id)
    }
}
