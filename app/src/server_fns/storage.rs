//! The storage.

use leptos::prelude::*;
use reelroom_domain::{usage::StorageTest, user::Role};

use crate::{
    error::ApiError,
    server::{require, service},
};

/// Tests the storage with a small object. The result is kept, and the page of the storage shows it.
#[server(prefix = "/fn", endpoint = "test_storage")]
pub async fn test_storage() -> Result<StorageTest, ApiError> {
    let me = require(Role::Admin)?;
    Ok(service().test_storage(&me).await?)
}
