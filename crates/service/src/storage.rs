//! Our own copies: a folder or an S3 bucket, behind one interface (`object_store`).

use std::{ops::Range, sync::Arc};

use bytes::Bytes;
use futures::{StreamExt, stream::BoxStream};
use object_store::{
    GetOptions, GetRange, ObjectStore, ObjectStoreExt, aws::AmazonS3Builder, buffered::BufWriter,
    local::LocalFileSystem, path::Path, prefix::PrefixStore,
};

use crate::{OpenError, StorageLocation};

/// Where our copies are kept.
#[derive(Clone)]
pub(crate) struct Storage(Arc<dyn ObjectStore>);

impl Storage {
    /// Opens `location`; a folder is made if it is not there.
    pub fn open(location: &StorageLocation) -> Result<Self, OpenError> {
        Ok(Self(match location {
            StorageLocation::Folder(folder) => {
                std::fs::create_dir_all(folder)
                    .map_err(|error| OpenError::Folder(folder.clone(), error))?;
                Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_automatic_cleanup(true))
            }
            StorageLocation::S3(url) => {
                // The bucket's client takes the process's own; it is there already the second time.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let bucket = AmazonS3Builder::from_env().with_url(url.as_str()).build()?;
                Arc::new(PrefixStore::new(
                    bucket,
                    Path::parse(url.path().trim_matches('/')).map_err(object_store::Error::from)?,
                ))
            }
        }))
    }

    /// Whether it answers: asks for something that need not be there.
    pub async fn ping(&self) -> Result<(), object_store::Error> {
        match self.0.head(&Path::from("ready")).await {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// A writer for `key`. What is written is there as a whole after `shutdown`, or not at all.
    pub fn writer(&self, key: &str) -> BufWriter {
        BufWriter::with_capacity(Arc::clone(&self.0), Path::from(key), 1 << 20)
    }

    /// The bytes `range` of `key`, as they are read.
    pub async fn read(
        &self,
        key: &str,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, object_store::Error>>, object_store::Error> {
        if range.is_empty() {
            return Ok(futures::stream::empty().boxed());
        }
        let options = GetOptions {
            range: Some(GetRange::Bounded(range)),
            ..GetOptions::default()
        };
        Ok(self
            .0
            .get_opts(&Path::from(key), options)
            .await?
            .into_stream())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_opened_more_than_once_and_asks_nothing_of_it() {
        let bucket = StorageLocation::S3("s3://bucket/some/prefix".parse().unwrap());
        for _ in 0..2 {
            Storage::open(&bucket).unwrap();
        }
    }
}
