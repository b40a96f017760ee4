//! The storage.

use leptos::prelude::*;
use reelroom_domain::usage::StorageTest;

use crate::{
    error::ApiError,
    server::{principal, service},
};

/// Tests the storage with a small object. The result is kept, and the page of the storage shows it.
#[server(prefix = "/fn", endpoint = "test_storage")]
pub async fn test_storage() -> Result<StorageTest, ApiError> {
    let me = principal()?;
    Ok(service().test_storage(&me).await?)
}
